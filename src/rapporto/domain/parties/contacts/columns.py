"""What the heads of a table of parties mean: Outlook, Google, Thunderbird, LinkedIn, ERPs, workbooks; by name, never by place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapporto.kernel.text import fold

IGNORED, MORE = "ignored", "more"

_SINGLE = {
    "honorific": "Title|Titolo|Name Prefix|Prefisso|Prefisso nome",
    "first_name": "First Name|Given Name|Nome",
    "middle_name": "Middle Name|Additional Name|Secondo nome",
    "last_name": "Last Name|Family Name|Cognome",
    "suffix": "Suffix|Name Suffix|Suffisso|Suffisso nome|Titolo straniero",
    "name": "Name|Display Name|Nome visualizzato|Nome completo|Full Name",
    "file_as": "File As|Archivia come|Nickname|Soprannome|E-mail Display Name|Nome visualizzato posta elettronica",
    "company": "Company|Società|Azienda|Organization|Organizzazione|Organization Name|Nome organizzazione"
    "|Organization 1 - Name|Ragione sociale|Ragione sociale 1|Rag. soc.|Rag. sociale|Denominazione|Denominazione sociale|Ditta"
    "|Nome azienda|Nome ditta|Nome società|Cliente|Nome cliente|Intestazione|Descrizione cliente|Company Name|Account Name",
    "company_more": "Ragione sociale 2|Rag. soc. 2|Denominazione 2|Descrizione 2",
    "department": "Department|Reparto|Organization Department|Reparto organizzazione|Organization 1 - Department",
    "job_title": "Job Title|Posizione|Qualifica|Organization Title|Qualifica organizzazione|Titolo organizzazione|Organization 1 - Title"
    "|Position|Ruolo|Funzione|Mansione|Role",
    "birth_date": "Birthday|Compleanno|Data di nascita",
    "gender": "Gender|Sesso",
    "notes": "Notes|Note|Appunti|Annotazioni|Commenti|Comments|Note_CF|Osservazioni",
    "government_id": "Government ID Number|Cod. Fisc./P. IVA",
    "vat_number": "Partita IVA|P. IVA|P.IVA|PIVA|PartitaIva|Part. IVA|P.I.|VAT number|VAT|VAT ID|Partita IVA / VAT",
    "tax_code": "Codice fiscale|Cod. fiscale|Cod. fisc.|CodiceFiscale|C.F.|CF|Tax code|Fiscal code",
    "sdi_or_pec": "Codice destinatario|Cod. destinatario|Codice SDI|SDI|Codice univoco|Codice univoco ufficio|CodiceFPR|CodiceIPA"
    "|Cod. destinatario Fatt. elettr.|Codice destinatario / PEC|Recipient code",
}
_REACH = {
    (
        "phone",
        "work",
    ): "Business Phone|Business Phone 2|Ufficio|Ufficio 2|Work Phone|Telefono lavoro|Telefono ufficio|Telefono (uff.)|Telefono (uff.) 2",
    ("phone", "switchboard"): "Company Main Phone|Telefono principale società",
    (
        "phone",
        "mobile",
    ): "Mobile Phone|Cellulare|Telefono Mobile|Mobile Number|Numero cellulare|Telefono cellulare|Cell|Cell.|Mobile"
    "|Telefono cellulare lavoro",
    (
        "phone",
        "home",
    ): "Home Phone|Home Phone 2|Abitazione|Abitazione 2|Telefono casa|Telefono (ab.)|Telefono abitazione",
    (
        "phone",
        "main",
    ): "Primary Phone|Telefono principale|Phone|Telefono|Tel|Tel.|N. telefono|Numero di telefono|Numero telefono|Telefoni"
    "|Recapito telefonico|Phone Number|Telephone",
    (
        "phone",
        "other",
    ): "Other Phone|Altro telefono|Car Phone|Telefono auto|Radio Phone|Radiotelefono|Callback|Richiamata automatica|Pager"
    "|Cercapersone|Pager Number|Numero cercapersone|ISDN|TTY/TDD Phone|Telefono TTY/TDD",
    ("phone", "assistant"): "Assistant's Phone|Telefono assistente",
    ("fax", "work"): "Business Fax|Fax (uff.)|Fax Number|Numero fax|Fax",
    ("fax", "home"): "Home Fax|Fax (ab.)",
    ("fax", "other"): "Other Fax|Altro fax",
    (
        "email",
        "",
    ): "E-mail Address|E-mail 2 Address|E-mail 3 Address|E-mail|Email|Indirizzo posta elettronica|Indirizzo posta elettronica 2"
    "|Indirizzo posta elettronica 3|Mail|E mail|Posta elettronica|Email Address|Indirizzo mail|Indirizzo email|Indirizzi e-mail"
    "|Primary Email|Email primaria|Email principale|Secondary Email|Email secondaria|Indirizzo e-mail",
    ("pec", "work"): "PEC|Certified mail|Posta elettronica certificata|E-mail PEC|Email PEC|EmailPec|Indirizzo PEC",
    ("web", "work"): "Web Page|Pagina Web|Web Page 1|Sito web|Website|Sito|Sito internet|Homepage|Web",
    ("web", "home"): "Personal Web Page|Web Page 2|Pagina web 2|URL",
}
_PLACES = {
    "work": ("Business {}", "{} (uff.)", "Work {}", "{} di lavoro"),
    "home": ("Home {}", "{} (ab.)", "{} di casa", "{} di residenza"),
    "other": ("Other {}", "Altra {}", "Altro {}"),
}
_PIECES = {
    "street": "Street|Street 2|Street 3|Address 2|Via|Via 2|Via 3",
    "address": "Address|Indirizzo",
    "city": "City|Città",
    "state": "State|Provincia",
    "postal_code": "Postal Code|ZipCode|CAP",
    "country": "Country/Region|Country|Paese/area geografica|Paese|Nazione",
}
_PLAIN_PIECES = {
    "city": "City|Città|Comune|Località|Localita|Town|Citta'", "state": "Provincia|Prov|Prov.|Pr.|PV|Cd_Provincia|Sigla provincia|State",
    "postal_code": "CAP|C.A.P.|Postal Code|Zip|Zip code|Codice postale",
    "street": "Street|Indirizzo|Address|Via|Via e numero|Indirizzo sede|Indirizzo 2|Street 2",
    "country": "Country|Paese|Nazione|Stato|Cd_Nazione",
}  # fmt: skip
_IGNORED = (
    "E-mail Type|E-mail 2 Type|E-mail 3 Type|E-mail 2 Display Name|E-mail 3 Display Name|Tipo posta elettronica"
    "|Tipo posta elettronica 2|Tipo posta elettronica 3|Nome visualizzato posta elettronica 2"
    "|Nome visualizzato posta elettronica 3|Priority|Priorità|Private|Privato|Sensitivity|Riservatezza|Initials"
    "|Iniziali|Internet Free Busy|Disponibilità Internet|Directory Server|Server di directory|Photo|Foto|Language"
    "|Lingua|Labels|Etichette|Group Membership|Short Name|Given Yomi|Surname Yomi|Company Yomi|Phonetic First Name"
    "|Business Address|Phonetic Middle Name|Phonetic Last Name|Yomi Name|Given Name Yomi|Additional Name Yomi"
    "|Family Name Yomi|Home Address|Other Address"
)
_GOOGLE = re.compile(
    r"(e-mail|email|phone|telefono|address|indirizzo|website|sito web|event|evento|organization|organizzazione) (\d{1,3}) - (.+)"
)
_GOOGLE_WORDS = {
    "e-mail": "email", "phone": "phone", "telefono": "phone", "address": "place", "indirizzo": "place", "website": "web",
    "sito web": "web", "organizzazione": "organization",
    "label": "label", "type": "label", "etichetta": "label", "tipo": "label", "value": "value", "valore": "value", "street": "street",
    "via": "street", "extended address": "street", "indirizzo esteso": "street", "city": "city", "citta": "city", "region": "state",
    "regione": "state", "provincia": "state", "postal code": "postal_code", "cap": "postal_code", "country": "country", "paese": "country",
    "formatted": IGNORED, "formattato": IGNORED, "name": "company", "nome": "company", "title": "job_title", "titolo": "job_title",
    "qualifica": "job_title", "department": "department", "reparto": "department",
}  # fmt: skip
_LABELS = {
    "work": "work|lavoro|ufficio|business", "home": "home|casa|abitazione|personal|personale", "mobile": "mobile|cellulare|cell",
    "main": "main|principale", "work_mobile": "work mobile|cellulare lavoro", "work_fax": "work fax|fax lavoro|fax ufficio|fax",
    "home_fax": "home fax|fax casa", "pec": "pec",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """What one column holds: a single value («last_name»), a way to reach somebody, or a piece of an address."""

    head: str
    holds: str = ""
    """A single value, or phone, fax, email, pec, web, place, label, own; `MORE` for what goes into the notes."""
    use: str = ""
    """work, home, mobile, switchboard …; of Google it is told by another column. Of an own field its name."""
    piece: str = ""
    group: str = ""
    """Columns of one group belong together: the pieces of an address, a number and its label."""
    person: int = 0
    """1, 2 … for the contact persons of a company; 0 for whom the row is about."""

    @property
    def slot(self) -> str:
        """What it means, as it is remembered: «phone.work», «2:email.work», «place.home.city», «label..#phone 1»."""
        if self.holds in (IGNORED, ""):
            return ""
        told = f"{self.holds}.{self.use}.{self.piece}".rstrip(".")
        grouped = f"#{self.group}" if self.group and self.group != self.use else ""
        return (f"{self.person}:" if self.person else "") + told + grouped


def column_in(head: str, slot: str) -> Column:
    """The column that a slot describes; what is no slot holds nothing."""
    told, _, group = slot.partition("#")
    person, colon, bare = told.partition(":")
    if not colon or not person.isdecimal():
        person, bare = "0", told
    holds, use, piece = (*bare.split("."), "", "")[:3]
    if holds not in HOLDS:
        return Column(head, IGNORED)
    return Column(head, holds, use, piece, group or (use if holds == "place" else ""), int(person[:2]))


def _table() -> dict[str, tuple[str, str, str, str]]:
    """Every fixed head, folded: what it holds, use, piece, group."""
    table = {fold(head): (IGNORED, "", "", "") for head in _IGNORED.split("|")}
    for holds, heads in _SINGLE.items():
        table |= {fold(head): (holds, "", "", "") for head in heads.split("|")}
    for (holds, use), heads in _REACH.items():
        table |= {fold(head): (holds, use, "", "") for head in heads.split("|")}
    for piece, heads in _PLAIN_PIECES.items():
        table |= {fold(head): ("place", "work", piece, "work") for head in heads.split("|") if fold(head) not in table}
    for use, patterns in _PLACES.items():
        for piece, words in _PIECES.items():
            for pattern in patterns:
                for word in words.split("|"):
                    head = fold(_placed(pattern, word))
                    if head not in table:
                        table[head] = ("place", use, "street" if piece == "address" else piece, use)
    return table


def _placed(pattern: str, word: str) -> str:
    """«Via 2» at the office is called «Via (uff.) 2»."""
    bare, number = (word[:-2], word[-2:]) if word[-1:].isdigit() else (word, "")
    return (
        pattern.format(
            bare if pattern.startswith("{}") else bare.lower() if "Altr" in pattern and bare != "CAP" else bare
        )
        + number
    )


_TABLE = _table()
HOLDS = frozenset((*_SINGLE, *(holds for holds, _ in _REACH), "place", "label", "own", MORE))
_USES = {fold(word): use for use, words in _LABELS.items() for word in words.split("|")}


def column_of(head: str) -> Column:
    """What a column of that head holds."""
    key = fold(head.strip().lstrip("\ufeff"))
    if key in _TABLE:
        holds, use, piece, group = _TABLE[key]
        return Column(head, holds, use, piece, group)
    if (card := _CARD.fullmatch(key)) and card[3] in _CARD_PIECES:
        use = _CARD_USES[card[1]]
        return Column(head, "place", use, _CARD_PIECES[card[3]], f"{use} {card[2]}" if card[2] else use)
    if match := _GOOGLE.fullmatch(key):
        return _of_google(head, _GOOGLE_WORDS.get(match[1], match[1]), match[2], _GOOGLE_WORDS.get(match[3], ""))
    if (plain := _NUMBERED.fullmatch(key)) and plain[1] in _TABLE and _TABLE[plain[1]][0] in _SEVERAL:
        holds, use, piece, group = _TABLE[plain[1]]
        return Column(head, holds, use, piece, f"{group} {plain[2]}" if group else "")
    return Column(head, MORE)


_CARD = re.compile(r"indirizzo(?: (casa|altro))?(?: (\d))?: (.+)")
_CARD_USES = {None: "work", "casa": "home", "altro": "other"}
_CARD_PIECES = {
    "casella postale": "street", "presso": "street", "via": "street", "citta": "city", "provincia": "state", "cap": "postal_code",
    "paese": "country",
}  # fmt: skip
_NUMBERED = re.compile(r"(.+?)[ _]?(\d{1,2})")
_SEVERAL = frozenset((*(holds for holds, _ in _REACH), "place"))


def _of_google(head: str, what: str, number: str, piece: str) -> Column:
    group = f"{what} {number}"
    if what == "organization":
        return Column(head, piece if number == "1" and piece in ("company", "job_title", "department") else IGNORED)
    if what in ("event", "evento"):
        return Column(head, MORE if piece == "value" else IGNORED)
    if piece == "label":
        return Column(head, "label", group=group)
    if what == "place":
        return Column(head, "place" if piece and piece != IGNORED else IGNORED, "", piece, group)
    return Column(head, what, "", "", group) if piece == "value" else Column(head, IGNORED)


def use_of_label(label: str) -> str:
    """What Google's label says of a number: «* Work» is work; '' for labels people wrote themselves."""
    return _USES.get(fold(label.lstrip("* ")), "")


def labels_in(columns: Iterable[Column], cells: Sequence[str]) -> Mapping[str, str]:
    """What Google's label columns say, by group."""
    return {one.group: cells[at] for at, one in enumerate(columns) if one.holds == "label" and at < len(cells)}
