"""Names this Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people."""

    name = "rapporto.web"
    label = "web"
