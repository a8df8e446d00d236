"""My account: language, theme and rows, the password, passkeys, the codes of an app, and the codes for a rainy day."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from rapporto.domain.people.models import User
from rapporto.web.settings.frame import show
from rapporto.web.settings.users import role_word


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """How one signs in and how the pages look, with the way to each."""
    user = request.user
    assert isinstance(user, User)
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "role": role_word(user.role),
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes is not None else 0,
        "has_codes": codes is not None,
    }
    return show(request, "settings_account.html", "account", context)
