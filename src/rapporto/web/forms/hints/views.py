"""The one door of help while one types: a form as it stands goes in, what is said beside its fields comes out. Nothing is written.

By POST, since addresses are noted in logs and what is typed are people's names and numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from rapporto.domain.parties.models import PARTY_KINDS
from rapporto.kernel.actor import Actor
from rapporto.store.userfields import record_type
from rapporto.web.forms.hints.drawn import hints_html, twins_html
from rapporto.web.forms.hints.duplicates import asks_for_duplicates, noticed, twins
from rapporto.web.forms.hints.names import name_hints, person_hints
from rapporto.web.forms.hints.places import place_hints
from rapporto.web.forms.hints.reach import invoice_hints, mail_hints, website_hints
from rapporto.web.forms.hints.sheet import CHECK, Hint, Hinter, Sheet
from rapporto.web.forms.hints.values import reading_hints
from rapporto.web.reading import read

APART, SHOWN = "hints.apart", "hints.shown"
"""The parties that somebody said are not the same, and all that were shown."""
LONGEST = 2_000
"""Longer texts are no names or numbers; they are not looked at."""
_OF_ALL: tuple[Hinter, ...] = (reading_hints, mail_hints, place_hints)
_OF_PARTIES: tuple[Hinter, ...] = (name_hints, person_hints, website_hints, invoice_hints)


def hints_of(sheet: Sheet) -> Iterator[Hint]:
    """Everything that is said beside the fields of a form, without the parties that may be the same."""
    hinters = (*_OF_ALL, *_OF_PARTIES) if sheet.record.name == "party" else _OF_ALL
    return chain.from_iterable(hinter(sheet) for hinter in hinters)


@require_POST
def hints(request: HttpRequest, record: str) -> HttpResponse:
    """What helps with the form that is sent: `hints.at` is the field at hand, `hints.filled` those filled in for the person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sheet = sheet_of(actor, record, request.POST, kind=request.GET.get("kind", ""), row=request.GET.get("id", ""))
    if request.GET.get("cell"):
        return HttpResponse(hints_html(_of_cell(sheet)))
    body = hints_html(hints_of(sheet))
    if asks_for_duplicates(sheet):
        body += twins_html(twins(sheet), in_panel=request.GET.get("panel") == "1")
    return HttpResponse(body)


def _of_cell(sheet: Sheet) -> Iterator[Hint]:
    """What is said of one field alone, in a list: the rest of the record is as it stands. Raises NotFound."""
    stands = read(sheet.actor, sheet.record.name, sheet.row_id or 0).values
    whole = replace(sheet, known={name: value for name, value in stands.items() if name not in sheet.texts})
    for one in hints_of(whole):
        if one.field in sheet.texts and one.text:
            yield replace(one, offers=(), pick=False, neat="")
    if asks_for_duplicates(whole) and (said := noticed(whole)):
        yield Hint(next(iter(sheet.texts), ""), said, CHECK)


def sheet_of(
    actor: Actor, record: str, post: QueryDict, *, kind: str = "", row: str = "", apart: tuple[str, ...] = (APART,)
) -> Sheet:
    """The form that was sent, as far as the actor may see its fields; `apart` names what holds the parties not to tell of."""
    seen = record_type(record).seen_by(actor)
    texts = {name: post.get(name, "") for name in post if name in seen.fields and len(post.get(name, "")) <= LONGEST}
    filled = _names(post.get("hints.filled", ""), texts)
    known = {"kind": kind} if record == "party" and kind in dict(PARTY_KINDS) and "kind" not in texts else {}
    return Sheet(
        actor,
        seen,
        texts,
        known,
        at=post.get("hints.at", "") if post.get("hints.at") in texts else "",
        filled=filled,
        row_id=_number(row),
        apart=[number for name in apart for number in _numbers(post.get(name, ""))],
    )


def _numbers(text: str) -> list[int]:
    return [number for one in text.split(",")[:100] if (number := _number(one)) is not None]


def _names(text: str, known: Iterable[str]) -> frozenset[str]:
    return frozenset(text.split(",")).intersection(known)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
