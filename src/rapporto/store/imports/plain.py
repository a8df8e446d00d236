"""The plain shape of any declared type: a column is a field, a row is a record; links are told in words or by codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Kind, Link, Links, LongText
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue, Message, fold
from rapporto.store.declare import DECLARED
from rapporto.store.imports.cells import MADE_UP, Reader, mark_of, reader_of, text_of
from rapporto.store.imports.drafts import Aside, Asked, Draft, Row
from rapporto.store.imports.register import Register
from rapporto.store.imports.shapes import CODE, SHAPES, Shape, Slot, Written
from rapporto.store.userfields import record_type
from rapporto.store.write import REQUIRED

CODE_WORDS = (
    "Codice esterno", "External code", "ID", "Id record", "Codice", "Code", "Chiave", "Key", "Numero record", "Record ID",
)  # fmt: skip
NOTHING_THERE = Message("There is nothing in the columns that are imported.")
COLUMN_WRONG = Message("{column}: {why}")


def writable(actor: Actor, record: RecordType) -> dict[str, Any]:
    """The fields of a type that this person may write, by name."""
    seen, fixed = record.seen_by(actor), record.fixed_for(actor)
    return {name: one for name, one in seen.fields.items() if name not in fixed and one.link != "imported"}


@dataclass(frozen=True)
class FieldColumn:
    """A column that holds a field."""

    at: int
    head: str
    name: str
    required: bool
    link: bool
    read: Reader


@dataclass(frozen=True)
class PlainReading:
    """Reads rows into one record each."""

    record: str
    columns: tuple[str, ...]
    fields: tuple[FieldColumn, ...]
    code_at: int | None

    def asked(self, row: Row) -> Asked:
        cells = [text_of(cell).strip() for cell in row.values]
        mark = mark_of(self.columns, cells)
        code = cells[self.code_at] if self.code_at is not None and self.code_at < len(cells) else ""
        return Asked(row.number, mark, code or MADE_UP + mark, bool(code), tuple(cells))

    def draft(self, asked: Asked) -> None:
        draft = Draft(self.record, {}, code=asked.code if asked.told else "")
        for one in self.fields:
            text = asked.values[one.at] if one.at < len(asked.values) else ""
            if not text:
                continue
            if one.link:
                draft.named[one.name] = (one.head, text)
                continue
            try:
                draft.values[one.name] = one.read(text)
            except BadValue as wrong:
                if one.required:
                    asked.refuse(Message(COLUMN_WRONG.text, {"column": one.head, "why": wrong.message}))
                    return
                asked.asides.append(Aside(one.head, text, wrong.message, one.name, draft))
        if not draft.values and not draft.named:
            asked.refuse(NOTHING_THERE)
            return
        asked.drafts, asked.main = [draft], draft


@dataclass(frozen=True)
class PlainShape:
    """The shape of a type for which nothing richer is registered."""

    record: str

    @property
    def name(self) -> str:
        return self.record

    @property
    def label(self) -> Any:
        return DECLARED[self.record].record.plural

    @property
    def order(self) -> tuple[str, ...]:
        return (self.record,)

    def slots(self, actor: Actor) -> Sequence[Slot]:
        record = record_type(self.record)
        own = [Slot(name, one.label, record.label, (name,)) for name, one in writable(actor, record).items()]
        return (Slot(CODE, _("Code in the source"), record.label, CODE_WORDS), *own)

    def proposed(self, actor: Actor, heads: Sequence[str]) -> tuple[str, ...]:
        return by_words(self.slots(actor), heads)

    def reading(self, actor: Actor, heads: Sequence[str], columns: Sequence[str], written: Written) -> PlainReading:
        record = record_type(self.record)
        fields = fields_of(actor, record, heads, columns, written)
        code_at = next((at for at, slot in enumerate(columns) if slot == CODE), None)
        return PlainReading(self.record, tuple(columns), fields, code_at)

    def recognise(self, register: Register, portion: Sequence[Asked]) -> None:
        """A row without a code is known by what it says alone. What must be there is asked of new records only."""
        record = record_type(self.record)
        needed = [
            n for n, one in record.fields.items() if one.required and one.default is None and one.link != "imported"
        ]
        for asked in portion:
            draft = asked.drafts[0]
            if draft.first.id is None and draft.twin is None:
                missing = next((name for name in needed if draft.values.get(name) in (None, "")), None)
                if missing is not None:
                    asked.refuse(
                        Message(COLUMN_WRONG.text, {"column": str(record.field(missing).label), "why": REQUIRED})
                    )
                    continue
            self._keep_aside(asked)

    def settle(self, register: Register, portion: Sequence[Asked], made: Sequence[Draft]) -> int:
        return 0

    def _keep_aside(self, asked: Asked) -> None:
        """Values that no field takes stand in the notes of a new record that has some; else they are told alone."""
        draft = asked.drafts[0]
        notes = next((n for n, one in record_type(self.record).fields.items() if isinstance(one.kind, LongText)), "")
        if notes and asked.asides and draft.first.id is None:
            lines = [draft.values.get(notes) or "", *(f"{one.column}: {one.text}" for one in asked.asides)]
            draft.values[notes] = "\n".join(line for line in lines if line)[:20_000]


def fields_of(
    actor: Actor, record: RecordType, heads: Sequence[str], columns: Sequence[str], written: Written
) -> tuple[FieldColumn, ...]:
    """The columns that hold fields; what this person may not write is left out, whatever was asked for."""
    allowed, found = writable(actor, record), []
    for at, name in enumerate(columns):
        if name in allowed:
            kind: Kind = allowed[name].kind
            link = isinstance(kind, Link | Links)
            head = heads[at] if at < len(heads) else name
            found.append(FieldColumn(at, head, name, allowed[name].required, link, reader_of(kind, written)))
    return tuple(found)


def by_words(slots: Sequence[Slot], heads: Sequence[str]) -> tuple[str, ...]:
    """The slot that each head tells by its words; each slot once."""
    table = {fold(word): one.name for one in reversed(slots) for word in (*one.words, *in_every_language(one.label))}
    taken: set[str] = set()
    found = []
    for head in heads:
        slot = table.get(fold(head), "")
        found.append("" if slot in taken else slot)
        taken |= {slot} - {""}
    return tuple(found)


def in_every_language(label: Any) -> tuple[str, ...]:
    """A label as the heads of a table may write it: in any of the languages of the product."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(label))
    return tuple(dict.fromkeys(found))


def shape_of(name: str) -> Shape:
    """The shape of a record type: the rich one if a part has registered it, else the plain one. KeyError for no type."""
    return SHAPES[name] if name in SHAPES else PlainShape(DECLARED[name].name)
