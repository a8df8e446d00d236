"""Loads the parts once all Django apps are ready."""

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The last app: what it loads may use all the others."""

    name = "rapporto.site"
    label = "site"

    def ready(self) -> None:
        """Loads PARTS. Only now: the list needs models, which are not there yet when this file is read."""
        import_module("rapporto.site.parts").load_parts()
