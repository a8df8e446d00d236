"""What every page of the settings shares: the way through them, who may be there, and the question before a change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.web.links import grid_url
from rapporto.web.toasts import done, keep

GO = "go"
"""Sent by the button of the question: the effect was read, now let it happen."""


@dataclass(frozen=True)
class Place:
    """One page of the settings: what it is called, where it is, what one does there."""

    name: str
    label: str
    url: str
    icon: str
    words: str = ""


@dataclass(frozen=True)
class Chapter:
    """Pages that belong together."""

    label: str
    places: tuple[Place, ...]


def may_keep(actor: Actor, name: str) -> bool:
    """Whether this person may change records of a type at all."""
    return DECLARED[name].record.changeable(actor) != NOTHING


def require_keeper(actor: Actor, name: str) -> None:
    """NotFound for who may change none of these: the page is not there for them."""
    if not may_keep(actor, name):
        raise NotFound(name, None)


def chapters(actor: Actor) -> list[Chapter]:
    """The pages this person may use, by chapter."""
    every = (
        Chapter(_("People and access"), tuple(_of_people(actor))),
        Chapter(_("Data"), tuple(_of_data(actor))),
        Chapter(_("Personal data"), tuple(_of_rights(actor))),
        Chapter(_("Installation"), tuple(_of_installation(actor))),
        Chapter(_("Yourself"), tuple(_of_oneself())),
    )
    return [one for one in every if one.places]


def _of_people(actor: Actor) -> Iterator[Place]:
    if may_keep(actor, "user"):
        words = _("Who works here: invite, change, close the door behind who leaves")
        yield Place("users", _("Users"), reverse("settings_users"), "person", words)
    yield Place("roles", _("Roles"), reverse("settings_roles"), "shield", _("What each role sees and may change"))
    if may_keep(actor, "team"):
        yield Place("team", _("Teams"), grid_url("team"), "group", _("Who works with whom, and shares views"))
    if may_keep(actor, "territory"):
        words = _("Regions, provinces and postal codes, and who looks after them")
        yield Place("territories", _("Territories"), reverse("settings_territories"), "pin", words)


def _of_data(actor: Actor) -> Iterator[Place]:
    if may_keep(actor, "user_field"):
        words = _("What you note down beyond what the product knows: machines, certificates, competitors")
        yield Place("fields", _("Fields and groups"), reverse("settings_fields"), "columns", words)
    words = _("Types, industries, kinds of link, and the values of your own lists")
    yield Place("lists", _("Value lists"), reverse("settings_lists"), "tag", words)
    if may_keep(actor, "opt_out_check"):
        words = _("Purposes and terms, the notice, answers of the opt-out register")
        yield Place("consents", _("Consents"), reverse("settings_consents"), "shield", words)
    if may_keep(actor, "likely_duplicate"):
        words = _("Who may stand in the register twice: look at them, merge them, search the register")
        yield Place("duplicates", _("Likely duplicates"), reverse("duplicates"), "parties", words)
    if ADMINISTRATOR in actor.roles:
        words = _("Which saved view opens by itself, and for whom")
        yield Place("views", _("Views by role"), reverse("settings_views"), "eye", words)


def _of_rights(actor: Actor) -> Iterator[Place]:
    if ADMINISTRATOR in actor.roles:
        words = _("Who took data out, looked at sensitive ones, signed in, got other rights")
        yield Place("access", _("Register of accesses"), reverse("settings_access"), "eye", words)
        words = _("Persons erased on request: the receipts, and who consents anew")
        yield Place("erasures", _("Erasures"), reverse("settings_erasures"), "shield", words)


def _of_installation(actor: Actor) -> Iterator[Place]:
    words = _("Who changed what, when and through which door; look at it, undo it, also in part")
    yield Place("changes", _("Changes"), reverse("changes"), "history", words)
    if may_keep(actor, "api_token"):
        words = _("Tokens with which other programs read and write here, and webhooks that tell them what changed")
        yield Place("programs", _("Programs"), reverse("settings_programs"), "link", words)
    yield Place("jobs", _("Works"), reverse("jobs"), "clock", _("Imports, exports and long changes: how far they are"))


def _of_oneself() -> Iterator[Place]:
    words = _("Language, theme, rows, password, passkeys and the second step")
    yield Place("account", _("My account"), reverse("settings_account"), "key", words)


def show(request: HttpRequest, template: str, current: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the settings; `current` is its place in the way through them, which stands beside it."""
    return render(request, template, {"current": current, **context}, status=status)


@dataclass(frozen=True)
class Effect:
    """What a change will do, in a sentence with figures; `tone` is '', today (look twice) or late (it will not work)."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked before a change: the title, what it will do, and the button that says so."""

    title: str
    effects: Sequence[Effect]
    button: str
    back_url: str
    examples: Sequence[tuple[str, str]] = ()
    danger: bool = False
    possible: bool = True


def asked(request: HttpRequest) -> bool:
    """Whether the effect was read and the button pressed."""
    return request.POST.get(GO) == "1"


def ask(request: HttpRequest, current: str, question: Question) -> HttpResponse:
    """The page with the effect of a change; its button sends the same again, to be done."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", GO)
        for value in values
    ]
    context = {"question": question, "sent": sent, "action": request.get_full_path()}
    return show(request, "settings_question.html", current, context)


def go_on(request: HttpRequest, url: str, message: str, change_set: int | None) -> HttpResponse:
    """To the next page, with what was done and the way back."""
    keep(request, done(message, change_set))
    return redirect(url)
