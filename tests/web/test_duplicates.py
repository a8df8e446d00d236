"""The queue on the screen: side by side with the reasons, decided by one button, the sure ones together, the quality in figures."""

import pytest
from django.test import Client

from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.insight.duplicates.measured import kept
from rapporto.kernel.actor import AGENT, MANAGER, system_task
from rapporto.store.jobs_models import Job
from rapporto.store.write import save
from tests.web.samples import user

pytestmark = pytest.mark.django_db
SEARCH = system_task("find_duplicates")
DESK = "045 7901234"


@pytest.fixture
def bruno() -> User:
    """Bruno, a manager."""
    return user("Bruno", MANAGER, language="it")


@pytest.fixture
def page(bruno: User) -> Client:
    """His browser."""
    client = Client()
    client.force_login(bruno)
    return client


def party(owner: User, name: str, **values: object) -> Party:
    """A party of somebody."""
    row: Party = save(actor_of(owner), "party", {"name": name, "owner": owner.pk, **values})
    return row


def pair(one: Party, other: Party, percent: int = 99) -> LikelyDuplicate:
    """Two that may be one."""
    propose(SEARCH, [Proposal(one.pk, other.pk, percent, ("phone",))])
    return LikelyDuplicate.objects.get(first=min(one.pk, other.pk), second=max(one.pk, other.pk))


def test_the_better_card_stands_first_and_the_reasons_are_told(page: Client, bruno: User) -> None:
    poor = party(bruno, "Casale", phone=DESK)
    rich = party(bruno, "Casale S.r.l.", phone=DESK, city="Verona", external_code="C000123")
    pair(poor, rich)
    shown = page.get("/duplicates/").content.decode()
    assert shown.index("Casale S.r.l.</a>") < shown.index(">Casale</a>")
    assert "Stesso numero, 045 790 1234" in shown
    assert "1 da guardare" in shown
    assert "99 %" in shown
    assert f"/duplicates/?pair={LikelyDuplicate.objects.get().pk}&amp;stays={poor.pk}" in shown
    turned = page.get(f"/duplicates/?pair={LikelyDuplicate.objects.get().pk}&stays={poor.pk}").content.decode()
    assert turned.index(">Casale</a>") < turned.index("Casale S.r.l.</a>")


def test_merging_takes_the_chosen_values_and_goes_on_to_the_next_pair(page: Client, bruno: User) -> None:
    one, other = party(bruno, "Casale", phone=DESK), party(bruno, "Casale S.r.l.", phone=DESK)
    third = party(bruno, "Casali")
    first, second = pair(one, other), pair(one, third, 70)
    sent = {"merge": "", "id": [one.pk, other.pk], "field.name": other.pk}
    answer = page.post(f"/duplicates/{first.pk}/", sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"/duplicates/?pair={second.pk}"
    assert "«Casale S.r.l.» ora fa parte di «Casale S.r.l.»" in answer.content.decode()
    one.refresh_from_db()
    assert one.name == "Casale S.r.l."
    assert not Party.objects.filter(pk=other.pk).exists()
    first.refresh_from_db()
    assert (first.state, first.second_id, first.decided_by_id) == (MERGED, None, bruno.pk)


@pytest.mark.parametrize(("button", "state"), [("different", DIFFERENT), ("later", LATER)])
def test_a_pair_is_told_apart_or_put_off_with_the_way_back(page: Client, bruno: User, button: str, state: str) -> None:
    row = pair(party(bruno, "Casale"), party(bruno, "Casale S.r.l."))
    answer = page.post(f"/duplicates/{row.pk}/", {button: ""}, follow=True)
    row.refresh_from_db()
    assert row.state == state
    assert ("Nessuna coppia da guardare" in answer.content.decode()) == (state == DIFFERENT)
    undo = answer.context["toast"].undo_url
    page.post(undo)
    row.refresh_from_db()
    assert row.state == OPEN


def test_put_off_pairs_come_last_and_one_walks_to_and_fro(page: Client, bruno: User) -> None:
    cards = [party(bruno, f"Casale {name}") for name in ("Acciai", "Legnami", "Marmi", "Vetri")]
    sure, likely, late = pair(cards[0], cards[1]), pair(cards[1], cards[2], 80), pair(cards[2], cards[3], 95)
    page.post(f"/duplicates/{late.pk}/", {"later": ""})
    order = [sure, likely, late]
    for at, row in enumerate(order):
        context = page.get(f"/duplicates/?pair={row.pk}").context
        after, before = order[at + 1 : at + 2], order[at - 1 : at] if at else []
        assert context["next_url"] == "".join(f"/duplicates/?pair={one.pk}" for one in after)
        assert context["previous_url"] == "".join(f"/duplicates/?pair={one.pk}" for one in before)
    assert page.get("/duplicates/").context["pair"].id == sure.pk


def test_the_sure_ones_are_merged_together_and_come_back_together(page: Client, bruno: User) -> None:
    rows = [
        pair(party(bruno, f"{name} S.r.l.", phone=DESK, city="Verona"), party(bruno, name))
        for name in ("Casale", "Brenta", "Adige")
    ]
    doubted = pair(party(bruno, "Piave"), party(bruno, "Piave snc"), 80)
    shown = page.get("/duplicates/sure/").content.decode()
    assert "Piave" not in shown
    before = Party.objects.count()

    answer = page.post("/duplicates/sure/", {"pair": [rows[0].pk, rows[1].pk, doubted.pk]}, follow=True)

    assert "2 coppie unite." in answer.content.decode()
    assert Party.objects.count() == before - 2
    assert set(Party.objects.filter(name__startswith="Casale").values_list("name", flat=True)) == {"Casale S.r.l."}
    page.post(answer.context["toast"].undo_url)
    assert Party.objects.count() == before
    assert LikelyDuplicate.objects.filter(state=OPEN).count() == 4


def test_what_one_may_not_see_is_not_in_the_queue(bruno: User) -> None:
    anna = user("Anna", AGENT, language="it")
    row = pair(party(anna, "Casale"), party(bruno, "Casale S.r.l."))
    client = Client()
    client.force_login(anna)
    assert "Nessuna coppia da guardare" in client.get(f"/duplicates/?pair={row.pk}").content.decode()
    assert client.post(f"/duplicates/{row.pk}/", {"different": ""}).status_code == 404
    assert "Cerca in tutto" not in client.get("/duplicates/").content.decode()
    assert client.post("/duplicates/search/").status_code == 403


def test_a_manager_searches_the_register_behind_the_pages(page: Client) -> None:
    answer = page.post("/duplicates/search/")
    job = Job.objects.get()
    assert (job.kind, answer.headers["Location"]) == ("find_duplicates", f"/jobs/{job.pk}/")


def test_the_quality_is_told_with_what_it_is_a_part_of(page: Client, bruno: User) -> None:
    shown = page.get("/duplicates/quality/").content.decode()
    for one in kept():
        assert 0.99 <= one.sure.precision <= 1
    for words in (
        "Aziende italiane inventate",
        "FEBRL, serie 4",
        "coppie su",
        "Precisione: delle coppie",
        "Richiamo: di tutte",
    ):
        assert words in shown
    row = pair(party(bruno, "Casale"), party(bruno, "Casale S.r.l."))
    LikelyDuplicate.objects.filter(pk=row.pk).update(found_by="search")
    page.post(f"/duplicates/{row.pk}/", {"different": ""})
    assert "unite: 0, non doppioni: 1" in page.get("/duplicates/quality/").content.decode()
