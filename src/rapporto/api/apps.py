"""Names this Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST for other programs."""

    name = "rapporto.api"
    label = "api"
