"""The erasures in the settings: what was erased when and why, the receipt, and admitting somebody again who consents anew."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.kinds import Email, Kind, Phone, TaxCode
from rapporto.kernel.text import BadValue
from rapporto.store import access, erasures
from rapporto.store.errors import NotFound
from rapporto.store.rights_models import Erasure
from rapporto.web.rights.erasing import Receipt
from rapporto.web.settings.frame import go_on, show

LISTED = 200
SOUGHT: tuple[tuple[str, Kind], ...] = (("email", Email()), ("phone", Phone()), ("tax_code", TaxCode()))


@require_http_methods(["GET", "POST"])
def erasure_list(request: HttpRequest) -> HttpResponse:
    """GET: the erasures; with `q` that of whoever had this e-mail, number or code. POST: admit them again."""
    actor = _administrator(request)
    typed = (request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", ""))[:200].strip()
    found = _sought(typed) if typed else None
    if request.method == "POST" and found is not None and request.POST.get("consent") == "1":
        erasures.allow(found.token, timezone.localdate())
        access.note(actor, access.ALLOWED_AGAIN, found.record, found.row_id)
        said = _("They may be entered again, as of today.")
        return go_on(request, reverse("settings_erasures"), said, None)
    context = {
        "rows": [Receipt.of(one) for one in Erasure.objects.order_by("-id")[:LISTED]],
        "allowed": {one.token: one.allowed for one in erasures.erased() if one.allowed},
        "typed": typed,
        "found": found,
    }
    return show(request, "settings_erasures.html", "erasures", context)


@require_GET
def erasure_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of one erasure."""
    _administrator(request)
    one = Erasure.objects.filter(pk=pk).first()
    if one is None:
        raise NotFound("erasure", pk)
    receipt = Receipt.of(one)
    return show(request, "settings_erasure.html", "erasures", {"receipt": receipt, "erasure": one})


def _sought(typed: str) -> erasures.Erased | None:
    """The erasure of whoever had this e-mail, telephone number or tax code."""
    for name, kind in SOUGHT:
        try:
            value = kind.check(typed)
        except BadValue:
            continue
        found = next((one for _name, one in erasures.known_again({name: value}, (name,))), None)
        if found is not None:
            return found
    return None


def _administrator(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if ADMINISTRATOR not in actor.roles:
        raise NotFound("erasure", None)
    return actor
