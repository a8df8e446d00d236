"""The store as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Keeps whatever is declared."""

    name = "rapporto.store"
    label = "store"

    def ready(self) -> None:
        """Has migrations put the triggers of the history back, and tells undo who may change what (both need the models)."""
        import_module("rapporto.store.history.install").connect(self)
        import_module("rapporto.store.history.undo").rights_from(import_module("rapporto.store.records").makeable_rows)
