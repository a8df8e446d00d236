"""What every record type inherits at birth: rights, values, filters, sorting, hostile text, undo, words."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from django.utils.translation.trans_real import translation

from rapporto.kernel.actor import NOBODY, Actor
from rapporto.kernel.kinds import Choice, Link, Links, LongText, Text
from rapporto.kernel.where import EVERYTHING, Test
from rapporto.store.bulk import change_many
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.groups import Grouping, group_page, groupings, subtotals
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.undo import undo
from rapporto.store.pages import page
from rapporto.store.reaching import reachable
from rapporto.store.records import find, get, value_of
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.records.filled import NAMES, Filled
from tests.web.samples import TOLD

pytestmark = pytest.mark.django_db
STRANGER = Actor(None, "Nessuno", frozenset({"no_such_role"}))
HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "{{ 7|add:7 }}",
    "Robert'); DROP TABLE x;--",
    "a\u202eb",
    "👩‍👩‍👧",
    "ß İ \u0301",
    "%s %(x)s {0}",
)


@pytest.fixture(params=NAMES)
def filled(request: pytest.FixtureRequest) -> Filled:
    """A record with every field filled."""
    return Filled(request.param)


def test_nobody_sees_or_makes_anything_by_default(filled: Filled) -> None:
    for actor in (NOBODY, STRANGER):
        assert not find(actor, filled.name).exists()
        assert page(actor, filled.name).rows == ()
        with pytest.raises((Refused, Invalid)):
            save(actor, filled.name, filled.values)


def test_what_is_saved_comes_back(filled: Filled) -> None:
    row = get(filled.actor, filled.name, filled.id)
    for name, value in filled.values.items():
        if filled.name in TOLD:
            continue  # its own rules decide how its values are kept; their tests say so
        wanted = filled.record.fields[name].kind.check(value)
        kept = value_of(filled.name, row, name)
        assert kept == wanted or (kept in ("", None) and wanted in ("", None)), name


def test_what_is_typed_is_what_is_shown(filled: Filled) -> None:
    for name, value in filled.values.items():
        kind = filled.record.fields[name].kind
        wanted = kind.check(value)
        if wanted is not None and not isinstance(kind, Link | Links):
            assert kind.read(kind.edit(wanted)) == wanted, name


def questions(filled: Filled) -> Iterator[tuple[str, str, Any, bool]]:
    """(field, operator, value, whether the record answers it) for every operator of every field."""
    row = get(filled.actor, filled.name, filled.id)
    for name, field in filled.record.fields.items():
        value = value_of(filled.name, row, name)
        said = value not in (None, "")
        yes = {"eq", "is_in", "ge", "le", "contains", "starts_with", "is_filled"} if said else {"is_blank"}
        for op in field.kind.ops:
            if not said and op not in ("is_blank", "is_filled"):
                continue
            asked = value[:3] if op in ("contains", "starts_with") and isinstance(value, str) else value
            if op == "is_in":
                asked = value if isinstance(value, tuple) else (value,)
            yield name, op, None if op.startswith("is_bl") or op == "is_filled" else asked, op in yes


def test_every_field_is_filtered_in_every_way_its_kind_allows(filled: Filled) -> None:
    asked = list(questions(filled))
    assert asked
    for name, op, value, answers in asked:
        found = find(filled.actor, filled.name, Test(name, op, value)).filter(pk=filled.id).exists()
        assert found is answers, f"{name} {op} {value!r}"


def written(filled: Filled, values: dict[str, Any]) -> Any:
    """The record with these values; of a ledger, which nobody changes, a new one."""
    if filled.record.append_only:
        return save(filled.actor, filled.name, {**filled.values, **values})
    return save(filled.actor, filled.name, values, filled.id)


def test_hostile_text_survives_in_every_field_that_takes_it(filled: Filled) -> None:
    for name in filled.writable:
        kind = filled.record.fields[name].kind
        for text in HOSTILE if isinstance(kind, Text | LongText) else ():
            try:
                row = written(filled, {name: text})
            except Invalid:
                continue  # a rule of its own asks for more than a text
            assert value_of(filled.name, get(filled.actor, filled.name, row.pk), name) == kind.check(text), name
            assert find(filled.actor, filled.name, Test(name, kind.ops[0], kind.check(text))).filter(pk=row.pk).exists()


def test_a_bulk_change_is_undone_to_the_byte(filled: Filled) -> None:
    before = list(canonical())
    row, changed, refused = get(filled.actor, filled.name, filled.id), 0, 0
    optional = [n for n in filled.writable if not filled.record.fields[n].required and not filled.record.fields[n].link]
    there = [name for name in optional if value_of(filled.name, row, name) not in (None, "", False)]
    for name in optional:
        try:
            done = change_many(filled.actor, filled.name, EVERYTHING, {name: None}, only=[filled.id])
        except Invalid:
            refused += 1
            continue
        if done.change_set_id is not None:
            assert undo(filled.actor, done.change_set_id).kept == ()
            changed += 1
        assert list(canonical()) == before, name
    assert changed or refused or not there or filled.record.append_only


def test_what_is_a_ledger_is_neither_changed_nor_deleted_nor_taken_back(filled: Filled) -> None:
    if not filled.record.append_only:
        return
    there = value_of(filled.name, get(filled.actor, filled.name, filled.id), filled.record.title)
    with pytest.raises(Refused):
        save(filled.actor, filled.name, {filled.record.title: "Anders"}, filled.id)
    with pytest.raises(Refused):
        delete(filled.actor, filled.name, filled.id)
    assert change_many(filled.actor, filled.name, EVERYTHING, {filled.record.title: "Anders"}).changed == 0
    with change_set(filled.actor, "again") as change:
        again = save(filled.actor, filled.name, {**filled.values, filled.record.title: "Noch einer"})
    assert [(one.record, one.row_id) for one in undo(filled.actor, change.pk).kept] == [(filled.name, again.pk)]
    assert value_of(filled.name, get(filled.actor, filled.name, filled.id), filled.record.title) == there


def test_a_deletion_is_undone_to_the_byte(filled: Filled) -> None:
    before = list(canonical())
    try:
        with change_set(filled.actor, "delete") as change:
            delete(filled.actor, filled.name, filled.id)
    except (Refused, Invalid):
        return  # others refer to it, or somebody must administer
    assert list(canonical()) != before
    assert undo(filled.actor, change.pk).kept == ()
    assert list(canonical()) == before


def test_the_list_sorts_by_every_column_both_ways(filled: Filled) -> None:
    there = set(find(filled.actor, filled.name).values_list("pk", flat=True))
    assert there
    for name, field in filled.record.fields.items():
        for sort in () if isinstance(field.kind, Links) else (name, f"-{name}"):
            found, after, pages = [], None, 0
            while pages == 0 or after is not None:
                one = page(filled.actor, filled.name, sort=sort, after=after, size=1)
                found += [row_id for row_id, _ in one.rows]
                after, pages = one.after, pages + 1
            assert sorted(found) == sorted(there), sort


def test_the_list_groups_by_every_column(filled: Filled) -> None:
    there = find(filled.actor, filled.name).count()
    for one in (*filled.record.fields.values(), *reachable(filled.actor, filled.record)):
        for step in groupings(one):
            grouping = Grouping(one.name, step)
            found = group_page(filled.actor, filled.name, EVERYTHING, grouping)
            told = subtotals(filled.actor, filled.name, EVERYTHING, [grouping], found.groups, ())
            numbers = [told[(group.key,)].number for group in found.groups]
            assert sum(numbers) == there or isinstance(one.kind, Links), grouping
            for group, number in zip(found.groups, numbers, strict=True):
                assert find(filled.actor, filled.name, group.where).count() == number, (grouping, group)


def test_the_list_shows_and_sorts_by_every_column_within_reach(filled: Filled) -> None:
    there = set(find(filled.actor, filled.name).values_list("pk", flat=True))
    reached = [one.name for one in reachable(filled.actor, filled.record)]
    for sign in ("", "-"):
        for name in reached:
            with CaptureQueriesContext(connection) as queries:
                found = page(filled.actor, filled.name, sort=sign + name, columns=(name,))
            assert {row_id for row_id, _ in found.rows} == there, name
            assert len(queries) < 12, name
    assert len(page(filled.actor, filled.name, columns=reached).rows) == len(there)


def test_what_is_searched_finds_it(filled: Filled) -> None:
    title = filled.values.get(filled.record.title)
    if filled.record.search and isinstance(title, str):
        assert filled.id in search(filled.actor, filled.name, title).ids


def labels(filled: Filled) -> Iterator[Any]:
    """Every word of the declaration that a person reads."""
    record = DECLARED[filled.name].record
    yield from (record.label, record.plural, *record.sections, *(one.label for one in record.relations.values()))
    for field in record.fields.values():
        yield from (field.label, field.hint)
        if isinstance(field.kind, Choice):
            yield from (label for _, label in field.kind.choices)


def test_every_word_has_its_italian(filled: Filled) -> None:
    italian = vars(translation("it"))["_catalog"]
    with override("en"):
        words = {str(one) for one in labels(filled) if str(one)}
    assert words
    assert sorted(word for word in words if word not in italian) == []
