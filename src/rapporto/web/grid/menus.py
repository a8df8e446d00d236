"""Writes the long lists of fields in the menus of a grid: once for the same fields, language and choice, and kept."""

from collections.abc import Callable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.kernel.record import Field, RecordType
from rapporto.web.asked import language
from rapporto.web.icons import icon_html

KEPT = 500
"""Lists kept; more than that are forgotten together."""
_Key = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
_kept: dict[_Key, tuple[tuple[Field, ...], SafeString]] = {}
Writer = Callable[[Sequence[Field], Sequence[str]], str]


def field_options(record: RecordType, names: Sequence[str], chosen: str = "") -> SafeString:
    """These fields as the options of a control, one of them chosen."""
    return _written("options", record, names, (chosen,), _options)


def column_lines(record: RecordType, shown: Sequence[str]) -> SafeString:
    """The chooser of columns: the shown ones in their order, with what moves them, then all others."""
    names = (*shown, *(name for name in record.fields if name not in shown))
    return _written("columns", record, names, tuple(shown), _columns)


def _written(what: str, record: RecordType, names: Sequence[str], chosen: tuple[str, ...], write: Writer) -> SafeString:
    """A list as it was written before; one whose fields were declared anew since is written anew."""
    key = (what, record.name, language(), tuple(names), chosen)
    fields = tuple(record.fields[name] for name in names)
    known = _kept.get(key)
    if known is None or any(old is not new for old, new in zip(known[0], fields, strict=True)):
        if len(_kept) >= KEPT:
            _kept.clear()
        known = _kept[key] = (fields, mark_safe(write(fields, chosen)))
    return known[1]


def _options(fields: Sequence[Field], chosen: Sequence[str]) -> str:
    return "".join(
        f'<option value="{escape(one.name)}"{" selected" if one.name in chosen else ""}>{escape(str(one.label))}</option>'
        for one in fields
    )


def _columns(fields: Sequence[Field], shown: Sequence[str]) -> str:
    return "\n".join(_column(one, shown=one.name in shown) for one in fields)


def _column(field: Field, *, shown: bool) -> str:
    name, label = escape(field.name), str(field.label)
    moves = ""
    if shown:
        left, right = _("%(label)s: further left"), _("%(label)s: further right")
        moves = "".join(
            f'<button class="btn plain icon" name="{way}" value="{name}" aria-label="{escape(said % {"label": label})}">'
            f"{icon_html(way)}</button>"
            for way, said in (("up", left), ("down", right))
        )
    return (
        f'<li><label class="check"><input type="checkbox" name="column" value="{name}"{" checked" if shown else ""}>'
        f"{escape(label)}</label>{moves}</li>"
    )
