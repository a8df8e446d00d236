"""Fields a company makes for itself: made, filled, renamed, retired, taken away, converted, undone; on both databases."""

from contextlib import suppress

import pytest
from django.db import connection

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice
from rapporto.kernel.record import UnknownField
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import field
from rapporto.store import field_indexes, outbox, userfields
from rapporto.store.bulk import change_many
from rapporto.store.check import check
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.rows import line_of
from rapporto.store.history.undo import undo
from rapporto.store.made_fields import make_field, put_in_order
from rapporto.store.made_values import conversion, convert, counts, filled, merge_choices
from rapporto.store.outbox_models import Delivery
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.userfields_models import FieldChoice, FieldsVersion, UserField
from rapporto.store.write import delete, save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


@pytest.fixture
def aldo() -> Actor:
    """The administrator."""
    return enters("Aldo")


def row_of(name: str) -> int:
    """The row of a field, by what it is called in conditions."""
    return int(name[1:])


def indexes() -> set[str]:
    """The indexes of fields made here."""
    return field_indexes.present()


def test_a_field_is_made_with_its_index_and_undone_with_it(aldo: Actor) -> None:
    with change_set(aldo, "make") as change:
        made = make_field(aldo, "party", "Macchina", "text", {"hint": "Marca e modello"}, "Tecnica")
    assert (made.hint, made.group) == ("Marca e modello", "Tecnica")
    assert indexes() == {field_indexes.index_name("party", made)}
    firm = casale(aldo, **{made.name: "Tornio"})
    undone = undo(aldo, change.pk)
    assert undone.kept == ()
    assert indexes() == set()
    with pytest.raises(UnknownField):
        record_type("party").field(made.name)
    assert Party.objects.get(pk=firm.pk).extra[made.name] == "Tornio"
    undo(aldo, undone.change_set_id or 0)
    assert indexes() == {field_indexes.index_name("party", made)}
    assert find(aldo, "party", field(made.name).eq("tornio")).get().pk == firm.pk


def test_agents_make_no_fields_and_see_none_of_their_registers(aldo: Actor) -> None:
    anna = enters("Anna")
    with pytest.raises((Refused, Invalid)):
        make_field(anna, "party", "Macchina", "text")
    made = make_field(aldo, "party", "Macchina", "text")
    assert not find(anna, "user_field").exists()
    assert made.name in record_type("party").seen_by(anna).fields


def test_a_name_is_told_once_and_again_when_the_field_is_gone(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text")
    for taken in ("macchina ", str(record_type("party").field("name").label)):
        with pytest.raises(BadValue):
            make_field(aldo, "party", taken, "integer")
    save(aldo, "user_field", {"removed": True}, row_of(made.name))
    again = make_field(aldo, "party", "Macchina", "integer")
    with pytest.raises(Invalid) as wrong:
        save(aldo, "user_field", {"removed": False}, row_of(made.name))
    assert set(wrong.value.errors) == {"label"}
    assert again.name != made.name


def test_a_field_taken_away_is_nowhere_and_comes_back_with_its_values(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text").name
    firm = casale(aldo, **{made: "Tornio"})
    with change_set(aldo, "take_away") as change:
        save(aldo, "user_field", {"removed": True}, row_of(made))
    assert indexes() == set()
    assert made not in record_type("party").fields
    assert [one.field.name for line in line_of(record_type("party"), firm.pk) for one in line.changes].count(made) == 0
    save(aldo, "party", {"name": "Casale S.r.l."}, firm.pk)
    assert undo(aldo, change.pk).kept == ()
    assert len(indexes()) == 1
    assert find(aldo, "party", field(made).eq("TORNIO")).get().pk == firm.pk


def test_another_process_sees_a_change_with_its_next_request(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text").name
    userfields.reread()
    assert str(record_type("party").field(made).label) == "Macchina"
    # what another process does: the row and the number change past this one's memory
    UserField.objects.filter(pk=row_of(made)).update(label="Macchine")
    assert str(record_type("party").field(made).label) == "Macchina"
    number = FieldsVersion.objects.get().number
    FieldsVersion.objects.update(number=number + 1)
    userfields.reread()
    assert str(record_type("party").field(made).label) == "Macchine"


def test_what_was_made_in_a_change_that_failed_is_not_remembered(aldo: Actor) -> None:
    userfields.reread()
    with suppress(RuntimeError), change_set(aldo, "make"):
        made = make_field(aldo, "party", "Macchina", "text").name
        raise RuntimeError
    userfields.reread()
    assert made not in record_type("party").fields
    assert indexes() == set()


def test_a_retired_value_stays_where_it_is_and_is_given_to_nobody_else(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Concorrente", "choice", {"choices": ["Alfa", "Beta & Figli"]}).name
    firm, other = casale(aldo, **{made: "Alfa"}), casale(aldo, name="Legnami", **{made: "beta_figli"})
    alfa = FieldChoice.objects.get(label="Alfa")
    save(aldo, "field_choice", {"retired": True}, alfa.pk)
    kind = record_type("party").field(made).kind
    assert isinstance(kind, Choice)
    assert [code for code, _label in kind.offered] == ["beta_figli"]
    assert kind.show("alfa") in ("Alfa (non più in uso)", "Alfa (no longer in use)")
    save(aldo, "party", {"name": "Casale S.r.l.", made: "alfa"}, firm.pk)
    with pytest.raises(Invalid) as wrong:
        save(aldo, "party", {made: "alfa"}, other.pk)
    assert set(wrong.value.errors) == {made}
    with pytest.raises(Invalid):
        change_many(aldo, "party", field("name").eq("Legnami"), {made: "alfa"})
    assert find(aldo, "party", field(made).eq("alfa")).get().pk == firm.pk


def test_a_value_is_renamed_everywhere_at_once_and_its_code_stays(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Concorrente", "choice", {"choices": ["Alfa", ["b", "Beta"]]}).name
    alfa = FieldChoice.objects.get(label="Alfa")
    save(aldo, "field_choice", {"label": "Alfa S.p.A."}, alfa.pk)
    assert record_type("party").field(made).kind.show("alfa") == "Alfa S.p.A."
    with pytest.raises(Invalid):
        save(aldo, "field_choice", {"code": "a"}, alfa.pk)
    with pytest.raises(Invalid):
        save(aldo, "field_choice", {"label": "béta"}, alfa.pk)


def test_fields_and_values_stand_in_the_order_given_and_the_groups_too(aldo: Actor) -> None:
    one, two, three = (
        make_field(aldo, "party", name, "text", group=group).name
        for name, group in (("Uno", "B"), ("Due", "A"), ("Tre", "B"))
    )
    assert [f.name for f in record_type("party").made_here] == [one, three, two]
    with change_set(aldo, "order") as change:
        put_in_order(aldo, "user_field", [row_of(three), row_of(one)])
    assert [f.name for f in record_type("party").made_here] == [three, one, two]
    undo(aldo, change.pk)
    assert [f.name for f in record_type("party").made_here] == [one, three, two]


def test_a_field_that_is_to_be_filled_in_stops_only_those_who_were_asked_for_it(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text", {"required": True}).name
    firm = casale(aldo)
    with pytest.raises(Invalid) as wrong:
        save(aldo, "party", {made: ""}, firm.pk)
    assert set(wrong.value.errors) == {made}


def test_what_a_field_holds_is_not_changed_by_the_way(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text").name
    with pytest.raises(Invalid) as wrong:
        save(aldo, "user_field", {"kind": "integer", "record": "activity"}, row_of(made))
    assert set(wrong.value.errors) == {"kind", "record"}
    with pytest.raises(Invalid):
        save(aldo, "user_field", {"record": "party", "label": "Capogruppo", "kind": "link"})


def test_large_tables_get_their_index_beside_the_work_of_everybody(
    aldo: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field_indexes, "LARGE", 0)
    casale(aldo)
    Delivery.objects.all().delete()
    made = make_field(aldo, "party", "Macchina", "text")
    assert indexes() == set()
    while outbox.deliver_one():
        pass
    assert indexes() == {field_indexes.index_name("party", made)}
    save(aldo, "user_field", {"removed": True}, row_of(made.name))
    while outbox.deliver_one():
        pass
    assert indexes() == set()


def test_a_missing_index_is_built_and_one_that_belongs_to_nothing_is_dropped(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text")
    name = field_indexes.index_name("party", made)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute('CREATE INDEX "made_party_u999_key" ON "parties_party" ("id")')
    assert any("Indexes of own" in finding.text for finding in check())
    assert indexes() == {name}
    assert not any("Indexes of own" in finding.text for finding in check())


def test_a_group_with_fields_is_not_deleted_and_an_empty_one_is(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Macchina", "text", group="Tecnica")
    group = UserField.objects.get(pk=row_of(made.name)).group_id or 0
    with pytest.raises(Refused):
        delete(aldo, "field_group", group)
    save(aldo, "user_field", {"group": None}, row_of(made.name))
    delete(aldo, "field_group", group)
    assert record_type("party").field(made.name).group == ""


def test_a_text_becomes_a_list_of_the_values_found_and_goes_back(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Concorrente", "text").name
    for name, value in (("Uno", "Alfa"), ("Due", "ALFA "), ("Tre", "Beta"), ("Quattro", "")):
        casale(aldo, name=name, **{made: value})
    before = list(canonical())
    row = UserField.objects.get()
    planned = conversion(aldo, row, "choice")
    assert (planned.rows, planned.possible) == (3, True)
    with change_set(aldo, "convert") as change:
        convert(aldo, row.pk, "choice")
    kind = record_type("party").field(made).kind
    assert isinstance(kind, Choice)
    assert kind.choices == (("alfa", "Alfa"), ("beta", "Beta"))
    assert find(aldo, "party", field(made).eq("alfa")).count() == 2
    assert indexes() == {field_indexes.index_name("party", record_type("party").field(made))}
    assert undo(aldo, change.pk).kept == ()
    assert list(canonical()) == before
    assert find(aldo, "party", field(made).eq("alfa")).count() == 2


def test_a_value_that_cannot_be_read_forbids_the_conversion_and_is_named(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Portata", "text").name
    casale(aldo, **{made: "1.250"})
    casale(aldo, name="Legnami", **{made: "molta"})
    row = UserField.objects.get()
    assert conversion(aldo, row, "integer").unreadable == (("molta", 1),)
    with pytest.raises(BadValue):
        convert(aldo, row.pk, "integer")
    change_many(aldo, "party", field(made).eq("molta"), {made: None})
    convert(aldo, row.pk, "integer")
    assert find(aldo, "party", field(made).ge(1000)).count() == 1


def test_a_list_becomes_a_text_again(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Concorrente", "choice", {"choices": [["a", "Alfa"]]}).name
    firm = casale(aldo, **{made: "a"})
    convert(aldo, row_of(made), "text")
    assert Party.objects.get(pk=firm.pk).extra == {made: "Alfa", f"{made}~": "alfa"}


def test_one_value_moves_into_another_and_back(aldo: Actor) -> None:
    made = make_field(aldo, "party", "Concorrente", "choice", {"choices": ["Alfa", "Beta"]}).name
    casale(aldo, **{made: "alfa"})
    row = UserField.objects.get()
    assert counts(aldo, row) == {"alfa": 1, "beta": 0}
    alfa, beta = FieldChoice.objects.order_by("pk")
    with change_set(aldo, "merge") as change:
        assert merge_choices(aldo, alfa.pk, beta.pk) == 1
    assert counts(aldo, row) == {"alfa": 0, "beta": 1}
    assert FieldChoice.objects.get(pk=alfa.pk).retired
    assert undo(aldo, change.pk).kept == ()
    assert counts(aldo, row) == {"alfa": 1, "beta": 0}
    assert filled(aldo, row) == 1
