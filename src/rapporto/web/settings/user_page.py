"""The page of one user: rights, ways to sign in, and the hand-over when they leave."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapporto.domain.people.commands import set_password
from rapporto.domain.people.first import new_password
from rapporto.domain.people.handover import left_by
from rapporto.domain.people.models import User, UserTerritory
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import save
from rapporto.web.figures import figure
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.figures import of_records
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, require_keeper, show
from rapporto.web.settings.users import ONCE, role_word, send_link, user_fields, ways_of
from rapporto.web.settings.work import act, behind

LOOKED_AT = ("party", "activity")
"""The types of which it is told how many a user would see."""


@require_http_methods(["GET", "POST"])
def user_page(request: HttpRequest, user: int) -> HttpResponse:
    """GET: the user. POST: save; other rights are told in figures before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user")
    row: User = get(actor, "user", user)
    if request.method != "POST":
        return _page(request, row, _typed(row), {})
    typed = _sent(request)
    changed = {name: value for name, value in _values(typed).items() if value != _values(_typed(row)).get(name)}
    effects = _other_rights(row, typed) if {"role", "territories"} & changed.keys() else []
    if effects and not asked(request):
        title = _("Give {name} other rights?").format(name=row.name)
        return ask(request, "users", Question(title, effects, _("Give these rights"), _url(row)))
    try:
        with change_set(actor, "change_user") as change:
            if changed:
                save(actor, "user", changed, row.pk)
    except Invalid as wrong:
        return _page(request, row, typed, fields_in_words(wrong.errors), 422)
    return go_on(request, _url(row), _("{name} is saved.").format(name=typed["name"] or row.name), change.pk)


def _typed(user: User) -> dict[str, Any]:
    territories = UserTerritory.objects.filter(user=user).values_list("territory", flat=True)
    return {
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "team": str(user.team_id or ""),
        "territories": sorted(territories),
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    typed: dict[str, Any] = {
        name: request.POST.get(name, "").strip()[:200] for name in ("name", "email", "role", "team")
    }
    chosen = request.POST.getlist("territories")
    return typed | {"territories": sorted(int(one) for one in chosen if one.isascii() and one.isdigit())}


def _values(typed: dict[str, Any]) -> dict[str, Any]:
    team = int(typed["team"]) if typed["team"].isdigit() else None
    return {**typed, "email": typed["email"].lower(), "team": team, "territories": tuple(typed["territories"]) or None}


def _other_rights(user: User, typed: dict[str, Any]) -> list[Effect]:
    """How much the user sees now, and would see."""
    before = Actor(user.pk, user.name, frozenset({user.role}), frozenset(_typed(user)["territories"]))
    after = Actor(user.pk, user.name, frozenset({typed["role"]}), frozenset(typed["territories"]))
    found = []
    for name in LOOKED_AT:
        now, then = find(before, name).count(), find(after, name).count()
        said = _("{name} sees {now} now, and will see {then}.")
        found.append(
            Effect(
                said.format(name=user.name, now=of_records(name, now), then=figure(then)),
                "today" if then != now else "",
            )
        )
    if typed["role"] != user.role:
        said = _("From {old} to {new}: {name} signs in again, and finds other pages and buttons.")
        words = said.format(old=role_word(user.role), new=role_word(typed["role"]), name=user.name)
        found.append(Effect(words))
    return found


def _page(
    request: HttpRequest, user: User, typed: dict[str, Any], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    once = request.session.get(ONCE)
    if once is not None and once["user"] == user.pk:
        del request.session[ONCE]
    others = find(actor, "user", field("is_active").eq(True)).exclude(pk=user.pk).order_by("name_key", "pk")
    context = {
        "user_row": user,
        "fields": user_fields(actor, typed, errors),
        "problems": [text for name, text in errors.items() if name not in typed],
        "password": once["password"] if once is not None and once["user"] == user.pk else "",
        "ways": ways_of([user.pk]).get(user.pk, ""),
        "left": [(one.held, figure(one.number)) for one in left_by(user.pk)],
        "others": list(others.values_list("pk", "name")),
        "is_me": user.pk == actor.user_id,
        "back_url": reverse("settings_users"),
    }
    return show(request, "settings_user.html", "users", context, status)


@require_POST
def let_in(request: HttpRequest, user: int) -> HttpResponse:
    """Send the link for a password, make a password that is shown once, or take the second step away from who lost it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user")
    row: User = get(actor, "user", user)
    wish = request.POST.get("act", "")
    if wish == "link":
        send_link(request, row)
        return go_on(request, _url(row), _("The mail is on its way to {email}.").format(email=row.email), None)
    if wish == "password":
        password = new_password()
        set_password(actor, row.pk, password)
        request.session[ONCE] = {"user": row.pk, "password": password}
        return go_on(
            request, _url(row), _("{name} has a new password; the old one is void.").format(name=row.name), None
        )
    if not asked(request):
        effects = [
            Effect(
                _("{name} signs in with the password alone, until they set it up again.").format(name=row.name),
                "today",
            )
        ]
        question = Question(_("Take the second step away?"), effects, _("Take it away"), _url(row), danger=True)
        return ask(request, "users", question)
    Authenticator.objects.filter(user=row).delete()
    return go_on(request, _url(row), _("{name} signs in with the password alone.").format(name=row.name), None)


@require_POST
def close_access(request: HttpRequest, user: int) -> HttpResponse:
    """Shut the door behind a user and give away what they looked after, after saying how much; or let them in again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user")
    row: User = get(actor, "user", user)
    if not row.is_active:
        with change_set(actor, "let_in_again") as change:
            save(actor, "user", {"is_active": True}, row.pk)
        return go_on(request, _url(row), _("{name} may sign in again.").format(name=row.name), change.pk)
    text = request.POST.get("to", "")
    to = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if not asked(request):
        return ask(request, "users", _leaving(actor, row, to))
    records = sum(one.number for one in left_by(row.pk)) if to is not None else 0
    if work := behind(request, "close_access", records, back=_url(row), user=row.pk, to=to):
        return work
    try:
        _records, closed = act(actor, "close_access", user=row.pk, to=to)
    except Invalid as wrong:
        return _page(request, row, _typed(row), fields_in_words(wrong.errors), 422)
    return go_on(request, _url(row), _("{name} may no longer sign in.").format(name=row.name), closed)


def _leaving(actor: Actor, user: User, to: int | None) -> Question:
    successor = find(actor, "user").filter(pk=to).first() if to is not None else None
    name = successor.name if successor else ""
    effects = [Effect(_("{name} is signed out everywhere at once, and may no longer sign in.").format(name=user.name))]
    for one in left_by(user.pk):
        words = f"{figure(one.number)} {one.held.label}"
        if successor:
            effects.append(Effect(_("{what} go to {name}.").format(what=words, name=name)))
        elif one.number:
            stays = _("{what} stay with who is no longer here: choose to whom they go.")
            effects.append(Effect(stays.format(what=words), "today"))
    territories = UserTerritory.objects.filter(user=user).count()
    if successor and territories:
        effects.append(Effect(_("{n} territories go to {name}.").format(n=figure(territories), name=name)))
    effects.append(Effect(_("What {name} has written stays under their name.").format(name=user.name)))
    title = _("Close the access of {name}?").format(name=user.name)
    button = _("Close the access and hand over to {name}").format(name=name) if successor else _("Close the access")
    return Question(title, effects, button, _url(user), danger=not successor)


def _url(user: User) -> str:
    return reverse("settings_user", args=[user.pk])
