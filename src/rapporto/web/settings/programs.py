"""Other programs: the tokens with which they read and write here, and the webhooks that tell them what changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.domain.people.models import ApiToken
from rapporto.domain.people.tokens import NEVER, READ, WRITE, Scopes, make_token, revoke_token
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.fields import FormField
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, show
from rapporto.web.settings.hook_words import state_of

ONCE = "settings_token_once"
"""Where the session keeps a token that is shown on the next page, and nowhere else."""
SOME = "some"
DOCS = "/api/v1/"


@dataclass(frozen=True)
class TokenLine:
    """One token: what it is for, whose it is, what it may do, and whether it is still used."""

    id: int
    name: str
    user: str
    scopes: str
    until: str
    used: str
    ended: bool


@dataclass(frozen=True)
class HookLine:
    """One webhook: what it is for, whose it is, where it leads, and how it goes."""

    id: int
    name: str
    user: str
    address: str
    state: Effect


@dataclass(frozen=True)
class RightLine:
    """A record type, and what a new token may do with it."""

    name: str
    label: str
    chosen: str


@require_GET
def programs(request: HttpRequest) -> HttpResponse:
    """The tokens and webhooks: one's own; an administrator sees those of everybody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tokens = find(actor, "api_token").select_related("user").order_by("user__name_key", "pk")
    hooks = find(actor, "webhook").select_related("user").order_by("user__name_key", "pk")
    context = {
        "tokens": [_token_line(row) for row in tokens],
        "hooks": [HookLine(row.pk, row.name, row.user.name, row.address, state_of(row)) for row in hooks],
        "docs_url": DOCS,
        "once": request.session.pop(ONCE, None) if ONCE in request.session else None,
    }
    return show(request, "settings_programs.html", "programs", context)


def _token_line(row: ApiToken) -> TokenLine:
    void = row.hashed is None
    day = Day()
    return TokenLine(
        id=row.pk,
        name=row.name,
        user=row.user.name,
        scopes=scopes_in_words(row.scopes),
        until=day.show(row.expires_on, language()) if row.expires_on else _("no end"),
        used=day.show(row.last_used_on, language()) if row.last_used_on else _("never"),
        ended=void or not row.user.is_active or bool(row.expires_on and row.expires_on < timezone.localdate()),
    )


def scopes_in_words(text: str) -> str:
    """What a token may do: «Reads everything», «Reads: Parties · Reads and changes: Activities»."""
    scopes = Scopes.of(text)
    if "*" in scopes.writes:
        return _("Reads and changes everything")
    parts = []
    only_reads = scopes.reads - scopes.writes
    for words, names in ((_("Reads: {lists}"), only_reads), (_("Reads and changes: {lists}"), scopes.writes)):
        if "*" in names:
            parts.append(_("Reads everything"))
        elif names:
            parts.append(words.format(lists=", ".join(_plural(name) for name in sorted(names))))
    return " · ".join(parts)


def _plural(name: str) -> str:
    return str(DECLARED[name].record.plural) if name in DECLARED else name


def readable(actor: Actor) -> Iterator[RecordType]:
    """The record types that a program may be let at: the great ones first, then registers, then parts."""
    found = [record_type(name) for name in DECLARED if name not in NEVER]
    yield from sorted(
        (one for one in found if one.visible(actor)),
        key=lambda one: (not one.place, bool(one.part_of), str(one.plural)),
    )


@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """GET: what it is for and what it may do. POST: make it; its text is shown on the next page, and never again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _form(request, {"may": READ}, {})
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "may", "expires_on")}
    scopes = _scopes(request, actor) if typed["may"] == SOME else typed["may"]
    try:
        with change_set(actor, "make_token") as change:
            made = make_token(actor, name=typed["name"], scopes=scopes, expires_on=typed["expires_on"] or None)
    except Invalid as wrong:
        return _form(request, typed, fields_in_words(wrong.errors), 422)
    request.session[ONCE] = {"name": made.row.name, "text": made.text}
    return go_on(
        request, reverse("settings_programs"), _("The token for {name} is made.").format(name=made.row.name), change.pk
    )


def _scopes(request: HttpRequest, actor: Actor) -> str:
    chosen = ((record.name, request.POST.get(f"may-{record.name}", "")) for record in readable(actor))
    return " ".join(f"{name}:{right}" for name, right in chosen if right in (READ, WRITE))


def _form(request: HttpRequest, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    may = [
        (READ, _("read everything that I see")),
        (WRITE, _("read and change everything that I may")),
        (SOME, _("only what is chosen below")),
    ]
    rights = [RightLine(one.name, str(one.plural), request.POST.get(f"may-{one.name}", "")) for one in readable(actor)]
    context = {
        "fields": [
            FormField(
                "id-name", "name", _("What it is for"), value=typed.get("name", ""), error=errors.pop("name", ""),
                required=True, hint=_("Such as the name of the other program."), attributes={"autocomplete": "off"},
            ),
            FormField(
                "id-expires", "expires_on", _("Ends after"), value=typed.get("expires_on", ""),
                error=errors.pop("expires_on", ""), hint=_("A day, such as 31/12/2027. Blank: never."), attributes={"autocomplete": "off"},
            ),
            FormField("id-may", "may", _("The program may"), "radio", typed.get("may") or READ, may, errors.pop("scopes", ""), wide=True),
        ],
        "problems": list(errors.values()),
        "rights": rights,
        "back_url": reverse("settings_programs"),
    }  # fmt: skip
    return show(request, "settings_token.html", "programs", context, status)


@require_POST
def end_token(request: HttpRequest, api_token: int) -> HttpResponse:
    """Revoke a token, after saying what that means: bringing it back is not possible."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: ApiToken = get(actor, "api_token", api_token)
    back = reverse("settings_programs")
    if not asked(request):
        effects = [
            Effect(_("The program that signs in with it reads and writes nothing more, from this moment.")),
            Effect(_("It does not come back, not even by undoing: whoever needs it again makes a new one."), "today"),
        ]
        if row.last_used_on:
            used = Day().show(row.last_used_on, language())
            effects.append(Effect(_("It was used last on {day}.").format(day=used)))
        title = _("Revoke the token for {name}?").format(name=row.name)
        return ask(request, "programs", Question(title, effects, _("Revoke it"), back, danger=True))
    with change_set(actor, "revoke_token") as change:
        revoke_token(actor, api_token)
    return go_on(request, back, _("The token for {name} is void.").format(name=row.name), change.pk)


__all__ = ["end_token", "new_token", "programs", "readable", "scopes_in_words"]
