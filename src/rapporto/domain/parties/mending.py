"""A value to be verified goes when somebody mends it: its field gets another value, in the same change set."""

from collections.abc import Mapping, Sequence
from typing import Any

from rapporto.domain.parties.models import Party, ToVerify
from rapporto.store.chunks import chunks
from rapporto.store.derive import on_fields

MENDED_BY: Mapping[str, tuple[str, ...]] = {
    "vat_number": ("vat_number",), "tax_code": ("tax_code",), "sdi_code": ("sdi_code",), "iban": ("iban",),
    "postal_code": ("postal_code",), "province": ("province",), "country": ("country",), "phone": ("phone", "mobile"),
    "email": ("email", "pec"), "website": ("website",), "birth_date": ("birth_date",),
}  # fmt: skip
"""By what waits the fields of the party that mend it."""
NAMES = tuple(name for names in MENDED_BY.values() for name in names)
BETWEEN = "|"


def hold_many(rows: Sequence[ToVerify]) -> None:
    """Note with new values what their fields hold, so that it is seen when somebody changes that."""
    held = _held({row.party_id for row in rows})
    for row in rows:
        row.held = _told(held.get(row.party_id, {}), row.field)


@on_fields("party", "field", many=hold_many)
def hold(row: ToVerify, changed: Mapping[str, Any]) -> None:
    """The same for one."""
    hold_many([row])


def nobody_waits(ids: Sequence[int]) -> None:
    """Nothing waits for a party just made."""


@on_fields(*NAMES, new=nobody_waits)
def mend(ids: Sequence[int]) -> None:
    """Drop what waited for a field that holds another value than it did then. Two queries when nothing is to be mended."""
    for some in chunks(ids):
        waiting = list(ToVerify.objects.filter(party__in=some).values_list("pk", "party_id", "field", "held"))
        if not waiting:
            continue
        held = _held({party for _, party, _, _ in waiting})
        mended = [
            pk
            for pk, party, name, before in waiting
            if (now := _told(held.get(party, {}), name)) != before and now.replace(BETWEEN, "")
        ]
        ToVerify.objects.filter(pk__in=mended).delete()


def _held(parties: set[int]) -> dict[int, dict[str, Any]]:
    rows = (row for some in chunks(sorted(parties)) for row in Party.objects.filter(pk__in=some).values("pk", *NAMES))
    return {row["pk"]: row for row in rows}


def _told(values: Mapping[str, Any], name: str) -> str:
    """What the fields that mend a value hold."""
    return BETWEEN.join(str(values.get(one) or "") for one in MENDED_BY.get(name, ()))
