"""Every record type: what is made many at once is what is made one by one, and refused for the same reasons."""

from typing import Any

import pytest
from django.db import connection, transaction

from rapporto.kernel.actor import Actor
from rapporto.store.bulk_create import InvalidRows, create_many
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.values import live_image
from rapporto.store.search_tables import searched, table
from rapporto.store.write import save
from tests.records.filled import NAMES, Filled

pytestmark = pytest.mark.django_db


@pytest.fixture(params=NAMES)
def filled(request: pytest.FixtureRequest) -> Filled:
    """A record with every field filled."""
    return Filled(request.param)


def _one(filled: Filled, values: dict[str, Any]) -> int | Invalid:
    try:
        with transaction.atomic():
            return int(save(filled.actor, filled.name, values).pk)
    except Invalid as invalid:
        return invalid


def _many(actor: Actor, name: str, values: dict[str, Any]) -> int | InvalidRows:
    try:
        with change_set(actor, "create"):
            return create_many(actor, name, [values])[0]
    except InvalidRows as invalid:
        return invalid


def _alike(filled: Filled, values: dict[str, Any]) -> None:
    with transaction.atomic():
        one = _one(filled, values)
        told = _told(filled.name, one) if isinstance(one, int) else one.errors
        transaction.set_rollback(True)
    many = _many(filled.actor, filled.name, values)
    found = _told(filled.name, many) if isinstance(many, int) else many.errors[0]
    assert found == told


def _told(name: str, row_id: int) -> tuple[Any, ...]:
    """All that there is of a row, but for its number and the moment at which it was written."""
    image = dict(live_image(DECLARED[name], row_id) or {})
    image = {column: value for column, value in image.items() if column not in ("id", "written_at")}
    entries = list(Entry.objects.filter(record=name, row_id=row_id).values_list("act", "image"))
    return image, entries, _document(name, row_id), _links(name, row_id)


def _document(name: str, row_id: int) -> Any:
    if name not in searched():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT heading, text FROM "{table(name)}" WHERE id = %s', [row_id])
        return cursor.fetchone()


def _links(name: str, row_id: int) -> list[Any]:
    declaration = DECLARED[name]
    row = declaration.model._default_manager.get(pk=row_id)
    return [sorted(getattr(row, several).values_list("pk", flat=True)) for several in declaration.through]


def test_a_full_record_is_the_same(filled: Filled) -> None:
    _alike(filled, filled.all_values(3))


def test_what_is_there_already_is_refused_alike(filled: Filled) -> None:
    _alike(filled, filled.values)


def test_an_empty_one_is_refused_alike(filled: Filled) -> None:
    _alike(filled, {})


def test_a_wrong_field_and_a_record_that_is_not_there_are_refused_alike(filled: Filled) -> None:
    links = {name: 999_999 for name in filled.writable if filled.record.fields[name].link}
    _alike(filled, {**links, "no_such_field": "x"})
