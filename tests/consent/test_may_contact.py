"""«May I contact them, and why»: no proof, no sending; the last word counts; one answer for one and for a hundred thousand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from rapporto.domain.consent.asking import may_contact, may_contact_all
from rapporto.domain.consent.calling_hours import ROME, may_call_at
from rapporto.domain.consent.choices import CHANNELS, CONTRACT, DIRECTORY, ONE_CLICK, PAPER, SOFT_SPAM, STATES
from rapporto.domain.consent.commands import (
    ask_to_confirm,
    give,
    object_to,
    record_opt_out_check,
    set_preferences,
    withdraw,
)
from rapporto.domain.consent.models import ConsentEntry, Purpose
from rapporto.domain.consent.verdict import (
    ADDRESS_WITHDRAWN,
    BY_CONSENT,
    BY_DIRECTORY,
    BY_SOFT_SPAM,
    CALLS_AND_POST_ONLY,
    CUSTOMERS_ONLY,
    IN_THE_REGISTER,
    NO_ADDRESS,
    NO_PROOF,
    NOT_CHECKED,
    NOT_CONFIRMED,
    NOT_NOW,
    NOT_WHEN_ASKED,
    OWN_CONSENT_NEEDED,
    TERM_OVER,
    WAS_OBJECTED,
    WAS_WITHDRAWN,
    Verdict,
)
from rapporto.domain.parties.models import Party
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING, field
from rapporto.store.errors import NotFound
from rapporto.store.write import save
from tests.cast import enters, person
from tests.consent.people import NOW, house

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def says(verdict: Verdict, message: Message) -> bool:
    """Whether a verdict rests on that sentence."""
    return verdict.reason.text == message.text and bool(str(verdict.reason))


def test_without_a_proof_nobody_is_written_to() -> None:
    anna, firm, _ = house()
    for channel, _label in CHANNELS:
        verdict = may_contact(anna, firm.pk, "marketing", channel, NOW)
        assert not verdict.allowed
        assert says(verdict, NO_PROOF)


def test_a_consent_allows_what_it_is_about_and_nothing_else() -> None:
    anna, firm, _ = house()
    entry = give(
        anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, document="Fiera", at=NOW - SECOND
    )
    verdict = may_contact(anna, firm.pk, "marketing", "email", NOW)
    assert (verdict.allowed, verdict.entry) == (True, entry.pk)
    assert says(verdict, BY_CONSENT)
    assert not may_contact(anna, firm.pk, "marketing", "sms", NOW).allowed
    assert not may_contact(anna, firm.pk, "profiling", "email", NOW).allowed
    assert not may_contact(anna, firm.pk, "open_tracking", "email", NOW).allowed
    assert not may_contact(anna, firm.pk, "marketing", "email", NOW - 2 * SECOND).allowed


def test_what_was_withdrawn_one_second_before_is_withdrawn() -> None:
    anna, firm, _ = house()
    give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="Fiera", at=NOW - timedelta(days=1))
    gone = withdraw(anna, party=firm.pk, purpose="marketing", channel="email", how=ONE_CLICK, at=NOW - SECOND)
    verdict = may_contact(anna, firm.pk, "marketing", "email", NOW)
    assert (verdict.allowed, verdict.entry) == (False, gone.pk)
    assert says(verdict, WAS_WITHDRAWN)
    assert may_contact(anna, firm.pk, "marketing", "email", NOW - 2 * SECOND).allowed
    assert may_contact(anna, firm.pk, "marketing", "sms", NOW).allowed


def test_of_two_things_said_at_one_moment_the_no_counts() -> None:
    anna, firm, _ = house()
    object_to(anna, party=firm.pk, how=PAPER, at=NOW)
    give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="Fiera", at=NOW)
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), WAS_OBJECTED)


def test_an_objection_to_everything_covers_purposes_to_come() -> None:
    anna, firm, _ = house()
    object_to(anna, party=firm.pk, how=PAPER, at=NOW)
    save(enters("Aldo"), "purpose", {"name": "Inviti", "code": "INVITI"})
    assert says(may_contact(anna, firm.pk, "inviti", "post", NOW), WAS_OBJECTED)


def test_a_double_opt_in_that_waits_allows_nothing_and_takes_nothing_away() -> None:
    anna, firm, _ = house()
    ask_to_confirm(anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, at=NOW)
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), NOT_CONFIRMED)
    give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="Fiera", at=NOW - timedelta(days=9))
    assert may_contact(anna, firm.pk, "marketing", "email", NOW).allowed


def test_an_address_that_was_taken_off_is_off_for_whoever_bears_it() -> None:
    anna, firm, _ = house()
    rossi = person(anna, "Mario", "Rossi", email="info@casale.example")
    give(anna, party=rossi.pk, purpose="marketing", how=PAPER, document="Fiera", at=NOW - timedelta(days=3))
    address = "INFO@casale.example"
    object_to(anna, party=firm.pk, how=ONE_CLICK, channel="email", address=address, at=NOW - timedelta(days=2))
    assert says(may_contact(anna, rossi.pk, "marketing", "email", NOW), ADDRESS_WITHDRAWN)
    assert may_contact(anna, rossi.pk, "marketing", "email", NOW, address="mario@casale.example").allowed
    give(
        anna, party=firm.pk, purpose="marketing", channel="email", address=address, how=PAPER, document="x",
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    assert may_contact(anna, firm.pk, "marketing", "email", NOW).allowed
    assert may_contact(anna, rossi.pk, "marketing", "email", NOW).allowed


def test_a_yes_for_one_address_is_none_for_another() -> None:
    anna, firm, _ = house()
    give(
        anna, party=firm.pk, purpose="marketing", channel="email", address="ufficio@casale.example", how=PAPER,
        document="Fiera", at=NOW,
    )  # fmt: skip
    assert may_contact(anna, firm.pk, "marketing", "email", NOW, address="ufficio@casale.example").allowed
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), NO_PROOF)


def test_soft_spam_is_for_customers_by_mail_who_were_told() -> None:
    anna, firm, notice = house()
    told: dict[str, Any] = {
        "channel": "email",
        "basis": SOFT_SPAM,
        "notice": notice.pk,
        "how": PAPER,
        "at": NOW - timedelta(days=2),
    }
    give(anna, party=firm.pk, purpose="marketing", **told)
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), BY_SOFT_SPAM)
    give(anna, party=firm.pk, purpose="third_parties", **told)
    assert says(may_contact(anna, firm.pk, "third_parties", "email", NOW), CUSTOMERS_ONLY)
    save(anna, "party", {"phase": "lead"}, firm.pk)
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), CUSTOMERS_ONLY)
    save(anna, "party", {"phase": "customer"}, firm.pk)
    object_to(anna, party=firm.pk, purpose="marketing", how=ONE_CLICK, at=NOW - timedelta(days=1))
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), WAS_OBJECTED)


def test_a_term_ends_so_many_months_after_the_consent_or_the_last_contact() -> None:
    anna, firm, _ = house()
    said = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
    give(anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, document="Fiera", at=said)
    last = datetime(2026, 2, 27, 12, 0, tzinfo=UTC)
    assert may_contact(anna, firm.pk, "marketing", "email", last).allowed
    assert says(may_contact(anna, firm.pk, "marketing", "email", last + timedelta(days=1)), TERM_OVER)
    save(anna, "activity", {"party": firm.pk, "subject": "Visita", "at": "2025-06-01 10:00"})
    assert may_contact(anna, firm.pk, "marketing", "email", last + timedelta(days=1)).allowed


def test_calls_need_a_check_of_the_register_that_still_holds() -> None:
    anna, firm, _ = house()
    bruno = enters("Bruno")
    give(
        anna, party=firm.pk, purpose="marketing", channel="phone", basis=DIRECTORY, how=PAPER, document="Elenco 2026",
        at=NOW - timedelta(days=40),
    )  # fmt: skip
    assert says(may_contact(anna, firm.pk, "marketing", "phone", NOW), NOT_CHECKED)
    old = record_opt_out_check(
        bruno, name="Veneto", numbers=["0457901234"], refused=[], at=NOW - timedelta(days=15, seconds=1)
    )
    verdict = may_contact(anna, firm.pk, "marketing", "phone", NOW)
    assert says(verdict, NOT_CHECKED)
    assert verdict.check == old.pk
    assert says(may_contact(anna, firm.pk, "marketing", "phone", NOW - 2 * SECOND), BY_DIRECTORY)
    new = record_opt_out_check(bruno, name="Veneto", numbers=["0457901234"], refused=["0457901234"], at=NOW - SECOND)
    verdict = may_contact(anna, firm.pk, "marketing", "phone", NOW)
    assert (verdict.allowed, verdict.check) == (False, new.pk)
    assert says(verdict, IN_THE_REGISTER)


def test_a_consent_given_after_the_enrolment_holds_and_one_before_does_not() -> None:
    anna, firm, _ = house()
    bruno = enters("Bruno")
    proof = {"channel": "phone", "how": PAPER, "document": "Modulo"}
    give(anna, party=firm.pk, purpose="marketing", at=NOW - timedelta(days=30), **proof)
    for days in (20, 5):
        record_opt_out_check(
            bruno, name="x", numbers=["0457901234"], refused=["0457901234"], at=NOW - timedelta(days=days)
        )
    assert says(may_contact(anna, firm.pk, "marketing", "phone", NOW), IN_THE_REGISTER)
    give(anna, party=firm.pk, purpose="marketing", at=NOW - timedelta(days=10), **proof)
    assert may_contact(anna, firm.pk, "marketing", "phone", NOW).allowed


def test_nobody_is_called_on_sundays_at_night_or_outside_the_hours_they_asked_for() -> None:
    anna, firm, _ = house()
    give(anna, party=firm.pk, purpose="marketing", channel="phone", how=PAPER, document="x", at=NOW - timedelta(days=9))
    record_opt_out_check(enters("Bruno"), name="x", numbers=["0457901234"], refused=[], at=NOW - timedelta(days=5))
    sunday = datetime(2025, 11, 16, 11, 0, tzinfo=ROME)
    assert says(may_contact(anna, firm.pk, "marketing", "phone", sunday), NOT_NOW)
    assert may_contact(anna, firm.pk, "marketing", "phone", NOW).allowed
    set_preferences(anna, party=firm.pk, first_hour=14, last_hour=16)
    assert says(may_contact(anna, firm.pk, "marketing", "phone", NOW), NOT_WHEN_ASKED)
    assert may_contact(anna, firm.pk, "marketing", "phone", NOW.replace(hour=13)).allowed


def test_energy_and_directories() -> None:
    anna, firm, _ = house()
    energy = {"name": "Energia", "code": "ENERGIA", "regulated": True}
    save(enters("Aldo"), "purpose", energy)
    proof: dict[str, Any] = {"how": PAPER, "document": "x", "at": NOW}
    give(anna, party=firm.pk, purpose="energia", basis=CONTRACT, **proof)
    assert says(may_contact(anna, firm.pk, "energia", "phone", NOW), OWN_CONSENT_NEEDED)
    assert may_contact(anna, firm.pk, "energia", "post", NOW).allowed
    give(anna, party=firm.pk, purpose="marketing", basis=DIRECTORY, **proof)
    assert says(may_contact(anna, firm.pk, "marketing", "email", NOW), CALLS_AND_POST_ONLY)
    assert may_contact(anna, firm.pk, "marketing", "post", NOW).allowed


def test_who_has_no_address_is_told_so_and_who_may_not_be_seen_is_not_there() -> None:
    anna, firm, _ = house()
    bare = person(anna, "Ada", "Senza")
    assert says(may_contact(anna, bare.pk, "marketing", "email", NOW), NO_ADDRESS)
    carla = enters("Carla")
    with pytest.raises(NotFound):
        may_contact(carla, firm.pk, "marketing", "email", NOW)
    assert may_contact_all(carla, EVERYTHING, "marketing", "email", NOW) == {}
    with pytest.raises(NotFound):
        may_contact(anna, firm.pk, "nothing_of_the_kind", "email", NOW)
    assert set(may_contact_all(anna, field("kind").eq("person"), "marketing", "email", NOW)) == {bare.pk}


@pytest.mark.parametrize(
    ("moment", "province", "allowed"),
    [
        ("2026-11-18 09:00", "", True),
        ("2026-11-18 08:59", "", False),
        ("2026-11-18 19:59", "", True),
        ("2026-11-18 20:00", "", False),
        ("2026-11-21 09:30", "", False),  # Saturday
        ("2026-11-21 10:00", "", True),
        ("2026-11-21 19:00", "", False),
        ("2026-11-22 11:00", "", False),  # Sunday
        ("2026-12-08 11:00", "", False),  # Immacolata
        ("2026-12-07 09:30", "", False),  # its eve
        ("2026-12-07 10:30", "", True),
        ("2026-12-07 10:30", "MI", False),  # Sant'Ambrogio
        ("2026-04-06 11:00", "", False),  # Easter Monday
        ("2026-10-25 11:00", "XX", False),  # the night in which the clock goes back; a Sunday
    ],
)
def test_calling_hours(moment: str, province: str, allowed: bool) -> None:
    at = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ROME)
    assert may_call_at(at.astimezone(UTC), province) is allowed


CHANNEL_NAMES = [code for code, _label in CHANNELS]
BASES = ["consent", "soft_spam", "contract", "directory"]
SAYING = some.tuples(
    some.integers(0, 3), some.sampled_from(["MARKETING", "PROFILING", ""]), some.sampled_from([*CHANNEL_NAMES, ""]),
    some.sampled_from([code for code, _label in STATES]), some.sampled_from(BASES), some.integers(0, 6),
    some.sampled_from(["", "info@casale.example", "due@casale.example", "+390457901234"]),
)  # fmt: skip


def simplest(rows: list[ConsentEntry], party: Party, purpose: str, channel: str, at: datetime) -> str:
    """The ledger read the slow way, entry by entry: «yes», «no», «waits» or «nothing»."""
    used = {"email": party.email, "phone": party.phone or party.mobile, "post": party.city.lower()}
    address = used.get(channel, party.mobile)
    about = [
        one for one in rows
        if one.at <= at and one.channel in (channel, "") and (one.purpose is None or one.purpose.code == purpose)
    ]  # fmt: skip
    about.sort(key=lambda one: (one.at, one.state in ("withdrawn", "objected"), one.pk))
    said, address_said, waits = None, None, None
    for one in about:
        no = one.state in ("withdrawn", "objected")
        if one.party_id == party.pk and (no or one.address in ("", address)):
            if one.state == "pending":
                waits = one
            else:
                said = one
        if one.state != "pending" and one.address and one.address == address and channel != "post":
            address_said = one
    if not address:
        return "no address"
    off = address_said is not None and address_said.state in ("withdrawn", "objected")
    if off and address_said is not None and (said is None or about.index(address_said) > about.index(said)):
        return "no"
    if said is not None and said.state == "given":
        return "yes"
    if waits is not None and (said is None or waits.at > said.at):
        return "waits"
    return "nothing" if said is None else "no"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sayings=some.lists(SAYING, max_size=14), channel=some.sampled_from(CHANNEL_NAMES), later=some.integers(0, 7))
def test_many_are_answered_as_each_and_as_the_slow_way_of_reading(
    ground: tuple[Any, list[Party], dict[str, int]], sayings: list[Any], channel: str, later: int
) -> None:
    anna, parties, purposes = ground
    ConsentEntry.objects.all().delete()
    begin = NOW - timedelta(days=5)
    ConsentEntry.objects.bulk_create(
        ConsentEntry(
            party=parties[who], purpose_id=purposes.get(purpose), channel=by, state=state, basis=basis,
            at=begin + timedelta(hours=hour), address=address, address_key=address, how=PAPER,
        )
        for who, purpose, by, state, basis, hour, address in sayings
    )  # fmt: skip
    rows = list(ConsentEntry.objects.select_related("purpose"))
    for purpose in ("MARKETING", "PROFILING"):
        at = begin + timedelta(hours=later)
        together = may_contact_all(anna, EVERYTHING, purpose, channel, at)
        again = may_contact_all(anna, EVERYTHING, purpose, channel, at, only=[one.pk for one in parties])
        assert together == again == {one.pk: may_contact(anna, one.pk, purpose, channel, at) for one in parties}
        for one in parties:
            agrees(together[one.pk], simplest(rows, one, purpose, channel, at))


def agrees(verdict: Verdict, found: str) -> None:
    """A verdict is what the slow way found; a «yes» may still founder on the rules for its basis or channel."""
    said = {
        NO_ADDRESS.text: "no address", NO_PROOF.text: "nothing", NOT_CONFIRMED.text: "waits",
        WAS_OBJECTED.text: "no", WAS_WITHDRAWN.text: "no", ADDRESS_WITHDRAWN.text: "no",
    }  # fmt: skip
    assert said.get(verdict.reason.text, "yes") == found, verdict


@pytest.fixture
def ground() -> tuple[Any, list[Party], dict[str, int]]:
    """Four parties, two of them with the same address."""
    anna, firm, _ = house()
    others = [
        person(anna, "Mario", "Rossi", email="info@casale.example"),
        person(anna, "Ada", "Neri", email="due@casale.example", phone="045 7901234", mobile="348 1234567"),
        person(anna, "Lia", "Bo"),
    ]
    return anna, [firm, *others], dict(Purpose.objects.values_list("code", "pk"))


def test_many_are_answered_in_as_many_queries_as_few() -> None:
    anna, _, _ = house()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            may_contact_all(anna, EVERYTHING, "marketing", "phone", NOW)
        return len(captured)

    few = queries()
    for number in range(30):
        one = person(anna, "Mario", f"Rossi {number}", phone=f"045 79012{number:02}")
        give(anna, party=one.pk, purpose="marketing", how=PAPER, document="x", at=NOW)
    assert queries() == few <= 8
