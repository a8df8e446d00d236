"""A list for paper: all its rows up to a limit, with its sentence and its groups, and nothing that is pressed."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds.numbers import group
from rapporto.store.transfer.tables import Column, Value
from rapporto.web.asked import language
from rapporto.web.figures import figure
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.columns import kept_columns, shown_columns
from rapporto.web.grid.export_files import note_export, told
from rapporto.web.grid.export_lines import Line, Lines

MOST = 2_000
"""Rows that are printed, some fifty sheets; the rest is said at the end."""
UPRIGHT = 5
"""Columns that fit on a sheet that stands; more lie across."""
NUMBERS = ("number", "money")
ON_ONE_LINE = ("date", "moment", "phone")


def printed(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """The page that is printed."""
    lines = Lines(actor, address, shown_columns(address, kept_columns(request, address.record)))
    rows, count, left_out = _rows(lines)
    note_export(lines, "print", count)
    context = {
        "record": address.record,
        "told": told(actor, address),
        "heads": [(one.label, one.form in NUMBERS) for one in lines.heads],
        "rows": rows,
        "left_out": _("These are the first {shown} rows of {all}; narrow the list, or export it.").format(
            shown=figure(MOST), all=figure(lines.number())
        )
        if left_out
        else "",
        "across": len(lines.heads) > UPRIGHT,
        "back_url": address.text(after="", within=()),
    }
    return render(request, "grid_print.html", context)


def _rows(lines: Lines) -> tuple[SafeString, int, bool]:
    """The lines as rows of a table, each group of the first level in a body of its own; how many; whether some were left out."""
    written, count, left_out = ["<tbody>"], 0, False
    for line in lines:
        if not line.head:
            if count == MOST:
                left_out = True
                break
            count += 1
        if line.head and line.level == 0 and len(written) > 1:
            written.append("</tbody><tbody>")
        written.append(_head(line) if line.head else _row(line.values, lines.heads))
    written.append("</tbody>")
    if not left_out and (total := lines.total()) is not None:
        written.append(f"<tbody>{_head(Line(total, 0, head=True))}</tbody>")
    return mark_safe("".join(written)), count, left_out


def _row(values: Sequence[Value], heads: Sequence[Column]) -> str:
    return "<tr>" + "".join(_cell(value, head) for value, head in zip(values, heads, strict=True)) + "</tr>"


def _head(line: Line) -> str:
    first, *others = line.values
    sums = "".join(f'<td class="num">{_words(one)}</td>' for one in others)
    return f'<tr class="g{line.level + 1}"><th scope="rowgroup"><bdi>{escape(str(first))}</bdi></th>{sums}</tr>'


def _cell(value: Value, head: Column) -> str:
    opening = (
        '<td class="num">' if head.form in NUMBERS else '<td class="line">' if head.form in ON_ONE_LINE else "<td>"
    )
    return f"{opening}{_words(value)}</td>"


def _words(value: Value) -> str:
    """A value as it is read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return escape(_("Yes")) if value else ""
    if isinstance(value, Decimal):
        return _amount(value)
    if isinstance(value, int):
        return group(value, "." if language() == "it" else ",")
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/}{value.year:04}"
    return f"<bdi>{escape(value)}</bdi>"


def _amount(value: Decimal) -> str:
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "it" else text
