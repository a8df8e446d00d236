"""What an Italian office really sends: a small file of every program, what is found in it and what its columns mean.

`means` names the slots of the import of parties; columns that are not named there go into the notes or nowhere.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from tests.transfer.cards import ANDROID, APPLE, OUTLOOK
from tests.transfer.making import lines
from tests.transfer.office_heads import GOOGLE, GOOGLE_OLD, OUTLOOK_EN, OUTLOOK_IT, OUTLOOK_WEB


@dataclass(frozen=True)
class Office:
    """A file of a program, and what is to be found in it."""

    file: str
    data: Callable[[], bytes]
    means: Mapping[str, str]
    """By head: which slot the column is for."""
    rows: int
    kind: str = "csv"
    encoding: str = ""
    separator: str = ""
    header_row: int = 1
    said: Sequence[str] = field(default=())
    """Words of what is noticed."""
    first: Mapping[str, str] = field(default_factory=dict)
    """Some values of the first row."""


def _table(
    heads: Sequence[str], rows: Iterable[Mapping[str, str]], separator: str = ",", *, quoted: bool = True
) -> str:
    file = io.StringIO(newline="")
    out = csv.DictWriter(file, heads, "", delimiter=separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    out.writeheader()
    out.writerows(rows)
    return file.getvalue()


_ARCA = (
    "Cd_CF", "Descrizione", "Indirizzo", "Localita", "Cap", "Cd_Provincia", "Cd_Nazione", "PartitaIva", "CodiceFiscale", "CodiceFPR",
    "TipoDitta", "Cliente", "Fornitore", "Cd_Agente_1", "Cd_PG", "Fido", "Obsoleto", "TimeUpd", "Note_CF",
)  # fmt: skip
_ARCA_ROWS = (
    ("C000017", "MECCANICA CASALE S.R.L.", "VIA DELL'INDUSTRIA, 12", "VERONA", "37135", "VR", "IT", "00743110157", "00743110157",
     "M5UXCR1", "G", "-1", "0", "AG01", "RB60", "25000,00", "0", "26/11/2026 09:30:00", "SOCIETÀ STORICA"),
    ("C000018", "FORLÌ NICOLÒ", "P.ZZA BRÀ, 3", "VERONA", "37121", "VR", "IT", "", "FRLNCL70C15L781X", "forli@pec.example", "F", "-1", "0",
     "", "RD", "0,00", "0", "25/11/2026 00:00:00", ""),
    ("F000003", "ACCIAI ADIGE S.P.A.", "VIA ROMA 1", "ROMA", "00187", "RM", "IT", "12345678901", "12345678901", "0000000", "G", "0", "-1",
     "", "BO30", "0,00", "-1", "01/02/2024 00:00:00", "NON RIFORNIRE"),
)  # fmt: skip


def _teamsystem() -> bytes:
    heads = (
        "Codice", "Ragione sociale 1", "Ragione sociale 2", "Indirizzo", "C.A.P.", "Località", "Prov.", "Partita IVA", "Codice fiscale",
        "Telefono", "Fax", "E-mail", "PEC", "Codice destinatario", "Saldo",
    )  # fmt: skip
    rows = (
        ("1", "Meccanica Casale S.r.l.", "in liquidazione", "Via dell’Industria 12", "37135", "Verona", "VR", "00743110157", "00743110157",
         "045/7901234 - 045/7901235", "045/7901236", "info@casale.example", "casale@pec.example", "M5UXCR1", "1.234,50"),
        ("2", "Officine Adige S.p.A.", "", "Via Roma 1", "00187", "Roma", "RM", "12345678901", "", "06 123456 int. 12", "", "", "",
         "0000000", "-12,00"),
    )  # fmt: skip
    begin = "Elenco clienti;;;;;;;;;;;;;;\r\nData di stampa: 26/11/2026;;;;;;;;;;;;;;\r\n;;;;;;;;;;;;;;\r\n"
    return (begin + lines(heads, *rows) + "Totale generale;;;;;;;;;;;;;;1.222,50\r\n").encode("cp1252")


def _excel_of_anna() -> bytes:
    book = Workbook()
    page = book.active
    page.title = "Clienti"
    for row in (
        ("CLIENTI E CONTATTI – agg. novembre", None, None, None, None, None, None, None),
        ("Codice", "Ragione sociale", "Sede", None, "Referente 1", None, "Referente 2", None),
        (None, None, "CAP", "Città", "Nome e cognome", "Telefono", "Nome e cognome", "Telefono"),
        ("A-1", "Meccanica Casale", "37135", "Verona", "Anna Bianchi", "045 7901234 / 333 1234567", "Bruno Neri (acquisti)", "045 7901235"),
        ("A-2", "Officine Adige", "00187", "Roma", "sig.ra Zoë", 3337654321, None, None),
        (None, None, None, None, "Carla (magazzino)", "06 123456", None, None),
    ):  # fmt: skip
        page.append(row)
    for merged in ("A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:H2", "A5:A6", "B5:B6"):
        page.merge_cells(merged)
    book.create_sheet("Note").append(("da pulire",))
    return _saved(book)


def _danea() -> bytes:
    book = Workbook()
    page = book.active
    page.append((
        "Cod.", "Denominazione", "Indirizzo", "Cap", "Città", "Prov.", "Nazione", "Referente", "Tel.", "Cell", "Fax", "e-mail", "Pec",
        "Codice fiscale", "Partita Iva", "Cod. destinatario Fatt. elettr.", "Note",
    ))  # fmt: skip
    page.append((
        "0017", "Meccanica Casale S.r.l.", "Via dell’Industria 12", "37135", "Verona", "VR", "Italia", "Anna Bianchi", "045 7901234",
        "333 1234567", None, "info@casale.example", "casale@pec.example", "00743110157", "00743110157", "M5UXCR1", "prima\nseconda",
    ))  # fmt: skip
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_OUTLOOK_IT = {
    "Titolo": "Dott.", "Nome": "Nicolò", "Cognome": "Forlì", "Società": "Meccanica Casale S.r.l.", "Reparto": "Acquisti",
    "Posizione": "Responsabile", "Via (uff.)": "Via dell’Industria 12", "Città (uff.)": "Verona", "Provincia (uff.)": "VR",
    "CAP (uff.)": "37135", "Paese/area geografica (uff.)": "Italia", "Ufficio": "+39 045 790 1234", "Cellulare": "333 1234567",
    "Fax (uff.)": "045 7901236", "Abitazione": "045 8001122", "Compleanno": "15/03/1970", "Notes": "prima riga\r\nseconda; \"terza\"",
    "Indirizzo posta elettronica": "n.forli@casale.example", "Tipo posta elettronica": "SMTP", "Priorità": "Normale", "Privato": "Falso",
    "Pagina Web": "www.casale.example", "Anniversario": "0/0/00", "Riservatezza": "Normale", "Sesso": "Non specificato",
}  # fmt: skip
_OUTLOOK_IT_MEANS = {
    "Titolo": "honorific", "Nome": "first_name", "Secondo nome": "middle_name", "Cognome": "last_name", "Società": "company",
    "Reparto": "department", "Posizione": "job_title", "Via (uff.)": "place.work.street", "Città (uff.)": "place.work.city",
    "Provincia (uff.)": "place.work.state", "CAP (uff.)": "place.work.postal_code", "Ufficio": "phone.work", "Cellulare": "phone.mobile",
    "Abitazione": "phone.home", "Fax (uff.)": "fax.work", "Compleanno": "birth_date", "Indirizzo posta elettronica": "email",
    "Pagina Web": "web.work", "Via (ab.)": "place.home.street", "Notes": "notes",
}  # fmt: skip
_OUTLOOK_EN = {
    "Title": "Dr.", "First Name": "Nicolò", "Last Name": "Forlì", "Company": "Meccanica Casale S.r.l.", "Job Title": "Buyer",
    "Business Street": "Via dell’Industria 12", "Business City": "Verona", "Business State": "VR", "Business Postal Code": "37135",
    "Business Phone": "+39 045 790 1234", "Mobile Phone": "333 1234567", "Birthday": "3/15/1970",
    "E-mail Address": "n.forli@casale.example",
    "Anniversary": "0/0/00", "Gender": "Unspecified", "Priority": "Normal", "Private": "False", "Notes": "a\r\nb",
}  # fmt: skip
_OUTLOOK_EN_MEANS = {
    "Title": "honorific", "First Name": "first_name", "Last Name": "last_name", "Company": "company", "Job Title": "job_title",
    "Business Street": "place.work.street", "Business City": "place.work.city", "Business State": "place.work.state",
    "Business Postal Code": "place.work.postal_code", "Business Phone": "phone.work", "Mobile Phone": "phone.mobile",
    "E-mail Address": "email", "Birthday": "birth_date", "Notes": "notes",
}  # fmt: skip
_GOOGLE = {
    "First Name": "Nicolò", "Last Name": "Forlì", "Organization Name": "Meccanica Casale", "Organization Title": "Responsabile",
    "E-mail 1 - Label": "* Lavoro", "E-mail 1 - Value": "n.forli@casale.example ::: forli@example.it", "Phone 1 - Label": "Cellulare",
    "Phone 1 - Value": "+39 333 1234567", "Address 1 - Label": "Lavoro", "Address 1 - Street": "Via dell’Industria 12",
    "Address 1 - Formatted": "Via dell’Industria 12\n37135 Verona VR", "Address 1 - City": "Verona", "Labels": "* myContacts",
}  # fmt: skip
_THUNDERBIRD_IT = [
    "Nome",
    "Cognome",
    "Nome visualizzato",
    "Soprannome",
    "Email primaria",
    "Email secondaria",
    "Nome visualizzato screen",
    "Telefono lavoro",
    "Telefono casa",
    "Numero fax",
    "Numero cercapersone",
    "Numero cellulare",
    "Indirizzo di casa",
    "Città di residenza",
    "Provincia di residenza",
    "CAP di residenza",
    "Nazione di residenza",
    "Indirizzo di lavoro",
    "Città di lavoro",
    "Provincia di lavoro",
    "CAP di lavoro",
    "Nazione di lavoro",
    "Qualifica",
    "Reparto",
    "Organizzazione",
    "Pagina web 1",
    "Pagina web 2",
    "Anno di nascita",
    "Mese di nascita",
    "Giorno di nascita",
    "Personalizzato 1",
    "Note",
]
_THUNDERBIRD = {
    "Nome": "Nicolò", "Cognome": "Forlì", "Nome visualizzato": "Nicolò Forlì", "Email primaria": "n.forli@casale.example",
    "Telefono lavoro": "045 7901234", "Numero cellulare": "333 1234567", "Indirizzo di lavoro": "Via dell’Industria 12",
    "Organizzazione": "Meccanica Casale", "Anno di nascita": "1970", "Mese di nascita": "3", "Giorno di nascita": "15",
}  # fmt: skip
_LINKEDIN = (
    'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see email '
    "addresses for connections who have allowed their connections to see or download their email address using this setting "
    'https://www.linkedin.example/psettings/privacy/email. You can learn more here https://www.linkedin.example/help/linkedin/answer/261"\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    'Nicolò,Forlì,https://www.linkedin.example/in/nforli,,"Meccanica Casale S.r.l.",Responsabile acquisti,26 Nov 2026\n'
    'Zoë,"Rossi, PhD",https://www.linkedin.example/in/zoe,zoe@adige.example,Officine Adige,"CEO, founder",02 Jan 2024\n'
)
_LDIF = (
    "dn:: Y249Tmljb2zDsiBGb3Jsw6wsbWFpbD1uLmZvcmxpQGNhc2FsZS5leGFtcGxl\nobjectclass: top\nobjectclass: person\n"
    "objectclass: mozillaAbPersonAlpha\ngivenName:: Tmljb2zDsg==\nsn:: Rm9ybMOs\ncn:: Tmljb2zDsiBGb3Jsw6w=\nmail: n.forli@casale.example\n"
    "modifytimestamp: 1764150000\ntelephoneNumber: 045 7901234\nmobile: 333 1234567\nstreet: Via dell'Industria 12\nl: Verona\n"
    "st: VR\npostalCode: 37135\nc: Italia\ntitle: Responsabile\nou: Acquisti\no: Meccanica Casale S.r.l.\n\n"
)
_CARD_MEANS = {
    "Nome": "first_name", "Cognome": "last_name", "Azienda": "company", "Telefono cellulare": "phone.mobile",
    "Telefono ufficio": "phone.work", "E-mail": "email",
}  # fmt: skip

OFFICES = (
    Office(
        "arca.csv", lambda: lines(_ARCA, *_ARCA_ROWS).encode("cp1252"),
        {"Cd_CF": "@code", "Descrizione": "company", "Indirizzo": "place.work.street", "Localita": "place.work.city",
         "Cap": "place.work.postal_code", "Cd_Provincia": "place.work.state", "PartitaIva": "vat_number", "CodiceFiscale": "tax_code",
         "CodiceFPR": "sdi_or_pec"},
        3, encoding="windows-1252", separator=";", first={"Cap": "37135", "Fido": "25000,00", "Note_CF": "SOCIETÀ STORICA"},
    ),
    Office(
        "teamsystem.csv", _teamsystem,
        {"Codice": "@code", "Ragione sociale 1": "company", "Ragione sociale 2": "company_more", "Indirizzo": "place.work.street",
         "C.A.P.": "place.work.postal_code", "Località": "place.work.city", "Prov.": "place.work.state", "Partita IVA": "vat_number",
         "Codice fiscale": "tax_code", "Telefono": "phone.switchboard", "E-mail": "email.switchboard", "PEC": "pec.work"},
        2, encoding="windows-1252", separator=";", header_row=4, said=("begins at row 4", "totals"),
        first={"Telefono": "045/7901234 - 045/7901235", "Saldo": "1.234,50"},
    ),
    Office(
        "danea.xlsx", _danea,
        {"Cod.": "@code", "Denominazione": "company", "Cap": "place.work.postal_code", "Città": "place.work.city", "Pec": "pec.work",
         "Partita Iva": "vat_number"},
        1, "xlsx", first={"Cod.": "0017", "Cap": "37135", "Note": "prima\nseconda"},
    ),
    Office(
        "excel di anna.xlsx", _excel_of_anna,
        {"Codice": "@code", "Ragione sociale": "company", "CAP": "place.work.postal_code", "Città": "place.work.city",
         "Referente 1: Nome e cognome": "1:name", "Referente 1: Telefono": "1:phone.work", "Referente 2: Nome e cognome": "2:name"},
        3, "xlsx", header_row=3, said=("two rows", "merged cells", "2 sheets"), first={"Codice": "A-1", "CAP": "37135"},
    ),
    Office(
        "outlook.csv", lambda: _table(OUTLOOK_IT, [_OUTLOOK_IT, _OUTLOOK_IT]).encode("cp1252"), _OUTLOOK_IT_MEANS, 2,
        encoding="windows-1252", separator=",", first={"Notes": 'prima riga\r\nseconda; "terza"', "Nome": "Nicolò"},
    ),
    Office(
        "outlook di excel.csv", lambda: _table(OUTLOOK_IT, [_OUTLOOK_IT], ";", quoted=False).encode("cp1252"), _OUTLOOK_IT_MEANS, 1,
        encoding="windows-1252", separator=";",
    ),
    Office(
        "outlook en.csv", lambda: _table(OUTLOOK_EN, [_OUTLOOK_EN, _OUTLOOK_EN]).encode("cp1252"), _OUTLOOK_EN_MEANS, 2,
        encoding="windows-1252", separator=",", first={"Birthday": "3/15/1970"},
    ),
    Office(
        "outlook web.csv", lambda: b"\xef\xbb\xbf" + _table(OUTLOOK_WEB, [{
            name: text for name, text in _OUTLOOK_EN.items() if name in OUTLOOK_WEB}]).encode(),
        {name: slot for name, slot in _OUTLOOK_EN_MEANS.items() if name in OUTLOOK_WEB}, 1, encoding="utf-8", separator=",",
    ),
    Office(
        "google.csv", lambda: _table(GOOGLE, [_GOOGLE], quoted=False).encode(),
        {"First Name": "first_name", "Last Name": "last_name", "Organization Name": "company", "Organization Title": "job_title"},
        1, encoding="utf-8", separator=",", first={"E-mail 1 - Value": "n.forli@casale.example ::: forli@example.it"},
    ),
    Office(
        "google old.csv", lambda: _table(GOOGLE_OLD, [{"Name": "Nicolò Forlì", "Given Name": "Nicolò", "Family Name": "Forlì",
            "E-mail 1 - Type": "* Work", "E-mail 1 - Value": "n.forli@casale.example"}], quoted=False).encode("utf-16"),
        {"Given Name": "first_name", "Family Name": "last_name", "Name": "name"}, 1, encoding="utf-16-le", separator=",",
    ),
    Office(
        "thunderbird.csv", lambda: _table(_THUNDERBIRD_IT, [_THUNDERBIRD], quoted=False).encode(),
        {"Nome": "first_name", "Cognome": "last_name", "Email primaria": "email", "Telefono lavoro": "phone.work",
         "Numero cellulare": "phone.mobile", "Organizzazione": "company"},
        1, encoding="utf-8", separator=",",
    ),
    Office("thunderbird.ldif", _LDIF.encode, _CARD_MEANS, 1, "ldif", header_row=0, first={"Nome": "Nicolò", "Reparto": "Acquisti"}),
    Office(
        "Connections.csv", _LINKEDIN.encode,
        {"First Name": "first_name", "Last Name": "last_name", "Email Address": "email", "Company": "company", "Position": "job_title"},
        2, encoding="utf-8", separator=",", header_row=4, said=("begins at row 4",),
        first={"Company": "Meccanica Casale S.r.l.", "Connected On": "26 Nov 2026"},
    ),
    Office("outlook.vcf", lambda: OUTLOOK.encode("cp1252"), _CARD_MEANS, 1, "vcard", header_row=0, first={"Nome": "Nicolò"}),
    Office("iphone.vcf", APPLE.encode, {"Nome": "first_name", "PEC": "pec.work"}, 1, "vcard", header_row=0, first={"Nome": "Zoë"}),
    Office("android.vcf", lambda: ANDROID.encode("cp1252") * 3, _CARD_MEANS, 3, "vcard", header_row=0, first={"Cognome": "Però"}),
)  # fmt: skip


def brought(folder: Path, office: Office) -> Path:
    """The file of an office in a folder."""
    path = folder / office.file
    path.write_bytes(office.data())
    return path
