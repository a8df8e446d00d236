"""Tables in text files, as programs and people write them."""

from pathlib import Path

import pytest

from rapporto.store.transfer.opened import Settings, Unreadable, open_table
from tests.transfer.making import ADIGE, CASALE, HEADS, broken, lines, opened, said, values, written

TABLE = lines(HEADS, CASALE, ADIGE)
ACCENTS = lines(("Nome", "Città", "Importo €"), ("Però", "Forlì", "12,50"), ("Perù “Sud”", "Zoë", "1.234,00"))


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_an_encoding_is_found_by_itself(tmp_path: Path, encoding: str, found: str) -> None:
    table = opened(tmp_path, ACCENTS.encode(encoding))
    assert table.settings.encoding == found
    assert table.headers == ("Nome", "Città", "Importo €")
    assert values(table) == [("Però", "Forlì", "12,50"), ("Perù “Sud”", "Zoë", "1.234,00")]


@pytest.mark.parametrize(("encoding", "codec"), [("mac-roman", "mac_roman"), ("cp850", "cp850")])
def test_an_old_encoding_is_read_when_it_is_told(tmp_path: Path, encoding: str, codec: str) -> None:
    data = lines(("Nome", "Città"), ("Però", "Forlì")).encode(codec)
    assert values(opened(tmp_path, data, given=Settings("csv", encoding))) == [("Però", "Forlì")]


@pytest.mark.parametrize(("encoding", "codec"), [("mac-roman", "mac_roman"), ("cp850", "cp850")])
def test_an_old_encoding_is_found_where_accents_show_it_and_it_is_said(
    tmp_path: Path, encoding: str, codec: str
) -> None:
    rows = (("Però", "Forlì", "società"), ("Nicolò", "Cantù", "perché è così"))
    table = opened(tmp_path, lines(("Nome", "Città", "Note"), *rows).encode(codec))
    assert table.settings.encoding == encoding
    assert "old programs" in said(table)
    assert values(table) == list(rows)


def test_signs_of_windows_after_letters_are_no_old_encoding(tmp_path: Path) -> None:
    rows = (("Rossi…", "Bar “Sport”", "a—b"), ("Perù…", "ecc…", "è così…"), ("x•y", "…", "Zoë"))
    plain = (("Rossi…", "Bar “Sport”", "a—b"), ("ecc…", "e altri…", "c—d"))
    assert values(opened(tmp_path, lines(("Nome", "Via", "Note"), *plain).encode("cp1252"))) == list(plain)
    assert values(opened(tmp_path, lines(("Nome", "Città", "Note"), *rows).encode("cp1252"))) == list(rows)


def test_each_line_is_read_in_its_own_encoding_and_it_is_said(tmp_path: Path) -> None:
    data = b"Nome;Citt\xc3\xa0\r\nPer\xf2;Forl\xec\r\nZo\xc3\xab;Lodi\r\nSociet\xc3\xa0;Per\xf9 CITT\xc0\x92\r\nQUALIT\xc8\x92;\x80\r\n"
    table = opened(tmp_path, data)
    assert table.settings.encoding == "mixed"
    assert "another encoding" in said(table)
    assert values(table) == [("Però", "Forlì"), ("Zoë", "Lodi"), ("Società", "Perù CITTÀ’"), ("QUALITÈ’", "€")]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_separator_is_found_and_commas_in_texts_do_not_mislead(tmp_path: Path, separator: str) -> None:
    row = ("Rossi", "1", "Note; con, tutto\til | resto", "Roma")
    data = separator.join(("Nome", "Età", "Note", "Città")) + "\n"
    data += separator.join(f'"{one}"' for one in row) + "\n" + separator.join(("Bianchi", "2", "", "Pisa")) + "\n"
    table = opened(tmp_path, data)
    assert table.settings.separator == separator
    assert values(table) == [row, ("Bianchi", "2", "", "Pisa")]


def test_decimal_commas_do_not_pass_for_separators(tmp_path: Path) -> None:
    table = opened(tmp_path, lines(("Nome", "Fatturato"), *((f"Ditta {at}", f"{at},50") for at in range(30))))
    assert (table.settings.separator, table.settings.decimal) == (";", ",")
    assert len(table.headers) == 2


def test_a_line_that_names_the_separator_is_believed_and_not_counted(tmp_path: Path) -> None:
    table = opened(tmp_path, "sep=|\r\nNome|Città\r\nRossi|Roma\r\n")
    assert [(row.number, row.values) for row in table.rows()] == [(2, ("Rossi", "Roma"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line_and_breaks_within_quotes_stay(tmp_path: Path, end: str) -> None:
    data = end.join(("Nome;Note", 'Rossi;"prima', 'seconda"', "", "Bianchi;x", ""))
    rows = list(opened(tmp_path, data).rows())
    assert [row.number for row in rows] == [2, 4]
    assert [one.replace("\r\n", "\n") for one in map(str, rows[0].values)] == ["Rossi", "prima\nseconda"]


def test_a_stray_carriage_return_is_a_line_break_in_its_cell(tmp_path: Path) -> None:
    table = opened(tmp_path, "Nome;Via;CAP\r\nRossi;Via Po\r3;10100\r\nBianchi;Via Adda;20100\r\n")
    assert values(table) == [("Rossi", "Via Po\n3", "10100"), ("Bianchi", "Via Adda", "20100")]
    assert "carriage returns" in said(table)


def test_nul_characters_are_left_out_and_said(tmp_path: Path) -> None:
    table = opened(tmp_path, TABLE.replace("Casale", "Ca\x00sale"))
    assert values(table) == [CASALE, ADIGE]
    assert "NUL" in said(table)


def test_titles_above_the_heads_and_totals_below_are_left_out_and_said(tmp_path: Path) -> None:
    data = "Elenco clienti al 26/11/2026;;;\n;;;\nNome;CAP;Saldo;Città\n"
    data += "Rossi;37121;12,50;Verona\nTotale Servizi Srl;;;Roma\nTOTALE;;12,50;\n"
    table = opened(tmp_path, data)
    assert table.settings.header_row == 3
    assert [row.number for row in table.rows()] == [4, 5]
    assert "begins at row 3" in said(table)
    assert "Rows 6: totals" in said(table)


def test_two_rows_of_heads_are_read_together(tmp_path: Path) -> None:
    data = "Codice;Nome;Sede legale;;Sede operativa;\n;;CAP;Città;CAP;Città\n"
    data += "1;Rossi;37121;Verona;20121;Milano\n2;Bianchi;00187;Roma;10121;Torino\n"
    table = opened(tmp_path, data)
    assert table.headers == (
        "Codice", "Nome", "Sede legale: CAP", "Sede legale: Città", "Sede operativa: CAP", "Sede operativa: Città",
    )  # fmt: skip
    assert (table.settings.header_row, table.settings.header_rows) == (2, 2)
    assert values(table)[0] == ("1", "Rossi", "37121", "Verona", "20121", "Milano")


def test_groups_above_the_heads_tell_equal_heads_apart_and_leave_the_others(tmp_path: Path) -> None:
    data = ";;Sede legale;;Sede operativa;\nCodice;Nome;CAP;Città;CAP;Provincia\n"
    data += "1;Rossi;37121;Verona;20121;MI\n2;Verdi;37121;Verona;20121;MI\n"
    heads = opened(tmp_path, data).headers
    assert heads == ("Codice", "Nome", "Sede legale: CAP", "Città", "Sede operativa: CAP", "Provincia")


def test_names_of_a_program_above_names_for_people_give_those_for_people(tmp_path: Path) -> None:
    data = "CD_CF;RAG_SOC;CAP_CF\nCodice cliente;Ragione sociale;CAP\n1;Rossi;37121\n2;Bianchi;00187\n"
    assert opened(tmp_path, data).headers == ("Codice cliente", "Ragione sociale", "CAP")


def test_a_first_row_of_words_is_no_second_row_of_heads(tmp_path: Path) -> None:
    data = "NOME;CITTA;TELEFONO;CAP\nRossi;Roma;da chiedere;manca\nVerdi;Pisa;050 123456;56100\nNeri;Bari;080 123456;70100\n"
    assert len(values(opened(tmp_path, data))) == 3


def test_heads_that_stand_there_again_are_left_out(tmp_path: Path) -> None:
    table = opened(tmp_path, lines(HEADS, CASALE, HEADS, ADIGE))
    assert values(table) == [CASALE, ADIGE]
    assert "heads once more" in said(table)


def test_questions_of_a_form_and_heads_of_some_columns_only_are_heads(tmp_path: Path) -> None:
    question = (
        "Acconsente al trattamento dei dati personali per le finalità di marketing descritte nell’informativa? " * 2
    )
    assert (
        opened(tmp_path, f"Informazioni cronologiche,Nome,{question.strip()}\n26/11/2026 9.30.00,Rossi,Sì\n")
        .headers[2]
        .startswith("Acc")
    )
    table = opened(tmp_path, "Elenco;;;;;;;\nNome;CAP;Città;;;;;\nRossi;1;Roma;2;3;4;5;6\nVerdi;1;Pisa;2;3;4;5;6\n")
    assert (table.settings.header_row, table.headers) == (
        2,
        ("Nome", "CAP", "Città", "(D)", "(E)", "(F)", "(G)", "(H)"),
    )


def test_data_without_heads_are_called_by_their_letters(tmp_path: Path) -> None:
    table = opened(tmp_path, lines(CASALE, ADIGE))
    assert table.headers == ("(A)", "(B)", "(C)", "(D)", "(E)")
    assert values(table) == [CASALE, ADIGE]


def test_every_head_is_named_and_no_two_are_equal(tmp_path: Path) -> None:
    table = opened(tmp_path, "Nome;Telefono;Telefono;;Telefono 2\nRossi;045;02;x;3\nVerdi;045;02;x;3\n")
    assert table.headers == ("Nome", "Telefono", "Telefono 3", "(D)", "Telefono 2")


def test_a_person_may_say_where_the_heads_are(tmp_path: Path) -> None:
    found = opened(tmp_path, TABLE).settings
    given = Settings.from_json({**found.to_json(), "header_row": 2, "unknown": 1})
    assert opened(tmp_path, TABLE, given=given).headers == CASALE
    assert opened(tmp_path, TABLE, given=Settings.from_json({**found.to_json(), "header_row": 0})).headers[0] == "(A)"


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-7", ";"), ("rot13", ";;"), ("../x", '"'), ("", "a"), ("utf-8", "\n")]
)
def test_settings_that_cannot_be_are_found_anew(tmp_path: Path, encoding: str, separator: str) -> None:
    assert values(opened(tmp_path, TABLE, given=Settings("csv", encoding, separator))) == [CASALE, ADIGE]


def test_files_joined_to_one_keep_neither_marks_nor_second_heads(tmp_path: Path) -> None:
    data = lines(HEADS, CASALE).encode("utf-8-sig") + lines(HEADS, ADIGE).encode("utf-8-sig")
    assert values(opened(tmp_path, data)) == [CASALE, ADIGE]


def test_what_was_found_reads_the_same_when_it_is_given_back(tmp_path: Path) -> None:
    found = opened(tmp_path, TABLE)
    again = opened(tmp_path, TABLE, given=Settings.from_json(found.settings.to_json()))
    assert (again.settings, again.headers, values(again)) == (found.settings, found.headers, values(found))


def test_a_row_too_wide_is_broken_and_shown_and_a_short_one_is_filled_up(tmp_path: Path) -> None:
    table = opened(tmp_path, "Nome;CAP;Città\nRossi;37121;Verona;x;y\nBianchi\nVerdi;20121;Milano;;\n")
    assert values(table) == [("Bianchi", "", ""), ("Verdi", "20121", "Milano")]
    (wrong,) = broken(table)
    assert (wrong.number, wrong.raw) == (2, "Rossi;37121;Verona;x;y")
    assert "5 cells" in str(wrong.broken)


def test_a_quote_that_is_not_closed_spoils_its_own_row_only(tmp_path: Path) -> None:
    rows = [f"Ditta {at};{37000 + at};Verona" for at in range(200)]
    rows[3] = '"Ditta 3;37003;Verona'
    rows[9] = '"Ditta ""9""";37009;Verona'
    rows[150] = '"Ditta 150;37150;Verona'
    table = opened(tmp_path, "\n".join(("Nome;CAP;Città", *rows)))
    assert [row.number for row in broken(table)] == [5, 152]
    assert len(values(table)) == 198
    assert values(table)[8][0] == 'Ditta "9"'


def test_lines_that_a_spreadsheet_has_wrapped_in_quotes_are_cut_all_the_same(tmp_path: Path) -> None:
    data = '"Nome,CAP,Città"\r\n"Rossi ""Bar"",37121,""Verona, VR"""\r\n"Verdi,20121,Milano"\r\n'
    table = opened(tmp_path, data)
    assert table.headers == ("Nome", "CAP", "Città")
    assert values(table) == [('Rossi "Bar"', "37121", "Verona, VR"), ("Verdi", "20121", "Milano")]
    assert "in quotes as one cell" in said(table)
    assert values(opened(tmp_path, data, given=table.settings)) == values(table)


@pytest.mark.parametrize("end", ["TOTALE;12,50;", "Totale clienti: 2;;", "Tot.;;12", "Grand total;1,234.50;"])
def test_rows_that_only_count_are_left_out(tmp_path: Path, end: str) -> None:
    table = opened(tmp_path, f"Nome;Saldo;Città\nRossi;12,50;Roma\nTotale Erg;1;Roma\n{end}\n")
    assert len(values(table)) == 2
    assert "Rows 4: totals" in said(table)


@pytest.mark.parametrize("at", [0, 3, 5000])
def test_a_quote_that_runs_on_for_thousands_of_lines_is_found_out(tmp_path: Path, at: int) -> None:
    rows = [f"Ditta {one};{one}" for one in range(9000)]
    rows[at] = f'"Ditta {at};37003;'
    table = opened(tmp_path, "\n".join(("Nome;CAP", *rows)))
    assert [row.number for row in broken(table)] == [at + 2]
    assert len(values(table)) == 8999


def test_reading_goes_on_after_the_last_row_done(tmp_path: Path) -> None:
    table = opened(tmp_path, lines(("Nome", "CAP"), *((f"Ditta {at}", "37121") for at in range(50))))
    everything = list(table.rows())
    for after in (0, 1, 17, 51):
        assert list(table.rows(after)) == [row for row in everything if row.number > after]


def test_numbers_phones_and_codes_come_as_they_are_written(tmp_path: Path) -> None:
    data = 'Codice;Telefono;CAP;P.IVA\n007;+39 045 790;00187;="00743110157"\n\' 008;\'+1+1;\'=x;"=""012"""\n'
    assert values(opened(tmp_path, data)) == [
        ("007", "+39 045 790", "00187", "00743110157"),
        ("' 008", "+1+1", "=x", "012"),
    ]


def test_a_thousand_columns_are_read_and_five_thousand_refused(tmp_path: Path) -> None:
    row = ";".join(f"c{at}" for at in range(1000))
    data = ";".join(f"Campo {at}" for at in range(1000))
    table = opened(tmp_path, f"{data}\n{row}\n{row}\n")
    assert len(table.headers) == 1000
    with pytest.raises(Unreadable, match="5000 columns"):
        opened(tmp_path, ";".join(f"Campo {at}" for at in range(5000)) + "\n")


@pytest.mark.parametrize("data", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 5000, b"sep=;\n"])
def test_an_empty_file_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        opened(tmp_path, data)


def test_heads_alone_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no rows below"):
        opened(tmp_path, lines(HEADS))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"!BDN\x00", "PST"),
        (b"\x1f\x8b\x08", "packed"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"<?xml version='1.0'?><clienti/>", "XML"),
        (bytes(range(256)) * 40, "no text file"),
    ],
)
def test_what_is_no_table_is_told_by_its_content(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        opened(tmp_path, data)


def test_a_wrong_extension_is_said_and_the_file_read_all_the_same(tmp_path: Path) -> None:
    table = opened(tmp_path, TABLE, "clienti.xlsx")
    assert values(table) == [CASALE, ADIGE]
    assert "«.xlsx»" in said(table)
    assert "«" not in said(opened(tmp_path, TABLE, "clienti.txt"))


@pytest.mark.parametrize(
    ("dates", "day_first"),
    [(["03/04/2026", "25/12/2026"], True), (["03/04/2026", "12/25/2026"], False), (["03/04/2026", "04/05/2026"], True)],
)
def test_the_order_of_dates_is_found(tmp_path: Path, dates: list[str], day_first: bool) -> None:
    table = opened(tmp_path, lines(("Nome", "Data"), *(("Rossi", one) for one in dates)))
    assert table.settings.day_first is day_first


@pytest.mark.parametrize(
    ("amounts", "sign"), [(["1.234,50", "12,5"], ","), (["1,234.50", "12.5"], "."), (["12", "7"], ",")]
)
def test_the_decimal_sign_is_found(tmp_path: Path, amounts: list[str], sign: str) -> None:
    assert opened(tmp_path, lines(("Nome", "Saldo"), *(("Rossi", one) for one in amounts))).settings.decimal == sign


def test_the_first_rows_and_the_number_of_all_are_known_at_once(tmp_path: Path) -> None:
    table = opened(tmp_path, lines(HEADS, *[CASALE] * 40_000))
    assert [row.values for row in table.sample(3)] == [CASALE] * 3
    assert 30_000 < table.estimated < 50_000


def test_columns_look_like_what_they_hold(tmp_path: Path) -> None:
    heads = ("Codice", "Nome", "P.IVA", "CF", "Tel", "Mail", "Data", "Saldo", "CAP", "Pr", "Vuota")
    row = (
        "17", "Rossi", "00743110157", "RSSMRA85T10A562S", "045 790 1234", "a@b.it", "1/2/2026", "1.234,50", "37121", "VR", "",
    )  # fmt: skip
    looks = opened(tmp_path, lines(heads, row, row)).looks
    assert [one.kind for one in looks] == [
        "number", "text", "vat_number", "tax_code", "phone", "email", "date", "money", "postal_code", "province", "",
    ]  # fmt: skip
    assert looks[1].examples == ("Rossi",)


def test_a_table_is_opened_anew_for_every_reading(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE)
    table = open_table(path, "clienti.csv")
    first, second = table.rows(), table.rows()
    assert next(first) == next(second)
    assert list(first) == list(second)
