"""The explicit list of what an installation is made of; loading a part declares its records, kinds and followers."""

from importlib import import_module

from django.conf import settings

from rapporto.store.declare import finish

PARTS: tuple[str, ...] = (
    "rapporto.store.userfields_records",
    "rapporto.domain.people.records",
    "rapporto.domain.people.hooks_sender",
    "rapporto.domain.people.import_records",
    "rapporto.domain.people.hooks_forgetting",
    "rapporto.domain.parties.records",
    "rapporto.domain.parties.territories",
    "rapporto.domain.parties.duplicates.records",
    "rapporto.domain.parties.merging",
    "rapporto.domain.parties.contacts.shape",
    "rapporto.domain.processes.records",
    "rapporto.domain.processes.placing",
    "rapporto.domain.processes.usual_views",
    "rapporto.store.merge_records",
    "rapporto.domain.consent.records",
    "rapporto.domain.consent.retention",
    "rapporto.domain.consent.forgetting",
    "rapporto.insight.duplicates.work",
    "rapporto.web.imports.work",
    "rapporto.web.grid.bulk_work",
    "rapporto.web.grid.export_work",
    "rapporto.web.rights.export_work",
    "rapporto.web.rights.erasing",
    "rapporto.web.rights.sessions",
    "rapporto.web.undo_work",
    "rapporto.web.preferences.mail",
    "rapporto.site.demo.works",
)


def load_parts() -> None:
    """Imports every part in order, ours before those of the installation. A mistake in a declaration stops the start here."""
    for part in (*PARTS, *(f"{package}.records" for package in settings.MORE_PARTS)):
        import_module(part)
    finish()
