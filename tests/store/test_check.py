"""`check` finds what is derived and wrong, mends it, and says so; a register that is right it leaves alone."""

import pytest
from django.db import connection

from rapporto.domain.parties.models import Party, PartyNumbers
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store import check
from rapporto.store.history import install
from rapporto.store.history.export import canonical
from rapporto.store.history.models import Entry
from rapporto.store.made_fields import make_field
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.store.search_tables import table
from rapporto.store.write import save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno() -> Actor:
    """A manager, a customer with a call, and a field the company made."""
    manager = enters("Bruno")
    check.run(lambda line: None)  # the cast comes in past the doors, so nobody has written what they are found by
    return manager


def said() -> tuple[int, str]:
    """What `check` answers and says."""
    lines: list[str] = []
    return check.run(lines.append), "\n".join(lines)


def outside(sql: str, *values: int) -> None:
    """Somebody writes past the product."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def test_a_register_that_is_right_is_left_alone(bruno: Actor) -> None:
    firm = casale(bruno, city="Verona", phone="045 1234567")
    log_activity(bruno, party=firm.pk, subject="Chiamata")
    before, entries = list(canonical()), Entry.objects.count()
    assert said() == (0, "All is as it should be.")
    assert (list(canonical()), Entry.objects.count()) == (before, entries)


def test_folded_keys_that_are_wrong_are_mended_and_the_history_says_by_whom(bruno: Actor) -> None:
    firm = casale(bruno, name="Perù")
    outside("UPDATE parties_party SET name_key = 'x' WHERE id = %s", firm.pk)
    status, text = said()
    assert status == 1
    assert "folded keys of 1 records were wrong. Mended." in text
    assert list(Party.objects.filter(pk=firm.pk).values_list("name_key", flat=True)) == ["peru"]
    change = Entry.objects.order_by("id").latest("id").change_set
    assert change is not None
    assert (change.command, change.user_name) == ("check", "check")
    assert said()[0] == 0


def test_numbers_that_are_wrong_missing_or_of_nobody_are_mended(bruno: Actor) -> None:
    first, second, third = (casale(bruno, name=name) for name in ("Uno", "Due", "Tre"))
    log_activity(bruno, party=first.pk, subject="Chiamata")
    PartyNumbers.objects.filter(party=first).update(activities=7)
    PartyNumbers.objects.filter(party=second).update(activities=9)
    PartyNumbers.objects.filter(party=third).delete()
    status, text = said()
    assert status == 1
    assert "derived values: 3 rows" in text
    assert dict(PartyNumbers.objects.values_list("party_id", "activities")) == {first.pk: 1, second.pk: 0, third.pk: 0}
    assert said()[0] == 0


def test_search_documents_that_are_missing_old_or_of_nobody_are_mended(bruno: Actor) -> None:
    first, second = casale(bruno, name="Officine Adige"), casale(bruno, name="Legnami")
    outside(f"DELETE FROM {table('party')} WHERE id = %s", first.pk)
    outside(f"UPDATE {table('party')} SET text = 'altro' WHERE id = %s", second.pk)
    outside(f"INSERT INTO {table('party')} (id, heading, text) VALUES (999999, 'nessuno', 'nessuno')")
    status, text = said()
    assert status == 1
    assert "search: 3 rows" in text
    assert search(bruno, "party", "adige").ids == (first.pk,)
    assert search(bruno, "party", "legnami").ids == (second.pk,)
    assert said()[0] == 0


def test_keys_of_user_made_fields_are_mended(bruno: Actor) -> None:
    made = make_field(bruno, "party", "Soprannome", "text")
    firm = save(bruno, "party", {"name": "Casale", made.name: "Perù"})
    Party.objects.filter(pk=firm.pk).update(extra={made.name: "Perù", f"{made.name}~": "x"})
    assert "user-made fields of 1 records" in said()[1]
    assert find(bruno, "party", field(made.name).eq("PERU")).get().pk == firm.pk
    assert said()[0] == 0


def test_a_missing_trigger_is_put_back_and_told(bruno: Actor) -> None:
    install.drop()
    assert install.differences()
    status, text = said()
    assert status == 1
    assert "History: " in text
    assert install.differences() == []
    casale(bruno)
    assert Entry.objects.filter(record="party").exists()


@pytest.mark.sqlite
def test_a_search_index_that_does_not_fit_is_built_anew(bruno: Actor) -> None:
    firm = casale(bruno, name="Officine Adige")
    outside(f"INSERT INTO {table('party')}_fts ({table('party')}_fts) VALUES ('delete-all')")
    assert "index of the search" in said()[1]
    assert search(bruno, "party", "adige").ids == (firm.pk,)


@pytest.mark.sqlite
def test_a_row_that_points_nowhere_is_told_but_not_mended(bruno: Actor) -> None:
    firm = casale(bruno)
    outside("PRAGMA defer_foreign_keys = ON")
    outside("UPDATE parties_party SET industry_id = 999 WHERE id = %s", firm.pk)
    status, text = said()
    assert status == 1
    assert "points to a row of parties_industry that is not there. NOT MENDED" in text
    Party.objects.filter(pk=firm.pk).update(industry=None)
