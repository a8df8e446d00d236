"""When two parties may be one and the same: rules that give their reasons as data, and what speaks against it.

They only propose; nothing is merged or refused because of them.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from rapporto.domain.parties.geography import town_key
from rapporto.domain.parties.legal_form import bare_name
from rapporto.domain.parties.models import PERSON, UNIT
from rapporto.kernel.text import fold

SURE, LIKELY, POSSIBLE = 3, 2, 1
"""How much a reason says: an official number is one party's alone; a name may be that of two."""
ALIKE = 91
"""From which likeness of their words, of 100, two names may be one with a slip of the keyboard."""

SHARED_MAILBOXES = frozenset(
    ("info", "amministrazione", "admin", "administration", "acquisti", "vendite", "commerciale", "ufficio", "ufficiotecnico",
     "segreteria", "contabilita", "contact", "contatti", "contatto", "mail", "posta", "office", "sales", "purchasing",
     "support", "supporto", "assistenza", "ordini", "orders", "fatture", "fatturazione", "invoice", "hr", "personale",
     "direzione", "marketing", "magazzino", "logistica", "qualita", "tecnico", "reception", "centralino", "noreply"),
)  # fmt: skip
"""Mailboxes of an office: several people write from them, so they tell the company and never the person."""
_APART = frozenset(
    ("holding", "immobiliare", "service", "servizi", "services", "group", "gruppo", "international", "finanziaria", "trading",
     "logistica", "trasporti", "energia", "energy", "commerciale", "agricola", "due", "tre", "nord", "sud", "est", "ovest",
     "partecipazioni", "estate", "real", "engineering", "lab", "academy", "export", "italia", "europe", "usa", "nuova", "new"),
)  # fmt: skip
"""Words by which companies of one group tell themselves apart."""
LEFT_OUT = frozenset(
    ("ditta", "impresa", "azienda", "officina", "officine", "meccanica", "meccaniche", "carpenteria", "studio", "fratelli",
     "flli", "figli", "figlio", "costruzioni", "industria", "industrie", "stabilimento", "ristorante", "hotel", "bar"),
)  # fmt: skip
"""Words that people leave out of a name or put before it."""
_SMALL = frozenset(
    ("di", "de", "del", "della", "dei", "e", "ed", "c", "a", "il", "la", "lo", "i", "gli", "le", "in", "con", "per")
)


@dataclass(frozen=True)
class Look:
    """What is compared of a party: canonical values, '' and empty where nothing is known. `phones` and `emails` are all it has."""

    kind: str = ""
    name: str = ""
    city: str = ""
    province: str = ""
    vat_number: str = ""
    tax_code: str = ""
    birth_date: object = None
    emails: frozenset[str] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)
    pecs: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Reason:
    """Why two parties may be one: the rule, what they share, how much it says."""

    rule: str
    value: str
    strength: int


Rule = Callable[[Look, Look], Reason | None]


def reasons(one: Look, other: Look, hints: Collection[str]) -> tuple[Reason, ...]:
    """Why the two may be one party, the strongest reason first; none when something speaks against it.

    `hints` are the fields by which the declaration lets duplicates be proposed.
    """
    rules = dict.fromkeys(RULES[name] for name in hints if name in RULES)
    found = [reason for rule in rules if (reason := rule(one, other)) is not None]
    if not found or _two_parties(one, other):
        return ()
    return tuple(sorted(found, key=lambda reason: -reason.strength))


def in_common(one: Look, other: Look) -> tuple[Reason, ...]:
    """Every number and address that both have, and their name: told where the two are alike as a whole, and no rule says why."""
    found = (
        _shared("tax_code", {one.tax_code, one.vat_number}, {other.tax_code, other.vat_number}, POSSIBLE),
        _shared("email", one.emails | one.pecs, other.emails | other.pecs, POSSIBLE),
        _shared("phone", one.phones, other.phones, POSSIBLE),
        Reason("name", other.name, POSSIBLE) if fuzz.token_set_ratio(compared(one), compared(other)) >= ALIKE else None,
    )
    return tuple(reason for reason in found if reason is not None)


def _two_parties(one: Look, other: Look) -> bool:
    """What speaks against it: another kind, other official numbers, another birthday. Companies of one VAT group share a VAT number."""
    if one.kind and other.kind and one.kind != other.kind:
        return True
    if _differ(one.tax_code, other.tax_code):
        return True
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return True
    return _differ(one.vat_number, other.vat_number) and not (one.tax_code and one.tax_code == other.tax_code)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _same_vat_number(one: Look, other: Look) -> Reason | None:
    """The number of one may stand as the tax code of the other: companies have the same."""
    mine, theirs = {one.vat_number, one.tax_code}, {other.vat_number, other.tax_code}
    found = _shared("vat_number", mine, theirs, SURE)
    return found if found and found.value in (one.vat_number, other.vat_number) else None


def _same_tax_code(one: Look, other: Look) -> Reason | None:
    return _shared("tax_code", {one.tax_code}, {other.tax_code}, SURE)


def _same_email(one: Look, other: Look) -> Reason | None:
    mine, theirs = one.emails, other.emails
    if PERSON in (one.kind, other.kind):
        mine, theirs = _own(mine), _own(theirs)
    return _shared("email", mine, theirs, LIKELY)


def _own(emails: Collection[str]) -> frozenset[str]:
    return frozenset(one for one in emails if not is_shared_mailbox(one))


def is_shared_mailbox(email: str) -> bool:
    """Whether an address is that of an office, such as info@ and amministrazione@, and not of a person."""
    return re.sub(r"[._\-]|\d+$", "", email.partition("@")[0]) in SHARED_MAILBOXES


def _same_pec(one: Look, other: Look) -> Reason | None:
    """Certified addresses stand now and then among the ordinary ones."""
    return _shared("pec", one.pecs | one.emails, other.pecs, LIKELY) or _shared("pec", one.pecs, other.emails, LIKELY)


def _same_phone(one: Look, other: Look) -> Reason | None:
    """A number is shared by a house: alone it says little of two people, and nothing where the names are quite different."""
    found = _shared("phone", one.phones, other.phones, LIKELY)
    if found is None or not one.name or not other.name:
        return found
    akin = fuzz.token_set_ratio(compared(one), compared(other))
    if PERSON in (one.kind, other.kind):
        return found if akin >= ALIKE else None
    return found if akin >= 60 else replace(found, strength=POSSIBLE)


def _shared(rule: str, mine: Collection[str], theirs: Collection[str], strength: int) -> Reason | None:
    both = sorted({one for one in mine if one}.intersection(theirs))
    return Reason(rule, both[0], strength) if both else None


def _same_name(one: Look, other: Look) -> Reason | None:
    """Names alike, with nothing known against it: together with the town likely, without one possible.

    Units are called alike in every company («Ufficio acquisti»).
    """
    mine, theirs = compared(one), compared(other)
    if UNIT in (one.kind, other.kind) or _elsewhere(one, other) or not names_alike(mine, theirs):
        return None
    if one.city and town_key(one.city) == town_key(other.city):
        return Reason("name_and_town", other.city, LIKELY if _same_words(mine, theirs) else POSSIBLE)
    return Reason("name", other.name, POSSIBLE)


def compared(look: Look) -> str:
    """What of the name of a party is compared: folded, without legal form or titles."""
    return _bare(look.name, person=look.kind == PERSON)


@lru_cache(maxsize=4096)
def _bare(name: str, *, person: bool) -> str:
    """What of a name is compared; that of a person bears titles instead of a legal form."""
    return _TITLES.sub("", fold(name)).strip() if person else bare_name(name)


_TITLES = re.compile(
    r"\b(?:sig(?:\.?ra)?|dott?(?:\.?ssa)?|dr(?:\.?ssa)?|ing|avv|arch|geom|rag|prof(?:\.?ssa)?)(?:\.|\s)\s*"
)


def _elsewhere(one: Look, other: Look) -> bool:
    """Whether both are known to be in different places: then a name alone says nothing."""
    if one.city and other.city:
        return town_key(one.city) != town_key(other.city)
    return _differ(one.province, other.province)


def names_alike(one: str, other: str) -> bool:
    """Whether two bare names may be one: the words in any order, a slip of the keyboard, or words left out that people leave out."""
    mine, theirs = telling_words(one), telling_words(other)
    if not mine or not theirs:
        return False
    if _same_words(one, other):
        return True
    if set_apart(one, other):
        return False
    only = (mine - theirs, theirs - mine)
    if all(only):
        return _a_slip(*only)
    # one name is the other and something more: «Casale», «Officine Casale»; «Rossi Mario», «Rossi Mario Impianti»
    telling = (mine & theirs) - LEFT_OUT
    return len(telling) > 1 or bool(telling and only[0] | only[1] <= LEFT_OUT)


def set_apart(one: str, other: str) -> bool:
    """Whether a word by which companies of one group, or of several sites, tell themselves apart stands in one bare name only."""
    only = telling_words(one) ^ telling_words(other)
    return any(word in _APART or any(letter.isdigit() for letter in word) for word in only)


def telling_words(name: str) -> set[str]:
    """The words of a bare name but the small ones."""
    return set(name.split()) - _SMALL


def _same_words(one: str, other: str) -> bool:
    return telling_words(one) == telling_words(other) or one.replace(" ", "") == other.replace(" ", "")


def _a_slip(mine: set[str], theirs: set[str]) -> bool:
    """Whether the one word that differs is the same, mistyped. Short words are what they are, and so are last letters:
    Mario, Marco and Maria are three people, Casale and Casali two families."""
    if len(mine) != 1 or len(theirs) != 1:
        return False
    (a,), (b,) = mine, theirs
    return min(len(a), len(b)) > 5 and a[:-1] != b[:-1] and OSA.distance(a, b) <= (1 if len(a) < 9 else 2)


RULES: Mapping[str, Rule] = {
    "vat_number": _same_vat_number,
    "tax_code": _same_tax_code,
    "email": _same_email,
    "phone": _same_phone,
    "mobile": _same_phone,
    "pec": _same_pec,
    "name": _same_name,
}
"""The rule of a field by which the declaration lets duplicates be proposed."""


__all__ = [
    "LEFT_OUT", "LIKELY", "POSSIBLE", "RULES", "SURE", "Look", "Reason", "compared", "in_common", "is_shared_mailbox", "names_alike",
    "reasons", "set_apart", "telling_words",
]  # fmt: skip
