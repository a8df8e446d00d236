"""Where the links in messages lead: the preference page, the unsubscribing of one press, and the headers that announce it."""

from django.conf import settings
from django.urls import reverse

from rapporto.domain.consent.links import Link, signed


def preferences_address(link: Link) -> str:
    """The page on which somebody says what they want, as it stands in a message."""
    return str(settings.ORIGIN) + reverse("preferences", args=[signed(link)])


def unsubscribe_headers(link: Link) -> dict[str, str]:
    """The headers of a message that can be unsubscribed by one press in the mail program (RFC 8058)."""
    address = str(settings.ORIGIN) + reverse("one_click", args=[signed(link)])
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
