"""A value to be verified goes when somebody mends it: its field gets another value, in the same change set."""

from collections.abc import Mapping, Sequence
from typing import Any

from rapporto.domain.parties.models import Party, ToVerify
from rapporto.store.derive import on_fields

MENDED_BY = {
    "vat_number": "vat_number", "tax_code": "tax_code", "sdi_code": "sdi_code", "iban": "iban", "postal_code": "postal_code",
    "province": "province", "country": "country", "phone": "phone", "mobile": "phone", "email": "email", "pec": "email",
    "website": "website", "birth_date": "birth_date",
}  # fmt: skip
"""By field of the party which values it mends."""


def nothing_yet(rows: Sequence[Party]) -> None:
    """A party just made has nothing to be mended."""


@on_fields(*MENDED_BY, many=nothing_yet)
def mend(row: Party, changed: Mapping[str, Any]) -> None:
    """Drop what waited for one of the fields that now get another value."""
    fields = {MENDED_BY[name] for name in changed.keys() & MENDED_BY.keys()}
    if row.pk is None or not fields:
        return
    waiting = ToVerify.objects.filter(party=row.pk, field__in=fields)
    waited_for = set(waiting.values_list("field", flat=True))
    if not waited_for:
        return
    names = [name for name in changed if MENDED_BY.get(name) in waited_for]
    before = Party.objects.filter(pk=row.pk).values(*names).first() or {}
    mended = {MENDED_BY[name] for name in names if getattr(row, name) not in (None, "", before.get(name))}
    waiting.filter(field__in=mended).delete()
