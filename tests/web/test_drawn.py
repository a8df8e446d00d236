"""What is drawn by hand on a card: harmless whatever stands in it, and only what those who ask may see."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import MANAGER
from rapporto.store.asking import Asked
from rapporto.store.history.as_of import as_of
from rapporto.store.records import find, may_change
from rapporto.store.write import save
from rapporto.web.drawn import facts_html, lines_html, stream_html
from rapporto.web.facts import Fact
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.parts import Line, Reach
from rapporto.web.permitted import may_change_read
from rapporto.web.reading import name_of, read
from rapporto.web.timeline.entries import StreamEntry, Tag
from tests.web.samples import user

HOSTILE = "\"><script>alert('1')</script>&"
HARMLESS = "&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;"


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer."""
    row: Party = save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk})
    return row


def test_a_line_of_the_story_is_harmless_whatever_stands_in_it() -> None:
    entry = StreamEntry(
        at=datetime(2026, 11, 22, 9, tzinfo=UTC), icon="phone", title=HOSTILE, mark=HOSTILE, kind=HOSTILE, person=HOSTILE,
        text=HOSTILE, by=HOSTILE, url=HOSTILE, tags=(Tag(HOSTILE, HOSTILE),), undo_url=HOSTILE,
        changes=({"label": HOSTILE, "before": HOSTILE, "after": HOSTILE},),
    )  # fmt: skip
    drawn = stream_html([entry], HOSTILE, lambda: "")
    assert "<script" not in drawn
    assert drawn.count(HARMLESS) == 15


def test_facts_and_people_are_harmless_whatever_stands_in_them() -> None:
    facts = facts_html([Fact(HOSTILE, HOSTILE, HOSTILE, locked=HOSTILE), Fact(HOSTILE, "", empty=HOSTILE)])
    line = Line(HOSTILE, HOSTILE, HOSTILE, (Reach(HOSTILE, HOSTILE),), HOSTILE, edit_url=HOSTILE)
    people = lines_html([line, Line(HOSTILE, former=True)], faces=True)
    assert "<script" not in facts + people
    assert facts.count(HARMLESS) == 6
    assert people.count(HARMLESS) >= 8


def test_a_long_text_keeps_its_lines_and_a_mail_address_breaks_after_its_sign() -> None:
    assert "uno<br>due<br>tre" in facts_html([Fact("Note", "uno\r\ndue\ntre")])
    assert "info@<wbr>casale.it" in facts_html([Fact("E-mail", "info@casale.it", "mailto:info@casale.it")])


def test_what_restores_leads_to_its_preview_and_from_there_back_to_the_page(rf: RequestFactory) -> None:
    entry = StreamEntry(datetime(2026, 11, 22, 9, tzinfo=UTC), "history", "Cambiato", undo_url="/undo/7/preview/")
    page = render_to_string(
        "_stream_entries.html", {"entries": [entry]}, request=rf.get("/party/1/", {"words": HOSTILE})
    )
    assert 'href="/undo/7/preview/?next=%2Fparty%2F1%2F%3Fwords%3D' in page
    assert HOSTILE not in page


@pytest.mark.django_db
def test_a_fixed_query_asks_for_other_numbers_and_never_shows_what_somebody_else_may_see(
    anna: User, carla: User, casale: Party
) -> None:
    theirs = save(actor_of(carla), "party", {"name": "Officine Carla", "owner": carla.pk})
    query = FixedQuery(lambda asked, one: asked.records("party").filter(pk=one).values_list("pk", "name"), ("party",))
    for _again in range(2):
        for person, own, other in ((anna, casale, theirs), (carla, theirs, casale)):
            asked = Asked.by(actor_of(person))
            assert query.rows(asked, own.pk) == [(own.pk, own.name)]
            assert query.rows(asked, other.pk) == []


@pytest.mark.django_db
def test_a_fixed_query_follows_rights_that_change(anna: User, carla: User, casale: Party) -> None:
    query = FixedQuery(
        lambda asked, one: asked.records("address").filter(party_id=one).values_list("city"), ("address",)
    )
    save(actor_of(anna), "address", {"party": casale.pk, "city": "Verona"})
    assert query.rows(Asked.by(actor_of(anna)), casale.pk) == [("Verona",)]
    bruno = user("Bruno", MANAGER)
    save(actor_of(bruno), "party", {"owner": carla.pk}, casale.pk)
    assert query.rows(Asked.by(actor_of(anna)), casale.pk) == []
    assert query.rows(Asked.by(actor_of(carla)), casale.pk) == [("Verona",)]


@pytest.mark.django_db
def test_a_fixed_query_is_made_once_and_gives_the_values_of_the_usual_one(anna: User, casale: Party) -> None:
    made: list[int] = []

    def build(asked: Asked, one: int) -> QuerySet[Party]:
        made.append(one)
        return asked.records("party").filter(pk=one).values_list("extra", "birth_date", "territory_by_hand", "name")

    query, asked = FixedQuery(build, ("party",)), Asked.by(actor_of(anna))
    usual = list(
        find(actor_of(anna), "party")
        .filter(pk=casale.pk)
        .values_list("extra", "birth_date", "territory_by_hand", "name")
    )
    assert query.rows(asked, casale.pk) == query.rows(asked, casale.pk) == usual
    assert len(made) == 1
    with as_of(datetime.now(UTC)):
        assert query.rows(Asked.by(actor_of(anna)), casale.pk) == usual
    assert len(made) == 2


@pytest.mark.django_db
def test_a_number_that_does_not_reach_the_database_is_refused(anna: User) -> None:
    query = FixedQuery(lambda asked, one: asked.records("party").values_list("pk"), ("party",))
    with pytest.raises(ValueError, match="every number"):
        query.rows(Asked.by(actor_of(anna)), 1)


@pytest.mark.django_db
def test_whether_a_read_record_may_be_changed_is_said_as_the_store_says_it(
    anna: User, carla: User, casale: Party
) -> None:
    bruno = user("Bruno", MANAGER)
    address = save(actor_of(anna), "address", {"party": casale.pk, "city": "Verona"})
    for person in (anna, bruno):
        for name, row_id in (("party", casale.pk), ("address", address.pk), ("user", carla.pk)):
            actor, asked = actor_of(person), Asked.by(actor_of(person))
            assert may_change_read(read(actor, name, row_id, asked=asked), asked) == may_change(actor, name, row_id)


@pytest.mark.django_db
def test_a_record_is_called_by_its_name_also_when_that_is_the_name_of_another(anna: User, casale: Party) -> None:
    actor = actor_of(anna)
    assert name_of(actor, "party", casale.pk) == read(actor, "party", casale.pk).title == "Ditta Casale"
    kind = save(actor_of(user("Bruno", MANAGER)), "party_type", {"name": "Rivenditore"})
    save(actor, "party", {"types": [kind.pk]}, casale.pk)
    link = find(actor, "party_type_of").get()
    assert name_of(actor, "party_type_of", link.pk) == read(actor, "party_type_of", link.pk).title == "Rivenditore"


@pytest.mark.django_db
def test_the_card_is_read_in_english_too(casale: Party) -> None:
    client = Client()
    client.force_login(user("Grace", MANAGER, language="en"))
    for address in (f"/party/{casale.pk}/", f"/party/{casale.pk}/edit/", "/party/new/"):
        text = client.get(address).content.decode()
        assert "<h1>" in text
        assert "Phone" in text


@pytest.mark.django_db
def test_a_party_just_made_is_found_by_its_words_and_its_search_document_is_asked_for_nowhere_else(anna: User) -> None:
    with CaptureQueriesContext(connection) as captured:
        save(actor_of(anna), "party", {"name": "Nuova Srl", "city": "Verona", "owner": anna.pk})
    asked = " ".join(query["sql"] for query in captured)
    assert "parties_affiliation" not in asked
    client = Client()
    client.force_login(anna)
    assert "Nuova Srl" in client.get("/party/?q=verona").content.decode()
