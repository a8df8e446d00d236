"""The page on which records are compared and become one; with a single record the other one is looked for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapporto.domain.parties.models import PERSON
from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, NOTHING, Where, field
from rapporto.store.errors import Refused
from rapporto.store.merge import merge_many, obstacle
from rapporto.store.merge_reading import merged_into
from rapporto.store.userfields import record_type
from rapporto.web.figures import figure
from rapporto.web.forms.linked import suggestions
from rapporto.web.forms.state import answer_with
from rapporto.web.links import card_url, merge_url
from rapporto.web.merge.compared import lines, sides
from rapporto.web.mistakes import in_words
from rapporto.web.reading import name_of, read
from rapporto.web.toasts import Toast, done, keep

MOST = 5
"""Records merged at once: more do not fit beside each other."""
CHOICE = "field."
"""Before the name of a field: whose value stands."""


@require_http_methods(["GET", "POST"])
def merge_page(request: HttpRequest, record: str) -> HttpResponse:
    """GET: the records `id` side by side, the first stays. POST: merge them as chosen, with the undo in the answer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = record_type(record).seen_by(actor)
    if kind.changeable(actor) == NOTHING:
        raise Refused("Your role does not change records here; ask an administrator.")
    ids = _ids(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _merge(request, actor, kind, ids)
    if len(ids) == 1:
        return _look_for_the_other(request, actor, kind, ids[0])
    readings = [read(actor, record, one) for one in ids]
    differ, same = lines(actor, readings)
    found = (obstacle(record, ids[0], one) for one in ids[1:])
    context = {
        "record": kind,
        "title": readings[0].title,
        "obstacles": [in_words(one) for one in found if one],
        "sides": sides(actor, readings),
        "differ": differ,
        "same": same,
        "back_url": card_url(record, ids[0]),
    }
    return render(request, "merge.html", context)


def _ids(sent: Any) -> list[int]:
    """The records asked for, each once. BadValue when there are none or too many."""
    ids = [int(one) for one in dict.fromkeys(sent.getlist("id")) if one.isascii() and one.isdigit() and len(one) < 19]
    if not ids:
        raise BadValue("Choose the records to merge in the list, or on a card.")
    if len(ids) > MOST:
        raise BadValue("At most {most} records are merged at once; choose fewer.", most=MOST)
    return ids


def _merge(request: HttpRequest, actor: Actor, kind: RecordType, ids: list[int]) -> HttpResponse:
    if len(ids) < 2:
        raise BadValue("Choose the records to merge in the list, or on a card.")
    names = [name_of(actor, kind.name, one) for one in ids]
    try:
        told = merge_many(actor, kind.name, ids[0], ids[1:], chosen(kind, ids, request.POST))
    except Refused as refused:
        keep(request, Toast(in_words(refused.message), error=True))
        return answer_with(request, merge_url(kind.name, *ids))
    moved = told.moved.total()
    said = ngettext(
        "{others} and {name} are one now: {number} linked record moved.",
        "{others} and {name} are one now: {number} linked records moved.",
        moved,
    )
    words = said.format(others=", ".join(f"«{one}»" for one in names[1:]), name=f"«{names[0]}»", number=figure(moved))
    keep(request, done(words, told.change_set_id))
    return answer_with(request, card_url(kind.name, ids[0]))


def chosen(kind: RecordType, ids: list[int], sent: Mapping[str, str]) -> dict[str, int]:
    """By field the record whose value stands, as the form of the comparison has sent it."""
    found = {name: sent.get(CHOICE + name, "") for name in kind.fields}
    return {name: int(one) for name, one in found.items() if one in map(str, ids)}


def _look_for_the_other(request: HttpRequest, actor: Actor, kind: RecordType, row_id: int) -> HttpResponse:
    reading = read(actor, kind.name, row_id)
    typed = request.GET.get("q", reading.title)[:200]
    offered = suggestions(actor, kind.name, typed, _alike(kind, reading.values))
    context = {
        "record": kind,
        "row_id": row_id,
        "title": reading.title,
        "typed": typed,
        "found": [(one, merge_url(kind.name, row_id, one.id)) for one in offered if one.id != row_id],
        "merged": merged_into(kind.name, row_id)[:50],
        "back_url": card_url(kind.name, row_id),
        "heading": _("Merge «{title}» with…").format(title=reading.title),
    }
    return render(request, "merge_with.html", context)


def _alike(kind: RecordType, values: Mapping[str, Any]) -> Where:
    """Persons for a person, companies for a company."""
    if kind.name != "party":
        return EVERYTHING
    person = field("kind").eq(PERSON)
    return person if values.get("kind") == PERSON else ~person
