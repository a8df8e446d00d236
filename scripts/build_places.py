"""Builds the table of Italian comuni from the one in python-codicefiscale: `python scripts/build_places.py`."""

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "src/rapporto/domain/parties/geography/places.csv"
ENDED_SINCE = "2000"
_SMALL = re.compile(
    r"(?<= )(?:Di|Da|Del|Della|Delle|Dello|Dei|Degli|De|Dal|Dalla|In|Con|E|Ed|A|Al|Alla|Alle|Allo|Ai|Su|Sul|Sulla|Sui"
    r"|Per|Tra|Fra|Nel|Lo|La|Le|Il|I)(?= )"
)
_ELIDED = re.compile(r"(?<=[ ])(D|Dell|All|Nell|Sull|Dall)'")

Row = dict[str, Any]


def name_of(row: Row) -> str:
    """The name with small particles: «Città di Castello», «Mosso d'Asti»."""
    name = _SMALL.sub(lambda word: word[0].lower(), str(row["name"]))
    return _ELIDED.sub(lambda word: word[0].lower(), name).strip()


def province_of(row: Row, former: dict[str, str]) -> str:
    """The province of ISTAT since 2026, where it is not the one the letters tell: Sardinia.

    Each of the four provinces has the comuni it had until 2016, Teulada being added to Sulcis Iglesiente; of what is left of
    Sud Sardegna Seulo goes to Nuoro, the rest to Cagliari.
    """
    letters = str(row["province"])
    if letters not in ("SS", "NU", "OR", "CA", "SU"):
        return ""
    again = {"OT": "113", "OG": "116", "VS": "117", "CI": "119"}.get(former.get(str(row["code"]), ""))
    single = {"Teulada": "119", "Seulo": "114"}.get(str(row["name"])) if letters == "SU" else None
    return again or single or {"SS": "112", "NU": "114", "OR": "115", "CA": "118", "SU": "118"}[letters]


def rows() -> list[tuple[str, str, str, str, str]]:
    """Comuni of today, and those that ended or changed their name since 2000, sorted by name."""
    everything: list[Row] = json.loads(files("codicefiscale").joinpath("data/municipalities.json").read_text("utf-8"))
    today = {row["code"]: row for row in everything if row["active"]}
    former = {row["code"]: row["province"] for row in everything if row["province"] in ("OT", "OG", "VS", "CI")}
    found: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    for row in sorted(everything, key=lambda one: one["date_deleted"] or "9"):
        ended = str(row["date_deleted"])[:10]
        if (ended and ended < ENDED_SINCE) or (ended and today.get(row["code"], {}).get("name") == row["name"]):
            continue
        line = (name_of(row), row["code"], row["province"], "" if ended else province_of(row, former), ended)
        found[name_of(row), row["code"]] = line
    return sorted(found.values(), key=lambda line: (line[0].casefold(), line[1]))


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("name", "belfiore", "sigla", "province", "ended"))
        table.writerows(rows())


if __name__ == "__main__":
    main()
