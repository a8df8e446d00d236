"""Everything reads as it was at any moment of the past, by the same queries."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q

from rapporto.domain.parties.models import Address, Party
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store import asking
from rapporto.store.history.as_of import WritingInThePast, as_of
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.models import Entry
from rapporto.store.pages import page
from rapporto.store.records import find
from rapporto.store.write import save

pytestmark = pytest.mark.django_db

BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))


def moment() -> datetime:
    time.sleep(0.002)  # changes outside the product are told to the millisecond
    now = datetime.now(UTC)
    time.sleep(0.002)
    return now


@pytest.fixture
def casale() -> Party:
    with change_set(BRUNO, "create"):
        anna = User.objects.create(email="anna@example.com", name="Anna", role="agent")
        casale = Party.objects.create(
            name="Ditta Casale", owner=anna, birth_date=date(1970, 1, 2), extra={"colour": "Rosso", "n": 12, "on": True}
        )
        Address.objects.create(party=casale, street="Via Roma 1", city="Verona")
        Activity.objects.create(
            party=casale, subject="Offer", at=datetime(2026, 3, 1, 10, 30, 5, 123456, tzinfo=UTC), private=True
        )
    return casale


def everything() -> list[str]:
    return list(canonical())


def test_the_past_equals_the_copy_taken_then(casale: Party) -> None:
    copies = []
    changes = (
        lambda: Party.objects.update(name="Perù, l’«altra» 100%", name_key="peru", turnover=5, extra={"colour": "Blu"}),
        lambda: Address.objects.all().delete(),
        lambda: Party.objects.create(name="New", part_of=casale),
        lambda: Activity.objects.update(
            private=False, at=datetime(2027, 1, 1, tzinfo=UTC), outcome="", day=date(2027, 1, 1)
        ),
        lambda: User.objects.update(is_active=False, team=None),
        lambda: Party.objects.filter(name="New").delete(),
    )
    for change in changes:
        copies.append((moment(), everything()))
        with change_set(BRUNO, "change"):
            change()
    for then, copy in copies:
        with as_of(then):
            assert everything() == copy
    with as_of(moment()):
        assert everything() == everything()


def test_links_and_related_counts_come_out_as_they_were(casale: Party) -> None:
    then = moment()
    with change_set(BRUNO, "change"):
        User.objects.update(name="Anna Bianchi")
        Activity.objects.create(party=casale, subject="Second", at=datetime.now(UTC))
        Party.objects.update(owner=None, name="Renamed")

    def asked() -> tuple[object, ...]:
        rows = Party.objects.annotate(n=Count("activities", filter=Q(activities__kind="call")))
        found = rows.select_related("owner").get(pk=casale.pk)
        by_owner = list(
            Party.objects.filter(owner__name="Anna", activities__subject="Offer").values_list("name", flat=True)
        )
        return (
            found.n,
            found.name,
            found.owner.name if found.owner else None,
            by_owner,
            Party.objects.filter(extra__colour="Rosso").count(),
        )

    with as_of(then):
        assert asked() == (1, "Ditta Casale", "Anna", ["Ditta Casale"], 1)
    assert asked() == (2, "Renamed", None, [], 1)


def test_values_keep_their_types(casale: Party) -> None:
    then = moment()
    Party.objects.update(turnover=7, birth_date=None, extra={})
    Activity.objects.update(private=False, at=datetime(2027, 1, 1, tzinfo=UTC))
    with as_of(then):
        party, activity = Party.objects.get(), Activity.objects.get()
        assert party.turnover is None
        assert (party.birth_date, party.website) == (date(1970, 1, 2), "")
        assert party.extra == {"colour": "Rosso", "n": 12, "on": True}
        assert activity.private is True
        assert activity.at == datetime(2026, 3, 1, 10, 30, 5, 123456, tzinfo=UTC)
        assert Activity.objects.filter(private=True, at__year=2026).exists()


def test_unions_subqueries_and_raw_sql_see_the_past_too(casale: Party) -> None:
    then = moment()
    Party.objects.update(name="Renamed")
    with as_of(then):
        union = (
            Party.objects.filter(pk=casale.pk).values_list("name").union(Party.objects.filter(pk=0).values_list("name"))
        )
        assert list(union) == [("Ditta Casale",)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM parties_party WHERE id IN (SELECT id FROM parties_party)")
            assert cursor.fetchall() == [("Ditta Casale",)]
            cursor.execute("WITH few AS (SELECT * FROM parties_party) SELECT name FROM few")
            assert cursor.fetchall() == [("Ditta Casale",)]
        assert Party.objects.filter(pk=casale.pk).explain()


def test_nothing_can_be_written_in_the_past(casale: Party) -> None:
    with as_of(moment()):
        for write in (
            lambda: Party.objects.create(name="x"),
            lambda: Party.objects.update(name="x"),
            lambda: Address.objects.all().delete(),
            lambda: connection.cursor().execute("WITH x AS (SELECT 1) DELETE FROM parties_party"),
            lambda: connection.cursor().execute("DROP TABLE parties_party"),
        ):
            with pytest.raises(WritingInThePast), transaction.atomic():
                write()
        assert Party.objects.filter(name="DELETE FROM x").count() == 0
    assert Party.objects.get().name == "Ditta Casale"


def test_a_row_whose_past_was_forgotten_is_shown_as_it_is(casale: Party) -> None:
    then = moment()
    with change_set(BRUNO, "forget", markers_only=True):
        Party.objects.update(name="")
    with as_of(then):
        assert Party.objects.get().name == ""


def test_a_column_that_an_old_image_lacks_has_its_old_name_or_its_default(
    casale: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = moment()
    Party.objects.update(city="Roma", name="New name")
    entry = Entry.objects.filter(record="party", act="U").latest("id")
    assert entry.image is not None
    image = dict(entry.image)
    image["denomination"] = image.pop("name")
    del image["country"], image["turnover"]
    Entry.objects.filter(pk=entry.pk).update(image=image)
    monkeypatch.setattr("rapporto.store.history.renames.RENAMES", {"party": {"denomination": "name"}})
    with as_of(then):
        party = Party.objects.get()
        assert (party.name, party.country) == ("Ditta Casale", "IT")
        assert party.turnover is None


def test_nobody_gets_back_by_a_date_what_was_taken_from_them(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, carla = (
        User.objects.create(email=f"{one}@esempio.it", name=one, role="agent").pk for one in ("anna", "carla")
    )
    row = save(BRUNO, "party", {"name": "Ditta Casale", "owner": anna, "city": "Verona"})
    then = moment()
    save(BRUNO, "party", {"owner": carla, "city": "Padova"}, row.pk)
    agents = {pk: Actor(pk, "agent", frozenset({"agent"})) for pk in (anna, carla)}
    for limit in (0, 10_000):  # checked row by row, and gathered first
        asking.forget_estimates()
        monkeypatch.setattr(asking, "few", lambda declaration, limit=limit: limit)
        with as_of(then):
            assert not find(agents[anna], "party").exists()
            assert [one.city for one in find(agents[carla], "party")] == ["Verona"]
            assert [values for _, values in page(agents[carla], "party", columns=("city",)).rows] == [("Verona",)]
