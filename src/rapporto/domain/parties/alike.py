"""Looks in the register for parties that may be the one at hand: only among those the actor may see, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from rapporto.domain.parties.likeness import LEFT_OUT, Look, Reason, compared, is_shared_mailbox, names_alike, reasons
from rapporto.domain.parties.models import Affiliation, ContactPoint
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import fold
from rapporto.store.declare import DECLARED
from rapporto.store.records import find
from rapporto.store.search import holding_any

SHARING, NAMED = 60, 400
"""How many records are read that share a number or an address, and how many names are compared."""
MOST = 12
"""How many of those with a name alike are looked at closely."""
_SHORTEST, _WORDS, _PIECE = 3, 3, 4
_FIGURES = 7
"""How much of a number leads to its owner: a short fragment is found sooner, and the whole is compared later."""
AKIN = 70
"""From which likeness, of 100, two names are looked at closely."""
_OWN = (
    "kind", "name", "city", "province", "vat_number", "tax_code", "birth_date", "phone", "mobile", "email", "pec",
)  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """A party that may be the one at hand, and why, the strongest reason first."""

    id: int
    look: Look
    reasons: tuple[Reason, ...]


def look_of(values: Mapping[str, Any], *, phones: Collection[str] = (), emails: Collection[str] = ()) -> Look:
    """What of the values of a party is compared, with the numbers and addresses it has besides."""
    told = {name: values.get(name) or "" for name in ("kind", "name", "city", "province", "vat_number", "tax_code")}
    return Look(
        **told,
        birth_date=values.get("birth_date"),
        phones=_filled(values.get("phone"), values.get("mobile"), *phones),
        emails=_filled(values.get("email"), *emails),
        pecs=_filled(values.get("pec")),
    )


def _filled(*values: str | None) -> frozenset[str]:
    return frozenset(one for one in values if one)


def alike(actor: Actor, look: Look, *, but: Collection[int] = (), limit: int = 4) -> list[Alike]:
    """The parties that may be the one at hand, those with the strongest reasons first. Five queries at most.

    `but` are ids that are not asked about: the party itself, and those somebody has told apart. What the actor may not see is
    not there: neither parties nor fields.
    """
    record = DECLARED["party"].record
    hints = [name for name in record.duplicate_hints if name in record.seen_by(actor).fields]
    ids = _candidates(actor, look, hints) - set(but)
    found = [
        Alike(row_id, other, why)
        for row_id, other in looks(actor, sorted(ids)).items()
        if (why := reasons(look, other, hints))
    ]
    found.sort(key=lambda one: (-one.reasons[0].strength, -len(one.reasons), fold(one.look.name), one.id))
    return found[:limit]


def _candidates(actor: Actor, look: Look, hints: Collection[str]) -> set[int]:
    """Whoever shares something of their own, and whose name is alike."""
    numbers = [look.vat_number, look.tax_code, *(one.partition(";")[0] for one in look.phones)]
    own = [*(one[-_FIGURES:] for one in numbers), *map(_telling_part, look.emails | look.pecs)]
    ids = {row_id for row_id, _name in holding_any(actor, "party", [[fold(one)] for one in own if one], SHARING)}
    if "name" not in hints or not (mine := compared(look)):
        return ids
    named = holding_any(actor, "party", _ways(mine, fold(look.city)), NAMED if " " in mine else SHARING)
    # most only share a word: what may be alike is told apart quickly first
    akin = [(row_id, name) for row_id, name in named if fuzz.token_set_ratio(mine, name) >= AKIN]
    near = [row_id for row_id, name in akin if names_alike(mine, compared(Look(look.kind, name)))]
    return ids | set(near[:MOST])


def _telling_part(email: str) -> str:
    """What of an address leads to its owner: of info@ the domain."""
    mailbox, _at, domain = email.partition("@")
    return f"@{domain.rpartition('.')[0]}" if is_shared_mailbox(email) else f"{mailbox}@{domain[:3]}"


def _ways(name: str, city: str) -> list[tuple[str, ...]]:
    """By which fragments names alike are found: their longest words but one, so that this one may be mistyped; of two words, one
    and a half of the other; a word and the town."""
    words = [word for word in dict.fromkeys(name.split()) if len(word) >= _SHORTEST]
    telling = sorted((word for word in words if word not in LEFT_OUT), key=len, reverse=True)[:_WORDS] or words[:_WORDS]
    ways: list[tuple[str, ...]] = list(combinations(telling, 2)) if len(telling) > 2 else [tuple(telling)]
    if len(telling) < _WORDS:
        for word in telling:
            others = tuple(one for one in telling if one != word) or tuple(one for one in words if one != word)[:1]
            halves = (word[: len(word) // 2], word[len(word) // 2 :]) if len(word) > 5 else ()
            # pieces of letters that are everywhere find too much
            ways += [(half, *others) for half in halves if min(map(len, others or (half + "x",))) > _PIECE]
        if len(city) >= _SHORTEST:
            ways += [(word, city) for word in telling]
    return [way for way in dict.fromkeys(ways) if way]


def looks(actor: Actor, ids: Sequence[int]) -> dict[int, Look]:
    """What is known of some parties, with all their numbers and addresses, as far as the actor may see them."""
    if not ids:
        return {}
    open_to = DECLARED["party"].record.seen_by(actor).fields
    names = [name for name in _OWN if name in open_to]
    rows = find(actor, "party").filter(pk__in=ids).values_list("pk", *names)
    values = {pk: dict(zip(names, own, strict=True)) for pk, *own in rows}
    phones, emails = _further(values)
    return {pk: look_of(own, phones=phones[pk], emails=emails[pk]) for pk, own in values.items()}


def _further(ids: Collection[int]) -> tuple[Mapping[int, set[str]], Mapping[int, set[str]]]:
    """Further numbers and addresses of parties that may be seen; of a person also those of the desk."""
    phones, emails = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    points = ContactPoint.objects.filter(party__in=ids)
    for party, kind, value in points.values_list("party_id", "kind", "value"):
        (emails if kind in (ContactPoint.EMAIL, ContactPoint.PEC) else phones)[party].add(value)
    desks = Affiliation.objects.filter(person__in=ids, until=None)
    for person, phone, mobile, email in desks.values_list("person_id", "phone", "mobile", "email"):
        phones[person] |= {phone, mobile} - {""}
        emails[person] |= {email} - {""}
    return phones, emails


__all__ = ["Alike", "alike", "look_of", "looks"]
