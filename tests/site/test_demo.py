"""The demo company: always the same, valid in every number, Italian in every word, with a past that can be looked at."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_django
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from stdnum.it import codicefiscale, iva

from rapporto.domain.consent.models import ConsentEntry, OptOutCheck
from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.domain.parties.geography import places_named, province_of_postal_code
from rapporto.domain.parties.models import Address, Affiliation, Industry, Party, PartyLink, PartyNumbers, ToVerify
from rapporto.domain.parties.reporting import whole_company
from rapporto.domain.parties.searched import renew_search
from rapporto.domain.people.models import BACK_OFFICE, ApiToken, User, Webhook
from rapporto.domain.processes.models import PLANNED, Activity
from rapporto.domain.processes.written import rebuild_numbers, renew_activity_search
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.site.demo import load
from rapporto.site.demo.calendar import Calendar
from rapporto.site.demo.codes import PROVINCES, vat_number
from rapporto.site.demo.house import PASSWORD
from rapporto.site.demo.size import Size
from rapporto.store.declare import DECLARED
from rapporto.store.history.as_of import as_of
from rapporto.store.history.export import canonical
from rapporto.store.history.install import differences
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.imports.models import ImportSource
from rapporto.store.merge_models import Merged
from rapporto.store.search import search
from rapporto.store.userfields import forget, record_type

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
SIZE = 400
BRUNO = Actor(None, "Bruno Ferrari", frozenset({MANAGER}))
ENGLISH = re.compile(
    r"\b(the|and|for|with|from|call|customer|company|supplier|buyer|manager|owner|phone|visit|visited|meeting|order|"
    r"delivery|price|interested|sent|next|step|yes|letter|factory|lead|sales|office|street|road)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """A small demo company, loaded once for all the tests that come after; each of them leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        Entry.objects.all().delete()  # what emptying the tables after another test has left
        assert load(SIZE, TODAY)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def asked_for() -> QuerySet[Party]:
    """The parties without the second cards of those that stand there twice."""
    return Party.objects.exclude(pk__in=LikelyDuplicate.objects.exclude(second=None).values("second"))


def content() -> list[str]:
    """Everything declared, without the ids the database chose."""
    parties = Party.objects.select_related("owner", "territory").order_by("pk")
    activities = Activity.objects.select_related("party", "person", "taken_by").order_by("pk")
    return [
        *(
            f"{one.kind} {one.name} {one.phase} {one.vat_number} {one.city} {one.phone} {one.owner} {one.turnover}"
            for one in parties
        ),
        *(f"{one.at} {one.subject} {one.asked} {one.party.name} {one.taken_by}" for one in activities),
    ]


def unnumbered(line: str) -> str:
    """A row without the numbers that the database chose: those of links, and those by which own fields are called."""
    row = json.loads(re.sub(r'"(\w+_id|id)":\d+', r'"\1":0', line))
    by_number = sorted(row.get("extra", {}).items(), key=lambda one: (int(re.sub(r"\D", "", one[0])), one[0]))
    row["extra"] = [value for _, value in by_number]
    return re.sub(r'"u\d+(~?)"', r'"u\1"', json.dumps(row, sort_keys=True))


def test_two_loads_into_fresh_databases_give_the_same_company() -> None:
    found = []
    for _ in range(2):
        with transaction.atomic():
            load(SIZE, TODAY)
            found.append((content(), sorted(map(unnumbered, canonical(ids=False)))))
            transaction.set_rollback(True)
        forget()
    assert found[0] == found[1]
    assert len(found[0][0]) > SIZE


@pytest.mark.parametrize("size", [0, 99, 1_000_001])
def test_a_size_out_of_bounds_is_refused_and_nothing_is_written(size: int) -> None:
    with pytest.raises(ValueError, match="100 to 1,000,000"):
        load(size, TODAY)
    assert not Party.objects.exists()


@pytest.mark.usefixtures("demo")
def test_it_has_exactly_the_asked_number_of_parties_people_and_activities() -> None:
    assert asked_for().filter(kind="organisation").count() == SIZE // 4
    assert asked_for().filter(kind="person").count() == SIZE * 3 // 4
    assert Activity.objects.count() == SIZE * 15 // 4


def test_the_default_is_two_thousand_firms_and_the_largest_three_million_activities() -> None:
    default, largest = Size(8_000), Size(1_000_000)
    assert (default.organisations, default.persons, default.all_activities) == (2_000, 6_000, 30_000)
    assert (largest.organisations, largest.all_activities) == (250_000, 3_000_000)
    assert sum(map(default.people, range(default.blocks))) == 6_000
    assert sum(map(default.activities, range(default.blocks))) == 30_000


@pytest.mark.usefixtures("demo")
def test_every_field_holds_what_its_kind_accepts_unchanged() -> None:
    for name in ("party", "activity", "address", "contact_point", "affiliation"):
        record, declaration = record_type(name), DECLARED[name]
        for row in declaration.model._default_manager.all():
            for field in record.fields.values():
                if field.made_here or field.derived or name in declaration.through or field.name in declaration.through:
                    continue
                value = getattr(row, declaration.columns[field.name].value)
                assert field.kind.check(value) == (value if value != "" else None), (name, field.name, value)
                if field.kind.keyed:
                    assert getattr(row, declaration.columns[field.name].key) == (field.kind.key(value) or "")


@pytest.mark.usefixtures("demo")
def test_vat_numbers_and_tax_codes_are_valid_and_vat_numbers_never_come_twice() -> None:
    numbers = list(asked_for().filter(kind="organisation").values_list("vat_number", flat=True))
    assert all(map(iva.is_valid, numbers))
    assert len(set(numbers)) == len(numbers) == SIZE // 4
    people = list(
        Party.objects.filter(kind="person").exclude(tax_code="").values_list("tax_code", "birth_date", "gender")
    )
    assert len(people) > 20
    for code, birth, gender in people:
        assert codicefiscale.is_valid(code)
        assert codicefiscale.get_birth_date(code).strftime("%m%d") == birth.strftime("%m%d")
        assert codicefiscale.get_gender(code).lower() == gender


def test_a_quarter_of_a_million_firms_have_as_many_valid_vat_numbers() -> None:
    provinces = list(PROVINCES)
    numbers = {vat_number(number, provinces[number % len(provinces)]) for number in range(250_000)}
    assert len({number[:7] for number in numbers}) == 250_000
    assert all(map(iva.is_valid, list(numbers)[::50]))


@pytest.mark.usefixtures("demo")
def test_town_postal_code_province_and_territory_fit_together() -> None:
    places = [
        *Party.objects.exclude(city="").values_list("city", "postal_code", "province"),
        *Address.objects.values_list("city", "postal_code", "province"),
    ]
    assert len(places) > SIZE // 4
    for city, code, province in places:
        assert province_of_postal_code(code) == province, (city, code)
        assert province in {place.sigla for place in places_named(city)}
    firms = Party.objects.filter(kind="organisation").select_related("territory")
    assert all(firm.territory is not None for firm in firms)
    assert {firm.territory.name for firm in firms if firm.province == "VR" and firm.territory} == {
        "Verona sud",
        "Verona e lago",
    }
    assert sum(firm.province in {"VR", "VI", "PD", "TV", "BS", "TN", "VE", "MN"} for firm in firms) > SIZE // 4 * 0.4


@pytest.mark.usefixtures("demo")
def test_no_english_word_is_on_any_card() -> None:
    for line in canonical(
        ("party", "activity", "affiliation", "address", "industry", "party_type", "link_type", "territory")
    ):
        texts = re.findall(
            r'"(?:name|reverse|subject|asked|outcome|notes|job_title|job_role|street|city|label|honorific)":"([^"]*)"',
            line,
        )
        assert not ENGLISH.search(" · ".join(texts)), texts


@pytest.mark.usefixtures("demo")
def test_dealings_happen_on_working_days_in_office_hours_with_people_of_that_firm() -> None:
    calendar = Calendar(TODAY)
    working = {*calendar.past, *calendar.ahead}
    for activity in Activity.objects.select_related("party"):
        local = activity.at.astimezone(datetime(2026, 1, 1, tzinfo=UTC).tzinfo) + timedelta(hours=1)
        assert activity.day in working
        assert 7 <= local.hour <= 19
        assert activity.subject
        assert not re.search(r"[{}]", activity.subject + activity.asked)
        assert (activity.day < TODAY) or activity.state == PLANNED
    wrong = [
        activity.pk
        for activity in Activity.objects.exclude(person=None)
        if not Affiliation.objects.filter(person=activity.person_id, organisation=activity.party_id).exists()
    ]
    assert wrong == []


@pytest.mark.usefixtures("demo")
def test_some_next_steps_are_late_some_due_today_and_some_notes_private() -> None:
    planned = Activity.objects.filter(state=PLANNED)
    assert planned.filter(day__lt=TODAY).exists()
    assert planned.filter(day=TODAY).exists()
    assert planned.filter(day__gt=TODAY).exists()
    assert not planned.filter(assignee=None).exists()
    assert Activity.objects.filter(private=True).exists()


@pytest.mark.usefixtures("demo")
def test_people_have_moved_and_report_to_each_other_over_several_steps() -> None:
    moved = Affiliation.objects.exclude(until=None)
    assert moved.exists()
    for job in moved:
        now = Affiliation.objects.get(person=job.person_id, until=None)
        assert now.since is not None
        assert job.since is not None
        assert job.until is not None
        assert job.since < job.until < now.since
    assert Affiliation.objects.filter(reports_to__reports_to__isnull=False).exists()
    assert all(
        whole_company(job.reports_to.organisation_id) == whole_company(job.organisation_id)
        for job in Affiliation.objects.exclude(reports_to=None)
    )
    assert Affiliation.objects.filter(person=None).exists()
    assert PartyLink.objects.exists()
    assert Party.objects.filter(kind="unit").exclude(part_of=None).exists()


@pytest.mark.usefixtures("demo")
def test_the_showcase_is_meccanica_casale_with_its_people_and_a_changed_card() -> None:
    casale = Party.objects.get(name="Meccanica Casale S.r.l.")
    assert (casale.vat_number, casale.postal_code, casale.city, casale.province) == (
        "02847190234",
        "37069",
        "Villafranca di Verona",
        "VR",
    )
    running = casale.people.filter(until=None).exclude(person=None)
    assert set(running.values_list("person__name", flat=True)) == {
        "Lucia Bonetti",
        "Paolo Casale",
        "Marco Zanella",
        "Dino Furlan",
        "Sara Melotti",
        "Nadia Cordioli",
        "Elisa Tosi",
    }
    assert casale.owner is not None
    assert casale.owner.name == "Anna Righetti"
    assert casale.activities.count() >= 20
    assert Entry.objects.filter(record="party", row_id=casale.pk, act="U").count() >= 5
    with as_of(datetime(2025, 1, 7, 12, tzinfo=UTC)):
        before = Party.objects.get(pk=casale.pk)
        assert before.employees == 58
        assert before.owner_id != casale.owner_id
        assert 0 < Activity.objects.filter(party=casale.pk, state="done").count() < 5


@pytest.mark.usefixtures("demo")
def test_the_company_has_agents_a_manager_a_back_office_and_one_password() -> None:
    roles = list(User.objects.values_list("role", flat=True))
    assert roles.count("agent") >= 5
    assert {"manager", BACK_OFFICE, "administrator"} <= set(roles)
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert all(user.email.endswith("@officineadige.esempio.it") for user in User.objects.all())
    assert Industry.objects.count() > 30


@pytest.mark.usefixtures("demo")
def test_the_past_months_have_changes_by_several_users_and_the_load_is_one_change_set() -> None:
    assert ChangeSet.objects.filter(command="load_demo", door="demo", open=False).count() == 1
    edits = ChangeSet.objects.filter(command="change")
    assert len({edit.user_name for edit in edits}) >= 4
    assert all(edit.at < datetime(2026, 11, 25, tzinfo=UTC).timestamp() * 1_000_000 for edit in edits)
    assert not Entry.objects.filter(change_set=None).exists()
    assert differences() == []


@pytest.mark.usefixtures("demo")
def test_numbers_are_those_that_counting_anew_gives() -> None:
    def numbers() -> list[tuple[object, ...]]:
        return list(
            PartyNumbers.objects.order_by("party").values_list(
                "party", "last_activity_on", "next_activity_on", "activities"
            )
        )

    loaded = numbers()
    rebuild_numbers()
    assert loaded == numbers()
    assert len(loaded) == Party.objects.count()


@pytest.mark.usefixtures("demo")
def test_search_documents_are_those_that_writing_them_anew_gives() -> None:
    def documents(record: str) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, heading, text FROM search_{record} ORDER BY id")
            return list(cursor.fetchall())

    loaded = {record: documents(record) for record in ("party", "activity")}
    renew_search(list(Party.objects.values_list("pk", flat=True)))
    renew_activity_search(list(Activity.objects.values_list("pk", flat=True)))
    assert len(loaded["party"]) == Party.objects.count()
    assert loaded == {record: documents(record) for record in loaded}


@pytest.mark.usefixtures("demo")
def test_parties_and_activities_are_found_by_fragments() -> None:
    casale = Party.objects.get(name="Meccanica Casale S.r.l.")
    assert casale.pk in search(BRUNO, "party", "canica casal").ids
    assert search(BRUNO, "activity", "secondo lotto di mandrini").ids


@pytest.mark.usefixtures("demo")
def test_a_second_load_says_so_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = Party.objects.count()
    assert not load(SIZE, TODAY)
    assert "already" in capsys.readouterr().err
    assert Party.objects.count() == before


@pytest.mark.usefixtures("demo")
def test_some_cards_stand_there_twice_some_pairs_are_decided_and_two_were_merged() -> None:
    pairs = dict(LikelyDuplicate.objects.values_list("state").annotate(number=Count("pk")))
    assert pairs == {OPEN: 12, DIFFERENT: 2, LATER: 1, MERGED: 3}
    assert all(one.first.kind == one.second.kind for one in LikelyDuplicate.objects.all() if one.second)
    lines = Merged.objects.all()
    assert Party.objects.filter(pk__in=[one.kept for one in lines]).count() == 3
    assert not Party.objects.filter(pk__in=[one.gone for one in lines]).exists()
    assert ToVerify.objects.count() == 4
    assert ImportSource.objects.get().remembered["party"]["columns"]["partita iva"] == "vat_number"


@pytest.mark.usefixtures("demo")
def test_people_said_all_that_can_be_said_about_being_contacted_each_time_with_its_proof() -> None:
    entries = ConsentEntry.objects.select_related("party")
    assert {one.state for one in entries} == {"given", "pending", "withdrawn", "objected"}
    assert all(one.document or one.words for one in entries if one.state in ("given", "pending"))
    assert OptOutCheck.objects.get().refused == 2


@pytest.mark.usefixtures("demo")
def test_its_programs_open_no_door_and_knock_at_none() -> None:
    assert [one.hashed for one in ApiToken.objects.all()] == [None]
    assert [(one.active, one.salt) for one in Webhook.objects.all()] == [(False, "")]
