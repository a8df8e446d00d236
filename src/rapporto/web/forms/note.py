"""The note of a dealing: who called, with whom they spoke, what they asked, the next step and its day, in one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.domain.people.actors import active_users
from rapporto.domain.processes.commands import NextStep, complete, log_activity
from rapporto.domain.processes.models import APPOINTMENT, CALL, LETTER, MAIL, NOTE, VISIT, Activity
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds.spoken import NINE, read_moment_said
from rapporto.kernel.text import BadValue, Message, fold
from rapporto.store.asking import Asked
from rapporto.store.errors import Invalid
from rapporto.store.write import save
from rapporto.web.fields import FormField
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.reading import Reading
from rapporto.web.timeline.dealings import Dealing, kind_label

KINDS = (CALL, VISIT, MAIL, LETTER, NOTE)
_USERS = FixedQuery(lambda asked: active_users(asked.actor).values_list("pk", "name"), ("user",))
"""Who can have taken it."""


@dataclass
class Note:
    """The form on the card of a party. `people` are those who can have called: id and name; `step` is the plan at hand."""

    actor: Actor
    reading: Reading
    people: Sequence[tuple[int, str]]
    kind: str = CALL
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    step: Dealing | None = None
    offer_person: bool = False

    def kinds(self) -> list[dict[str, Any]]:
        """The kinds of dealing as buttons."""
        return [{"kind": one, "label": kind_label(one), "current": one == self.kind} for one in KINDS]

    @property
    def title(self) -> str:
        """The head of the form."""
        heads = {
            CALL: _("Note of a call"),
            VISIT: _("Visit report"),
            MAIL: _("Mail"),
            LETTER: _("Letter"),
            NOTE: _("Note"),
        }
        return heads[self.kind]

    def controls(self) -> list[FormField]:
        """The fields of the form in their order."""
        return [self._who(), self._with_whom(), self._asked(), self._next(), self._due()]

    def _text(self, name: str, otherwise: str = "") -> str:
        return self.typed.get(name, otherwise)

    def _shape(self, name: str, label: str, **more: Any) -> dict[str, Any]:
        return {"id": f"note-{name}", "name": name, "label": label, "error": self.errors.get(name, ""), **more}

    def _who(self) -> FormField:
        labels = {
            CALL: _("Who called"),
            VISIT: _("Whom you met"),
            MAIL: _("Who wrote"),
            LETTER: _("Who wrote"),
            NOTE: _("About whom"),
        }
        known = dict(self.people).get(self.step.person_id or 0, "") if self.step else ""
        known = known or (self.people[0][1] if len(self.people) == 1 else "")
        shape = self._shape("who", labels[self.kind], value=self._text("who", known), help="")
        return FormField(**shape, attributes={"list": "note-people", "autocomplete": "off", "maxlength": 120})

    def _with_whom(self) -> FormField:
        users = _USERS.rows(Asked.by(self.actor))
        shape = self._shape("taken_by", _("Who took it"), value=self._text("taken_by", str(self.actor.user_id or "")))
        return FormField(**shape, widget="select", choices=users)

    def _asked(self) -> FormField:
        labels = {CALL: _("What they asked"), VISIT: _("What was said"), NOTE: _("Note")}
        shape = self._shape("asked", labels.get(self.kind, _("What it says")), value=self._text("asked"), wide=True)
        return FormField(**shape, widget="textarea", attributes={"rows": 2})

    def _next(self) -> FormField:
        shape = self._shape("next", _("Next step"), value=self._text("next"))
        return FormField(**shape, attributes={"autocomplete": "off", "maxlength": 200})

    def _due(self) -> FormField:
        hint = _("A day, «tomorrow», «thu 9.30», «+15»…")
        shape = self._shape("due", _("By"), value=self._text("due"), hint=hint, help="")
        return FormField(**shape, attributes={"autocomplete": "off"})


def write(note: Note, post: QueryDict) -> Activity:
    """Note the dealing, and plan what follows. Raises Invalid with the errors by field of the form."""
    typed = {name: post.get(name, "").strip()[:20_000] for name in ("who", "asked", "next", "due", "taken_by")}
    errors: dict[str, Message] = {}
    following = _following(typed, errors, timezone.localtime())
    person = _person(note, typed["who"], make=post.get("make.who") == "on", errors=errors)
    if not typed["asked"] and not typed["who"] and note.step is None:
        errors["asked"] = Message("Write what it was about, or at least with whom.")
    if errors:
        raise Invalid(errors)
    try:
        return _written(note, post, typed, person, following)
    except Invalid as wrong:
        names = {"next.at": "due", "next.subject": "next", "person": "who"}
        raise Invalid({names.get(name, name): message for name, message in wrong.errors.items()}) from None


def _written(
    note: Note, post: QueryDict, typed: Mapping[str, str], person: int | None, following: NextStep | None
) -> Activity:
    if note.step is not None:
        done = complete(note.actor, note.step.id, outcome=post.get("outcome", "")[:200], next=following)
        if typed["asked"]:
            before = f"{done.asked}\n" if done.asked else ""
            done = save(note.actor, "activity", {"asked": before + typed["asked"]}, done.pk)
        return done
    taken_by = typed["taken_by"]
    return log_activity(
        note.actor,
        party=note.reading.id,
        subject=_subject(note.kind, typed["who"] if person is None else "", incoming=post.get("direction") != "out"),
        kind=note.kind,
        direction=("out" if post.get("direction") == "out" else "in") if note.kind != NOTE else "",
        person=person,
        asked=typed["asked"],
        private=post.get("private") == "on",
        taken_by=int(taken_by) if taken_by.isdecimal() and len(taken_by) < 19 else None,
        next=following,
    )


def _subject(kind: str, name: str, *, incoming: bool) -> str:
    """What the line of the story is called; a name that is nobody in the register stands in it."""
    if kind == CALL:
        word = _("Call received") if incoming else _("Call made")
    elif kind in (MAIL, LETTER):
        word = f"{kind_label(kind)} {_('received') if incoming else _('sent')}"
    else:
        word = kind_label(kind)
    return f"{word}: {name}"[:200] if name else word


def _person(note: Note, name: str, *, make: bool, errors: dict[str, Message]) -> int | None:
    """The person of the organisation who is called so; None for somebody unknown, who is made only when that was asked for."""
    if not name:
        return None
    for row_id, known in note.people:
        if fold(known) == fold(name):
            return row_id
    if make:
        return _made(note, name)
    return None


def _made(note: Note, name: str) -> int:
    person = save(note.actor, "party", {"kind": "person", "name": name, "owner": note.reading.values.get("owner")})
    save(note.actor, "affiliation", {"person": person.pk, "organisation": note.reading.id})
    return int(person.pk)


def _following(typed: Mapping[str, str], errors: dict[str, Message], now: datetime) -> NextStep | None:
    subject, due = typed["next"], typed["due"]
    if not subject and not due:
        return None
    if not due:
        errors["due"] = Message("Say by when, or leave the next step empty.")
        return None
    try:
        at = read_moment_said(due, now)
    except BadValue as wrong:
        errors["due"] = wrong.message
        return None
    if at is None:  # nothing but marks nobody sees
        errors["due"] = Message("Say by when, or leave the next step empty.")
        return None
    appointment = timezone.localtime(at).time() != NINE and fold(subject).startswith(
        ("visit", "appuntament", "appointment")
    )
    return NextStep(subject=subject or _("Call back"), at=at, kind=APPOINTMENT if appointment else CALL)


def kind_of(text: str) -> str:
    """The kind of dealing an address asks for; a call when it names none."""
    return text if text in KINDS else CALL
