"""Takes in a table portion by portion: each is one transaction that says how far it is, so that nothing is done twice or lost."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import NOTHING
from rapporto.store.bulk_create import InvalidRows, create_many
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set, close, reopen
from rapporto.store.history.models import ChangeSet
from rapporto.store.imports.comparing import compare, follow_codes, permit
from rapporto.store.imports.drafts import LEVELS, Asked, Row
from rapporto.store.imports.erased import keeps_nothing, leave_out
from rapporto.store.imports.linking import resolve
from rapporto.store.imports.models import ImportRun, RefusedRow
from rapporto.store.imports.register import Register, Trial, vendor_portion
from rapporto.store.imports.said import told_before, with_mark
from rapporto.store.imports.shapes import Shape, Written
from rapporto.store.imports.tally import DOUBLES, Lines, Tally
from rapporto.store.imports.writing import codes_of, new_drafts, think, write, writes
from rapporto.store.jobs import Interrupted, Progress, dumped
from rapporto.store.one_writer import turn
from rapporto.store.userfields import record_type

COMMAND = "import"
PAUSE = 0.001
"""Seconds between two transactions on SQLite, which has one writer: those who wait in line come first."""
NOT_ALLOWED = "Your role does not add records here; ask an administrator."
UNDONE = "This import was undone meanwhile; start it again from the file."


class Table(Protocol):
    """A table that is read row by row."""

    headers: tuple[str, ...]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """The rows whose number is greater."""


class Engine:
    """One run of an import or of its trial, from wherever it was left."""

    def __init__(
        self, actor: Actor, run: ImportRun, shape: Shape, table: Table, *, written: Written | None = None,
        progress: Progress | None = None, lines: Lines | None = None,
    ) -> None:  # fmt: skip
        self.actor, self.run, self.shape, self.table = actor.through("import"), run, shape, table
        self.progress, self.lines = progress, lines
        self.register = (Trial if run.dry else Register)(self.actor, run.source_id, run.mode)
        self.register.imported = run.imported_id
        self.reading = shape.reading(self.actor, table.headers, run.columns, written or Written())

    def go(self) -> ImportRun:
        """Take in what is left. Raises Refused, Unreadable, and what `progress` raises; run again it goes on."""
        if DECLARED[self.shape.record].record.changeable(self.actor) == NOTHING:
            raise Refused(NOT_ALLOWED)
        self._begin()
        for rows in chunks(self.table.rows(self.run.at_row), vendor_portion()):
            self._take(rows)
            if self.progress is not None:
                self.progress(self.run.counts.get("rows", 0), max(self.run.total, self.run.counts.get("rows", 0)))
            if connection.vendor == "sqlite" and not self.run.dry:
                time.sleep(PAUSE)
        self._end()
        return self.run

    def _begin(self) -> None:
        """A trial that was broken off begins anew, its scratch file being gone; an import goes on in its change set."""
        run = self.run
        if run.dry:
            with turn(), transaction.atomic():
                run.refused.all().delete()
                ImportRun.objects.filter(pk=run.pk).update(at_row=0, counts={})
            run.at_row, run.counts = 0, {}
        elif run.change_set_id is not None and not reopen(self.actor, run.change_set_id):
            raise Refused(UNDONE)

    def _end(self) -> None:
        with turn(), transaction.atomic():
            ImportRun.objects.filter(pk=self.run.pk).update(ended=True)
            if self.run.change_set_id is not None:
                summary = {"file": self.run.name[:200], "run": self.run.pk, **self.run.counts}
                ChangeSet.objects.filter(pk=self.run.change_set_id).update(summary=summary)
        self.run.ended = True
        if self.run.change_set_id is not None:
            close(self.run.change_set_id)
        self.register.close()

    # ── a portion ───────────────────────────────────────────────────────────────────────────────
    def _take(self, rows: Sequence[Row], *, again: bool = True) -> None:
        """Take in some rows as one; when the register refuses them, each by itself, and only the wrong ones are left out."""
        portion = self._plan(rows)
        try:
            self._commit(portion, rows[-1].number)
        except (InvalidRows, Invalid, Refused) as wrong:
            if len(rows) > 1:
                for row in rows:
                    self._take([row])
            else:
                portion[0].refuse(_reason(self.shape, wrong))
                self._commit(portion, rows[0].number)
        except IntegrityError:
            # somebody else brought in the same code at the same moment: now it is known
            if not again:
                raise
            self._take(rows, again=False)

    def _plan(self, rows: Sequence[Row]) -> list[Asked]:
        """What the rows ask for, compared with what is known. A row that turns out wrong takes nothing of the others with it."""
        refused: dict[int, Message] = {}
        while True:
            portion = [self._asked(row, refused.get(row.number)) for row in rows]
            self._pass_over(portion)
            going = [one for one in portion if one.wrong is None and not one.known]
            for asked in going:
                self.reading.draft(asked)
            wrong = {one.number: one.wrong for one in going if one.wrong is not None}
            going = [one for one in going if one.wrong is None]
            follow_codes(self.register, going)
            resolve(self.register, going)
            self.shape.recognise(self.register, [one for one in going if one.wrong is None])
            compare(self.register, going, self.run.mode)
            permit(self.register, going)
            leave_out(going)
            later = {one.number: one.wrong for one in going if one.wrong is not None}
            refused |= {**wrong, **later}
            if not later:
                return portion

    def _asked(self, row: Row, refused: Message | None) -> Asked:
        if row.broken is not None or refused is not None:
            return Asked(row.number, "", values=row.values, raw=row.raw, wrong=row.broken or refused)
        return self.reading.asked(row)

    def _pass_over(self, portion: Sequence[Asked]) -> None:
        """Rows that say what they said last time, or what an earlier row of the portion says, add nothing."""
        run, needed = self.run.pk, LEVELS[self.run.mode]
        codes = self.register.codes(self.shape.record, {one.code for one in portion if one.wrong is None})
        said = {code: (one.said if one.level >= needed else {}) for code, one in codes.items() if one.row is not None}
        for asked in portion:
            if asked.wrong is not None:
                continue
            before = said.get(asked.code, {})
            asked.known = told_before(before, asked.mark, run)
            said[asked.code] = with_mark(before, asked.mark, run)
            known = codes.get(asked.code)
            asked.said = with_mark(known.said if known is not None and known.row is not None else {}, asked.mark, run)
            if asked.known and known is not None and known.row is not None and len(known.said) > 1:
                asked.again = (known.row, known.level)

    def _commit(self, portion: list[Asked], last: int) -> None:
        going = [one for one in portion if one.wrong is None and not one.known]
        if self.run.dry or not writes(going):
            with turn(), transaction.atomic():
                self._claim(last)
                if isinstance(self.register, Trial):
                    think(self.register, going)
                told = self._note(portion, going, self.run.change_set_id)
            self._done(portion, last, told)
            return
        with change_set(self.actor, COMMAND, continues=self.run.change_set_id, keep_open=True) as begun:
            self._claim(last)
            self._imported(going)
            write(self.actor, going, self.shape.order, self.run.imported_id)
            told = self._note(portion, going, begun.pk)
            if self.progress is not None and self.run.change_set_id is None:
                self.progress.change(begun.pk)
        self.run.change_set_id, self.register.imported = begun.pk, self.run.imported_id
        self._done(portion, last, told)

    def _claim(self, last: int) -> None:
        """The first thing of a portion is that it is done: of two workers the slower finds so. Raises Interrupted."""
        mine = ImportRun.objects.filter(pk=self.run.pk, at_row=self.run.at_row, ended=False)
        if not mine.update(at_row=last):
            raise Interrupted

    def _imported(self, going: Sequence[Asked]) -> None:
        """The record of the import, made with the first thing that it writes; should the portion be taken back, so is this."""
        there = ImportRun.objects.values_list("imported_id", flat=True).get(pk=self.run.pk)
        if there is None and next(new_drafts(going), None) is not None:
            values = {"name": self.run.name[:200] or "—", "source": self.run.source_id, "at": timezone.now()}
            (there,) = create_many(self.actor, "imported", [values])
        self.run.imported_id = there

    def _note(self, portion: Sequence[Asked], going: Sequence[Asked], change: int | None) -> dict[str, int]:
        """What came of it, in the transaction that makes it true."""
        made = [draft for asked in going for draft in asked.drafts if draft.makes]
        wrote = bool(made) or writes(going)
        self.register.keep_codes(codes_of(self.shape.record, portion, self.run.mode), change if wrote else None)
        tally = Tally()
        tally.counts.update(self.run.counts)
        tally.counts[DOUBLES] += self.shape.settle(self.register, going, made)
        for asked in portion:
            tally.add(asked)
        RefusedRow.objects.bulk_create(
            _refused_row(self.run, one, one.wrong) for one in portion if one.wrong is not None
        )
        told = {"counts": tally.told(), "change_set_id": change, "imported_id": self.run.imported_id}
        ImportRun.objects.filter(pk=self.run.pk).update(**told)
        return tally.told()

    def _done(self, portion: Sequence[Asked], last: int, counts: Mapping[str, int]) -> None:
        self.run.at_row, self.run.counts = last, dict(counts)
        if self.lines is not None:
            self.lines.add(portion)


def _refused_row(run: ImportRun, asked: Asked, wrong: Message) -> RefusedRow:
    """The row as it stood in the file; nothing of it where that must not be kept."""
    if keeps_nothing(wrong):
        return RefusedRow(run=run, number=asked.number, reason=dumped(wrong))
    return RefusedRow(run=run, number=asked.number, values=_plain(asked.values), raw=asked.raw, reason=dumped(wrong))


def _plain(values: Sequence[Any]) -> list[Any]:
    """Cells for JSON."""
    return [one if one is None or isinstance(one, str | int) else str(one) for one in values]


def _reason(shape: Shape, wrong: InvalidRows | Invalid | Refused) -> Message:
    if isinstance(wrong, Refused):
        return wrong.message
    errors = next(iter(wrong.errors.values())) if isinstance(wrong, InvalidRows) else wrong.errors
    name, why = next(iter(errors.items()))
    known = record_type(shape.record).fields.get(name)
    return Message("{field}: {why}", {"field": str(known.label) if known else name, "why": why})


__all__ = ["Engine", "Table"]
