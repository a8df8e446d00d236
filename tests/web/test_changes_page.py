"""The page of the changes: found by who, what, when and door; the effect shown; undone as a whole or in part."""

import re

import pytest
from django.test import Client

from rapporto.domain.parties.models import Address, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.merge import merge
from rapporto.store.write import save
from rapporto.web import undo_preview, undo_work
from tests.web.desk import browser

pytestmark = pytest.mark.django_db


def page(person: User, query: str = "") -> str:
    return browser(person).get(f"/changes/{query}").content.decode()


def lines(text: str) -> list[str]:
    """The words of the lines, without their tags."""
    rows = re.findall(r"<tr><td.*?</tr>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.fixture
def pasted(bruno: User) -> ChangeSet:
    """One act of Bruno: two new companies with an address each, and a third one changed."""
    his = actor_of(bruno)
    old = save(his, "party", {"name": "Prima", "phase": "customer"})
    with change_set(his, "paste") as change:
        for name in ("Nuova", "Altra"):
            made = save(his, "party", {"name": name})
            save(his, "address", {"party": made.pk, "city": "Verona"})
        save(his, "party", {"phase": "lost"}, old.pk)
    return change


def test_a_manager_reads_who_changed_what_and_an_agent_only_their_own(bruno: User, anna: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"employees": 12}, casale.pk)
    told = lines(page(bruno))
    assert any("Anna" in line and "Modificato" in line and casale.name in line for line in told)
    assert "Guarda e annulla" in told[0]
    mine = page(anna)
    assert lines(mine)
    assert bruno.name not in " ".join(lines(mine))
    assert 'name="user"' not in mine
    assert 'name="user"' in page(bruno)


def test_it_is_narrowed_and_says_so(bruno: User, pasted: ChangeSet) -> None:
    assert len(lines(page(bruno, "?kind=many"))) == 1
    assert lines(page(bruno, "?kind=merged")) == []
    assert "Niente è stato modificato così." in page(bruno, "?kind=merged")
    assert len(lines(page(bruno, "?record=address&from=2020-01-01&to=2090-12-31"))) == 1
    assert lines(page(bruno, "?to=2020-01-01")) == []
    for odd in ("?from=ieri&to=99999-1-1", "?user=x&door=zz&kind=nil&record=none&before=abc"):
        assert len(lines(page(bruno, odd))) >= 2


def test_a_merge_is_told_by_the_name_of_what_is_kept_also_when_it_is_parted(bruno: User, casale: Party) -> None:
    his = actor_of(bruno)
    done = merge(his, "party", casale.pk, save(his, "party", {"name": "Casale srl"}).pk)
    assert casale.name in lines(page(bruno))[0]
    undo(his, done.change_set_id or 0)
    assert casale.name in lines(page(bruno))[0]
    assert "rifatta un’unione" in lines(page(bruno))[0]


def test_ticked_records_go_back_with_what_belongs_to_them(bruno: User, pasted: ChangeSet) -> None:
    client = browser(bruno)
    address = f"/undo/{pasted.pk}/preview/"
    shown = client.get(address).content.decode()
    assert len(re.findall(r'name="row"', shown)) == 3
    assert "Solo quello che è spuntato" in shown
    new = Party.objects.get(name="Nuova")
    answer = client.post(address, {"row": f"party.{new.pk}", "next": "/changes/"}, follow=True)
    assert "Annullato" in answer.content.decode()
    assert sorted(Party.objects.values_list("name", "phase")) == sorted([("Altra", new.phase), ("Prima", "lost")])
    assert Address.objects.count() == 1
    assert "Annullata in parte una modifica" in lines(page(bruno))[0]


def test_nothing_ticked_changes_nothing(bruno: User, pasted: ChangeSet) -> None:
    client = browser(bruno)
    answer = client.post(f"/undo/{pasted.pk}/preview/", {"next": "/changes/"}, follow=True)
    assert Party.objects.count() == 3
    assert "Nulla è cambiato." in answer.content.decode()


def test_of_a_very_large_change_whole_types_are_ticked(
    bruno: User, pasted: ChangeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr(undo_preview, "is_long", lambda change_set: True)
    begin = undo_work.begin_undo

    def noted(*args: object, **values: object) -> object:
        begun.append(values["types"])
        return begin(*args, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(undo_preview, "begin_undo", noted)
    client = browser(bruno)
    shown = client.get(f"/undo/{pasted.pk}/preview/").content.decode()
    assert re.findall(r'name="type" value="(\w+)"', shown) == ["party", "address"]
    answer = client.post(f"/undo/{pasted.pk}/preview/", {"type": "address", "next": "/changes/"})
    assert begun == [["address"]]
    assert answer.headers["Location"].startswith("/jobs/")


def test_the_act_of_another_is_not_there_for_an_agent(anna: User, pasted: ChangeSet) -> None:
    assert browser(anna).get(f"/undo/{pasted.pk}/preview/").status_code == 404


def test_further_lines_come_one_page_after_the_other(bruno: User, casale: Party) -> None:
    for number in range(55):
        save(actor_of(bruno), "party", {"employees": number + 1}, casale.pk)
    client: Client = browser(bruno)
    text = client.get("/changes/").content.decode()
    more = re.search(r'hx-get="(\?[^"]*before=\d+)"', text)
    assert more
    rest = client.get("/changes/" + more[1], headers={"HX-Request": "true"}).content.decode()
    assert len(lines(text)) == 50
    assert len(lines(text) + lines(rest)) == ChangeSet.objects.count()
    assert "<html" not in rest
