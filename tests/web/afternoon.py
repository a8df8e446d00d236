"""A dirty workbook of an ERP, as a company has it after ten years, and what is known to be wrong in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from stdnum import luhn

HEADS = (
    "Codice cliente", "Ragione sociale", "Partita IVA", "Indirizzo", "CAP", "Città", "Prov.", "Telefono", "Telefono", "E-mail",
    "Referente", "Ruolo referente", "E-mail referente", "Referente 2", "Note",
)  # fmt: skip
PLACES = (
    ("37135", "Verona", "VR"), ("36100", "Vicenza", "VI"), ("35128", "Padova", "PD"), ("25124", "Brescia", "BS"),
    ("38121", "Trento", "TN"), ("31100", "Treviso", "TV"), ("46100", "Mantova", "MN"),
)  # fmt: skip
TRADES = (
    "Meccanica",
    "Torneria",
    "Carpenteria",
    "Officine",
    "Trasporti",
    "Imballaggi",
    "Fonderia",
    "Elettrica",
    "Vetreria",
)
STEMS = ("Adige", "Brenta", "Casale", "Dolomia", "Euganea", "Fiorese", "Garda", "Isarco", "Lessinia", "Mincio", "Piave")
ENDS = ("ara", "elli", "ini", "otto", "ussi", "engo", "ate", "isio", "orna", "umo", "avia", "ezza", "olo")
FORMS = (("S.r.l.", "SRL"), ("S.p.A.", "spa"), ("S.n.c.", "S.N.C."), ("S.a.s.", "sas"))
FIRST = ("Mario", "Lucia", "Ugo", "Chiara", "Paolo", "Elena", "Dario", "Sara", "Nicolò", "Giulia")
LAST = (
    "Rossi",
    "Bianchi",
    "Zanella",
    "Perini",
    "Dal Prà",
    "Menegazzi",
    "Furlan",
    "D’Agostino",
    "Tessari",
    "Corrà",
    "Bonetti",
)
WRONG_VAT, WRONG_CAP, WRONG_PHONE, TWICE, BLANK = 41, 67, 73, 50, 997
"""One row of so many."""
PRINTED = 900
"""Rows under one line of heads."""


@dataclass
class Told:
    """What the workbook holds."""

    counts: Counter[str] = field(default_factory=Counter)
    twice: dict[str, str] = field(default_factory=dict)
    """The codes of companies that stand there twice, by the code of the second one."""


def vat_number(number: int) -> str:
    """A VAT number whose last figure is right."""
    body = f"{number + 1_000:07d}023"
    return body + str(luhn.calc_check_digit(body))


def company(at: int) -> str:
    """The name of a company without its legal form; no two are called alike."""
    stem, rest = STEMS[at % len(STEMS)], at // len(STEMS)
    word = stem[: 3 + rest % 3] + ENDS[rest % len(ENDS)] + ENDS[rest // len(ENDS) % len(ENDS)]
    return f"{TRADES[rest // 169 % len(TRADES)]} {word.capitalize()}{'' if rest < 1521 else f' {rest // 1521}'}"


def person(at: int) -> str:
    """Somebody's name; several are called alike, at different companies."""
    return f"{FIRST[at % len(FIRST)]} {LAST[at // len(FIRST) % len(LAST)]}"


def rows(number: int, told: Told) -> Iterator[list[Any]]:
    """The rows under the heads."""
    for at in range(number):
        if at % BLANK == BLANK - 1:
            told.counts["refused"] += 1
            yield [f"X{at:06}", *[""] * (len(HEADS) - 1)]
        elif at % TWICE == TWICE - 1:
            yield _again(at, told)
        else:
            yield _company(at, told)


def _company(at: int, told: Told) -> list[Any]:
    code, place, form = f"C{at:06}", PLACES[at % len(PLACES)], FORMS[at % len(FORMS)][0]
    wrong = [
        name
        for name, every in (("vat_number", WRONG_VAT), ("postal_code", WRONG_CAP), ("phone", WRONG_PHONE))
        if at % every == 3
    ]
    told.counts.update(wrong)
    told.counts["organisation"] += 1
    phone = "chiedere in ufficio" if "phone" in wrong else f"045 {7_000_000 + at}"
    second = f"347 {1_000_000 + at} / 0444 {300_000 + at}" if at % 5 == 0 else ""
    vat = str(at) if "vat_number" in wrong else vat_number(at)
    cap = "3713" if "postal_code" in wrong else place[0]
    mail = f"info@{company(at).replace(' ', '').lower()}.example"
    contact = person(at) if at % 3 else ""
    other = person(at + 7) if at % 11 == 1 else ""
    told.counts["person"] += bool(contact) + bool(other)
    its_mail = f"p{at}@{company(at).replace(' ', '').lower()}.example" if contact else ""
    return [
        code, f"{company(at)} {form}", vat, f"Via dell’Industria {at % 200 + 1}", cap, *place[1:], phone, second, mail,
        contact, "Acquisti" if contact else "", its_mail, other, "vecchio cliente" if at % 9 == 0 else "",
    ]  # fmt: skip


def _again(at: int, told: Told) -> list[Any]:
    """A company that stands above, typed once more by somebody in a hurry, under a code of its own."""
    first = at - 10
    told.counts["organisation"] += 1
    told.twice[f"C{at:06}"] = f"C{first:06}"
    row = _company(first, its := Told())
    told.counts.update({name: its.counts[name] for name in ("vat_number", "postal_code", "phone")})
    name = f"{company(first).upper()} {FORMS[first % len(FORMS)][1]}"
    return [
        f"C{at:06}", name, row[2], row[3].replace("Via", "V."), row[4], row[5].upper(), row[6], row[7], "", row[9], *[""] * 5
    ]  # fmt: skip


def workbook(path: Path, number: int) -> Told:
    """Write the workbook: a title, a day and an empty line stand above its heads, which come again on every sheet of paper."""
    told = Told()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("Anagrafica")
    page.write(0, 0, "Anagrafica clienti")
    page.write(1, 0, "stampata il 26/11/2026")
    line = 3
    for at, row in enumerate(rows(number, told)):
        if at % PRINTED == 0:
            page.write_row(line, 0, HEADS)
            line += 1
        page.write_row(line, 0, row)
        line += 1
    book.close()
    return told
