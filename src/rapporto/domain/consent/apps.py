"""The area `consent` as a Django app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """See the package."""

    name = "rapporto.domain.consent"
    label = "consent"
