"""From the heads of a table to what its columns mean: whether its rows are about persons or about companies, and who is a contact."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapporto.domain.parties.contacts.columns import IGNORED, MORE, Column, column_of
from rapporto.kernel.text import fold
from rapporto.store.imports.shapes import CODE

NAMES = frozenset(("first_name", "last_name", "name", "company"))
_CODES = (
    "Codice", "Cod", "Cod.", "Codice cliente", "Cod. cliente", "Codice anagrafica", "Codice ERP", "Codice gestionale",
    "Cd_CF", "Codice conto", "Conto", "Codice cliente/fornitore", "ID", "ID cliente", "Id record", "Record ID",
    "Customer ID", "Customer code", "Account ID", "Contact ID", "Code", "Codice esterno", "External code",
    "UID", "Matricola cliente", "Numero cliente", "N. cliente",
)  # fmt: skip
_OF_COMPANIES = (
    "Ragione sociale", "Ragione sociale 1", "Rag. soc.", "Rag. sociale", "Denominazione", "Denominazione sociale",
    "Ditta", "Cliente", "Nome cliente", "Partita IVA", "P. IVA", "P.IVA", "PIVA", "PartitaIva", "Part. IVA", "Cd_CF",
    "Codice cliente", "Codice destinatario", "Referente", "Referente 1", "Intestazione", "Fatturato", "Company Name",
    "Account Name", "Nome azienda", "Nome ditta",
)  # fmt: skip
CODES = frozenset(map(fold, _CODES))
OF_COMPANIES = frozenset(map(fold, _OF_COMPANIES))
_CONTACT = re.compile(
    r"\b(?:referente|contatto|persona di riferimento|persona da contattare|contact person|contact|reference)\b"
    r"\s*(?:n\.?\s*)?(\d?)"
)
_NUMBER = re.compile(r"(?:^|\s)(\d)(?:\s|$)")
_OF_CONTACTS = {
    "": ("name", ""), "nome": ("first_name", ""), "name": ("name", ""), "first name": ("first_name", ""),
    "nome e cognome": ("name", ""), "cognome e nome": ("name", ""), "nominativo": ("name", ""), "cognome nome": ("name", ""),
    "cognome": ("last_name", ""), "last name": ("last_name", ""), "titolo": ("honorific", ""), "sig.": ("honorific", ""),
    "email": ("email", "work"), "mail": ("email", "work"), "e-mail": ("email", "work"), "indirizzo e-mail": ("email", "work"),
    "posta elettronica": ("email", "work"),
    "tel": ("phone", "work"), "tel.": ("phone", "work"), "telefono": ("phone", "work"), "phone": ("phone", "work"),
    "tel. diretto": ("phone", "work"), "telefono diretto": ("phone", "work"), "interno": ("phone", "work"),
    "cell": ("phone", "work_mobile"), "cell.": ("phone", "work_mobile"), "cellulare": ("phone", "work_mobile"),
    "mobile": ("phone", "work_mobile"), "telefono cellulare": ("phone", "work_mobile"),
    "ruolo": ("job_title", ""), "qualifica": ("job_title", ""), "funzione": ("job_title", ""), "mansione": ("job_title", ""),
    "posizione": ("job_title", ""), "role": ("job_title", ""), "job title": ("job_title", ""),
    "reparto": ("department", ""), "ufficio": ("department", ""), "department": ("department", ""), "area": ("department", ""),
    "note": ("notes", ""), "notes": ("notes", ""), "fax": ("fax", "work"),
}  # fmt: skip
_SMALL = re.compile(r"\b(?:del|della|di|dei|of|the)\b|[()\-_:/]")
_ARCA = {"descrizione": "company", "url": "web", "id_cf": IGNORED, "id_cfcontatto": IGNORED}


def columns_of(heads: Sequence[str]) -> tuple[Column, ...]:
    """What the columns under these heads mean."""
    folded = [fold(head) for head in heads]
    companies = bool(OF_COMPANIES.intersection(folded))
    found = [_one(head, key, companies=companies) for head, key in zip(heads, folded, strict=True)]
    if companies:
        found = [_of_company(one) for one in _with_company(found)]
    return tuple(_numbered(found))


def _one(head: str, key: str, *, companies: bool) -> Column:
    if key in CODES:
        return Column(head, CODE)
    if companies and key in _ARCA:
        holds = _ARCA[key]
        return Column(head, holds, "work" if holds == "web" else "")
    if (contact := _contact(head, key)) is not None:
        return contact
    return column_of(head)


def _contact(head: str, key: str) -> Column | None:
    """«Referente 2 - e-mail», «Cellulare referente»: what is told of a contact person."""
    match = _CONTACT.search(key)
    if match is None:
        return None
    rest = key[: match.start()] + " " + key[match.end() :]
    number = match[1]
    if not number and (further := _NUMBER.search(rest)):
        number, rest = further[1], rest[: further.start()] + " " + rest[further.end() :]
    words = " ".join(_SMALL.sub(" ", rest.replace("e-mail", "email")).split())
    if words not in _OF_CONTACTS:
        return None
    holds, use = _OF_CONTACTS[words]
    return Column(head, holds, use, person=int(number or 1))


def _with_company(columns: list[Column]) -> list[Column]:
    """Where no column is called the company, «Nome» is: unless there is a surname beside it."""
    held = {one.holds for one in columns if not one.person}
    if "company" in held or "last_name" in held:
        return columns
    named = next((at for at, one in enumerate(columns) if one.holds in ("first_name", "name") and not one.person), None)
    return [replace(one, holds="company") if at == named else one for at, one in enumerate(columns)]


def _of_company(column: Column) -> Column:
    """In a table of companies what is told of nobody else is the company's."""
    if column.person:
        return column
    if (column.holds, column.use) in (("phone", "main"), ("phone", "work"), ("phone", "other"), ("email", "")):
        return replace(column, use="switchboard")
    if (column.holds, column.use) == ("phone", "mobile"):
        return replace(column, use="house_mobile")
    if (column.holds, column.use) == ("web", "home"):
        return replace(column, use="work")
    return column


def _numbered(columns: list[Column]) -> list[Column]:
    """A single value is told by one column alone; a second one goes into the notes."""
    seen: set[tuple[str, int]] = set()
    found = []
    for one in columns:
        single = one.holds not in ("phone", "fax", "email", "pec", "web", "place", "label", "notes", MORE, IGNORED)
        if single and (one.holds, one.person) in seen:
            one = Column(one.head, MORE)
        seen.add((one.holds, one.person))
        found.append(one)
    return found


def italian(heads: Sequence[str]) -> bool:
    """Whether the heads are Italian: then days come before months."""
    return bool(
        {fold(head) for head in heads} & {"nome", "cognome", "societa", "cellulare", "ragione sociale", "indirizzo"}
    )


__all__ = ["NAMES", "columns_of", "italian"]
