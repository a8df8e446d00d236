"""Reads the tables of words and numbers that lie beside the code."""

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table such as «towns.csv», by column."""
    text = files("rapporto.site.demo").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
