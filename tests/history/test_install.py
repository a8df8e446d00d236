"""Every declared table has its triggers, and a database without them is told apart."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from rapporto.domain.parties.models import Party
from rapporto.store.declare import DECLARED
from rapporto.store.history.install import differences, drop, install
from rapporto.store.history.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def installed() -> None:
    install()


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def alter(model: type[Model], old: Field, new: Field) -> None:
    connection.disable_constraint_checking()
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
    connection.enable_constraint_checking()


def on(table: str) -> str:
    return f" ON {table}" if connection.vendor == "postgresql" else ""


def test_after_migrating_nothing_differs() -> None:
    assert differences() == []
    assert len(DECLARED) > 10


def test_a_missing_trigger_is_told_and_made_again() -> None:
    execute(f"DROP TRIGGER history_parties_party_update{on('parties_party')}")
    assert differences() == [
        "the updates of parties_party are not recorded: the trigger history_parties_party_update is missing"
    ]
    install()
    assert differences() == []


def test_another_trigger_of_that_name_is_told_and_replaced() -> None:
    execute(f"DROP TRIGGER history_parties_party_delete{on('parties_party')}")
    if connection.vendor == "postgresql":
        execute("CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        execute(
            "CREATE TRIGGER history_parties_party_delete AFTER DELETE ON parties_party FOR EACH ROW EXECUTE FUNCTION idle()"
        )
    else:
        execute("CREATE TRIGGER history_parties_party_delete AFTER DELETE ON parties_party BEGIN SELECT 1; END")
    assert any("recorded wrongly" in line for line in differences())
    install()
    assert differences() == []


def test_a_trigger_of_no_record_type_is_told_and_taken_out() -> None:
    body = "FOR EACH ROW EXECUTE FUNCTION history_of_parties_party()" if on("x") else "BEGIN SELECT 1; END"
    execute(f"CREATE TRIGGER history_left_over AFTER INSERT ON parties_party {body}")
    assert differences() == ["the trigger history_left_over on parties_party belongs to no record type"]
    install()
    assert differences() == []


@pytest.mark.postgresql
def test_a_disabled_trigger_and_a_changed_function_are_told() -> None:
    execute("ALTER TABLE parties_party DISABLE TRIGGER history_parties_party_insert")
    assert len(differences()) == 1
    execute(
        "CREATE OR REPLACE FUNCTION history_of_parties_address() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    )
    assert len(differences()) == 2
    install()
    assert differences() == []


def test_migrations_take_the_triggers_out_and_put_them_back() -> None:
    drop()
    assert len(differences()) >= 4 * len(DECLARED)
    call_command("migrate", verbosity=0, interactive=False)
    assert differences() == []
    Party.objects.create(name="Ditta Casale")
    assert Entry.objects.filter(record="party", act="I").count() == 1


def test_a_table_remade_by_a_migration_keeps_its_triggers() -> None:
    """On SQLite Django remakes the table to alter a column, and the triggers go with the old one."""
    model = MigrationLoader(connection).project_state().apps.get_model("parties", "Party")
    old, new = model._meta.get_field("employees"), model._meta.get_field("employees").clone()
    new.db_default = 0
    new.set_attributes_from_name("employees")
    new.model = model
    alter(model, old, new)
    if connection.vendor == "sqlite":
        assert differences() != []
    call_command("migrate", verbosity=0, interactive=False)
    assert differences() == []
    alter(model, new, old)
    install()


def test_migrating_with_nothing_to_do_leaves_the_triggers_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def dropped() -> None:
        raise AssertionError("changes would escape the history meanwhile")

    monkeypatch.setattr("rapporto.store.history.install.drop", dropped)
    call_command("migrate", verbosity=0, interactive=False)


def test_no_image_holds_a_password() -> None:
    execute(
        "INSERT INTO people_user (id, email, name, name_key, role, language, is_active, password, extra, handed_over)"
        " VALUES (1, 'a@b.it', 'Anna', 'anna', 'agent', 'it', TRUE, 'secret', '{}', FALSE)"
    )
    execute("UPDATE people_user SET name = 'Anna B.'")
    (entry,) = Entry.objects.filter(record="user", act="U")
    assert entry.image is not None
    assert entry.image["name"] == "Anna"
    assert not {"password", "last_login"} & set(entry.image)
