"""The page on which a person says how a file is written and what its columns mean, with samples and what comes of the first rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.imports.cells import text_of
from rapporto.store.imports.drafts import MODES, Asked
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import proposed
from rapporto.store.imports.shapes import Slot, Written
from rapporto.store.imports.tally import Line, lines_of
from rapporto.store.messages import in_words
from rapporto.store.transfer.opened import Settings, Table, Unreadable, open_table
from rapporto.web.imports.files import place_of
from rapporto.web.imports.work import table_of

SAMPLES, LOOKED_AT, GUESSED = 3, 40, 5
"""Samples of a column, rows among which they are looked for, rows of which is shown what comes of them."""
WIDEST = 120
"""Columns that are offered everything a column may mean; beyond, only what they mean now and nothing."""
ENCODINGS = (("utf-8", "UTF-8"), ("windows-1252", "Windows-1252"), ("mixed", "UTF-8 + Windows-1252"), ("utf-16-le", "UTF-16"),
             ("mac-roman", "Mac Roman"), ("cp850", "DOS 850"))  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One value of a list to choose from."""

    value: str
    label: Any
    chosen: bool = False


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file: its place, its head, what it holds, and what it may mean by group."""

    at: int
    head: str
    samples: tuple[str, ...]
    slot: str
    groups: Sequence[tuple[Any, Sequence[Choice]]]


def columns_page(request: HttpRequest, actor: Actor, run: ImportRun) -> HttpResponse:
    """The whole page."""
    try:
        table = table_of(run)
    except (Unreadable, Refused) as wrong:
        return render(
            request, "import_columns.html", {"run": run, "step": 2, "error": in_words(wrong.message)}, status=422
        )
    sampled = _samples(table)
    filled, empty = _columns(actor, run, table, sampled)
    context = {
        "run": run, "step": 2, "filled": filled, "empty": empty, "notices": [in_words(one) for one in table.said],
        "settings": list(_settings(table)), "modes": list(_modes(run)), "rows": table.estimated, **_look(actor, run, table),
    }  # fmt: skip
    return render(request, "import_columns.html", context)


def look_page(request: HttpRequest, actor: Actor, run: ImportRun) -> HttpResponse:
    """What comes of the first rows, alone."""
    return render(request, "import_look.html", _look(actor, run, table_of(run)))


def apply(run: ImportRun, sent: Mapping[str, Any]) -> bool:
    """Keep what was sent; whether the file must be read in another way, so that its columns may be others."""
    changed = _apply_settings(run, sent)
    columns = [str(sent.get(f"c{at}", slot))[:100] for at, slot in enumerate(run.columns)]
    mode = str(sent.get("mode", run.mode))
    run.columns, run.mode = columns, mode if mode in MODES else run.mode
    ImportRun.objects.filter(pk=run.pk).update(columns=run.columns, mode=run.mode, settings=run.settings)
    return changed


def read_again(actor: Actor, run: ImportRun) -> str | None:
    """Read the file as it was asked for just now, its columns understood anew. When it cannot be read so, why; then as it was found."""
    why = None
    try:
        table = table_of(run)
    except (Unreadable, Refused) as wrong:
        why, place = in_words(wrong.message), place_of(run.file)
        if place is None:
            return why
        table = open_table(place, run.name)
        run.settings = table.settings.to_json()
    run.columns = list(proposed(actor, run.source, shape_of(run.shape), table.headers))
    ImportRun.objects.filter(pk=run.pk).update(settings=run.settings, columns=run.columns)
    return why


def _apply_settings(run: ImportRun, sent: Mapping[str, Any]) -> bool:
    before = Settings.from_json(run.settings)
    header = str(sent.get("header_row", before.header_row))
    given = replace(
        before,
        encoding=str(sent.get("encoding", before.encoding)),
        separator={"tab": "\t"}.get(str(sent.get("separator", "")), str(sent.get("separator", before.separator)))[:1],
        decimal="." if sent.get("decimal", before.decimal) == "." else ",",
        day_first=str(sent.get("day_first", before.day_first)) in ("1", "True"),
        sheet=str(sent.get("sheet", before.sheet))[:200],
        header_row=int(header) if header.isdecimal() and len(header) < 5 else before.header_row,
    )
    run.settings = given.to_json()
    return (given.encoding, given.separator, given.sheet, given.header_row) != (
        before.encoding, before.separator, before.sheet, before.header_row
    )  # fmt: skip


def _samples(table: Table) -> list[tuple[str, ...]]:
    """By column the first values that are there, each once."""
    found: list[dict[str, None]] = [{} for _head in table.headers]
    for row in table.sample(LOOKED_AT):
        for at, cell in enumerate(row.values[: len(found)]):
            if (text := text_of(cell).strip()) and len(found[at]) < SAMPLES:
                found[at][text[:60]] = None
    return [tuple(one) for one in found]


def _columns(
    actor: Actor, run: ImportRun, table: Table, sampled: Sequence[tuple[str, ...]]
) -> tuple[list[ColumnLine], list[ColumnLine]]:
    """The columns that hold something, and those that are empty."""
    slots = shape_of(run.shape).slots(actor)
    slot_of = [*run.columns, *("" for _head in table.headers)]
    lines = []
    for at, head in enumerate(table.headers):
        groups = _groups(slots, slot_of[at], whole=bool(sampled[at]) and at < WIDEST)
        lines.append(ColumnLine(at, head, sampled[at], slot_of[at], groups))
    return [one for one in lines if one.samples], [one for one in lines if not one.samples]


def _groups(slots: Sequence[Slot], chosen: str, *, whole: bool) -> list[tuple[Any, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for one in slots:
        if whole or one.name == chosen:
            groups.setdefault(str(one.group), []).append(Choice(one.name, one.label, one.name == chosen))
    if chosen and not any(one.name == chosen for one in slots):
        groups.setdefault(_("As its heading says"), []).append(
            Choice(chosen, _("as the program that wrote it means it"), True)
        )
    return list(groups.items())


def _settings(table: Table) -> Iterator[dict[str, Any]]:
    """How the file is written, each with what else it could be."""
    found = table.settings
    if found.kind == "csv":
        yield _select("encoding", _("Letters"), ENCODINGS, found.encoding)
        separators = ((";", _("semicolon")), (",", _("comma")), ("tab", _("tabulator")), ("|", "|"))
        yield _select(
            "separator",
            _("Columns are told apart by"),
            separators,
            "tab" if found.separator == "\t" else found.separator,
        )
    if len(table.sheets) > 1:
        yield _select("sheet", _("Sheet"), [(one, one) for one in table.sheets], found.sheet)
    if found.kind not in ("vcard", "ldif"):
        rows = [(str(at), _("in row {number}").format(number=at)) for at in range(1, max(found.header_row, 8) + 1)]
        yield _select("header_row", _("Headings"), [("0", _("no headings")), *rows], str(found.header_row))
    yield _select(
        "decimal", _("Decimals after"), ((",", _("comma: 1.234,50")), (".", _("point: 1,234.50"))), found.decimal
    )
    days = (("1", _("day first: 31/12/2026")), ("0", _("month first: 12/31/2026")))
    yield _select("day_first", _("Dates"), days, "1" if found.day_first else "0")


def _select(name: str, label: str, choices: Sequence[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    known = choices if any(value == chosen for value, _label in choices) else [*choices, (chosen, chosen or "—")]
    return {"name": name, "label": label, "options": [Choice(value, text, value == chosen) for value, text in known]}


def _modes(run: ImportRun) -> Iterator[Choice]:
    labels: dict[str, str | Promise] = {
        "new": _("Only add what is new: records that are there stay as they are"),
        "fill": _("Add what is new and fill the blank fields of records told by their code"),
        "all": _("Add what is new and bring the records told by their code up to date"),
    }
    yield from (Choice(mode, labels[mode], mode == run.mode) for mode in MODES)


def _look(actor: Actor, run: ImportRun, table: Table) -> dict[str, Any]:
    """What the first rows would become, before anything is looked up."""
    shape = shape_of(run.shape)
    written = Written(table.settings.decimal, table.settings.day_first)
    reading = shape.reading(actor, table.headers, run.columns, written)
    rows = []
    for row in table.sample(GUESSED):
        asked = Asked(row.number, "", wrong=row.broken) if row.broken is not None else reading.asked(row)
        if asked.wrong is None:
            reading.draft(asked)
        for draft in asked.drafts:
            draft.makes = True
        rows.append(
            {"number": row.number, "lines": [_said(one) for one in lines_of(asked)], "wrong": asked.wrong is not None}
        )
    return {"guesses": rows, "run": run}


def _said(line: Line) -> dict[str, str]:
    """One record or value of a guess, in words."""
    if line.act == "aside":
        return {"label": line.field, "text": f"«{line.before}» — {line.after}", "tone": "today"}
    if line.act == "refused":
        return {"label": "", "text": line.after, "tone": "late"}
    title = line.title or "—"
    return {"label": line.record, "text": f"{title} · {line.after}" if line.after else title, "tone": ""}


__all__ = ["apply", "columns_page", "look_page", "read_again"]
