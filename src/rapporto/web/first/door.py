"""The first page of a new installation: whoever started it becomes its administrator, without a line typed in a terminal."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.domain.people.first import first_administrator
from rapporto.domain.people.models import User
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid
from rapporto.web.fields import FormField
from rapporto.web.first.key import fits, throw_away
from rapporto.web.mistakes import fields_in_words

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEEDED = Message("This is needed.")


@login_not_required
@require_http_methods(["GET", "POST"])
def first_page_of_all(request: HttpRequest, key: str) -> HttpResponse:
    """Makes the first administrator and signs them in. Only with the key, and only while there is nobody."""
    if User.objects.exists() or not fits(key, settings.DATA):
        raise Http404
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "email")}
    password = request.POST.get("password", "")[:1000]
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = made(password=password, **typed)
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            throw_away(settings.DATA)
            login(request, user, backend=BACKEND)
            return redirect("first_page")
    context = {"fields": administrator_fields(typed, errors)}
    return render(request, "first_administrator.html", context, status=422 if errors else 200)


def made(*, name: str, email: str, password: str) -> User:
    """The first administrator. Raises Invalid for what is missing, wrong, or too weak."""
    missing = {field: NEEDED for field, text in (("name", name), ("email", email), ("password", password)) if not text}
    if missing:
        raise Invalid(missing)
    signs_in = first_administrator(email, name, password)
    if signs_in is None:
        raise Http404
    return User.objects.get(email=signs_in.email)


def administrator_fields(typed: dict[str, str], errors: dict[str, str]) -> list[FormField]:
    """The three fields that make an administrator."""
    told = (
        ("name", _("Your name"), "text", "", "name"),
        ("email", _("E-mail"), "email", _("You sign in with it."), "username"),
        ("password", _("Password"), "password", _("At least ten characters."), "new-password"),
    )
    return [
        FormField(
            id=f"first-{name}",
            name=name,
            label=label,
            widget=widget,
            value=typed.get(name, ""),
            error=errors.get(name, ""),
            hint=hint,
            required=True,
            attributes={"autocomplete": complete},
        )
        for name, label, widget, hint, complete in told
    ]
