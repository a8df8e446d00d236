"""What the stories about consents begin with: purposes, a notice, somebody with an address."""

from datetime import UTC, datetime
from typing import Any

from rapporto.domain.consent.models import PrivacyNotice
from rapporto.domain.consent.usual_purposes import begin_with_purposes
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.store.write import save
from tests.cast import casale, enters

NOW = datetime(2025, 11, 19, 10, 0, tzinfo=UTC)
"""A Wednesday, 11 o'clock in Rome."""


def house() -> tuple[Actor, Party, PrivacyNotice]:
    """Anna, her customer with every address, and the notice people are shown."""
    begin_with_purposes()
    anna, aldo = enters("Anna"), enters("Aldo")
    notice: PrivacyNotice = save(
        aldo, "privacy_notice", {"name": "2026-01", "text": "Trattiamo i dati …", "valid_from": "2025-01-01 00:00"}
    )
    return anna, customer(anna), notice


def customer(anna: Actor, **values: Any) -> Party:
    """Ditta Casale with every address, in Milan."""
    reach = {"email": "info@casale.example", "phone": "045 7901234", "mobile": "348 1234567", "city": "Milano"}
    return casale(anna, **{**reach, "province": "MI", **values})
