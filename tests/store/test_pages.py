"""Pages: every record exactly once, in the order of any column, blanks last, whatever the plan and the actor."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import UnknownField
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.store import asking, made_fields, page_reading, userfields
from rapporto.store.history.as_of import as_of
from rapporto.store.pages import page
from rapporto.store.write import delete, save

MANAGER = Actor(None, "Bruno", frozenset({"manager"}))
COUNT = 43


@pytest.fixture
def anna(db: None) -> Actor:
    """Anna, the agent, who looks after every third party."""
    user = User.objects.create_user("anna@esempio.it", name="Anna", role="agent")
    made = made_fields.make_field(MANAGER, "party", "Macchine", "text")
    for at in range(COUNT):
        values: dict[str, Any] = {
            "name": f"Ditta {at % 7} {at:03}",
            "province": ("VR", "", "MI")[at % 3],
            "city": ("", "Verona", "È")[at % 3],
        }
        values |= {
            "turnover": None if at % 4 == 0 else at % 5 * 100,
            "birth_date": None if at % 2 else date(2020, 1, 1 + at % 9),
        }
        values |= {"owner": user.pk if at % 3 == 0 else None, made.name: ("", "tornio", "Fresa")[at % 3]}
        save(MANAGER, "party", values)
    return Actor(user.pk, "Anna", frozenset({"agent"}))


def walked(actor: Actor, sort: str, where: Where = EVERYTHING, size: int = 5) -> list[int]:
    """The ids of all pages one after the other."""
    ids: list[int] = []
    after = None
    while True:
        found = page(actor, "party", where, sort=sort, after=after, size=size)
        ids += [pk for pk, _ in found.rows]
        if found.after is None:
            return ids
        after = found.after


def sortable() -> list[str]:
    """Every column a party can be sorted by."""
    return [name for name, one in userfields.record_type("party").fields.items() if not isinstance(one.kind, Links)]


@pytest.mark.parametrize("sign", ["", "-"])
def test_every_sort_gives_every_party_once_and_blanks_last(
    anna: Actor, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set(Party.objects.filter(owner_id=anna.user_id).values_list("pk", flat=True))
    for limit in (0, 10_000):  # walking the index of the sort, and gathering first
        monkeypatch.setattr(asking, "few", lambda declaration, limit=limit: limit)
        for name in sortable():
            asking.forget_estimates()
            assert sorted(walked(MANAGER, sign + name)) == sorted(Party.objects.values_list("pk", flat=True)), name
            assert sorted(walked(anna, sign + name)) == sorted(seen), name


@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_of_the_past_are_those_of_then(anna: Actor, sign: str) -> None:
    people = (MANAGER, anna)
    then = timezone.now()
    record = userfields.record_type("party")
    kept = [name for name in sortable() if not record.field(name).derived]  # sums and counts are told as they are now
    before = {(name, person): walked(person, sign + name, size=20) for name in kept for person in people}
    rows = list(Party.objects.order_by("pk"))
    for at, row in enumerate(rows[::2]):
        save(MANAGER, "party", {"name": f"Altra {at}", "turnover": at * 77, "city": "Aosta" if at % 2 else ""}, row.pk)
    delete(MANAGER, "party", rows[1].pk)
    save(MANAGER, "party", {"name": "Del tutto nuova", "owner": anna.user_id})
    with as_of(then):
        for (name, person), ids in before.items():
            # what one may see is decided today: a record that is gone, and was one's own, is shown to who sees all
            gone = set() if person is MANAGER else set(ids) - set(walked(person, sign + name, size=20))
            assert gone <= {rows[1].pk}
            assert walked(person, sign + name, size=20) == [one for one in ids if one not in gone], name


@pytest.mark.sqlite
@pytest.mark.parametrize("sign", ["", "-"])
def test_along_the_index_of_the_sort_the_same_rows_are_found(
    anna: Actor, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = field("province").eq("VR")
    for name in sortable():
        monkeypatch.setattr(page_reading, "WORTH", 0)  # always gathered and sorted
        wanted = {person: walked(person, sign + name, where) for person in (MANAGER, anna)}
        assert len(wanted[MANAGER]) == len(range(0, COUNT, 3))
        monkeypatch.setattr(page_reading, "WORTH", 1_000)
        for passed in (0, 1, 4):  # in vain as a rule, sometimes, and never
            monkeypatch.setattr(page_reading, "PASSED", passed)
            assert {person: walked(person, sign + name, where) for person in wanted} == wanted, (name, passed)


@pytest.mark.sqlite
def test_few_rows_of_many_are_found_without_sorting_them(anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reading, "WORTH", 1_000)
    made = userfields.record_type("party").made_here[0].name
    page(MANAGER, "party", field("province").eq("VR"), sort=f"-{made}", size=5)  # the estimates are learned here
    with CaptureQueriesContext(connection) as queries:
        page(MANAGER, "party", field("province").eq("VR"), sort="-turnover", size=5)
    (sql,) = (one["sql"] for one in queries.captured_queries if '+"parties_party"."id" IN' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        steps = [row[3] for row in cursor.fetchall()]
    assert any("INDEX party_by_turnover" in step for step in steps), steps
    assert not any("ORDER BY" in step for step in steps), steps


def test_order_is_by_folded_key_and_then_by_id(anna: Actor) -> None:
    rows = list(page(MANAGER, "party", sort="-turnover", size=COUNT, columns=("turnover",)).rows)
    filled = [(values[0], pk) for pk, values in rows if values[0] is not None]
    assert filled == sorted(filled, reverse=True)
    assert [values[0] for _, values in rows[len(filled) :]] == [None] * (COUNT - len(filled))


def test_a_filter_and_a_sort_by_a_user_made_field(anna: Actor) -> None:
    made = userfields.record_type("party").made_here[0].name
    found = page(MANAGER, "party", field(made).eq("TORNIO"), sort=f"-{made}", size=COUNT, columns=("name", made))
    assert {values[1] for _, values in found.rows} == {"tornio"}
    assert len(found.rows) == len([at for at in range(COUNT) if at % 3 == 1])


def test_a_page_costs_the_same_number_of_queries_for_one_row_and_many(anna: Actor) -> None:
    costs = []
    for size in (1, 10):
        asking.forget_estimates()
        with CaptureQueriesContext(connection) as queries:
            page(anna, "party", field("province").eq("VR"), size=size)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_who_has_no_role_sees_no_page(anna: Actor) -> None:
    assert page(Actor(None, "nobody"), "party").rows == ()


def test_a_broken_cursor_and_an_unknown_sort_are_told(anna: Actor) -> None:
    with pytest.raises(BadValue):
        page(MANAGER, "party", after="!!!")
    with pytest.raises(UnknownField, match="the fields are: kind, name"):
        page(MANAGER, "party", sort="nome")


def test_links_come_with_the_names_that_may_be_seen(anna: Actor) -> None:
    found = page(anna, "party", size=3, columns=("name", "owner"))
    assert set(found.titles["owner"].values()) == {"Anna"}
