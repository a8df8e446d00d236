"""From a party to what is compared of it: folded words, figures of numbers, and the keys under which its likes are found."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rapporto.domain.parties.geography import town_key
from rapporto.domain.parties.likeness import LEFT_OUT, compared, is_shared_mailbox, telling_words
from rapporto.domain.parties.mail_domains import is_provider
from rapporto.insight.duplicates.subject import Subject
from rapporto.kernel.text import fold

COLUMNS = (
    "unique_id", "label", "name", "core", "first", "last", "birth", "codes", "code", "phones", "emails", "domains",
    "employers", "street", "number", "postal_code", "town", "province",
)  # fmt: skip
"""The columns of the table that is linked; lists where a party may have several."""
Row = tuple[Any, ...]

_STREET = re.compile(
    r"^(?:via|viale|v|v le|vle|vl|piazza|p zza|pzza|p za|pza|piazzale|p le|ple|corso|c so|cso|largo|l go|lgo|vicolo|vic|strada|"
    r"str|contrada|c da|cda|localita|loc|frazione|fraz)\b\s*"
)
_NUMBER = re.compile(r"\b(\d+)\s*(?:/?\s*[a-z])?\s*$")
_LETTERS = re.compile(r"[^\w]+")
_SMALL_OF_STREETS = frozenset(
    ("di", "del", "dell", "della", "dello", "dei", "degli", "delle", "de", "da", "dal", "s", "san")
)


def row(subject: Subject, label: int = 0) -> Row:
    """What is compared of a party, in the order of COLUMNS; None where nothing is known."""
    look, person = subject.look, subject.is_person
    words = _LETTERS.sub(" ", compared(look)).split()
    telling = sorted(telling_words(compared(look)))
    core = [word for word in telling if word not in LEFT_OUT] or telling
    first, last = _names(subject, words) if person else ("", "")
    street, number = street_key(subject.street)
    codes = sorted({code for code in (look.vat_number, look.tax_code) if code})
    emails = _emails(subject)
    return (
        subject.id, label, " ".join(sorted(words) if person else telling) or None, " ".join(core) or None,
        first or None, last or None, _birth(subject) or None, codes or None,
        (look.tax_code if person else look.vat_number or look.tax_code) or None,
        sorted({_figures(one) for one in look.phones}) or None, emails or None,
        sorted(set(_domains(subject, emails))) or None, sorted(subject.employers) or None,
        street or None, number or None, subject.postal_code or None, _town(look.city) or None, look.province or None,
    )  # fmt: skip


def _names(subject: Subject, words: list[str]) -> tuple[str, str]:
    """First and last name; of a name that was never taken apart the first word and the others. The order is never relied on."""
    if subject.last_name:
        return _plain(subject.first_name), _plain(subject.last_name)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", " ".join(words))


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    return _LETTERS.sub(" ", fold(text)).strip()


@lru_cache(maxsize=16384)
def _town(city: str) -> str:
    return town_key(city) if city else ""


def _birth(subject: Subject) -> str:
    born = subject.look.birth_date
    return str(born).replace("-", "") if born else ""


def _figures(phone: str) -> str:
    """The figures of a number without the prefix of Italy, which some leave out, and without an extension."""
    digits = "".join(filter(str.isdigit, phone.partition(";")[0]))
    return digits.removeprefix("39") if phone.startswith("+39") else digits


def _emails(subject: Subject) -> list[str]:
    """Its addresses; those of an office tell nothing of a person, and nothing of anybody at a provider («info@libero.it»)."""
    every = {one.lower() for one in (*subject.look.emails, *subject.look.pecs)}
    return sorted(
        one
        for one in every
        if not is_shared_mailbox(one) or not (subject.is_person or is_provider(one.partition("@")[2]))
    )


def _domains(subject: Subject, emails: Iterable[str]) -> Iterator[str]:
    """The domains of its own, by its addresses and its website: they tell the company, and never the person."""
    if subject.is_person:
        return
    for one in emails:
        domain = one.partition("@")[2]
        if domain and not is_provider(domain):
            yield domain.removeprefix("pec.")
    if subject.website:
        yield re.sub(r"^https?://(?:www\.)?", "", subject.website.lower()).partition("/")[0]


@lru_cache(maxsize=65536)
def street_key(street: str) -> tuple[str, str]:
    """The telling words of a street and the number of the house: «Via dell’Industria, 14/A» gives «industria», «14»."""
    text = _LETTERS.sub(" ", fold(street).replace("'", " ")).strip()
    found = _NUMBER.search(text)
    number = found[1] if found else ""
    words = _STREET.sub("", text[: found.start()] if found else text).split()
    kept = [word for word in words if word not in _SMALL_OF_STREETS and len(word) > 1] or words
    return " ".join(kept), number


def keys(values: Row, *, person: bool) -> Iterator[str]:
    """The keys of a row: two parties are compared when they have one in common that is not everybody's."""
    known = dict(zip(COLUMNS, values, strict=True))
    for sign, name in (("c", "codes"), ("p", "phones"), ("e", "emails"), ("d", "domains")):
        for one in known[name] or ():
            yield f"{sign}:{one}"
    yield from _keys_of_person(known) if person else _keys_of_company(known)
    if known["street"] and known["number"]:
        first = "" if not person else (known["last"] or known["name"] or "")[:3]
        yield f"s:{known['street'][:6]}|{known['number']}|{known['postal_code'] or known['town']}|{first}"


def _keys_of_person(known: dict[str, Any]) -> Iterator[str]:
    name, birth, place = known["name"] or "", known["birth"], known["town"] or known["province"]
    words = name.split()
    if birth:
        yield f"b:{birth}"
        for word in words:
            yield f"y:{birth[:4]}|{word[:4]}"
    if not words:
        return
    for where in filter(None, (place, known["postal_code"], *(known["employers"] or ()))):
        yield f"n:{name}|{where}"
        for word in words:
            yield f"w:{word[:5]}|{where}"
    yield f"n:{name}"
    if known["number"]:
        for word in words:
            yield f"h:{word[:4]}|{known['number']}|{known['postal_code']}"


def _keys_of_company(known: dict[str, Any]) -> Iterator[str]:
    core = (known["core"] or "").split()
    if not core:
        return
    joined = "".join(sorted(core))
    yield f"n:{joined}"
    yield f"n:{(known['name'] or '').replace(' ', '')}"
    longest = sorted(core, key=len, reverse=True)[:3]
    for where in filter(None, (known["town"], known["postal_code"], known["province"])):
        yield f"n:{joined[:8]}|{where}"
        for word in longest:
            yield f"w:{word[:5]}|{where}"
            if len(word) > 6:
                yield f"w:{word[-5:]}|{where}"
    for one, two in pairwise(longest):
        yield f"t:{'|'.join(sorted((one, two)))}"
