"""The profile page of a party, and the small drawings of its card: groups changed in their place, the map of links."""

import re

import pytest

from rapporto.domain.parties.models import Affiliation, LinkType, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import AGENT
from rapporto.store.history.rows import version
from rapporto.store.write import save
from tests.web.desk import browser
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "div#profile"}
HOSTILE = "\"><script>alert('1')</script>&"


def sent(casale: Party, **typed: str) -> dict[str, str]:
    return {"edit": "0", "version": str(version("party", casale.pk)), "form.fields": ",".join(typed), **typed}


def test_a_group_is_shown_with_its_blanks_and_saved_in_its_place(anna: User, casale: Party) -> None:
    client, address = browser(anna), f"/party/{casale.pk}/profile/"
    assert re.search(r"<dt>Note</dt><dd class=\"quiet\">da chiedere", client.get(address).content.decode())
    form = client.get(f"{address}?edit=0", headers=PART).content.decode()
    assert form.lstrip().startswith('<div id="profile"')
    assert 'name="form.fields" value="notes"' in form
    saved = client.post(address, sent(casale, notes="Preferisce la mail."), headers=PART)
    assert (saved.status_code, "Preferisce la mail." in saved.content.decode()) == (200, True)
    assert "Annulla" in saved.content.decode()
    assert client.post(address, sent(casale, notes="Altro")).headers["Location"] == address


def test_two_people_at_one_group_see_both_texts(anna: User, bruno: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"notes": "Prima"}, casale.pk)
    hers = sent(casale, notes="Di Anna")
    save(actor_of(bruno), "party", {"notes": "Di Bruno"}, casale.pk)
    answer = browser(anna).post(f"/party/{casale.pk}/profile/", hers)
    assert answer.status_code == 409
    assert "Di Bruno" in answer.content.decode()
    assert "Di Anna" in answer.content.decode()


def test_another_agent_and_a_group_that_is_not_there_change_nothing(anna: User, casale: Party) -> None:
    carla = browser(user("Carla", AGENT))
    assert carla.get(f"/party/{casale.pk}/profile/").status_code == 404
    assert carla.post(f"/party/{casale.pk}/profile/", sent(casale, notes="x")).status_code == 404
    assert "<form class" not in browser(anna).get(f"/party/{casale.pk}/profile/?edit=99").content.decode()


def test_the_map_shows_each_link_with_its_word_and_shared_people_dashed(anna: User, casale: Party) -> None:
    actor = actor_of(anna)
    kind = LinkType.objects.create(name="controlla", reverse="è controllata da")
    small = save(actor, "party", {"name": "Officina Piccola", "owner": anna.pk})
    other = save(actor, "party", {"name": "Fonderia Scaligera", "owner": anna.pk})
    save(actor, "party_link", {"first": casale.pk, "link_type": kind.pk, "second": small.pk})
    lucia = Affiliation.objects.get().person_id
    save(actor, "affiliation", {"person": lucia, "organisation": other.pk})
    text = browser(anna).get(f"/party/{casale.pk}/").content.decode()
    drawn = text[text.index("links-map") :].split("</svg>")[0]
    assert "<title>Officina Piccola: controlla</title>" in drawn
    assert "<title>Fonderia Scaligera: anche Lucia Bonetti</title>" in drawn
    assert drawn.count('class="thin"') == 1
    listed = text[text.index("links-map") :].split("</svg>", 1)[1]
    assert listed.index("Officina Piccola") < listed.index("controlla")
    assert "è controllata da" in browser(anna).get(f"/party/{small.pk}/").content.decode()


def test_the_map_draws_twenty_and_says_how_many_more_and_nobody_who_may_not_be_seen(
    anna: User, bruno: User, casale: Party
) -> None:
    kind = LinkType.objects.create(name="fornisce", reverse="è fornita da")
    for number in range(23):
        row = save(actor_of(anna), "party", {"name": f"Cliente {number:02}", "owner": anna.pk})
        save(actor_of(anna), "party_link", {"first": casale.pk, "link_type": kind.pk, "second": row.pk})
    carla = user("Carla", AGENT)
    hidden = save(actor_of(carla), "party", {"name": "SEGRETA", "owner": carla.pk})
    save(actor_of(bruno), "party_link", {"first": casale.pk, "link_type": kind.pk, "second": hidden.pk})
    lucia = Affiliation.objects.get().person_id
    save(actor_of(bruno), "affiliation", {"person": lucia, "organisation": hidden.pk})
    text = browser(anna).get(f"/party/{casale.pk}/").content.decode()
    assert text[text.index("links-map") :].split("</svg>")[0].count("<title>") == 20
    assert "e altri 3, nell’elenco qui sotto" in text
    assert "SEGRETA" not in text


def test_hostile_names_are_harmless_in_chart_map_profile_and_filter(anna: User, casale: Party) -> None:
    actor = actor_of(anna)
    kind = LinkType.objects.create(name=HOSTILE[:80], reverse=HOSTILE[:80])
    row = save(actor, "party", {"name": HOSTILE, "owner": anna.pk})
    person = save(actor, "party", {"name": HOSTILE, "kind": "person", "owner": anna.pk})
    save(actor, "party_link", {"first": casale.pk, "link_type": kind.pk, "second": row.pk})
    save(actor, "affiliation", {"person": person.pk, "organisation": casale.pk, "job_title": HOSTILE})
    save(actor, "party", {"kind": "unit", "part_of": casale.pk, "name": HOSTILE, "owner": anna.pk})
    save(actor, "party", {"notes": HOSTILE}, casale.pk)
    client = browser(anna)
    for path in ("", "org-chart/", "profile/", "profile/?edit=0", "?show=all&words=%22%3E%3Cscript%3E"):
        text = client.get(f"/party/{casale.pk}/{path}").content.decode()
        assert "<script>alert" not in text
        assert '""><script' not in text
