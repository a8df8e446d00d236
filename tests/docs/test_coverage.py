"""The table of what is there: every path leads somewhere, every capability of this part has its line."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "coverage.md").read_text("utf-8")
CAPABILITIES = ("C025", "C160", "C162", "C165", "C166", "C167", "C168", "C171", "C175", "C226", "X01", "X02", "X04")
PROMISES = ("9", "14", "16", "17", "19", "20", "21", "31", "32")


def lines() -> dict[str, list[str]]:
    """The lines of the tables by their first word, each in its cells."""
    rows = [row.strip("|").split("|") for row in TEXT.splitlines() if row.startswith("| ") and not row.startswith("|-")]
    return {cells[0].split()[0]: cells for cells in rows}


def test_every_path_leads_somewhere() -> None:
    paths = re.findall(r"`((?:src|tests)/[^`]+)`", TEXT)
    assert len(paths) > 30
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_capability_and_promise_has_code_and_tests() -> None:
    for name in (*CAPABILITIES, *PROMISES):
        cells = lines()[name]
        assert any("`src/" in cell for cell in cells), name
        assert any("`tests/" in cell for cell in cells), name


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []
