"""Whatever comes in, nothing but `Unreadable` comes out: quickly, in little memory, and the honest rows beside it are read."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapporto.store.transfer.opened import Row, Settings, Table, Unreadable, open_table
from tests.transfer import hostile
from tests.transfer.cards import ANDROID, APPLE, FOURTH, OUTLOOK
from tests.transfer.making import ADIGE, CASALE, HEADS, lines, workbook, written
from tests.transfer.test_other_tables import OFFICE_XML

MOST_SECONDS, MOST_MEGABYTES = 5, 300


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """What came of every hostile file, each read by one process that lives through all of them."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile.make(folder)
    command = [sys.executable, "-m", "tests.transfer.hostile", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    yield {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
    for path in folder.iterdir():
        path.unlink()


def test_none_breaks_the_reader_or_takes_long_or_fills_the_memory(outcomes: dict[str, dict[str, Any]]) -> None:
    assert len(outcomes) > 35
    slow = {name: one["seconds"] for name, one in outcomes.items() if one["seconds"] > MOST_SECONDS}
    assert slow == {}
    assert 10 < max(one["megabytes"] for one in outcomes.values()) < MOST_MEGABYTES


@pytest.mark.parametrize(
    ("name", "rows", "broken"),
    [
        ("long_line.csv", 30_002, 1),
        ("zeros.csv", 2, 1),
        ("unclosed.csv", 60_000, 30_000),
        ("blanks.csv", 1, 0),
        ("photo.vcf", 1, 0),
        ("encoded.ldif", 1, 0),
    ],
)
def test_the_honest_rows_beside_are_read(
    outcomes: dict[str, dict[str, Any]], name: str, rows: int, broken: int
) -> None:
    assert (outcomes[name]["rows"], outcomes[name]["broken"], outcomes[name]["came"]) == (rows, broken, "read")


@pytest.mark.parametrize(
    "name", ["columns.csv", "columns.xlsx", "entities.xlsx", "deep.xlsx", "random.csv", "long_string.xlsx"]
)
def test_what_is_no_table_is_refused_in_words(outcomes: dict[str, dict[str, Any]], name: str) -> None:
    assert outcomes[name]["rows"] == 0
    assert outcomes[name]["came"] != "read"


SOURCES = {
    "a.csv": lines(HEADS, CASALE, ADIGE).encode("cp1252") + b'x;"a\nb";1;;\n',
    "wide.csv": lines(HEADS, CASALE, ADIGE, separator="\t").encode("utf-16"),
    "a.vcf": (OUTLOOK + APPLE + ANDROID + FOURTH).encode("cp1252", "replace"),
    "a.ldif": b"dn: cn=A\ncn: A\nmail: a@b.it\nsn:: Rm9ybMOs\n\ndn: cn=B\ncn: B\ndescription: x\n y\n",
    "a.xml": OFFICE_XML.format(encoding="utf-8", before="").encode(),
    "a.html": b"<html><table><tr><th>Nome<th>CAP</tr><tr><td>Rossi<br>x<td rowspan=2>1</tr><tr><td>Verdi</tr></table>",
}
PIECES = [
    b'"', b'""', b";", b"\r", b"\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe0", b"BEGIN:VCARD\n", b"END:VCARD\n", b"=\n",
    b"<!--", b"<td", b"</table>", b">", b":", b"::", b"\\", b"\xf0\x9f\x91\xa9", b"sep=;\n",
    b'sep="\n', b";CHARSET=utf-7:", b"+2AA-", b"Totale;1\n", b"\x1e", b"item1.", b" ",
]  # fmt: skip


@st.composite
def harmed(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes with a few pieces put in, taken out or exchanged."""
    for _ in range(draw(st.integers(0, 6))):
        at, until = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=6))
        until = min(until, at + draw(st.integers(0, 40)))
        data = data[:at] + piece * draw(st.integers(0, 3)) + data[until:]
    return data


def read(path: Path) -> None:
    """Read a file to its end, as far as it can be read."""
    try:
        table = open_table(path, path.name)
        rows = list(table.rows())
    except Unreadable as error:
        words = str(error)
    else:
        words = "read"
        check(path, table, rows)
    assert words


def check(path: Path, table: Table, rows: list[Row]) -> None:
    """What is true of every table, and that it is read again as it was found."""
    width = len(table.headers)
    assert len(set(table.headers)) == width
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
    for row in rows:
        assert row.broken or len(row.values) == width
        assert not any("\x00" in one for one in row.values if isinstance(one, str))
        "".join((row.raw, *map(str, row.values))).encode()
    middle = numbers[len(numbers) // 2] if numbers else 0
    assert list(table.rows(middle)) == [row for row in rows if row.number > middle]
    assert all(map(str, table.said))
    again = open_table(path, path.name, Settings.from_json(json.loads(json.dumps(table.settings.to_json()))))
    assert (again.headers, list(again.rows())) == (table.headers, rows)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data(), st.sampled_from(sorted(SOURCES)))
def test_a_harmed_file_is_read_or_refused(tmp_path: Path, data: st.DataObject, name: str) -> None:
    read(written(tmp_path, data.draw(harmed(SOURCES[name])), name))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_harmed_workbook_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "whole.xlsx"
    if not path.exists():
        workbook(path, [HEADS, CASALE, ADIGE])
    read(written(tmp_path, data.draw(harmed(path.read_bytes())), "a.xlsx"))


SHEET = hostile.sheet(
    '<row r="2"><c r="A2" s="1"><v>1</v></c><c r="B2" t="s"><f>A1</f><v>0</v></c></row><row r="4"><c><v>7</v></c></row>'
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(harmed(SHEET.encode()))
def test_a_workbook_with_a_harmed_sheet_is_read_or_refused(tmp_path: Path, sheet: bytes) -> None:
    path = tmp_path / "a.xlsx"
    hostile.book(path, sheet.decode("latin-1"))
    read(path)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"BEGIN:VCARD\n", b"dn: x\n", b"<table>"]),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, begin: bytes) -> None:
    read(written(tmp_path, begin + data, "a.csv"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, kind: str) -> None:
    number = 20_000
    if kind == "csv":
        path = written(tmp_path, "Nome;CAP\n" + "".join(f"Ditta numero {at};37121\n" for at in range(number)))
    else:
        path = workbook(
            tmp_path / "a.xlsx",
            [("Nome", "CAP"), *((f"Ditta {at}", "37121") for at in range(number))],
            constant_memory=True,
        )
    table = open_table(path, path.name)
    tracemalloc.start()
    try:
        assert sum(1 for _ in table.rows()) == number
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024**2
    finally:
        tracemalloc.stop()
