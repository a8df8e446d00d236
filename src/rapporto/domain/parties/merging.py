"""Two parties that become one: which of their values belong together, and where those go that lose their field."""

from collections.abc import Iterator
from typing import Any

from rapporto.domain.parties.duplicates.merging import close_pairs
from rapporto.domain.parties.models import PERSON, Address, ContactPoint, Party
from rapporto.domain.parties.searched import digits
from rapporto.kernel.text import Message, fold
from rapporto.store.merge_rules import MERGE_RULES, Further, MergeRule, Values

PLACE = ("street", "postal_code", "city", "province", "region", "country")
OF_PLACE = frozenset(PLACE)
KINDS = {
    "phone": ContactPoint.PHONE,
    "mobile": ContactPoint.MOBILE,
    "email": ContactPoint.EMAIL,
    "pec": ContactPoint.PEC,
    "website": ContactPoint.WEB,
}
"""What a further contact detail is, by the field that its value had."""
OTHER_KIND = Message("A person and a company cannot be merged; link the person to the company instead.")


def refuse(one: Party, other: Party) -> Message | None:
    """A person stays a person."""
    return OTHER_KIND if (one.kind == PERSON) != (other.kind == PERSON) else None


def further(row: Party, lost: Values, values: Values) -> Iterator[Further]:
    """A contact detail for every number and address that lost its field, an address for a place; none is made twice."""
    there = _there(row)
    for name, kind in KINDS.items():
        if name in lost:
            value = str(lost[name])
            known = _known(value) in there
            yield Further(frozenset({name}), *(() if known else ("contact_point", _detail(row, kind, value))))
            there.add(_known(value))
    if OF_PLACE & lost.keys():
        yield _place(row, values)


def _detail(row: Party, kind: str, value: str) -> Values:
    return {"party": row.pk, "kind": kind, "value": value}


def _there(row: Party) -> set[str]:
    """The numbers and addresses that a party has already."""
    own = (getattr(row, name) for name in KINDS)
    rows = ContactPoint.objects.filter(party=row.pk).values_list("value", flat=True)
    return {_known(value) for value in (*own, *rows) if value}


def _known(value: str) -> str:
    return next(digits((value,)), value) if value.startswith("+") else fold(value)


def _place(row: Party, values: Values) -> Further:
    """A further address, unless the party has it already, or one that says more."""
    kept = {name: values.get(name) or "" for name in PLACE if name != "region"}
    said = {name: fold(str(value)) for name, value in kept.items() if value and name != "country"}
    addresses: list[Any] = [row, *Address.objects.filter(party=row.pk)]
    for one in addresses:
        if all(fold(str(getattr(one, name))) == value for name, value in said.items()):
            return Further(OF_PLACE)
    return Further(OF_PLACE, "address", {"party": row.pk, "kind": "site", **kept})


MERGE_RULES.add(
    "party",
    MergeRule(
        together=(PLACE, ("name", "first_name", "last_name")), further=further, refuse=refuse, before=close_pairs
    ),
)
