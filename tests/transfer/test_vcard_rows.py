"""Business cards of every version, from every telephone, whole and broken."""

from pathlib import Path

import pytest

from rapporto.store.transfer.opened import Table
from tests.transfer.cards import ANDROID, APPLE, FOURTH, OUTLOOK
from tests.transfer.making import broken, opened, said


def cards(table: Table) -> list[dict[str, str]]:
    """What the cards say, by column, blanks left out."""
    return [
        {name: str(one) for name, one in zip(table.headers, row.values, strict=True) if one} for row in table.rows()
    ]


def test_a_card_of_outlook_is_read_whole(tmp_path: Path) -> None:
    table = opened(tmp_path, OUTLOOK, "a.vcf")
    assert table.settings.kind == "vcard"
    assert cards(table) == [{
        "Titolo": "Dott.", "Nome": "Nicolò", "Secondo nome": "Maria", "Cognome": "Forlì", "Suffisso": "Jr.",
        "Nome visualizzato": "Dott. Nicolò Forlì", "Azienda": "Meccanica Casale & C. Società", "Reparto": "Ufficio acquisti",
        "Funzione": "Responsabile acquisti", "Telefono ufficio": "045 790 1234", "Telefono casa": "045 800 1122",
        "Telefono cellulare": "+39 333 1234567", "Fax": "045 790 1235", "E-mail": "n.forli@casale.example",
        "Via (uff.)": "Via Città di Nimes 12", "Città (uff.)": "Verona", "Provincia (uff.)": "VR",
        "CAP (uff.)": "37121", "Paese (uff.)": "Italia", "Sito web": "http://www.casale.example",
        "Data di nascita": "1970-03-15", "Note": "Prima riga\nSeconda riga, lunga è finita",
    }]  # fmt: skip


def test_a_card_of_an_iphone_is_read_whole(tmp_path: Path) -> None:
    assert cards(opened(tmp_path, APPLE, "a.vcf")) == [{
        "Codice esterno": "urn:uuid:1234", "Nome": "Zoë", "Cognome": "Rossi", "Nome visualizzato": "Zoë Rossi",
        "Azienda": "Officine Adige S.p.A.", "Reparto": "Vendite – Estero", "Funzione": "Direttrice, vendite",
        "E-mail": "zoe@adige.example", "PEC": "adige@pec.example", "Telefono cellulare": "+39 333 765 4321",
        "Telefono cellulare 2": "+39 347 000 111", "Telefono": "045 8001122", "Via (uff.)": "Via Roma 1, Scala B",
        "Città (uff.)": "Verona", "Provincia (uff.)": "VR", "CAP (uff.)": "37121", "Paese (uff.)": "Italia",
        "Via (ab.)": "Lungadige 3", "Città (ab.)": "Verona", "Provincia (ab.)": "VR",
        "CAP (ab.)": "37122", "Paese (ab.)": "Italia", "Sito web": "https://adige.example",
        "Note": "Conosciuta in fiera; richiamare\nla mattina", "Categorie": "Clienti, Fiera",
        "Altro": "Segreteria: 045 8001122\nData di nascita: 25/12\nSocialprofile: https://linkedin.example/zoe",
    }]  # fmt: skip


def test_cards_of_android_and_of_the_fourth_version_are_read(tmp_path: Path) -> None:
    android, fourth = cards(opened(tmp_path, ANDROID.encode("cp1252") + FOURTH.encode(), "a.vcf"))
    assert android == {
        "Nome": "Nic", "Cognome": "Però", "Nome visualizzato": "Nic Però", "Azienda": "Idraulica Però",
        "Telefono cellulare": "+393331112223", "Telefono ufficio": "0457901234", "E-mail": "nic@example.it",
    }  # fmt: skip
    assert fourth == {
        "Titolo": "Ing.", "Nome": "Anna", "Cognome": "Bianchi", "Nome visualizzato": "Anna Bianchi", "Azienda": "Meccanica Casale",
        "Telefono ufficio": "+39-045-790-1234 int. 12", "E-mail": "anna@casale.example", "Data di nascita": "--0415",
        "Anniversario": "2020-01-01", "Sesso": "F", "Via (uff.)": "Via Po 1", "Città (uff.)": "Verona",
        "Provincia (uff.)": "VR", "CAP (uff.)": "37121", "Paese (uff.)": "Italia",
        "Messaggistica": "xmpp:anna@casale.example", "Altro": "Partita iva: 00743110157",
    }  # fmt: skip


def test_many_cards_in_one_file_are_numbered_and_gone_on_with(tmp_path: Path) -> None:
    table = opened(tmp_path, (OUTLOOK + APPLE.replace("\r\n", "\n") + FOURTH).encode("utf-16"), "a.vcf")
    assert [row.number for row in table.rows()] == [1, 2, 3]
    assert [row.number for row in table.rows(2)] == [3]
    assert cards(table)[1]["Nome"] == "Zoë"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Senza fine\n", "no end"),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "Nothing"),
        ("BEGIN:VCARD\n\x01\x02 senza capo\nEND:VCARD\n", "Nothing"),
        ("BEGIN:VCARD\n" + "NOTE:x\n" * 3000 + "END:VCARD\n", "more lines"),
        ("BEGIN:VCARD\nFN:A\nNOTE:" + "x" * 500_000 + "\nEND:VCARD\n", ""),
    ],
)
def test_a_broken_card_spoils_itself_only(tmp_path: Path, wrong: str, words: str) -> None:
    table = opened(tmp_path, FOURTH + wrong + APPLE, "a.vcf")
    assert [one["Nome"] for one in cards(table) if "Nome" in one] == ["Anna", "Zoë"]
    assert [row.number for row in broken(table)] == ([2] if words else [])
    assert all(words in str(row.broken) and len(row.raw) <= 10_000 for row in broken(table))


def test_a_fold_within_a_letter_and_a_line_nobody_folded_are_mended(tmp_path: Path) -> None:
    data = "BEGIN:VCARD\nVERSION:3.0\nFN:Nicolò\nNOTE:prima\nseconda\nEND:VCARD\n".encode()
    folded = data.replace("ò".encode(), b"\xc3\n \xb2")
    assert cards(opened(tmp_path, folded, "a.vcf")) == [{"Nome visualizzato": "Nicolò", "Note": "prima\nseconda"}]


def test_an_assistant_within_a_card_and_lists_of_cards_are_passed_over(tmp_path: Path) -> None:
    data = "BEGIN:VCARD\nVERSION:2.1\nN:Rossi;Ada\nAGENT:\nBEGIN:VCARD\nN:Altri\nEND:VCARD\nTEL:045\nEND:VCARD\n"
    data += "BEGIN:VCARD\nVERSION:3.0\nFN:Clienti\nX-ADDRESSBOOKSERVER-KIND:group\nEND:VCARD\n"
    table = opened(tmp_path, data, "a.vcf")
    assert cards(table) == [{"Nome": "Ada", "Cognome": "Rossi", "Telefono": "045"}]
    assert "Cards 2: lists" in said(table)


def test_more_numbers_than_columns_go_with_the_rest(tmp_path: Path) -> None:
    data = "BEGIN:VCARD\nFN:A\n" + "".join(f"TEL;CELL:333 {at:03}\n" for at in range(11)) + "END:VCARD\n"
    (card,) = cards(opened(tmp_path, data, "a.vcf"))
    assert card["Telefono cellulare 9"] == "333 008"
    assert card["Altro"] == "Telefono cellulare: 333 009\nTelefono cellulare: 333 010"


def test_a_second_address_is_another_one_and_a_third_goes_with_the_rest(tmp_path: Path) -> None:
    places = "".join(f"ADR;WORK:12;Scala {at};Via {at};Verona;VR;37121;Italia\n" for at in range(3))
    (card,) = cards(opened(tmp_path, f"BEGIN:VCARD\nFN:A\n{places}ADR:;\nADR;HOME:;;Via Po\nEND:VCARD\n", "a.vcf"))
    assert (card["Via (uff.)"], card["Altra via"], card["Via (ab.)"]) == (
        "Via 0, Scala 0, 12",
        "Via 1, Scala 1, 12",
        "Via Po",
    )
    assert card["Altro"] == "Altra via: Via 2, Scala 2, 12, Verona, VR, 37121, Italia"
