"""Takes values out of the images of the past: what may no longer be kept is then neither shown, nor found, nor brought back by undoing."""

from collections.abc import Collection

from django.db import connection

from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.history.images import names
from rapporto.store.userfields import JSON_KEY, record_type


def scrub_fields(name: str, ids: Collection[int], fields: Collection[str]) -> None:
    """The fields of these records were blank at every time; the rest of their past stays. Fields made by the company too."""
    paths = [path for one in fields for path in _paths(name, one)]
    if not paths:
        return
    if connection.vendor == "postgresql":
        taken = "image" + "".join(" #- %s::text[]" for _ in paths)
        said = ["{" + ",".join(f'"{step}"' for step in path) + "}" for path in paths]
    else:
        taken = "json_remove(image" + ", %s" * len(paths) + ")"
        said = ["$" + "".join(f'."{step}"' for step in path) for path in paths]
    _update(name, ids, taken, said)


def scrub_records(name: str, ids: Collection[int]) -> None:
    """Of these records nothing is kept but that they were there."""
    _update(name, ids, "NULL", [])


def _paths(name: str, field: str) -> list[tuple[str, ...]]:
    if record_type(name).fields[field].made_here:
        return [("extra", field), ("extra", field + JSON_KEY)]
    column = DECLARED[name].columns[field].value
    return [(one,) for one in names(DECLARED[name]) if one in (column, f"{column}_key")]


def _update(name: str, ids: Collection[int], image: str, parameters: list[str]) -> None:
    for some in chunks(list(ids)):
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE history_entry SET image = {image}"
                f" WHERE record = %s AND row_id IN ({marks}) AND image IS NOT NULL",
                [*parameters, name, *some],
            )
