"""Contact files as Outlook and Google write them, made for the tests."""

import csv
import io
from collections.abc import Mapping, Sequence

_OUTLOOK_IT = (
    "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,Via (uff.),Via (uff.) 2,Via (uff.) 3,"
    "Città (uff.),Provincia (uff.),CAP (uff.),Paese/area geografica (uff.),Via (ab.),Via (ab.) 2,Via (ab.) 3,Città (ab.),"
    "Provincia (ab.),CAP (ab.),Paese/area geografica (ab.),Altra via,Altra via 2,Altra via 3,Altra città,Altra provincia,"
    "Altro CAP,Altro paese/area geografica,Telefono assistente,Fax (uff.),Ufficio,Ufficio 2,Richiamata automatica,"
    "Telefono auto,Telefono principale società,Fax (ab.),Abitazione,Abitazione 2,ISDN,Cellulare,Altro fax,Altro telefono,"
    "Cercapersone,Telefono principale,Radiotelefono,Telefono TTY/TDD,Telex,Account,Altro indirizzo - Casella postale,"
    "Anniversario,Categorie,Cod. Fisc./P. IVA,Compleanno,Dati fatturazione,Disponibilità Internet,Figli,Hobby,"
    "Indennità trasferta,Indirizzo (ab.) - Casella postale,Indirizzo (uff.) - Casella postale,Iniziali,Lingua,Luogo,"
    "Nome assistente,Nome coniuge/partner,Nome manager,Notes,Numero ID organizzativo,Pagina Web,Parole chiave,"
    "Indirizzo posta elettronica,Tipo posta elettronica,Nome visualizzato posta elettronica,Indirizzo posta elettronica 2,"
    "Tipo posta elettronica 2,Nome visualizzato posta elettronica 2,Indirizzo posta elettronica 3,Tipo posta elettronica 3,"
    "Nome visualizzato posta elettronica 3,Presentato da,Priorità,Privato,Professione,Riservatezza,Server di directory,Sesso,"
    "Ubicazione ufficio,Utente 1,Utente 2,Utente 3,Utente 4"
)
OUTLOOK_IT = tuple(_OUTLOOK_IT.split(","))
_OUTLOOK_EN = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business State,"
    "Business Postal Code,Business Country/Region,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,"
    "Business Fax,Business Phone,Company Main Phone,Home Phone,Mobile Phone,Birthday,E-mail Address,E-mail 2 Address,Gender,"
    "Government ID Number,Notes,Web Page"
)
OUTLOOK_EN = tuple(_OUTLOOK_EN.split(","))
_GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
    "Address 1 - Country,Website 1 - Label,Website 1 - Value"
)
GOOGLE = tuple(_GOOGLE.split(","))
_GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Name Prefix,Name Suffix,Birthday,Notes,Group Membership,E-mail 1 - Type,"
    "E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,"
    "Organization 1 - Department"
)
GOOGLE_OLD = tuple(_GOOGLE_OLD.split(","))

MARIO = {
    "Titolo": "Ing.", "Nome": "Mario", "Cognome": "Rossi", "Società": "Meccanica Casale S.r.l.", "Reparto": "Acquisti",
    "Posizione": "Responsabile", "Via (uff.)": "Via dell'Industria 4",
    "Città (uff.)": "Verona", "Provincia (uff.)": "VR",
    "CAP (uff.)": "37135", "Ufficio": "045 1234567", "Telefono principale società": "045 1234500", "Cellulare": "347 1234567",
    "Abitazione": "045 7654321", "Indirizzo posta elettronica": "m.rossi@casale.it",
    "Indirizzo posta elettronica 2": "mario.rossi@gmail.com",
    "Compleanno": "3/12/1975", "Notes": "Visto in fiera.\nPreferisce il mattino.", "Sesso": "Maschio", "Priorità": "Normale",
}  # fmt: skip


def table(
    heads: Sequence[str], *rows: Mapping[str, str], separator: str = ",", encoding: str = "cp1252", above: str = ""
) -> bytes:
    """A file with these heads and rows; what a row does not name is blank."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(heads)
    for row in rows:
        assert set(row) <= set(heads), set(row) - set(heads)
        writer.writerow([row.get(head, "") for head in heads])
    return (above + text.getvalue()).encode(encoding)


def many(count: int) -> bytes:
    """A file of that many different persons, five in each company, as Outlook writes it in Italian."""
    return table(OUTLOOK_IT, *({
        **MARIO, "Nome": ("Mario", "Anna", "Luca", "Nicolò")[n % 4], "Cognome": f"Rossi{n}", "Società": f"Officine {n // 5} S.r.l.",
        "Ufficio": f"045 {1000000 + n}", "Cellulare": f"347 {1000000 + n}", "Abitazione": "",
        "Telefono principale società": f"045 8{100000 + n // 5}",
        "Indirizzo posta elettronica": f"p{n}@officine{n // 5}.it", "Indirizzo posta elettronica 2": "",
    } for n in range(count)))  # fmt: skip
