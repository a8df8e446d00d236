"""First names and surnames of the demo company’s people, the surnames as they are met in the North-East and elsewhere in Italy."""

from rapporto.site.demo.tables import rows


def _named(kind: str) -> tuple[str, ...]:
    return tuple(row["name"] for row in rows("names.csv") if row["kind"] == kind)


MEN, WOMEN = _named("man"), _named("woman")
OF_THE_NORTH_EAST, OF_ITALY = _named("north_east"), _named("italy")
