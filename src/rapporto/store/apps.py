"""The store as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Keeps whatever is declared."""

    name = "rapporto.store"
    label = "store"

    def ready(self) -> None:
        """Has migrations put the triggers of the history back (loaded only now: it needs the models)."""
        import_module("rapporto.store.history.install").connect(self)
