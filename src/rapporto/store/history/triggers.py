"""The triggers that write the history, as text generated from a declaration: rows on SQLite, whole statements on PostgreSQL."""

from dataclasses import dataclass

from rapporto.store.declare import Declaration
from rapporto.store.history.images import SCHEMA, image_sql, key_of, names

PREFIX = "history_"


@dataclass(frozen=True)
class Trigger:
    """One trigger: how it is called, on which table, what it records, and the statement that makes it."""

    name: str
    table: str
    records: str
    sql: str


@dataclass(frozen=True)
class Function:
    """What the triggers of a table call (PostgreSQL)."""

    name: str
    body: str
    sql: str


_ENTRY = "INSERT INTO history_entry (change_set_id, record, row_id, act, at, image)"
_STAMP = "(SELECT change_set_id FROM history_stamp)"
_CLOCK = "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000)"
_AT = f"COALESCE((SELECT at FROM history_stamp), {_CLOCK})"
_BARE = "(SELECT markers_only FROM history_stamp)"


def sqlite_triggers(declaration: Declaration) -> tuple[Trigger, ...]:
    """One trigger for each act, and one for an id that was changed: the old row has gone, a new one has come."""
    table, key = declaration.table, key_of(declaration)
    image = f"CASE WHEN {_BARE} THEN NULL ELSE {image_sql(declaration, 'OLD', 'sqlite')} END"

    def entry(row: str, act: str, image: str) -> str:
        return f"{_ENTRY} VALUES ({_STAMP}, '{declaration.name}', {row}.\"{key}\", '{act}', {_AT}, {image});"

    recorded = [name for name in names(declaration) if name != key]
    differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in recorded)
    of = ", ".join(f'"{name}"' for name in recorded)
    moved = f"{entry('OLD', 'D', image)} {entry('NEW', 'I', 'NULL')}"
    acts = (
        ("insert", "inserts", "INSERT", "", entry("NEW", "I", "NULL")),
        (
            "update",
            "updates",
            f"UPDATE OF {of}",
            f'WHEN OLD."{key}" = NEW."{key}" AND ({differs}) ',
            entry("OLD", "U", image),
        ),
        ("delete", "deletions", "DELETE", "", entry("OLD", "D", image)),
        ("move", "changes of ids", f'UPDATE OF "{key}"', f'WHEN OLD."{key}" <> NEW."{key}" ', moved),
    )
    return tuple(
        Trigger(
            f"{PREFIX}{table}_{act}",
            table,
            records,
            f'CREATE TRIGGER "{PREFIX}{table}_{act}" AFTER {event} ON "{table}" FOR EACH ROW {when}BEGIN {body} END',
        )
        for act, records, event, when, body in acts
    )


_BODY = """
DECLARE
  change bigint := nullif(current_setting('rapporto.change_set', true), '')::bigint;
  moment bigint := coalesce(nullif(current_setting('rapporto.at', true), '')::bigint,
    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
  bare boolean := coalesce(current_setting('rapporto.markers_only', true), '') = 'on';
  own bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    {entry} SELECT change, '{record}', n."{key}", 'I', moment, NULL, own FROM new_rows n ORDER BY n."{key}";
  ELSIF TG_OP = 'UPDATE' THEN
    {entry} SELECT change, '{record}', coalesce(o."{key}", n."{key}"),
      CASE WHEN o."{key}" IS NULL THEN 'I' WHEN n."{key}" IS NULL THEN 'D' ELSE 'U' END,
      moment, CASE WHEN bare OR o."{key}" IS NULL THEN NULL ELSE {image} END, own
    FROM old_rows o FULL JOIN new_rows n ON n."{key}" = o."{key}"
    WHERE ({olds}) IS DISTINCT FROM ({news}) ORDER BY 3;
  ELSIF TG_OP = 'DELETE' THEN
    {entry} SELECT change, '{record}', o."{key}", 'D', moment, CASE WHEN bare THEN NULL ELSE {image} END, own
    FROM old_rows o ORDER BY o."{key}";
  ELSE
    {entry} SELECT change, '{record}', o."{key}", 'D', moment, CASE WHEN bare THEN NULL ELSE {image} END, own
    FROM {schema}."{table}" o ORDER BY o."{key}";
  END IF;
  RETURN NULL;
END
"""
_ACTS = (
    ("insert", "inserts", "AFTER INSERT", "REFERENCING NEW TABLE AS new_rows "),
    ("update", "updates", "AFTER UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "),
    ("delete", "deletions", "AFTER DELETE", "REFERENCING OLD TABLE AS old_rows "),
    ("truncate", "truncation", "BEFORE TRUNCATE", ""),
)


def postgresql_function(declaration: Declaration) -> Function:
    """The function of a table. Old and new rows meet in a FULL JOIN, which no cached plan can turn into a nested loop."""
    table = declaration.table
    body = _BODY.format(
        entry=f"INSERT INTO {SCHEMA}.history_entry (change_set_id, record, row_id, act, at, image, xid)",
        record=declaration.name,
        key=key_of(declaration),
        schema=SCHEMA,
        table=table,
        image=image_sql(declaration, "o", "postgresql"),
        olds=", ".join(f'o."{name}"' for name in names(declaration)),
        news=", ".join(f'n."{name}"' for name in names(declaration)),
    )
    name = f"{PREFIX}of_{table}"
    made = (
        f'CREATE OR REPLACE FUNCTION {SCHEMA}."{name}"() RETURNS trigger LANGUAGE plpgsql AS $history${body}$history$'
    )
    return Function(name, body, made)


def postgresql_triggers(declaration: Declaration) -> tuple[Trigger, ...]:
    """One trigger for each act; they see all the rows of a statement at once."""
    table = declaration.table
    return tuple(
        Trigger(
            f"{PREFIX}{table}_{act}",
            table,
            records,
            f'CREATE TRIGGER "{PREFIX}{table}_{act}" {event} ON {SCHEMA}."{table}" {rows}'
            f'FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}."{PREFIX}of_{table}"()',
        )
        for act, records, event, rows in _ACTS
    )
