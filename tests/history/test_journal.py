"""The journal tells everybody what they did, who may undo for others what those did too, and nothing of what may not be seen."""

from datetime import UTC, datetime, timedelta

import pytest

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo, undoable
from rapporto.store.journal import Journal, Sought, journal
from rapporto.store.merge import merge
from rapporto.store.write import delete, save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


def told(found: Journal) -> list[tuple[str, dict[str, int]]]:
    return [(act.change.command, dict(act.counts)) for act in found.acts]


def newest() -> int:
    return ChangeSet.objects.latest("pk").pk


def test_everybody_finds_what_they_did_and_a_manager_what_others_did() -> None:
    anna, bruno, carla = enters("Anna"), enters("Bruno"), enters("Carla")
    firm = casale(anna)
    save(bruno, "address", {"party": firm.pk, "street": "Via Roma 1", "city": "Verona"})
    assert told(journal(anna, Sought())) == [("create", {"party": 1})]
    assert told(journal(carla, Sought())) == []
    assert told(journal(bruno, Sought())) == [("create", {"address": 1}), ("create", {"party": 1})]


def test_a_private_activity_of_another_is_no_line_for_a_manager() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    firm = casale(anna)
    save(anna, "activity", {"party": firm.pk, "subject": "Privato", "private": True, "taken_by": anna.user_id})
    assert told(journal(anna, Sought()))[0] == ("create", {"activity": 1})
    assert told(journal(bruno, Sought())) == [("create", {"party": 1})]
    assert told(journal(bruno, Sought(record="activity"))) == []


def test_what_is_gone_is_told_where_everything_of_its_type_is_seen() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    firm = casale(anna)
    delete(anna, "party", firm.pk)
    assert told(journal(bruno, Sought())) == [("delete", {"party": 1}), ("create", {"party": 1})]


def test_it_is_narrowed_by_who_what_when_and_door() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    firm = casale(anna)
    save(bruno.through("api"), "party", {"phase": "at_risk"}, firm.pk)
    save(bruno, "address", {"party": firm.pk, "city": "Verona"})
    wanted = {
        "address": Sought(record="address"),
        "by Anna": Sought(user=anna.user_id),
        "by a program": Sought(door="api"),
        "changes": Sought(commands=("change",)),
        "later": Sought(since=datetime.now(UTC) + timedelta(hours=1)),
        "before": Sought(until=datetime.now(UTC) - timedelta(hours=1)),
    }
    assert {name: told(journal(bruno, sought)) for name, sought in wanted.items()} == {
        "address": [("create", {"address": 1})],
        "by Anna": [("create", {"party": 1})],
        "by a program": [("change", {"party": 1})],
        "changes": [("change", {"party": 1})],
        "later": [],
        "before": [],
    }


def test_pages_follow_each_other_without_a_gap_or_a_repetition() -> None:
    bruno = enters("Bruno")
    firm = casale(bruno)
    for number in range(7):
        save(bruno, "party", {"employees": number + 1}, firm.pk)
    found, before = [], None
    for _page in range(4):
        page = journal(bruno, Sought(), before, 3)
        found += [act.change.pk for act in page.acts]
        before = page.before
        if before is None:
            break
    assert found == sorted(ChangeSet.objects.values_list("pk", flat=True), reverse=True)


def several(actor: Actor) -> tuple[int, int, int]:
    """A change set that made one company and changed another one, with the ids of both."""
    from_before = casale(actor, name="Prima")
    with change_set(actor, "paste") as change:
        made = casale(actor, name="Nuova")
        save(actor, "address", {"party": made.pk, "city": "Verona"})
        save(actor, "party", {"phase": "at_risk"}, from_before.pk)
    return change.pk, from_before.pk, made.pk


def test_a_part_is_undone_and_the_rest_later_and_the_part_comes_back() -> None:
    bruno = enters("Bruno")
    change, changed, _made = several(bruno)
    whole = list(canonical())
    part = undo(bruno, change, only={"party": {changed}})
    assert (part.restored, part.kept) == (1, ())
    assert undoable(bruno, change)
    assert not journal(bruno, Sought()).acts[1].undone
    assert part.change_set_id is not None
    undo(bruno, part.change_set_id)
    assert list(canonical()) == whole
    undo(bruno, change, only={"party": {changed}})
    rest = undo(bruno, change)
    assert rest.kept == ()
    assert Party.objects.get().phase == "customer"


def test_what_a_part_leaves_in_place_holds_what_it_needs() -> None:
    bruno = enters("Bruno")
    change, _changed, made = several(bruno)
    part = undo(bruno, change, only={"party": {made}})
    assert [(one.record, one.row_id, str(one.reason)) for one in part.kept] == [
        ("party", made, "Other records refer to it.")
    ]


def test_a_merge_is_undone_as_a_whole() -> None:
    bruno = enters("Bruno")
    one, other = casale(bruno), casale(bruno, name="Casale S.r.l.")
    merge(bruno, "party", one.pk, other.pk, {})
    with pytest.raises(Refused):
        undo(bruno, newest(), only={"party": {other.pk}})
    assert undo(bruno, newest()).kept == ()
