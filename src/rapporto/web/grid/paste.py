"""Pasting cells into a list, and filling down: little is saved at once, more or what has trouble is shown before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue, Message
from rapporto.kernel.where import NOTHING
from rapporto.store.each import change_each
from rapporto.store.errors import Refused
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.grid.again import names, numbers, written_again
from rapporto.web.grid.cells import plain_of
from rapporto.web.grid.pasted import MOST, Block, Pasted, PastedCell, first_row, laid_out, table_of, weighed
from rapporto.web.grid.seen import texts_now, texts_sent
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import done

AT_ONCE = 20
"""Cells that are saved without being shown before."""
LISTED = 200
"""Cells of a preview that are listed, the wrong ones first."""


MEANWHILE = Message("Meanwhile somebody wrote «{value}» here; saving what you mended writes yours over it.")
MEANWHILE_ABOVE = Message("Meanwhile somebody wrote «{value}» into the cell that you repeat; saving repeats that.")


@dataclass(frozen=True)
class Line:
    """One cell of a preview in words."""

    key: str
    row: str
    label: str
    before: str
    after: str
    error: str


@require_POST
def paste(request: HttpRequest, record: str) -> HttpResponse:
    """Write a block of texts into the cells of a list, from its first record and column on.

    Sent are the records `ids` and `columns` below and beside that cell, the `text`, the `size` of the chosen range, `fill` when
    its first row is to be repeated, and after a preview the mended texts and `go`, which leaves the wrong cells out.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    known = record_type(record).seen_by(actor)
    if known.changeable(actor) == NOTHING:
        raise Refused("Your role sees these records but does not change them; ask an administrator.")
    fill = "fill" in request.POST
    block = _block(request, known, fill=fill)
    pasted = weighed(actor, known, block if fill else _mended(block, request.POST), fill=fill)
    pasted = _meanwhile(request, pasted, block.ids[0] if fill else None)
    go = request.POST.get("go", "")
    unseen = not go and (pasted.outside or len(pasted.cells) > AT_ONCE)
    if go != "right" and (pasted.wrong or unseen):
        return _preview(request, pasted)
    return _write(request, actor, known, pasted)


def _block(request: HttpRequest, record: RecordType, *, fill: bool) -> Block:
    ids, columns = numbers(request.POST.get("ids", ""), MOST), names(record, request.POST.get("columns", ""))
    if not ids or not columns:
        raise BadValue("Choose the cell to paste into first.")
    down, _x, across = request.POST.get("size", "").partition("x")
    height, width = _at_most(down), _at_most(across)
    if fill:
        return first_row(ids, columns, height, width)
    return laid_out(table_of(request.POST.get("text", "")), ids, columns, (height, width))


def _meanwhile(request: HttpRequest, pasted: Pasted, source: int | None) -> Pasted:
    """Cells into which others wrote since the person saw them are wrong, until the person was told and writes all the same.

    So are those that are filled from such a cell of the record `source`.
    """
    sent = request.POST
    seen = texts_sent(sent.get("seen", ""))
    told = texts_sent(sent.get("told", "")) if sent.get("go") == "all" else {}
    if not seen:
        return pasted
    now = texts_now(pasted.page)

    def weigh(one: PastedCell) -> PastedCell:
        places = (one.place, *([f"{source}/{one.one.name}"] if source is not None else []))
        for place in places if one.error is None else ():
            there = now.get(place, "")
            if seen.get(place, there) != there and told.get(place) != there:
                said = MEANWHILE if place == one.place else MEANWHILE_ABOVE
                return replace(one, error=Message(said.text, {"value": there or "—"}), meanwhile=(place, there))
        return one

    return replace(pasted, cells=tuple(weigh(one) for one in pasted.cells))


def _at_most(text: str) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _mended(block: Block, sent: Mapping[str, Any]) -> Block:
    """The block with the texts that were mended in the preview."""
    texts = {
        (row_id, name): str(sent.get(f"mend.{row_id}.{name}", text)) for (row_id, name), text in block.texts.items()
    }
    return replace(block, texts=texts)


def _write(request: HttpRequest, actor: Actor, record: RecordType, pasted: Pasted) -> HttpResponse:
    written = change_each(
        actor, record.name, pasted.values(), partly=request.POST.get("go") == "right", command="paste"
    )
    if written.wrong and written.change_set_id is None:
        return _preview(request, _told(pasted, written.wrong))
    ids = [one for one in pasted.values() if one not in written.wrong]
    cells = sum(len(values) for row_id, values in pasted.values().items() if row_id not in written.wrong)
    columns = names(record, request.POST.get("shown", ""))
    context = {
        "rows": written_again(actor, record, ids, columns),
        "toast": done(_said(cells), written.change_set_id),
        "fresh": " ".join(f"{one.row_id}/{one.one.name}" for one in pasted.right),
    }
    return render(request, "grid_cell_saved.html", context)


def _told(pasted: Pasted, wrong: Mapping[int, Mapping[str, Message]]) -> Pasted:
    """What the store refused, told at the cells of its records: at the field it names, else at the first one."""
    first = {one.row_id: one for one in reversed(pasted.right)}
    values = pasted.values()
    cells: list[PastedCell] = []
    for one in pasted.cells:
        reasons = dict(wrong.get(one.row_id, {})) if one.error is None else {}
        mine = reasons.get(one.one.name)
        others = [message for name, message in reasons.items() if name not in values[one.row_id]]
        if mine is None and others and first[one.row_id] is one:
            mine = others[0]
        cells.append(one if mine is None else replace(one, error=mine))
    return replace(pasted, cells=tuple(cells))


def _said(cells: int) -> str:
    if not cells:
        return _("Nothing was changed.")
    return ngettext("One cell changed.", "{count} cells changed.", cells).format(count=cells)


def _preview(request: HttpRequest, pasted: Pasted) -> HttpResponse:
    wrong, right = pasted.wrong, pasted.right
    listed = [*wrong[:LISTED], *right[: max(0, LISTED - len(wrong))]]
    context = {
        "wrong": [_line(pasted, one) for one in wrong[:LISTED]],
        "right": [_line(pasted, one) for one in right[: max(0, LISTED - len(wrong))]],
        "right_number": len(right),
        "wrong_number": len(wrong),
        "unlisted": len(pasted.cells) - len(listed),
        "outside": pasted.outside,
        "record": pasted.page.record,
        "sent": [
            (name, request.POST.get(name, ""))
            for name in ("ids", "columns", "text", "size", "shown", "fill", "seen")
            if name in request.POST
        ],
        "told": json.dumps(
            {**texts_sent(request.POST.get("told", "")), **dict(one.meanwhile for one in wrong if one.meanwhile)}
        ),
    }
    return render(request, "grid_paste.html", context, status=422 if wrong else 200)


def _line(pasted: Pasted, cell: PastedCell) -> Line:
    one, page = cell.one, pasted.page
    title, said = page.columns[0], plain_of(one, language())
    known = page.titles.get(one.name, {})
    named = _titles_of_rows(pasted)[cell.row_id]
    name = "" if named in (None, "") else plain_of(title, language())(named, page.titles.get(title.name, {}))
    before = "" if cell.before in (None, "") else said(cell.before, known)
    unreadable = cell.error is not None and cell.meanwhile is None
    after = "" if unreadable or cell.value in (None, "") else said(cell.value, known)
    error = in_words(cell.error) if cell.error is not None else ""
    return Line(cell.key, name, str(one.label), before, after or ("" if cell.meanwhile else cell.text), error)


def _titles_of_rows(pasted: Pasted) -> dict[int, Any]:
    return {row_id: values[0] for row_id, values in pasted.page.rows}
