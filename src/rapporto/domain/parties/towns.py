"""Which towns a postal code serves, and which codes a town has, as far as the register tells: no list of codes is shipped.

Only parties and addresses that the actor may see are asked, so that nobody learns by a code where others have customers; only
comuni of the official table are told, so that nothing anybody wrote is repeated.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from rapporto.domain.parties.geography import Place, places_named, places_of, province_of_postal_code
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import Where, field
from rapporto.store.records import find

T = TypeVar("T")

LOOKED_AT = 200
"""The newest records of a code or town that are looked at: enough to tell which towns it serves."""
RARE = 20
"""A town named less than once where another is named so often is a mistake."""


def towns_of(actor: Actor, cap: str) -> list[Place]:
    """The comuni of an Italian postal code, those named most often first; none where nothing is known. Two queries at most."""
    if known := places_of(cap):
        return list(known)
    named: Counter[Place] = Counter()
    for name, province in _pairs(actor, field("postal_code").eq(cap), "city", "province"):
        named.update(_agreeing(name, province, cap)[:1])
    return _often(named)


def codes_of(actor: Actor, town: Place) -> list[str]:
    """The postal codes of a comune, those used most often first. Two queries."""
    where = field("city").eq(town.name) & field("province").eq(town.sigla)
    codes = Counter(code for code, _ in _pairs(actor, where, "postal_code", "province") if _fits(code, town.sigla))
    return _often(codes)


def _pairs(actor: Actor, where: Where, *columns: str) -> Iterable[tuple[str, str]]:
    for record in ("party", "address"):
        rows = find(actor, record, where & field("country").is_in(("IT",)))
        yield from rows.order_by("-pk").values_list(*columns)[:LOOKED_AT]


def _agreeing(name: str, province: str, cap: str) -> list[Place]:
    """The comuni of today of that name which can have that code."""
    found = [one for one in places_named(name) if one.ended is None and _fits(cap, one.sigla)]
    return [one for one in found if one.sigla == province] or found


def _fits(cap: str, sigla: str) -> bool:
    return len(cap) == 5 and province_of_postal_code(cap) in (None, sigla)


def _often(named: Counter[T]) -> list[T]:
    most = named.most_common()
    return [one for one, count in most if count * RARE >= most[0][1]]


__all__ = ["codes_of", "towns_of"]
