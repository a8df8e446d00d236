"""Which roles sign in with a second step: chosen on the page of the roles, told in figures before it happens."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapporto.domain.people.models import ROLES, User
from rapporto.domain.people.second_step import require_second_step, roles_with_second_step
from rapporto.kernel.actor import Actor
from rapporto.store.history.changing import change_set
from rapporto.web.figures import figure
from rapporto.web.held import STEPS
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, require_keeper


@dataclass(frozen=True)
class Step:
    """One role: whether a second step is required, and how many of its users have none, in words."""

    code: str
    label: str
    required: bool
    lacking: str


def steps() -> list[Step]:
    """The roles in their order; three queries."""
    required, lacking = roles_with_second_step(), _lacking()
    return [Step(code, str(label), code in required, _words(lacking.get(code, 0))) for code, label in ROLES]


def _lacking() -> dict[str, int]:
    """How many users of each role sign in with a password alone."""
    found: dict[str, int] = {}
    having = Authenticator.objects.filter(type__in=STEPS).values("user")
    for role in User.objects.filter(is_active=True).exclude(pk__in=having).values_list("role", flat=True):
        found[role] = found.get(role, 0) + 1
    return found


def _words(number: int) -> str:
    if not number:
        return _("everybody has one")
    return ngettext("{n} has none yet", "{n} have none yet", number).format(n=figure(number))


@require_POST
def second_step(request: HttpRequest) -> HttpResponse:
    """Let exactly the roles that were ticked have a second step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "role_rule")
    wanted = {code for code, _label in ROLES if code in request.POST.getlist("role")}
    url = reverse("settings_roles")
    if wanted == roles_with_second_step():
        return go_on(request, url, _("Nothing was changed."), None)
    effects = list(_effects(wanted))
    if not asked(request):
        return ask(request, "roles", Question(_("Who signs in with a second step?"), effects, _("Ask for it"), url))
    with change_set(actor, "require_second_step") as change:
        require_second_step(actor, wanted)
    return go_on(request, url, _("From the next sign-in on, the second step is asked for as you chose."), change.pk)


def _effects(wanted: set[str]) -> list[Effect]:
    lacking, before = _lacking(), roles_with_second_step()
    found = []
    for code, label in ROLES:
        if code in wanted - before:
            said = _("{role}: {lacking}; at the next sign-in they set it up, and reach nothing else before.")
            some = lacking.get(code, 0)
            found.append(Effect(said.format(role=label, lacking=_words(some)), "today" if some else ""))
        if code in before - wanted:
            found.append(Effect(_("{role}: the password alone is enough again.").format(role=label)))
    return found
