"""What an import did or would do, in figures and, of a trial, line by line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapporto.kernel.kinds import Links
from rapporto.store.imports.drafts import ASIDE, Asked, Draft
from rapporto.store.messages import in_words
from rapporto.store.transfer.defused import defused
from rapporto.store.userfields import record_type

ROWS, MADE, CHANGED, KNOWN, REFUSED, DOUBLES = "rows", "made", "changed", "known", "refused", "doubles"
SHOWN = 200
"""Lines of a trial that its page shows; all of them are in its file."""


@dataclass
class Tally:
    """Rows by what became of them, and records by what they are; JSON by `told`."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, asked: Asked) -> None:
        """Count one row: it makes something, changes something, adds nothing, or is refused; always one of these."""
        self.counts[ROWS] += 1
        if asked.wrong is not None:
            self.counts[REFUSED] += 1
            return
        made = [one for one in asked.drafts if one.makes]
        changed = [one for one in asked.drafts if one.changes]
        self.counts[f"rows.{MADE}" if made else f"rows.{CHANGED}" if changed else f"rows.{KNOWN}"] += 1
        self.counts.update(f"{MADE}.{one.counted or one.record}" for one in made if one.counted != ASIDE)
        self.counts.update(f"{CHANGED}.{one.counted or one.record}" for one in changed)
        if made or changed:
            self.counts.update(f"{ASIDE}.{one.field}" for one in asked.asides)

    def told(self) -> dict[str, int]:
        """The figures, for JSON."""
        return dict(self.counts)


@dataclass(frozen=True)
class Line:
    """One thing that a trial would do."""

    row: int
    act: str
    """made, changed, aside or refused."""
    record: str = ""
    title: str = ""
    field: str = ""
    before: str = ""
    after: str = ""


def lines_of(asked: Asked) -> Iterator[Line]:
    """Everything that a row would do, in the words of whoever asked."""
    if asked.wrong is not None:
        yield Line(asked.number, REFUSED, after=in_words(asked.wrong))
        return
    for draft in asked.drafts:
        record = record_type(draft.record)
        what, title = str(record.label), _title(draft)
        if draft.makes and draft.counted != ASIDE:
            yield Line(asked.number, MADE, what, title, "", "", _brief(draft))
        for name, value in draft.changes.items():
            label = str(record.field(name).label)
            yield Line(
                asked.number,
                CHANGED,
                what,
                title,
                label,
                shown(draft, name, draft.before.get(name)),
                shown(draft, name, value),
            )
    if any(one.makes or one.changes for one in asked.drafts):
        for one in asked.asides:
            yield Line(asked.number, ASIDE, "", "", one.column, one.text[:200], in_words(one.reason))


def shown(draft: Draft, name: str, value: Any) -> str:
    """A value for the eyes."""
    kind = record_type(draft.record).field(name).kind
    if isinstance(value, Draft):
        return _title(value)
    if isinstance(kind, Links):
        return ", ".join(str(one) for one in value or ())
    return str(kind.show(value, get_language() or "it"))[:200] if value not in (None, "") else ""


def _title(draft: Draft) -> str:
    """What a record is called; one without a name of its own, by what it links."""
    title = record_type(draft.record).title
    values = draft.first.values if draft.first.values.get(title) else draft.values
    told = values.get(title)
    if told in (None, ""):
        return " – ".join(filter(None, (_title(one) for one in draft.values.values() if isinstance(one, Draft))))
    return _title(told) if isinstance(told, Draft) else shown(draft, title, told)


def _brief(draft: Draft) -> str:
    record = record_type(draft.record)
    told = [
        f"{record.field(name).label}: {words}"
        for name, value in draft.values.items()
        if name != record.title
        and value is not False
        and name in record.fields
        and not record.field(name).link
        and (words := shown(draft, name, value))
    ]
    return " · ".join(told)[:2000]


class Lines:
    """Keeps the first lines of a trial for its page and writes all of them into a file, as they come."""

    def __init__(self, file: BinaryIO) -> None:
        self.text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
        self.writer = csv.writer(self.text, delimiter=";", lineterminator="\r\n")
        self.first: list[Line] = []
        acts = {MADE: _("new"), CHANGED: _("changed"), ASIDE: _("to be verified"), REFUSED: _("left out")}
        self.acts = acts
        self.writer.writerow([_("Row"), _("What happens"), _("Record"), _("Name"), _("Field"), _("Before"), _("After")])

    def add(self, portion: Sequence[Asked]) -> None:
        """The lines of some rows."""
        for asked in portion:
            for line in lines_of(asked):
                if len(self.first) < SHOWN:
                    self.first.append(line)
                cells = (line.record, line.title, line.field, line.before, line.after)
                self.writer.writerow([line.row, self.acts[line.act], *map(defused, cells)])

    def close(self) -> None:
        """Everything is in the file."""
        self.text.close()
