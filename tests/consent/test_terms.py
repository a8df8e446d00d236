"""Terms of consents: told before they end, and what they alone allowed to keep is then taken out, of the past too."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from rapporto.domain.consent import retention
from rapporto.domain.consent.choices import CONTRACT, ENDING, PAPER, PROLONGED, TAKEN_OUT
from rapporto.domain.consent.commands import give, set_preferences, withdraw
from rapporto.domain.consent.models import ConsentEntry, ConsentTerm, ContactPreference, Purpose
from rapporto.domain.consent.retention import KIND, begin_day, endings, keep_terms
from rapporto.domain.parties.models import Party
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from rapporto.store.jobs import JOBS, Progress
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import CHORES, deliver_one
from rapporto.store.outbox_models import Delivery
from rapporto.store.write import save
from tests.cast import enters
from tests.consent.people import NOW, customer, house

pytestmark = pytest.mark.django_db
PROOF = {"how": PAPER, "document": "Fiera"}
GIVEN_ON = datetime(2024, 3, 10, 9, tzinfo=UTC)
ENDS = date(2026, 3, 10)
TOLD = ENDS - timedelta(days=30)


def states() -> dict[int, str]:
    """The terms that are told, by entry."""
    return dict(ConsentTerm.objects.values_list("entry_id", "state"))


def images(record: str) -> str:
    """All that the history still knows of a type."""
    return str(list(Entry.objects.filter(record=record).order_by("id").values_list("image", flat=True)))


def kept_for_profiling() -> tuple[Any, Party, ConsentEntry]:
    """A customer with interests that only the consent to profiling allows to keep."""
    anna, firm, _ = house()
    topic = save(enters("Bruno"), "contact_topic", {"name": "Presse"})
    profiling = Purpose.objects.get(code="PROFILING")
    aldo = enters("Aldo")
    save(
        aldo,
        "purpose",
        {"retention_months": 24, "retention_reason": "Macchine che durano", "emptied": "Note; website"},
        profiling.pk,
    )
    assert Purpose.objects.get(code="PROFILING").emptied == "notes, website"
    save(anna, "party", {"notes": "Guarda le presse usate", "website": "casale.example"}, firm.pk)
    save(anna, "party", {"notes": "Guarda le presse nuove"}, firm.pk)
    set_preferences(anna, party=firm.pk, frequency="monthly", first_hour=10, topics=(topic.pk,))
    entry = give(anna, party=firm.pk, purpose="profiling", at=GIVEN_ON, **PROOF)
    return anna, firm, entry


def test_the_ends_of_terms_are_found_for_those_who_see_the_parties() -> None:
    anna, firm, _ = house()
    soon = give(anna, party=firm.pk, purpose="marketing", at=GIVEN_ON, **PROOF)
    over = give(anna, party=firm.pk, purpose="profiling", at=datetime(2025, 1, 31, 9, tzinfo=UTC), **PROOF)
    give(anna, party=firm.pk, purpose="open_tracking", at=NOW, **PROOF)
    give(anna, party=firm.pk, purpose="third_parties", basis=CONTRACT, at=datetime(2020, 1, 1, tzinfo=UTC), **PROOF)
    other = customer(anna, name="Altra ditta")
    give(anna, party=other.pk, purpose="marketing", at=datetime(2020, 1, 1, tzinfo=UTC), **PROOF)
    withdraw(anna, party=other.pk, purpose="marketing", how=PAPER, at=datetime(2021, 1, 1, tzinfo=UTC))
    found = {one.entry: one.day for one in endings(anna, date(2026, 2, 20))}
    assert found == {soon.pk: ENDS, over.pk: date(2026, 1, 31)}
    assert list(endings(enters("Carla"), date(2026, 2, 20))) == []


def test_an_end_is_told_thirty_days_before_and_nothing_goes_without_that() -> None:
    _, firm, entry = kept_for_profiling()
    keep_terms(TOLD - timedelta(days=1))
    assert states() == {}
    keep_terms(TOLD)
    keep_terms(TOLD)
    row = ConsentTerm.objects.get()
    assert (row.entry_id, row.party_id, row.ends_on, row.warned_on, row.state) == (
        entry.pk,
        firm.pk,
        ENDS,
        TOLD,
        ENDING,
    )
    keep_terms(ENDS - timedelta(days=1))
    assert Party.objects.get(pk=firm.pk).notes == "Guarda le presse nuove"


def test_an_end_first_told_late_still_leaves_its_thirty_days() -> None:
    kept_for_profiling()
    late = ENDS + timedelta(days=200)
    assert keep_terms(late) == {ENDING: 1}
    assert keep_terms(late + timedelta(days=29)) == {ENDING: 1}
    assert keep_terms(late + timedelta(days=30)) == {TAKEN_OUT: 1}


def test_what_the_consent_alone_allowed_to_keep_goes_and_leaves_no_trace_in_the_past() -> None:
    anna, firm, entry = kept_for_profiling()
    keep_terms(TOLD)
    assert "presse usate" in images("party")
    assert keep_terms(ENDS) == {TAKEN_OUT: 1}
    assert states() == {entry.pk: TAKEN_OUT}
    row = Party.objects.get(pk=firm.pk)
    assert (row.notes, row.website, row.name, row.email) == ("", "", "Ditta Casale", "info@casale.example")
    assert "presse" not in images("party")
    assert "casale.example'" in images("party") or "info@casale.example" in images("party")
    kept = ContactPreference.objects.get()
    assert (kept.frequency, kept.topics.count()) == ("", 0)
    assert kept.first_hour is None
    assert "monthly" not in images("contact_preference")
    assert keep_terms(ENDS + timedelta(days=400)) == {}
    for change in ChangeSet.objects.filter(user_id=anna.user_id).order_by("-id"):
        undo(anna, change.pk)
    assert "presse" not in images("party")
    assert ConsentEntry.objects.filter(pk=entry.pk).exists()


def test_whoever_consents_again_or_withdraws_settles_the_term() -> None:
    anna, firm, entry = kept_for_profiling()
    keep_terms(TOLD)
    give(anna, party=firm.pk, purpose="profiling", at=NOW, **PROOF)
    assert keep_terms(ENDS) == {PROLONGED: 1}
    assert states() == {entry.pk: PROLONGED}
    assert Party.objects.get(pk=firm.pk).notes == "Guarda le presse nuove"


def test_a_consent_to_another_purpose_keeps_the_wishes_and_not_the_fields() -> None:
    anna, firm, _ = kept_for_profiling()
    give(anna, party=firm.pk, purpose="marketing", channel="email", at=NOW, **PROOF)
    keep_terms(TOLD)
    keep_terms(ENDS)
    assert Party.objects.get(pk=firm.pk).notes == ""
    assert ContactPreference.objects.get().frequency == "monthly"


def test_who_sees_a_term_does_not_write_it_and_unknown_fields_are_told() -> None:
    entry = kept_for_profiling()[2]
    keep_terms(TOLD)
    for name in ("Anna", "Bruno"):
        with pytest.raises(Refused):
            save(enters(name), "consent_term", {"state": TAKEN_OUT}, ConsentTerm.objects.get().pk)
    for said in ("phase", "interessi", "Note, name"):
        with pytest.raises(Invalid) as wrong:
            save(enters("Aldo"), "purpose", {"emptied": said}, entry.purpose_id)
        assert "emptied" in wrong.value.errors


def test_the_worker_looks_once_a_day_and_the_button_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, _, entry = kept_for_profiling()
    cache.clear()
    monkeypatch.setattr(retention, "today", lambda: TOLD)
    assert begin_day in CHORES.values()
    begin_day()
    begin_day()
    owed = Delivery.objects.filter(follower="consent.terms")
    assert owed.count() == 1
    assert deliver_one(long=True)
    assert states() == {entry.pk: ENDING}
    monkeypatch.setattr(retention, "today", lambda: ENDS)
    begin_day()
    assert deliver_one(long=True)
    assert states() == {entry.pk: TAKEN_OUT}
    other = customer(anna, name="Altra ditta")
    late = give(anna, party=other.pk, purpose="marketing", at=GIVEN_ON, **PROOF)
    result = JOBS[KIND].run(anna, {}, Progress(Job(kind=KIND), 60))
    assert states()[late.pk] == ENDING
    assert result.details == {"ending": 1, "taken_out": 0, "days": 30}
