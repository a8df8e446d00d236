"""The explicit list of what an installation is made of; loading a part declares its records, kinds and followers."""

from importlib import import_module

from rapporto.store.declare import finish

PARTS: tuple[str, ...] = (
    "rapporto.domain.people.records",
    "rapporto.domain.parties.records",
    "rapporto.domain.parties.territories",
    "rapporto.domain.processes.records",
)


def load_parts() -> None:
    """Imports every part in order. A mistake in a declaration stops the start here."""
    for part in PARTS:
        import_module(part)
    finish()
