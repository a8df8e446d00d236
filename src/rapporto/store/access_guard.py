"""Has the database itself refuse to change or delete what stands in the register of accesses, whoever asks."""

from django.db import connection

from rapporto.store.access_models import AccessEntry

_TABLE = AccessEntry._meta.db_table
_SAID = "the register of accesses is only ever added to"
_SQLITE = tuple(
    f'CREATE TRIGGER IF NOT EXISTS "{_TABLE}_no_{act}" BEFORE {act.upper()} ON "{_TABLE}"'
    f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    for act in ("update", "delete")
)
_FUNCTION = f"""CREATE OR REPLACE FUNCTION "{_TABLE}_refuse"() RETURNS trigger LANGUAGE plpgsql AS
$refuse$ BEGIN RAISE EXCEPTION '{_SAID}'; END $refuse$"""
_POSTGRESQL = """DROP TRIGGER IF EXISTS "{t}_no_{act}" ON "{t}";
CREATE TRIGGER "{t}_no_{act}" BEFORE {act} ON "{t}" FOR EACH STATEMENT EXECUTE FUNCTION "{t}_refuse"()"""
_ACTS = ("update", "delete", "truncate")


def install() -> None:
    """Make the triggers; run after every migration."""
    statements = _SQLITE
    if connection.vendor == "postgresql":
        statements = (_FUNCTION, *(_POSTGRESQL.format(t=_TABLE, act=act) for act in _ACTS))
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def drop() -> None:
    """Take the triggers out: before a migration remakes the table, and in tests that empty all tables."""
    where = f' ON "{_TABLE}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for act in _ACTS:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{_TABLE}_no_{act}"{where}')
