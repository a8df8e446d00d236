"""What a page showed in a cell, held against what it would show by now: whether somebody else wrote there meanwhile."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser

from django.utils import timezone

from rapporto.store.pages import Page
from rapporto.web.asked import language
from rapporto.web.grid.cells import Cell
from rapporto.web.grid.rows import renderer

Texts = Mapping[str, str]
"""The text of a cell by «id of the record/field»."""


class _Reader(HTMLParser):
    """Reads a cell as the page does: without marks that are only for the eye, long texts in full."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.full: str | None = None
        self.hidden = 0
        self.void = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        classes = (told.get("class") or "").split()
        self.void = self.void or "void" in classes
        if self.hidden or told.get("aria-hidden") == "true":
            self.hidden += 1
        elif tag == "span" and "title" in told and "who" not in classes and self.full is None:
            self.full = told["title"]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= bool(self.hidden)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def text_of(cell: str) -> str:
    """What a cell of HTML says."""
    reader = _Reader()
    reader.feed(cell)
    if reader.void:
        return ""
    return " ".join((reader.full if reader.full is not None else "".join(reader.said)).split())


def texts_sent(text: str) -> Texts:
    """The texts that a page sent; none where it sent none, or nonsense."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: " ".join(one.split()) for key, one in found.items() if isinstance(one, str)}


def texts_now(page: Page) -> Texts:
    """What the cells of a page of records say now."""
    drawn = renderer(page.record, page.columns, language(), timezone.localdate(), pick=False)
    found: dict[str, str] = {}
    for row_id, values in page.rows:
        for one, cell, value in zip(page.columns, drawn.cells, values, strict=True):
            found[f"{row_id}/{one.name}"] = _said(cell, row_id, value, page.titles.get(one.name, {}))
    return found


def _said(cell: Cell, row_id: int, value: object, names: Mapping[int, str]) -> str:
    return text_of(cell(row_id, value, names))
