"""What the product writes in bulk, in a process of its own: the rows of an import, and a change of every party with its undo."""

import json
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection

from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.where import EVERYTHING
from rapporto.site.bench.server import processor
from rapporto.store.bulk import change_many
from rapporto.store.bulk_create import making
from rapporto.store.history.changing import change_set, close
from rapporto.store.history.undo import undo

PORTION = 50
"""Rows in one transaction: two hundred records."""
PAUSE = 0.005
"""Seconds between two transactions on SQLite, as an import leaves them for the others."""
PHASE = "at_risk"
STREETS = (
    "Via Roma",
    "Via Giuseppe Verdi",
    "Corso Milano",
    "Viale dell'Industria",
    "Piazza Cittadella",
    "Via Nazionale",
)
TOWNS = (
    ("37138", "Verona", "VR"), ("20121", "Milano", "MI"), ("10121", "Torino", "TO"), ("40121", "Bologna", "BO"),
    ("35121", "Padova", "PD"), ("25121", "Brescia", "BS"), ("00184", "Roma", "RM"),
)  # fmt: skip
TRADES = (
    "Meccanica",
    "Officine",
    "Costruzioni",
    "Impianti",
    "Tessitura",
    "Caffè",
    "Ceramiche",
    "Forniture",
    "Trasporti",
)
Values = dict[str, Any]


@dataclass
class Measured:
    """Milliseconds by the clock and of the processor, the database's among them; the most memory so far; the longest transaction."""

    took: float
    busy: float
    megabytes: float
    change: int | None
    state: Any = None
    longest: float = 0.0


def prepare(file: Path) -> None:
    """Do what the file asks for, and write there what was measured, by name."""
    asked = json.loads(file.read_text(encoding="utf-8"))
    actor, lasted = system_task("Bench", door="bench"), [0.0]
    done = {"import": _measured(lambda: _import(actor, asked["rows"], lasted))}
    done["import"].longest = max(lasted)
    done["change"] = _measured(lambda: change_many(actor, "party", EVERYTHING, {"phase": PHASE}).change_set_id)
    done["change"].state = _phases(asked["phases"])
    done["undo"] = _measured(lambda: undo(actor, done["change"].change or 0).change_set_id)
    done["undo"].state = _phases(asked["phases"])
    file.write_text(json.dumps({name: asdict(one) for name, one in done.items()}), encoding="utf-8")


def _measured(act: Callable[[], int | None]) -> Measured:
    began, clock = _busy(), time.perf_counter()
    change = act()
    took, busy = time.perf_counter() - clock, _busy() - began
    return Measured(1000 * took, 1000 * busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, change)


def _import(actor: Actor, number: int, lasted: list[float]) -> int | None:
    """One change set over short transactions, as imports write."""
    change: int | None = None
    left = map(_row, range(number))
    while some := list(islice(left, PORTION)):
        began = time.perf_counter()
        with change_set(actor, "bench", continues=change, keep_open=True) as begun:
            _write(actor, some)
        change = begun.pk
        lasted.append(1000 * (time.perf_counter() - began))
        if connection.vendor == "sqlite":
            time.sleep(PAUSE)
    if change is not None:
        close(change)
    return change


def _write(actor: Actor, rows: list[tuple[Values, Values, Values, Values]]) -> None:
    with making(actor) as under_way:
        ids = under_way.create("party", [party for party, *_ in rows])
        parts = list(zip(ids, rows, strict=True))
        under_way.create("address", [{**address, "party": one} for one, (_, address, *_) in parts])
        under_way.create("contact_point", [{**point, "party": one} for one, row in parts for point in row[2:]])


def _row(number: int) -> tuple[Values, Values, Values, Values]:
    """A row as it stands in a file: a company, a further place of it, a telephone and an e-mail."""
    chance = Random(number)
    cap, town, province = chance.choice(TOWNS)
    further, other, where = chance.choice(TOWNS)
    party = {
        "name": f"{chance.choice(TRADES)} {_surname(chance)} {number} S.r.l.",
        "phone": f"045 {8000000 + number}",
        "email": f"info{number}@ditta{number}.esempio.it",
        "street": f"{chance.choice(STREETS)} {chance.randint(1, 200)}",
        "postal_code": cap,
        "city": town,
        "province": province,
        "external_code": f"R{number:07}",
        "notes": "Cliente storico, pagamento a 60 giorni",
    }
    address = {
        "kind": "site",
        "street": f"{chance.choice(STREETS)} {chance.randint(1, 200)}",
        "postal_code": further,
        "city": other,
        "province": where,
    }
    phone = {"kind": "mobile", "value": f"33{chance.randint(10000000, 99999999)}"}
    return party, address, phone, {"kind": "email", "value": f"Vendite@ditta{number}.esempio.it", "label": "Vendite"}


def _surname(chance: Random) -> str:
    return "".join(
        chance.choice(letters) for letters in ("BCDFGLMNPRSTV", "aeiou", "bcdfglmnprstv", "aeiou", "cdlnrt", "aeio")
    )


def _busy() -> float:
    """Seconds of the processor: ours, and those of the process that works for us."""
    if connection.vendor != "postgresql":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return time.process_time() + processor([cursor.fetchone()[0]])


def _phases(sql: str) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [[phase, number, int(total)] for phase, number, total in cursor.fetchall()]
