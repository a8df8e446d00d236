"""What an actor may do with the records there are: what they see they may change, or not."""

import pytest

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import BACK_OFFICE
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor
from rapporto.kernel.where import field
from rapporto.store.declare import DECLARED
from rapporto.store.records import changeable_rows, find, unchangeable_rows
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db


def test_what_is_seen_may_be_changed_or_may_not() -> None:
    anna, aldo = user("Anna", AGENT), user("Aldo", ADMINISTRATOR)
    one_of_each(actor_of(aldo), anna)
    others = [user("Carla", AGENT), user("Bruno", MANAGER), user("Davide", BACK_OFFICE)]
    found = 0
    for actor in (*map(actor_of, (anna, aldo, *others)), Actor(None, "nobody")):
        for name in DECLARED:
            seen, may = ({row.pk for row in rows(actor, name)} for rows in (find, changeable_rows))
            assert {row.pk for row in unchangeable_rows(actor, name)} == seen - may, (actor.name, name)
            found += len(seen - may)
    assert found > 0


def test_of_those_that_match_only() -> None:
    anna = user("Anna", AGENT)
    one_of_each(actor_of(user("Aldo", ADMINISTRATOR)), anna)
    row = find(actor_of(anna), "industry").first()
    assert row is not None
    where = field("name").eq(row.name)
    assert [one.pk for one in unchangeable_rows(actor_of(anna), "industry", where)] == [row.pk]
    assert not unchangeable_rows(actor_of(anna), "industry", field("name").eq("non c'è")).exists()
