"""Which columns a person wants to see of a list, in which order and how wide: in the address or its view, else kept by the browser."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Code, Day, Email, Integer, Link, LongText, Moment, Money, Province, Tick
from rapporto.kernel.record import Field, RecordType, UnknownField
from rapporto.store.reaching import reach
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.past import known_then, past

AGE = 365 * 24 * 3600
BETWEEN, IS = "~", "!"
"""Between two columns, and between a column and its width: signs that no path has and a cookie may bear."""
LONGEST = 3500
NARROWEST, WIDEST = 48, 900
"""Pixels of a column."""
PICK = 40
"""Pixels of the column of boxes."""
_PIXELS: tuple[tuple[type | tuple[type, ...], int], ...] = (
    (Province, 76),
    (Tick, 84),
    (Day, 118),
    (Moment, 140),
    (Money, 146),
    (Integer, 104),
    (Email, 210),
    (Choice, 136),
    (Code, 148),
    (Link, 176),
    (LongText, 240),
)
_LETTER, _ROUND_LETTERS = 7.4, 76
"""Pixels of a letter of a head, and of what stands around its word."""
NAME = 260
OTHER = 176


def cookie_name(record: RecordType) -> str:
    """The cookie that keeps the columns of a list."""
    return f"columns_{record.name}"


def widths_cookie(address: ListAddress) -> str:
    """The cookie that keeps the widths of a list, or those changed since its view was saved."""
    view = address.view.id if address.view else 0
    return f"widths_{address.record.name}" + (f"_{view}" if view else "")


def kept_columns(request: HttpRequest, record: RecordType) -> tuple[str, ...]:
    """The columns that this browser keeps; what this person has no such field for any more is left out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return known_columns(actor, record, request.COOKIES.get(cookie_name(record), "")[:LONGEST].split(BETWEEN))


def keep_columns(request: HttpRequest, response: HttpResponse, record: RecordType, names: Sequence[str]) -> None:
    """Let this browser keep a choice of columns; none are the usual ones."""
    kept = BETWEEN.join(names)
    if not names or len(kept) > LONGEST:
        response.delete_cookie(cookie_name(record), samesite="Lax")
        return
    response.set_cookie(
        cookie_name(record), kept, max_age=AGE, samesite="Lax", secure=request.is_secure(), httponly=True
    )


def known_columns(actor: Actor, record: RecordType, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some paths that are columns of this person, each once."""

    def known(path: str) -> bool:
        try:
            reach(actor, record, path)
        except UnknownField:
            return False
        return True

    return tuple(one for one in dict.fromkeys(names) if one and (one in record.fields or known(one)))


def shown_columns(address: ListAddress, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of its address, else those kept by this browser where no view is open, else the usual ones."""
    in_view = address.view is not None and address.view.id
    asked = address.columns or (() if in_view else tuple(kept)) or address.record.grid
    if not past(address):
        return tuple(asked)
    own = address.record.fields
    told = tuple(one for one in asked if one not in own or known_then(own[one]))
    return told or (address.record.title,)


def kept_widths(request: HttpRequest, address: ListAddress) -> Mapping[str, int]:
    """The widths in pixels, by column: those this browser keeps over those of the view."""
    kept = read_widths(request.COOKIES.get(widths_cookie(address), ""))
    return {**(address.view.widths if address.view else {}), **kept}


def read_widths(text: str) -> dict[str, int]:
    """The widths in «name!220~city!80»; whatever is none is left out."""
    found = {}
    for one in text[:LONGEST].split(BETWEEN):
        name, _, width = one.rpartition(IS)
        if name and width.isdecimal() and len(width) < 5:
            found[name[:120]] = min(max(int(width), NARROWEST), WIDEST)
    return found


def write_widths(widths: Mapping[str, int]) -> str:
    """The widths as a view and a cookie keep them."""
    return BETWEEN.join(f"{name}{IS}{width}" for name, width in widths.items())


def usual_width(field: Field, *, name: bool) -> int:
    """The width in pixels of a column of which nobody said how wide it should be: its head and its kind of value fit."""
    of_kind = NAME if name else next((width for kinds, width in _PIXELS if isinstance(field.kind, kinds)), OTHER)
    return max(of_kind, min(round(len(str(field.label)) * _LETTER) + _ROUND_LETTERS, 240))
