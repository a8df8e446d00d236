"""Which columns a person wants to see of a list, and in which order: in the address, else kept by the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.web.grid.addresses import read_address

AGE = 365 * 24 * 3600
USUAL = "usual"


def cookie_name(record: RecordType) -> str:
    """The cookie that keeps the columns of a list."""
    return f"columns_{record.name}"


def kept_columns(request: HttpRequest, record: RecordType) -> tuple[str, ...]:
    """The columns that this browser keeps; what is no field any more is left out by the reader."""
    kept = request.COOKIES.get(cookie_name(record), "")[:2000]
    return tuple(dict.fromkeys(name for name in kept.split(".") if name in record.fields))


@require_POST
def choose_columns(request: HttpRequest, record: str) -> HttpResponse:
    """Keep a choice of columns and go back to the list: `column` are those wanted in their order, `up` and `down` move one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    address = read_address(actor, record, {name: values for name, values in request.POST.lists() if name not in _OURS})
    wanted = [name for name in dict.fromkeys(request.POST.getlist("column")) if name in address.record.fields]
    for name in (request.POST.get("up"), request.POST.get("down")):
        if name in wanted:
            _move(wanted, name, -1 if request.POST.get("up") == name else 1)
    response = redirect(address.text(columns=()))
    if USUAL in request.POST or not wanted:
        response.delete_cookie(cookie_name(address.record), samesite="Lax")
    else:
        response.set_cookie(
            cookie_name(address.record),
            ".".join(wanted),
            max_age=AGE,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


_OURS = ("column", "up", "down", USUAL, "csrfmiddlewaretoken")


def _move(names: list[str], name: str, by: int) -> None:
    at = names.index(name)
    to = min(max(at + by, 0), len(names) - 1)
    names.insert(to, names.pop(at))
