"""How letters and mails address people and companies in Italian: the lines of the address and the opening."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

MAN = "m"
WOMAN = "f"

TITLES: Mapping[str, tuple[str, str, int]] = {
    # the form for a man, for a woman, and the rank: only the highest title is written
    "sig": ("Sig.", "Sig.ra", 0),
    "geom": ("Geom.", "Geom.", 1),
    "rag": ("Rag.", "Rag.", 1),
    "per_ind": ("Per. Ind.", "Per. Ind.", 1),
    "dott": ("Dott.", "Dott.ssa", 2),
    "arch": ("Arch.", "Arch.", 3),
    "avv": ("Avv.", "Avv.", 3),
    "ing": ("Ing.", "Ing.", 3),
    "not": ("Not.", "Not.", 3),
    "prof": ("Prof.", "Prof.ssa", 4),
    "on": ("On.", "On.", 5),
    "cav": ("Cav.", "Cav.", 2),
}

_ALSO_WRITTEN = {
    "signor": "sig", "signora": "sig", "sigra": "sig", "dottore": "dott", "dottoressa": "dott", "dr": "dott", "drssa": "dott",
    "dottssa": "dott", "ingegnere": "ing", "avvocato": "avv", "avvocata": "avv", "architetto": "arch", "geometra": "geom",
    "ragioniere": "rag", "ragioniera": "rag", "professore": "prof", "professoressa": "prof", "profssa": "prof", "notaio": "not",
    "onorevole": "on", "cavaliere": "cav", "perito": "per_ind", "per ind": "per_ind",
}  # fmt: skip
_FEMININE = frozenset(
    ("signora", "sigra", "dottoressa", "dottssa", "drssa", "avvocata", "ragioniera", "professoressa", "profssa")
)


@dataclass(frozen=True)
class Salutation:
    """The line above the address («Egr. Sig. Mario Rossi») and how the letter opens («Egregio Sig. Rossi,»)."""

    address_line: str
    opening: str


def read_titles(typed: str) -> tuple[str, str]:
    """The highest title in a text such as «Prof. Ing.», and the gender it tells: («prof», ''); ('', '') when none is known."""
    words = [word for word in typed.casefold().replace(".", " ").replace("ssa", "ssa ").split() if word]
    joined = [typed.casefold().replace(".", "").strip(), *(_joined(words))]
    found = [code for word in joined if (code := word if word in TITLES else _ALSO_WRITTEN.get(word, ""))]
    gender = WOMAN if _FEMININE.intersection(joined) else ""
    return (max(found, key=lambda code: TITLES[code][2]) if found else "", gender)


def _joined(words: list[str]) -> list[str]:
    """The words, and each with the one after it: «dott ssa» is «dottssa»."""
    return [*words, *(first + second for first, second in pairwise(words))]


def title_of(code: str, gender: str) -> str:
    """The title as it is written for a man or a woman; the man's form when the gender is not known."""
    man, woman, _ = TITLES[code]
    return woman if gender == WOMAN else man


def for_company(name: str, attention: str = "") -> Salutation:
    """To a company: «Spett.le Ditta Casale», with «c.a.» for the person meant."""
    line = f"Spett.le {name}" + (f"\nc.a. {attention}" if attention else "")
    return Salutation(line, "Spett.le Ditta,")


def for_person(
    first_name: str, last_name: str, *, title: str = "", gender: str = "", formal: bool = True
) -> Salutation:
    """To a person, name before surname. `title` is a code of TITLES; without gender, or if not `formal`, the neutral «Gentile»."""
    name = " ".join(part for part in (first_name, last_name) if part)
    called = title_of(title, gender) if title and (gender or TITLES[title][0] == TITLES[title][1]) else ""
    if not gender or not formal:
        return Salutation(_line("Gentile", called, name), _line("Gentile", called, last_name if called else name) + ",")
    called = called or title_of("sig", gender)
    brief, full = ("Gent.ma", "Gentile") if gender == WOMAN else ("Egr.", "Egregio")
    return Salutation(_line(brief, called, name), _line(full, called, last_name or first_name) + ",")


def _line(*parts: str) -> str:
    return " ".join(part for part in parts if part)
