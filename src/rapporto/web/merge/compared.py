"""Records side by side: which fields say different things, whose value stands unless another is chosen, what hangs on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links, LongText
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.merge_related import related
from rapporto.store.merge_values import BLANK, decide
from rapporto.web.facts import words
from rapporto.web.figures import figure
from rapporto.web.links import card_url, merge_url
from rapporto.web.reading import Reading


@dataclass(frozen=True)
class Cell:
    """The value of one record; `chosen` when it stands unless another is chosen."""

    id: int
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """One field of all records. `both` offers to keep every value, `all_chosen` when that is what happens otherwise."""

    name: str
    label: str
    cells: tuple[Cell, ...]
    both: bool = False
    all_chosen: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether two of them say something, and not the same."""
        return len({one.text for one in self.cells if one.text}) > 1


@dataclass(frozen=True)
class Side:
    """One record: what it is called, its card, how to let it be the one that stays, and what hangs on it, in figures."""

    id: int
    title: str
    url: str
    first_url: str
    hangs: tuple[str, ...]


def sides(actor: Actor, readings: Sequence[Reading]) -> list[Side]:
    """The heads of the columns; the first one is the record that stays."""
    ids = [one.id for one in readings]
    return [
        Side(
            one.id,
            one.title,
            card_url(one.record.name, one.id),
            merge_url(one.record.name, one.id, *(other for other in ids if other != one.id)),
            tuple(
                f"{DECLARED[name].record.plural}: {figure(number)}"
                for name, number in related(actor, one.record.name, one.id).items()
            ),
        )
        for one in readings
    ]


def lines(actor: Actor, readings: Sequence[Reading]) -> tuple[list[Line], list[Line]]:
    """The fields that differ, those that contradict each other first, and those in which all say the same; blank ones are left out."""
    record = readings[0].record
    final = _final(record, readings)
    names = [name for name in record.fields if name not in record.fixed_for(actor)]
    differ: list[Line] = []
    same: list[Line] = []
    for name in names:
        values = [one.values.get(name) for one in readings]
        if all(value in BLANK for value in values):
            continue
        line = _line(record, name, readings, final[name])
        (same if all(value == values[0] for value in values) else differ).append(line)
    differ.sort(key=lambda line: not line.contradicts)
    return differ, same


def _final(record: RecordType, readings: Sequence[Reading]) -> dict[str, Any]:
    """What merging would keep when nothing is chosen."""
    first, *others = readings
    kept = _stored(record, first)
    for one in others:
        kept |= decide(record, kept, _stored(record, one), {}, (first.id, one.id)).written
    return kept


def _stored(record: RecordType, reading: Reading) -> dict[str, Any]:
    return {name: reading.values.get(name) for name, one in record.fields.items() if not one.derived}


def _line(record: RecordType, name: str, readings: Sequence[Reading], final: Any) -> Line:
    one = record.fields[name]
    said = {value for reading in readings if (value := reading.values.get(name)) not in BLANK}
    standing = next((r.id for r in readings if r.values.get(name) == final), None)
    both = isinstance(one.kind, Links | LongText) and len(said) > 1
    cells = tuple(
        Cell(r.id, words(one, r.values.get(name), r.titles), r.id == standing and not (both and standing is None))
        for r in readings
    )
    return Line(name, str(one.label), cells, both, both and standing is None)
