"""The area `parties` as a Django app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """See the package."""

    name = "rapporto.domain.parties"
    label = "parties"
