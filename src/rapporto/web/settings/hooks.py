"""The page of one webhook: where it leads, its secret, what it was told and what still waits; and the making of one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapporto.domain.people.hooks import events_of, make_hook, new_secret, send_again, switch, tell_since
from rapporto.domain.people.models import Webhook
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Moment
from rapporto.kernel.text import BadValue
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import REQUIRED, delete, save
from rapporto.web.fields import FormField
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, show
from rapporto.web.settings.hook_words import event_line, moment_word, state_of
from rapporto.web.settings.programs import readable

ONCE = "settings_secret_once"
"""Where the session keeps a secret that is shown on the next page, and nowhere else."""
SHOWN = 50
"""Events on the page."""


@require_http_methods(["GET", "POST"])
def new_hook(request: HttpRequest) -> HttpResponse:
    """GET: where the other program listens. POST: make the webhook; its secret is shown on its page, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    errors: dict[str, str] = {}
    typed: dict[str, Any] = {"tells": Webhook.ALL}
    if request.method == "POST":
        typed = _typed(request)
        try:
            with change_set(actor, "make_webhook") as change:
                made = make_hook(actor, **_values(typed))
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            request.session[ONCE] = {"hook": made.row.pk, "secret": made.secret}
            return go_on(
                request, _url(made.row), _("{name} is told from now on.").format(name=made.row.name), change.pk
            )
    context = {"fields": _fields(actor, typed, errors), "problems": [], "back_url": reverse("settings_programs")}
    return show(request, "settings_hook_new.html", "programs", context, 422 if errors else 200)


def _typed(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {name: request.POST.get(name, "").strip()[:600] for name in ("name", "address", "tells")}
    return found | {"records": [one[:60] for one in request.POST.getlist("records")[:200]]}


def _values(typed: dict[str, Any]) -> dict[str, Any]:
    return {**typed, "records": " ".join(typed["records"])}


def _fields(actor: Actor, typed: dict[str, Any], errors: dict[str, str]) -> list[FormField]:
    quiet = {"autocomplete": "off"}
    lists = [(one.name, str(one.plural)) for one in readable(actor)]
    return [
        FormField(
            "id-name", "name", _("What it is for"), value=typed.get("name", ""), error=errors.get("name", ""),
            required=True, hint=_("Such as the name of the other program."), attributes=quiet,
        ),
        FormField(
            "id-address", "address", _("Address"), value=typed.get("address", ""), error=errors.get("address", ""),
            required=True, hint=_("Where the other program listens: https://…"), attributes={**quiet, "inputmode": "url"},
        ),
        FormField(
            "id-tells", "tells", _("Which changes"), "radio", typed.get("tells", ""), Webhook.TELLS,
            errors.get("tells", ""), wide=True,
        ),
        FormField(
            "id-records", "records", _("Of which lists"), "checkboxes", typed.get("records", []), lists,
            errors.get("records", ""), _("None chosen: all that you see."), wide=True,
        ),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def hook_page(request: HttpRequest, webhook: int) -> HttpResponse:
    """GET: the webhook and its events. POST: where it leads, and what it is told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: Webhook = get(actor, "webhook", webhook)
    known = _known(row)
    if request.method != "POST":
        return _page(request, row, known, {})
    typed = _typed(request)
    try:
        with change_set(actor, "change") as change:
            changed = {name: value for name, value in _values(typed).items() if value != _values(known)[name]}
            if changed:
                save(actor, "webhook", changed, row.pk)
    except Invalid as wrong:
        return _page(request, row, typed, fields_in_words(wrong.errors), 422)
    return go_on(request, _url(row), _("{name} is saved.").format(name=typed["name"]), change.pk)


def _known(row: Webhook) -> dict[str, Any]:
    return {"name": row.name, "address": row.address, "tells": row.tells, "records": row.records.split()}


def _page(
    request: HttpRequest, row: Webhook, typed: dict[str, Any], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    once = request.session.get(ONCE) or {}
    secret = once["secret"] if once.get("hook") == row.pk else ""
    if secret:
        del request.session[ONCE]
    context = {
        "hook": row,
        "state": state_of(row),
        "user_name": find(actor, "user").filter(pk=row.user_id).values_list("name", flat=True).first() or "",
        "fields": _fields(actor, typed, errors),
        "problems": [text for name, text in errors.items() if name not in typed and name != "since"],
        "secret": secret,
        "events": [event_line(one) for one in events_of(actor, row.pk, SHOWN)],
        "since": FormField(
            "id-since", "since", _("Since when, such as 26/11/2026 15:30"), value=request.POST.get("since", ""),
            error=errors.get("since", ""), attributes={"autocomplete": "off"},
        ),
        "back_url": reverse("settings_programs"),
    }  # fmt: skip
    return show(request, "settings_hook.html", "programs", context, status)


@require_POST
def act_on_hook(request: HttpRequest, webhook: int) -> HttpResponse:
    """Switch it on or off, give it another secret, tell everything again since a moment, or delete it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: Webhook = get(actor, "webhook", webhook)
    acts: dict[str, Callable[[], HttpResponse]] = {
        "on": lambda: _switch(request, actor, row, on=True),
        "from_now": lambda: _switch(request, actor, row, on=True, from_now=True),
        "off": lambda: _switch(request, actor, row, on=False),
        "secret": lambda: _secret(request, actor, row),
        "since": lambda: _since(request, actor, row),
        "delete": lambda: _delete(request, actor, row),
    }
    act = acts.get(request.POST.get("act", ""))
    return (
        act()
        if act is not None
        else _page(request, row, _typed(request), {"act": _("Choose what is to be done.")}, 422)
    )


def _switch(request: HttpRequest, actor: Actor, row: Webhook, *, on: bool, from_now: bool = False) -> HttpResponse:
    with change_set(actor, "switch_webhook") as change:
        switch(actor, row.pk, on=on, from_now=from_now)
    words = {
        (True, False): _("{name} is on, and goes on where it stopped."),
        (True, True): _("{name} is on, and is told what changes from now on."),
        (False, False): _("{name} is off; what changes meanwhile waits."),
    }
    return go_on(request, _url(row), words[on, from_now].format(name=row.name), change.pk)


def _secret(request: HttpRequest, actor: Actor, row: Webhook) -> HttpResponse:
    if row.salt and not asked(request):
        effects = [
            Effect(
                _("For one day everything is signed with both secrets: until then the other program needs the new one.")
            ),
        ]
        title = _("Another secret for {name}?").format(name=row.name)
        return ask(request, "programs", Question(title, effects, _("Make another secret"), _url(row)))
    request.session[ONCE] = {"hook": row.pk, "secret": new_secret(actor, row.pk).secret}
    return go_on(request, _url(row), _("{name} has a new secret.").format(name=row.name), None)


def _since(request: HttpRequest, actor: Actor, row: Webhook) -> HttpResponse:
    try:
        moment = _moment(request.POST.get("since", "")[:60])
        tell_since(actor, row.pk, moment)
    except Invalid as wrong:
        return _page(request, row, _known(row), fields_in_words(wrong.errors), 422)
    said = _("Everything since {moment} is told again.").format(moment=moment_word(moment))
    return go_on(request, _url(row), said, None)


def _moment(typed: str) -> datetime:
    """The moment that was typed. Raises Invalid."""
    try:
        moment = Moment().check(typed)
    except BadValue as wrong:
        raise Invalid({"since": wrong.message}) from None
    except OverflowError:
        moment = None
    if moment is None:
        raise Invalid({"since": REQUIRED})
    return moment


def _delete(request: HttpRequest, actor: Actor, row: Webhook) -> HttpResponse:
    if not asked(request):
        effects = [
            Effect(_("{address} is told nothing more.").format(address=row.address)),
            Effect(_("Its secret does not come back, not even by undoing: it needs a new one then."), "today"),
        ]
        title = _("Delete {name}?").format(name=row.name)
        return ask(request, "programs", Question(title, effects, _("Delete it"), _url(row), danger=True))
    with change_set(actor, "delete") as change:
        delete(actor, "webhook", row.pk)
    return go_on(request, reverse("settings_programs"), _("{name} deleted.").format(name=row.name), change.pk)


@require_POST
def event_again(request: HttpRequest, event: int) -> HttpResponse:
    """Send one event once more, now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = send_again(actor, event)
    return go_on(request, reverse("settings_hook", args=[row.hook_id]), _("It is on its way again."), None)


def _url(row: Webhook) -> str:
    return reverse("settings_hook", args=[row.pk])
