"""The language of the screen, chosen by a press: kept by the browser, and by the person who is signed in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from rapporto.kernel.actor import SYSTEM, Actor
from rapporto.store.write import save


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from the next page on."""
    chosen = request.POST.get("language", "")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is not None and chosen in dict(settings.LANGUAGES):
        own = Actor(actor.user_id, actor.name, frozenset({SYSTEM}), door=actor.door)
        save(own, "user", {"language": chosen}, actor.user_id, command="choose_language")
    return set_language(request)
