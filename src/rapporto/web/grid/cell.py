"""One cell of a list, changed where it stands: GET gives the control of its kind, POST saves and gives the whole row back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field
from rapporto.kernel.text import Message
from rapporto.store.errors import Conflict, Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import state_at, version
from rapporto.store.records import get, may_change, value_of
from rapporto.store.write import save
from rapporto.web.asked import language, wants_part
from rapporto.web.facts import words
from rapporto.web.fields import FormField
from rapporto.web.forms.fields import Filling
from rapporto.web.forms.reading import FIELDS, Typed, changed, typed_in
from rapporto.web.forms.reading import read as read_values
from rapporto.web.grid.again import names, numbers, written_again
from rapporto.web.grid.cells import cell_of
from rapporto.web.grid.locked import NOT_YOURS, UNSEEN, column_lock, hides
from rapporto.web.links import edit_url, hints_url
from rapporto.web.mistakes import in_words
from rapporto.web.reading import Reading, learn_titles, name_of, read, wanted_titles
from rapporto.web.toasts import done

SHOWN = "shown"
"""Under this name travel the several links that a person was shown: what others added meanwhile stays."""


@dataclass
class Cell:
    """A cell on its way: the record, the field, what was typed, and what is wrong with it."""

    actor: Actor
    reading: Reading
    one: Field
    version: int
    typed: Typed = field(default_factory=Typed)
    error: str = ""
    clash: Mapping[str, str] = field(default_factory=dict)

    @property
    def value(self) -> Any:
        """What stands there now."""
        return self.reading.values.get(self.one.name)

    @property
    def several(self) -> bool:
        """Whether it holds several links."""
        return isinstance(self.one.kind, Links)

    def control(self) -> FormField:
        """The control of its kind, named for the ear by field and record."""
        known = self.reading
        errors = {self.one.name: self.error} if self.error else {}
        filling = Filling(self.actor, known.record, known.values, known.titles, self.typed, errors, ids="cell")
        return filling.control(self.one.name)


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, record: str, row_id: int, name: str) -> HttpResponse:
    """The editor of a cell, or why it cannot be changed; POST saves what was typed into it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reading = read(actor, record, row_id)
    reason = _locked(actor, reading, name)
    if reason is not None:
        status = 200 if request.method == "GET" else 403
        return render(request, "grid_cell_locked.html", {"reason": in_words(reason)}, status=status)
    if not wants_part(request) and request.method == "GET":
        return redirect(edit_url(record, row_id))
    at_hand = Cell(actor, reading, reading.record.fields[name], version(record, row_id))
    return _editor(request, at_hand) if request.method == "GET" else _save(request, at_hand)


def _locked(actor: Actor, reading: Reading, name: str) -> Message | None:
    reason = column_lock(actor, reading.record, name)
    if reason is not None:
        return reason
    if not may_change(actor, reading.record.name, reading.id):
        return NOT_YOURS
    one = reading.record.fields[name]
    return UNSEEN if hides(one, reading.values.get(name), reading.titles.get(one.link or "", {})) else None


def _editor(request: HttpRequest, at_hand: Cell, status: int = 200) -> HttpResponse:
    one, known = at_hand.one, at_hand.reading
    drawn = cell_of(known.record, one, language(), timezone.localdate(), first=False, near=True)
    context = {
        "control": at_hand.control(),
        "label": _("{field} of {name}").format(field=one.label, name=known.title),
        "version": at_hand.version,
        "hints_url": hints_url(known.record.name, id=known.id, cell=1),
        "shown": at_hand.value or () if at_hand.several else (),
        "error": at_hand.error,
        "clash": at_hand.clash,
        # what stands there by now: a page that shows something else tells so
        "now": drawn(known.id, at_hand.value, known.titles.get(one.link or "", {})),
    }
    return render(request, "grid_cell.html", context, status=status)


def _save(request: HttpRequest, at_hand: Cell) -> HttpResponse:
    actor, known, name = at_hand.actor, at_hand.reading, at_hand.one.name
    sent = request.POST.copy()
    sent[FIELDS] = name
    at_hand.typed = typed_in(known.record, sent)
    try:
        with change_set(actor, "change") as change:
            values = _values(request, at_hand)
            if values:
                save(actor, known.record.name, values, known.id, _number(request.POST.get("version", "")))
    except Invalid as wrong:
        at_hand.error = " ".join(in_words(message) for message in wrong.errors.values())
        return _editor(request, at_hand, 422)
    except Refused as refused:
        at_hand.error = in_words(refused.message)
        return _editor(request, at_hand, 422)
    except Conflict as conflict:
        return _clashing(request, at_hand, conflict)
    return _saved(request, at_hand, change.pk)


def _values(request: HttpRequest, at_hand: Cell) -> dict[str, Any]:
    """What to write: nothing when the person left the cell as it was shown. Raises Invalid."""
    known, one = at_hand.reading, at_hand.one
    values, wrong = read_values(at_hand.actor, known.record, at_hand.typed)
    if wrong:
        raise Invalid(wrong)
    if at_hand.several:
        return {one.name: _merged(at_hand, values[one.name] or (), request.POST.getlist(SHOWN))}
    read_at = _number(request.POST.get("version", ""))
    was = state_at(known.record, known.id, read_at) if read_at is not None else None
    return changed(known.record, values, {**known.values, **(was or {})})


def _merged(at_hand: Cell, wanted: Sequence[int], shown: Sequence[str]) -> tuple[int, ...]:
    """Several links have no version: what this person added and took away is done to those that stand there now."""
    known, name = at_hand.reading.record.name, at_hand.one.name
    row = get(at_hand.actor, known, at_hand.reading.id, lock=True)
    now, was, mine = set(value_of(known, row, name) or ()), set(numbers(",".join(shown), 1000)), set(wanted)
    return tuple(sorted((now - (was - mine)) | (mine - was)))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _clashing(request: HttpRequest, at_hand: Cell, conflict: Conflict) -> HttpResponse:
    """Somebody else wrote into the same cell: both values stand in it, to choose from."""
    theirs = conflict.differences[0].theirs
    known = at_hand.reading
    learn_titles(at_hand.actor, known.titles, wanted_titles(known.record, {at_hand.one.name: theirs}))
    at_hand.version = conflict.version
    at_hand.clash = {
        "by": conflict.by or _("somebody else"),
        "theirs": words(at_hand.one, theirs, known.titles) or "—",
    }
    return _editor(request, at_hand, 409)


def _saved(request: HttpRequest, at_hand: Cell, change_set_id: int | None) -> HttpResponse:
    """The row anew, with all that followed from the change, and the way back."""
    actor, known = at_hand.actor, at_hand.reading
    columns = names(known.record, request.POST.get("columns", ""))
    context: dict[str, Any] = {"rows": written_again(actor, known.record, [known.id], columns)}
    if change_set_id:
        name = name_of(actor, known.record.name, known.id)
        said = _("{name}: {field} changed.").format(name=name, field=at_hand.one.label)
        context["toast"] = done(said, change_set_id)
    return render(request, "grid_cell_saved.html", context)
