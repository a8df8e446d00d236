"""The profile fields a company makes for itself, given to many parties at once."""

import pytest

from rapporto.domain.parties.models import Party
from rapporto.kernel.where import EVERYTHING, field
from rapporto.store import made_fields
from rapporto.store.bulk import change_many
from rapporto.store.records import find
from rapporto.store.write import save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


def test_a_value_is_put_into_many_profiles_and_taken_out_again_and_the_others_stay() -> None:
    bruno, aldo = enters("Bruno"), enters("Aldo")
    machine = made_fields.make_field(aldo, "party", "Macchina", "text", None).name
    axes = made_fields.make_field(aldo, "party", "Assi", "integer", None).name
    first, second = casale(bruno), casale(bruno, name="Officine Adige")
    save(bruno, "party", {machine: "Tornio", axes: 5}, first.pk)
    change_many(bruno, "party", EVERYTHING, {machine: "Préssa 40 t"})
    assert set(find(bruno, "party", field(machine).eq("PRESSA 40 T"))) == {first, second}
    assert Party.objects.get(pk=first.pk).extra[axes] == 5
    change_many(bruno, "party", EVERYTHING, {machine: None, axes: 7})
    assert [row.extra for row in Party.objects.order_by("id")] == [{axes: 7}, {axes: 7}]
    assert not find(bruno, "party", field(machine).is_filled()).exists()
