"""DuckDB in the memory of this process, without network and extensions: the parties as a table, and the pairs worth a comparison."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

import duckdb
import pyarrow as arrow

from rapporto.insight.duplicates.features import COLUMNS, Row, keys

LISTS = frozenset(("codes", "phones", "emails", "domains", "employers"))
BLOCK = 40
"""Parties that may have a key in common; a key that more have is everybody's, and leads to nobody."""
PORTION = 20_000
MEMORY = "2500MB"
THREADS = 2
SCHEMA = arrow.schema(
    [
        (name, arrow.int64() if name in ("unique_id", "label") else arrow.list_(arrow.string()) if name in LISTS else arrow.string())
        for name in COLUMNS
    ]
)  # fmt: skip
KEYS = arrow.schema([("unique_id", arrow.int64()), ("key", arrow.string())])


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database that is gone afterwards; what does not fit into memory waits in files of its own."""
    with tempfile.TemporaryDirectory(prefix="rapporto-duplicates-") as spill:
        there = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": MEMORY,
                "threads": str(THREADS),
                "temp_directory": spill,
                "preserve_insertion_order": "false",
            },
        )
        there.execute("SET enable_progress_bar = false")
        try:
            yield there
        finally:
            there.close()


def fill(there: duckdb.DuckDBPyConnection, rows: Iterable[Row], *, person: bool, told: Callable[[int], None]) -> int:
    """Write the parties and their keys; `told` hears how many are there. Gives their number."""
    there.register("empty", SCHEMA.empty_table())
    there.execute("CREATE TABLE subject AS SELECT * FROM empty")
    there.execute("CREATE TABLE subject_key (unique_id BIGINT, key UBIGINT)")
    done, left = 0, iter(rows)
    while some := list(islice(left, PORTION)):
        columns = [
            arrow.array(values, field.type) for values, field in zip(zip(*some, strict=True), SCHEMA, strict=True)
        ]
        portion = arrow.Table.from_arrays(columns, schema=SCHEMA)
        pairs = [(one[0], key) for one in some for key in set(keys(one, person=person))]
        led = arrow.Table.from_arrays(
            [
                arrow.array([one for one, _ in pairs], arrow.int64()),
                arrow.array([key for _, key in pairs], arrow.string()),
            ],
            schema=KEYS,
        )
        there.register("portion", portion)
        there.register("led", led)
        there.execute("INSERT INTO subject SELECT * FROM portion")
        there.execute("INSERT INTO subject_key SELECT unique_id, hash(key) FROM led")
        there.unregister("portion")
        there.unregister("led")
        done += len(some)
        told(done)
    return done


def pair_up(there: duckdb.DuckDBPyConnection) -> int:
    """Make the table `candidate` of all pairs that have a telling key in common, in the form splink asks for; gives their number."""
    there.execute(
        f"""
        CREATE TABLE telling AS SELECT key FROM subject_key GROUP BY key HAVING count(*) BETWEEN 2 AND {BLOCK};
        CREATE TABLE led_to AS SELECT key, unique_id FROM subject_key SEMI JOIN telling USING (key);
        DROP TABLE subject_key;
        DROP TABLE telling;
        CREATE TABLE candidate AS
            SELECT DISTINCT 0 AS match_key, one.unique_id AS join_key_l, other.unique_id AS join_key_r
            FROM led_to AS one JOIN led_to AS other ON one.key = other.key AND one.unique_id < other.unique_id;
        DROP TABLE led_to;
        """
    )
    ((count,),) = there.execute("SELECT count(*) FROM candidate").fetchall()
    return int(count)
