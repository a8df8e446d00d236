"""Entries of the ledger: what they must prove, who writes them, and that nobody takes one back."""

from datetime import timedelta

import pytest

from rapporto.domain.consent.choices import CONTRACT, MAIL, PAPER, SOFT_SPAM, WEB_FORM
from rapporto.domain.consent.commands import (
    ask_to_confirm,
    confirm_double_opt_in,
    give,
    object_to,
    record_opt_out_check,
    set_preferences,
    withdraw,
)
from rapporto.domain.consent.links import Link, read, signed
from rapporto.domain.consent.models import CheckedNumber, ConsentEntry, ContactPreference
from rapporto.kernel.actor import system_task
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.undo import undo
from rapporto.store.merge import merge
from rapporto.store.records import find, get
from rapporto.store.unmerge import unmerge
from rapporto.store.write import delete, save
from tests.cast import enters
from tests.consent.people import NOW, customer, house

pytestmark = pytest.mark.django_db
LINK = system_task("Rapporto")
HOSTILE = "<script>alert(1)</script> {0} %s '; DROP TABLE x;--"


def test_a_consent_without_a_proof_is_no_consent() -> None:
    anna, firm, _ = house()
    with pytest.raises(Invalid) as wrong:
        give(anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER)
    assert set(wrong.value.errors) == {"document"}
    assert not ConsentEntry.objects.exists()


def test_a_consent_bears_who_took_it_when_from_which_text() -> None:
    anna, firm, notice = house()
    entry = give(
        anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, notice=notice.pk, words=HOSTILE, at=NOW
    )
    kept = ConsentEntry.objects.get(pk=entry.pk)
    assert (kept.state, kept.basis, kept.at, kept.taken_by_id) == ("given", "consent", NOW, anna.user_id)
    assert (kept.notice_id, kept.words) == (notice.pk, HOSTILE)
    assert kept.written_at is not None
    assert kept.written_at > NOW


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "given", "how": PAPER, "document": "Modulo"}, "purpose"),
        (
            {"state": "given", "purpose": 1, "channel": "sms", "basis": SOFT_SPAM, "how": PAPER, "document": "x"},
            "channel",
        ),
        (
            {"state": "given", "purpose": 1, "channel": "email", "basis": SOFT_SPAM, "how": PAPER, "words": "x"},
            "notice",
        ),
        ({"state": "pending", "purpose": 1, "basis": CONTRACT, "how": PAPER}, "basis"),
        ({"state": "objected", "how": PAPER, "at": "2999-01-01 00:00"}, "at"),
        ({"state": "objected", "how": PAPER, "channel": "email", "address": "nessuno"}, "address"),
        ({"state": "objected"}, "how"),
    ],
)
def test_what_proves_nothing_is_told_at_its_field(values: dict[str, object], field: str) -> None:
    anna, firm, _ = house()
    purpose = find(anna, "purpose").get(code="MARKETING").pk
    given = {**values, "party": firm.pk} | ({"purpose": purpose} if "purpose" in values else {})
    with pytest.raises(Invalid) as wrong:
        save(anna, "consent_entry", given)
    assert field in wrong.value.errors


def test_nobody_edits_deletes_or_takes_back_an_entry() -> None:
    anna, firm, _ = house()
    aldo = enters("Aldo")
    with change_set(anna, "by_hand") as change:
        entry = give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="Modulo 7")
        save(anna, "party", {"notes": "Ha firmato"}, firm.pk)
    for somebody in (anna, aldo):
        with pytest.raises(Refused):
            save(somebody, "consent_entry", {"document": "Modulo 8"}, entry.pk)
        with pytest.raises(Refused):
            delete(somebody, "consent_entry", entry.pk)
    with pytest.raises(Refused):
        delete(aldo, "party", firm.pk)
    undone = undo(anna, change.pk)
    assert [(one.record, one.row_id) for one in undone.kept] == [("consent_entry", entry.pk)]
    assert get(anna, "consent_entry", entry.pk).document == "Modulo 7"
    assert get(anna, "party", firm.pk).notes == ""


def test_another_agent_sees_no_entry_and_makes_none() -> None:
    anna, firm, _ = house()
    carla = enters("Carla")
    entry = give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="Modulo")
    assert not find(carla, "consent_entry").exists()
    with pytest.raises(NotFound):
        get(carla, "consent_entry", entry.pk)
    with pytest.raises((Invalid, Refused)):
        withdraw(carla, party=firm.pk, purpose="marketing", how=PAPER)


def test_a_double_opt_in_holds_once_it_is_confirmed_and_is_confirmed_once() -> None:
    anna, firm, notice = house()
    asked = ask_to_confirm(
        anna, party=firm.pk, purpose="marketing", channel="email", how=WEB_FORM, notice=notice.pk,
        address="Info@Casale.example", at=NOW,
    )  # fmt: skip
    with pytest.raises(Invalid):
        confirm_double_opt_in(anna, asked.pk, how=MAIL)
    first = confirm_double_opt_in(LINK, asked.pk, how=MAIL)
    again = confirm_double_opt_in(LINK, asked.pk, how=MAIL)
    assert first.pk == again.pk
    assert (first.state, first.confirms_id, first.address, first.notice_id) == (
        "given", asked.pk, "info@casale.example", notice.pk,
    )  # fmt: skip


def test_an_old_mail_confirms_nothing_that_was_withdrawn_since() -> None:
    anna, firm, notice = house()
    asked = ask_to_confirm(
        anna, party=firm.pk, purpose="marketing", channel="email", how=WEB_FORM, notice=notice.pk, at=NOW
    )
    object_to(anna, party=firm.pk, how=MAIL, at=NOW + timedelta(hours=1))
    with pytest.raises(Refused):
        confirm_double_opt_in(LINK, asked.pk, how=MAIL)


def test_a_longer_term_needs_its_reason() -> None:
    house()
    aldo = enters("Aldo")
    with pytest.raises(Invalid) as wrong:
        save(aldo, "purpose", {"name": "Impianti", "code": "IMPIANTI", "retention_months": 60})
    assert set(wrong.value.errors) == {"retention_reason"}
    longer = {"name": "Impianti", "code": "IMPIANTI", "retention_months": 60, "retention_reason": "Durano dieci anni"}
    assert save(aldo, "purpose", longer).retention_months == 60
    months = dict(find(aldo, "purpose").values_list("code", "retention_months"))
    assert months == {"MARKETING": 24, "PROFILING": 12, "THIRD_PARTIES": 24, "OPEN_TRACKING": 24, "IMPIANTI": 60}


def test_a_check_of_the_register_keeps_its_numbers_and_holds_fifteen_days() -> None:
    house()
    bruno, anna = enters("Bruno"), enters("Anna")
    with pytest.raises(Refused):
        record_opt_out_check(anna, name="Veneto", numbers=["045 7901234"], refused=[])
    with pytest.raises(Invalid):
        record_opt_out_check(bruno, name="Veneto", numbers=["045 7901234"], refused=["02 123456"])
    with pytest.raises(Invalid):
        record_opt_out_check(bruno, name="Veneto", numbers=["pronto"], refused=[])
    kept = record_opt_out_check(
        bruno, name="Veneto", numbers=["045 7901234", "+39 045 7901234", "348 1234567"], refused=["3481234567"], at=NOW
    )
    assert (kept.numbers, kept.refused, kept.valid_until) == (2, 1, NOW + timedelta(days=15))
    assert sorted(CheckedNumber.objects.values_list("number", "refused")) == [
        ("+390457901234", False), ("+393481234567", True),
    ]  # fmt: skip


def test_preferences_are_kept_once_for_each_party() -> None:
    anna, firm, _ = house()
    topic = save(enters("Bruno"), "contact_topic", {"name": "Presse"})
    first = set_preferences(anna, party=firm.pk, frequency="monthly", topics=(topic.pk,))
    again = set_preferences(anna, party=firm.pk, first_hour=14, last_hour=17)
    assert first.pk == again.pk
    assert (again.frequency, again.first_hour, again.last_hour) == ("monthly", 14, 17)
    with pytest.raises(Invalid):
        set_preferences(anna, party=firm.pk, first_hour=6)


def test_merging_takes_the_entries_along_and_parting_gives_them_back() -> None:
    anna, firm, _ = house()
    twin = customer(anna, name="Casale Ditta", email="twin@casale.example")
    mine = give(anna, party=firm.pk, purpose="marketing", how=PAPER, document="A")
    theirs = withdraw(anna, party=twin.pk, purpose="marketing", how=PAPER)
    set_preferences(anna, party=firm.pk, frequency="weekly")
    set_preferences(anna, party=twin.pk, frequency="rarely")
    link = signed(Link(twin.pk, "twin@casale.example"))
    merged = merge(anna, "party", firm.pk, twin.pk)
    assert set(ConsentEntry.objects.values_list("party_id", flat=True)) == {firm.pk}
    assert ContactPreference.objects.filter(party=firm.pk).count() == 1
    led_on = read(link)
    assert led_on is not None
    assert led_on.party == firm.pk
    assert merged.merge_id is not None
    parted = unmerge(anna, merged.merge_id)
    assert parted.kept == ()
    assert dict(ConsentEntry.objects.values_list("pk", "party_id")) == {mine.pk: firm.pk, theirs.pk: twin.pk}
    assert ContactPreference.objects.count() == 2
    again = read(link)
    assert again is not None
    assert again.party == twin.pk
