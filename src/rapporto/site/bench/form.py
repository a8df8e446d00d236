"""Reads a form of a page as a browser does: the names and values that would be sent if nobody touched it."""

from html.parser import HTMLParser

UNSENT = ("submit", "button", "file")
TICKS = ("checkbox", "radio")


def values_of(page: str, form: str) -> dict[str, object]:
    """What the form with this id would send."""
    reader = _Reader(form)
    reader.feed(page)
    return dict(reader.values)


class _Reader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.within = form, False
        self.values: dict[str, object] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.within = given.get("id") == self.form
        name = given.get("name") or ""
        if not self.within or "disabled" in given:
            return
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.values or "selected" in given):
            self.values[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind not in UNSENT and (kind not in TICKS or "checked" in given):
            self.values[name] = given.get("value") or ("on" if kind in TICKS else "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] = f"{self.values[self.area]}{data}".strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.within = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""
