"""The measurements run through, and what they compare is the same: product and hand-written SQL give the same rows."""

import json
from typing import Any

import pytest

from rapporto.site.bench import main
from rapporto.site.bench.form import values_of
from rapporto.site.bench.measure import slowest
from tests.database import chosen_database

SIZE = 300
READ = {
    "list", "list, whole page", "deep page, at 90 %", "filter + sort", "filter + sort, own fields", "search, rare fragment",
    "search, common fragment", "search everywhere", "card, panel", "card, page, 20 activities", "as of yesterday",
    "API: list", "API: list, every field", "API: deep page, at 90 %", "API: filter + sort",
}  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A whole run with a small company, on the database of this run of the tests."""
    build, database = tmp_path_factory.mktemp("bench"), chosen_database()
    assert main(SIZE, database, build, quick=True) == 0
    (result,) = (build / f"bench-{SIZE}-{database}").glob("2*.json")
    kept: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return kept


def test_everything_is_measured_as_everybody_for_whom_it_means_something(measured: dict[str, Any]) -> None:
    done = {(line["title"], line["person"]) for line in measured["lines"]}
    assert {title for title, person in done if person == "manager"} >= READ
    for person in ("half", "few", "zero"):
        assert {title for title, who in done if who == person} >= {"list", "filter + sort", "search, rare fragment"}
    titles = {title.split()[0] for title, _ in done}
    assert {"create", "change", "undo", "import"} <= titles
    assert {"import 200 rows", "change everything,", "undo everything,"} <= {
        title if title.startswith("import") else " ".join(title.split()[:2]) for title, _ in done
    }
    assert ("create during an import", "manager") in done


def test_the_product_shows_the_rows_that_the_hand_written_sql_finds(measured: dict[str, Any]) -> None:
    compared = [line for line in measured["lines"] if line["same"] is not None]
    assert len(compared) > 25
    assert [line for line in compared if not line["same"]] == []


def test_every_line_has_its_times_and_its_target(measured: dict[str, Any]) -> None:
    for line in measured["lines"]:
        assert 0 < line["middle"] <= line["slow"], line
        assert 0 < line["raw"] <= line["raw_slow"], line
        assert line["target"] > 0, line


def test_eight_people_are_answered_without_a_mistake(measured: dict[str, Any]) -> None:
    assert [one["processes"] for one in measured["mixed"]] == [1, 2]
    for one in measured["mixed"]:
        assert one["rate"] > 0
        assert one["errors"] == 0


def test_start_and_memory_are_told_for_every_process(measured: dict[str, Any]) -> None:
    assert set(measured["starts"]) == {"1", "2"}
    for processes, found in measured["memory"].items():
        assert len(found) >= 3 + int(processes)
        assert all(share > files >= 0 for share, files in found)
    assert measured["megabytes"] > 1


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = """<form id="other"><input name="no" value="1"></form>
    <form id="mine"><input name="a" value="1"><input type="checkbox" name="off"><input type="checkbox" name="on" checked>
    <select name="s"><option value="x">X</option><option value="y" selected>Y</option></select><textarea name="t">
    two words</textarea><button name="b" value="1">Go</button></form><input name="after" value="1">"""
    assert values_of(page, "mine") == {"a": "1", "on": "on", "s": "y", "t": "two words"}


def test_the_slowest_is_the_95th_of_100() -> None:
    assert slowest([float(one) for one in range(1, 101)]) == 95
    assert slowest([3.0]) == 3
