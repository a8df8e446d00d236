"""The fields that are offered over a list, in groups: its own as the form has them, those of linked records, numbers of related ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field, RecordType
from rapporto.store.reaching import Reached, reachable


@dataclass(frozen=True)
class Offered:
    """One field that can be chosen: its path, its word, and whether it is chosen already."""

    path: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class FieldGroup:
    """Some fields under one word; blank for the fields without a section."""

    label: str
    fields: tuple[Offered, ...]


def fields_offered(
    actor: Actor,
    record: RecordType,
    useful: Callable[[Field], bool],
    chosen: Callable[[str], bool] = lambda path: False,
) -> list[FieldGroup]:
    """The useful ones of all fields that somebody may ask for."""
    groups = [*_own(record), *_reached(actor, record)]
    found = []
    for label, fields in groups:
        offered = tuple(Offered(one.name, str(one.label), chosen(one.name)) for one in fields if useful(one))
        if offered:
            found.append(FieldGroup(label, offered))
    return found


def _own(record: RecordType) -> Iterator[tuple[str, list[Field]]]:
    named: set[str] = set()
    for label, names in record.sections.items():
        there = [name for name in record.with_made(names) if name in record.fields]
        named.update(there)
        yield str(label), [record.fields[name] for name in there]
    yield _("Further fields"), [one for name, one in record.fields.items() if name not in named]


def _reached(actor: Actor, record: RecordType) -> Iterator[tuple[str, list[Field]]]:
    by_way: dict[str, list[Field]] = {}
    for one in reachable(actor, record):
        by_way.setdefault(_way(one), []).append(one)
    yield from by_way.items()


def _way(field: Field) -> str:
    """From where a field comes: the link or the relation."""
    if isinstance(field, Reached) and field.through is not None:
        return str(field.through.label)
    if isinstance(field, Reached) and field.relation is not None:
        return str(field.relation.label)
    return ""
