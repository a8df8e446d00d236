"""Gives what cards and address books say the names of columns, the same ones for every format, so that they are mapped like any table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapporto.kernel.text import fold
from rapporto.store.transfer.card_properties import Card, Property

MOST_ALIKE = 9
"""So many of one kind have columns of their own; what is beyond goes with the rest."""
REST = "Altro"
_SINGLE = (
    "Codice esterno", "Titolo", "Nome", "Secondo nome", "Cognome", "Suffisso", "Nome visualizzato", "Soprannome", "Azienda", "Reparto",
    "Funzione", "Ruolo",
)  # fmt: skip
_PHONES = (
    "Telefono ufficio", "Telefono principale", "Telefono cellulare", "Telefono casa", "Telefono", "Fax", "Fax (ab.)", "Cercapersone",
)  # fmt: skip
PLACES = {
    "work": ("Via (uff.)", "Città (uff.)", "Provincia (uff.)", "CAP (uff.)", "Paese (uff.)"),
    "home": ("Via (ab.)", "Città (ab.)", "Provincia (ab.)", "CAP (ab.)", "Paese (ab.)"),
    "other": ("Altra via", "Altra città", "Altra provincia", "Altro CAP", "Altro paese"),
}
"""The pieces of an address in the order in which cards write them, in the words of Outlook; a second address of a kind is another one."""
_MORE = ("Sito web", "Data di nascita", "Anniversario", "Sesso", "Categorie", "Messaggistica", "Note", REST)


def _numbered(name: str) -> list[str]:
    return [name if at == 1 else f"{name} {at}" for at in range(1, MOST_ALIKE + 1)]


COLUMNS: tuple[str, ...] = (
    *_SINGLE, *(one for name in (*_PHONES, "E-mail", "PEC") for one in _numbered(name)),
    *(one for place in PLACES.values() for one in place),
    *(one for name in _MORE for one in (_numbered(name) if name == "Sito web" else (name,))),
)  # fmt: skip
"""Every column there can be, in the order in which they are shown."""

_WORDS = {
    "work": "work", "lavoro": "work", "ufficio": "work", "business": "work", "azienda": "work", "home": "home", "casa": "home",
    "abitazione": "home", "personale": "home", "cell": "cell", "mobile": "cell", "cellulare": "cell", "iphone": "cell", "main": "main",
    "principale": "main", "fax": "fax", "homefax": "home fax", "workfax": "fax", "fax ufficio": "fax", "fax lavoro": "fax",
    "fax casa": "home fax", "pager": "pager", "cercapersone": "pager", "pec": "pec", "other": "", "altro": "", "voice": "", "internet": "",
    "pref": "", "homepage": "", "home page": "home",
}  # fmt: skip
"""What types and labels mean; other labels are the owner's own words."""
_LEFT_OUT = frozenset((
    "VERSION", "PRODID", "REV", "MAILER", "TZ", "GEO", "CLASS", "SORT-STRING", "NAME", "PROFILE", "SOURCE", "KIND", "MEMBER", "AGENT",
    "CLIENTPIDMAP", "LABEL", "LANG", "XML", "X-ABADR", "X-ABSHOWAS", "X-ABUID", "X-PHONETIC-FIRST-NAME", "X-PHONETIC-LAST-NAME",
    "X-PHONETIC-ORG", "X-ADDRESSBOOKSERVER-KIND", "X-ADDRESSBOOKSERVER-MEMBER", "X-MS-OL-DESIGN", "X-MS-OL-DEFAULT-POSTAL-ADDRESS",
    "X-MS-TEXT", "X-IMAGETYPE", "X-IMAGEHASH", "X-SHARED-PHOTO-DISPLAY-PREF", "PHOTO", "LOGO", "SOUND", "KEY", "CALURI", "FBURL",
    "CALADRURI",
))  # fmt: skip


@dataclass
class Filled:
    """The values of one card by column."""

    values: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def put(self, column: str, text: str) -> None:
        """One value; what is there already is added to."""
        if text:
            known = self.values.get(column)
            self.values[column] = text if known in (None, text) else f"{known}\n{text}"

    def put_next(self, column: str, text: str) -> None:
        """One of several values; equal ones once."""
        if not text:
            return
        for name in _numbered(column):
            if self.values.get(name, text) == text:
                self.values[name] = text
                return
        self.rest.append(f"{column}: {text}")

    def row(self, columns: Sequence[str]) -> list[str]:
        """The values under these columns; what has none goes with the rest."""
        beside = [f"{name}: {text}" for name, text in self.values.items() if name not in columns]
        rest = "\n".join((*beside, *self.rest))
        return [rest if name == REST else self.values.get(name, "") for name in columns]


def filled(card: Card) -> Filled:
    """What a card says, by column."""
    found = Filled()
    preferred = sorted(card.properties, key=lambda one: "pref" not in one.types)
    for one in preferred:
        _take(found, one)
    return found


def is_group(card: Card) -> bool:
    """Whether a card is a list of others and nobody's."""
    kinds = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
    return any(one.name in kinds and one.value.lower() == "group" for one in card.properties)


def _take(found: Filled, one: Property) -> None:
    name = one.name
    if name in _TEXTS:
        found.put(_TEXTS[name], one.value)
    elif name in _PIECED:
        for column, text in zip(_PIECED[name], one.pieces(), strict=False):
            found.put(column, text.replace("\n", " "))
    elif name in _TAKING:
        _TAKING[name](found, one)
    elif name not in _LEFT_OUT and one.value:
        called = one.label or _called(name)
        found.rest.append(f"{called}: {', '.join(filter(None, one.pieces()))}")


_TEXTS = {
    "UID": "Codice esterno", "FN": "Nome visualizzato", "NICKNAME": "Soprannome", "TITLE": "Funzione", "ROLE": "Ruolo", "GENDER": "Sesso",
    "X-GENDER": "Sesso", "NOTE": "Note",
}  # fmt: skip
_PIECED = {"N": ("Cognome", "Nome", "Secondo nome", "Titolo", "Suffisso")}


def _called(name: str) -> str:
    return name.removeprefix("X-").replace("-", " ").capitalize()


def _uses(one: Property) -> tuple[set[str], str]:
    """What types and label say of a number or address, and the label if it is in the owner's own words."""
    words = {_WORDS.get(word, "") for word in one.types}
    label = fold(one.label)
    if label and label not in _WORDS:
        return words, one.label
    return words | set(_WORDS.get(label, "").split()), ""


def _phone(found: Filled, one: Property) -> None:
    uses, label = _uses(one)
    if "fax" in uses:
        column = "Fax (ab.)" if "home" in uses and "work" not in uses else "Fax"
    elif "pager" in uses:
        column = "Cercapersone"
    elif "cell" in uses:
        column = "Telefono cellulare"
    elif "main" in uses:
        column = "Telefono principale"
    else:
        column = "Telefono ufficio" if "work" in uses else "Telefono casa" if "home" in uses else "Telefono"
    number = one.value.removeprefix("tel:").replace(";ext=", " int. ")
    found.put_next(column, number)
    if label and number:
        found.rest.append(f"{label}: {number}")


def _company(found: Filled, one: Property) -> None:
    company, *units = one.pieces()
    found.put("Azienda", company)
    found.put("Reparto", " – ".join(filter(None, units)))


def _mail(found: Filled, one: Property) -> None:
    uses, label = _uses(one)
    address = one.value.removeprefix("mailto:")
    found.put_next("PEC" if "pec" in uses or re.search(r"\bpec\b", fold(label)) else "E-mail", address)


def _place(found: Filled, one: Property) -> None:
    uses, _ = _uses(one)
    pieces = [text.replace("\n", ", ") for text in one.pieces()]
    box, more, street, *rest = (*pieces, "", "", "")[: max(3, len(pieces))]
    said = [", ".join(filter(None, (street, more, box))), *rest[:4]]
    if not any(said):
        return
    kind = "home" if "home" in uses and "work" not in uses else "work"
    for columns in (PLACES[kind], PLACES["other"]):
        if not any(column in found.values for column in columns):
            for column, text in zip(columns, said, strict=False):
                found.put(column, text)
            return
    found.rest.append(f"{PLACES['other'][0]}: {', '.join(filter(None, said))}")


_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")


def _day(column: str, found: Filled, one: Property) -> None:
    day = _DAY.fullmatch(one.value)
    if day and day[1] in ("1604", "0001"):  # how telephones write a day without a year
        found.rest.append(f"{column}: {day[3]}/{day[2]}")
    elif one.value:
        found.put(column, f"{day[1]}-{day[2]}-{day[3]}" if day else one.value)


_TAKING = {
    "ORG": _company,
    "TEL": _phone,
    "EMAIL": _mail,
    "ADR": _place,
    "URL": lambda found, one: found.put_next("Sito web", one.value),
    "BDAY": lambda found, one: _day("Data di nascita", found, one),
    "ANNIVERSARY": lambda found, one: _day("Anniversario", found, one),
    "X-ANNIVERSARY": lambda found, one: _day("Anniversario", found, one),
    "X-EVOLUTION-ANNIVERSARY": lambda found, one: _day("Anniversario", found, one),
    "CATEGORIES": lambda found, one: found.put("Categorie", ", ".join(filter(None, one.pieces(",")))),
    "IMPP": lambda found, one: found.put("Messaggistica", one.value),
    "X-SKYPE": lambda found, one: found.put("Messaggistica", f"skype:{one.value}"),
}


def columns_in(cards: Iterable[Mapping[str, str]], *, rest: bool) -> tuple[str, ...]:
    """Those of the columns that have a value somewhere; the one for the rest if there is any."""
    used = {name for card in cards for name, text in card.items() if text}
    return tuple(name for name in COLUMNS if name in used or (rest and name == REST))
