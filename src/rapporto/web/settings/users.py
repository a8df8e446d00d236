"""The list of the users: who signs in and how; inviting somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rapporto.domain.people.commands import create_user
from rapporto.domain.people.first import new_password
from rapporto.domain.people.models import ROLES, User
from rapporto.kernel.actor import AGENT, Actor
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find
from rapporto.web.asked import language
from rapporto.web.fields import FormField
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.frame import go_on, require_keeper, show

ONCE = "settings_password_once"
"""Where the session keeps a password that is shown on the next page, and nowhere else."""


@dataclass(frozen=True)
class UserLine:
    """One user: who, what they may do, how they sign in."""

    id: int
    name: str
    email: str
    role: str
    team: str
    territories: str
    ways: str
    last: str
    active: bool


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """The users, those who may sign in first. The same number of queries, however many there are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user")
    found = find(actor, "user").select_related("team").prefetch_related("territories")
    rows = list(found.order_by("-is_active", "name_key", "pk"))
    ways = ways_of(row.pk for row in rows)
    context = {
        "users": [_line(row, ways) for row in rows],
        "protected": len(ways),
        "all": sum(r.is_active for r in rows),
    }
    return show(request, "settings_users.html", "users", context)


def _line(row: User, ways: Mapping[int, str]) -> UserLine:
    return UserLine(
        id=row.pk,
        name=row.name,
        email=row.email,
        role=role_word(row.role),
        team=row.team.name if row.team else "",
        territories=", ".join(one.name for one in row.territories.all()),
        ways=ways.get(row.pk, ""),
        last=f"{timezone.localtime(row.last_login):%d/%m/%Y %H:%M}" if row.last_login else _("never"),
        active=row.is_active,
    )


def role_word(code: str) -> str:
    """What a role is called."""
    return str(dict(ROLES).get(code, code))


def ways_of(users: Iterable[int]) -> dict[int, str]:
    """How users sign in beyond their password: «Passkey, App with codes». One query."""
    words = {Authenticator.Type.WEBAUTHN: _("Passkey"), Authenticator.Type.TOTP: _("Codes from an app")}
    found: dict[int, list[str]] = {}
    rows = Authenticator.objects.filter(user__in=list(users), type__in=list(words)).order_by("type", "pk")
    for user, kind in rows.values_list("user_id", "type"):
        if words[kind] not in found.setdefault(user, []):
            found[user].append(str(words[kind]))
    return {user: ", ".join(some) for user, some in found.items()}


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """GET: who is to come. POST: make the user, with a link by mail or a password that is shown once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user")
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "email", "role", "team", "by")}
    typed["role"] = typed["role"] or AGENT
    chosen = [int(one) for one in request.POST.getlist("territories") if one.isascii() and one.isdigit()]
    errors: dict[str, str] = {}
    if request.method == "POST":
        password = new_password() if typed["by"] == "password" else None
        try:
            with change_set(actor, "create_user") as change:
                user = create_user(
                    actor,
                    email=typed["email"],
                    name=typed["name"],
                    role=typed["role"],
                    team=int(typed["team"]) if typed["team"].isdigit() else None,
                    territories=chosen,
                    language=language(),
                    password=password,
                    handed_over=True,
                )
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            return _welcome(request, user, password, change.pk)
    fields = user_fields(actor, {**typed, "territories": chosen}, errors)
    context = {"fields": [*fields, _by(typed["by"])], "problems": [], "back_url": reverse("settings_users")}
    return show(request, "settings_invite.html", "users", context, 422 if errors else 200)


def _welcome(request: HttpRequest, user: User, password: str | None, change: int | None) -> HttpResponse:
    url = reverse("settings_user", args=[user.pk])
    if password is not None:
        request.session[ONCE] = {"user": user.pk, "password": password}
        return go_on(request, url, _("{name} may sign in.").format(name=user.name), change)
    send_link(request, user)
    said = _("{name} gets a mail with the link to choose a password.")
    return go_on(request, url, said.format(name=user.name), change)


def send_link(request: HttpRequest, user: User) -> None:
    """Send the mail with which a user chooses a password."""
    form = ResetPasswordForm(data={"email": user.email})
    if form.is_valid():
        form.save(request)


def user_fields(actor: Actor, typed: Mapping[str, Any], errors: Mapping[str, str]) -> list[FormField]:
    """The controls of a user."""
    teams = [("", "—"), *find(actor, "team").order_by("name_key").values_list("pk", "name")]
    territories = list(find(actor, "territory").order_by("name_key").values_list("pk", "name"))

    def one(name: str, label: str, widget: str = "text", **more: Any) -> FormField:
        return FormField(f"id-{name}", name, label, widget, typed.get(name, ""), error=errors.get(name, ""), **more)

    off = {"autocomplete": "off"}
    found = [
        one("name", _("Name and surname"), required=True, attributes={**off, "maxlength": 120}),
        one("email", _("E-mail"), "email", required=True, hint=_("They sign in with it."), attributes=off),
        one(
            "role", _("Role"), "select", choices=ROLES, required=True, hint=_("The page «Roles» says what each may do.")
        ),
        one("team", _("Team"), "select", choices=teams),
    ]
    if territories:
        hint = _("They see and change what lies there.")
        found.append(one("territories", _("Territories"), "checkboxes", choices=territories, hint=hint, wide=True))
    return found


def _by(chosen: str) -> FormField:
    ways = [
        ("mail", _("a link by mail, with which they choose a password")),
        ("password", _("a password that I hand over")),
    ]
    return FormField("id-by", "by", _("They get in with"), "radio", chosen or "mail", ways, wide=True)
