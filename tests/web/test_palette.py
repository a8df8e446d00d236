"""The palette: what it finds, in which order, for whom; nothing that somebody may not see, and nothing kept of what was opened."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.asking import forget_estimates
from rapporto.store.write import save
from rapporto.web.palette.matching import LABEL, NEARLY, SYNONYM, marked, suits
from tests.web.desk import browser
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
CANARY = "Canarino"


def groups(client: Client, text: str = "", **asked: Any) -> dict[str, list[str]]:
    """The labels of the palette by group, without marks."""
    answer = client.get("/palette/", {"q": text, **asked}, headers=PART)
    assert answer.status_code == 200
    found: dict[str, list[str]] = {}
    for part in answer.content.decode().split('<div role="group"')[1:]:
        label = re.search(r'role="presentation">([^<]*)<', part)
        assert label
        options = re.findall(r"<span>(.*?)</span>", part)
        found[unescape(label[1])] = [unescape(re.sub("<[^>]+>", "", one)) for one in options]
    return found


def lines(found: dict[str, list[str]]) -> list[str]:
    """All labels."""
    return [one for some in found.values() for one in some]


@pytest.mark.parametrize(
    "text",
    [
        "casale",
        "CASALE",
        "ditta cas",
        "dita casale",
        "045 790",
        "045/790",
        "+39 045 790",
        "0039045790",
        "info@casale",
        "37069",
        "ERP-77",
    ],
)
def test_a_party_is_found_by_name_number_mail_and_code(anna: User, casale: Party, text: str) -> None:
    save(actor_of(anna), "party", {"external_code": "ERP-77"}, id=casale.pk)
    save(actor_of(anna), "address", {"party": casale.pk, "street": "Via Nuova 1", "postal_code": "37069"})
    found = groups(browser(anna), text)
    records = [one for label, some in found.items() if label.startswith("Anagrafiche") for one in some]
    assert "Ditta Casale" in records


def test_a_vat_number_finds_and_says_why(anna: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"vat_number": "00743110157"}, id=casale.pk)
    answer = browser(anna).get("/palette/", {"q": "0743110"}, headers=PART).content.decode()
    assert "Partita IVA" in answer
    assert "0<mark>0743110</mark>157".replace("00743110", "0743110") in answer or "<mark>0743110</mark>" in answer


def test_what_is_at_hand_comes_first_then_what_was_opened_then_records_then_commands(anna: User, casale: Party) -> None:
    row = save(actor_of(anna), "party", {"name": "Nuova Officina", "owner": anna.pk})
    save(actor_of(anna), "party", {"name": "Nuovi Telai", "owner": anna.pk})
    found = groups(browser(anna), "nuov", at=f"/party/{casale.pk}/", recent=f"party/{row.pk},party/{casale.pk}")
    assert list(found) == ["Per Ditta Casale", "Aperti di recente", "Anagrafiche", "Comandi", "Cerca ancora"]
    assert found["Per Ditta Casale"] == ["Registra una telefonata", "Scrivi una nota"]
    assert found["Aperti di recente"] == ["Nuova Officina"]
    assert found["Anagrafiche"] == ["Nuovi Telai"]
    assert found["Comandi"][0] == "Nuova anagrafica"


def test_before_anything_is_typed_it_offers_what_is_at_hand(anna: User, casale: Party) -> None:
    found = groups(browser(anna), at="/party/?sort=-name", has="columns,add_filter", chosen="3")
    assert found["In questo elenco"] == ["Aggiungi un filtro", "Scegli le colonne"]
    assert {"Comandi", "Luoghi"} <= set(found)
    chosen = groups(browser(anna), at="/party/", has="change_chosen", chosen="3")
    assert chosen["Con le 3 righe scelte"] == ["Modifica le righe scelte"]


def test_words_are_looked_for_in_the_list_at_hand_with_its_filters(anna: User) -> None:
    answer = browser(anna).get("/palette/", {"q": "cas", "at": "/party/?province.eq=VR&q=x&after=y"}, headers=PART)
    assert "/party/?province.eq=VR&amp;q=cas" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("aggiungi", "Nuova anagrafica"),
        ("rubrica", "Importa dati"),
        ("imporat", "Importa dati"),
        ("passkey", "Password e sicurezza"),
    ],
)
def test_a_command_is_found_by_its_label_its_synonyms_and_with_a_slip(anna: User, text: str, command: str) -> None:
    assert command in groups(browser(anna), text)["Comandi"]


def test_a_command_speaks_the_language_of_the_person() -> None:
    english = user("Emma", AGENT, language="en")
    assert "New party" in groups(browser(english), "company")["Commands"]


def test_a_command_that_needs_a_button_is_offered_only_where_it_is(anna: User) -> None:
    client = browser(anna)
    assert "Scegli le colonne" not in lines(groups(client, "colonne"))
    assert "Scegli le colonne" in lines(groups(client, "colonne", at="/party/", has="columns"))


def test_a_record_offers_what_can_be_done_with_it(anna: User, casale: Party) -> None:
    client = browser(anna)
    acts = groups(client, of=f"party/{casale.pk}")["Per Ditta Casale"]
    assert acts[:4] == ["Apri la scheda", "Registra una telefonata", "Scrivi una nota", "Modifica i dati"]
    assert "045 790 1234" in acts
    assert (
        f'href="/party/{casale.pk}/?kind=call#note"'
        in client.get("/palette/", {"of": f"party/{casale.pk}"}, headers=PART).content.decode()
    )


@pytest.mark.parametrize("of", ["party/999999", "party/x", "address/1", "none/1", "party/-1", "party/" + "9" * 30])
def test_a_record_that_is_not_there_offers_nothing_of_its_own(anna: User, of: str) -> None:
    assert "Apri la scheda" not in lines(groups(browser(anna), of=of))


def test_another_agent_finds_no_trace(anna: User, casale: Party) -> None:
    """Other territories, private dealings, what was opened by somebody else in the same browser."""
    actor = actor_of(anna)
    hers = save(actor, "party", {"name": f"{CANARY} Segreto", "phone": "045 1234567", "owner": anna.pk})
    dealing = log_activity(actor, party=hers.pk, subject=f"{CANARY} riservato", private=True)
    both = log_activity(actor, party=casale.pk, subject=f"{CANARY} riservato", private=True)
    carla, aldo = user("Carla", AGENT), user("Aldo", ADMINISTRATOR)
    sent = {"recent": f"party/{hers.pk},activity/{both.pk}", "at": f"/party/{hers.pk}/", "of": ""}
    for text in (CANARY, "canarin", "Segreto", "0451234567", "riservato", "canraino", ""):
        mine = browser(anna).get("/palette/", {"q": text, **sent}, headers=PART).content.decode()
        theirs = browser(carla).get("/palette/", {"q": text, **sent}, headers=PART).content.decode()
        heard = re.sub("<[^>]+>", "", re.sub(r"Cerca ancora.*", "", theirs, flags=re.DOTALL))
        assert (CANARY in re.sub("<[^>]+>", "", mine), CANARY in heard) == (True, False)
        assert f"/party/{hers.pk}/" not in theirs
    private = browser(aldo).get("/palette/", {"q": "riservato", "recent": f"activity/{both.pk}"}, headers=PART)
    assert CANARY not in private.content.decode()
    assert "Apri la scheda" not in lines(groups(browser(carla), of=f"party/{hers.pk}"))
    assert dealing.party_id == hers.pk


def test_what_was_opened_is_asked_for_again_each_time(anna: User, casale: Party) -> None:
    client = browser(anna)
    assert groups(client, recent=f"party/{casale.pk}")["Aperti di recente"] == ["Ditta Casale"]
    carla = user("Carla", AGENT)
    save(actor_of(user("Aldo", ADMINISTRATOR)), "party", {"owner": carla.pk}, id=casale.pk)
    forget_estimates()
    assert "Aperti di recente" not in groups(client, recent=f"party/{casale.pk}")


@pytest.mark.parametrize("name", ['<b>x</b> "Casale"', "Casale & Figli", "<script>alert(1)</script> Casale"])
def test_hostile_names_are_shown_as_they_are(anna: User, name: str) -> None:
    save(actor_of(anna), "party", {"name": name, "owner": anna.pk})
    for text in ("casale", "<b>", "&", "script"):
        answer = browser(anna).get("/palette/", {"q": text}, headers=PART).content.decode()
        assert "<b>" not in answer
        assert "<script" not in answer


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x" * 5000},
        {"q": "\x00a"},
        {"at": "//evil.example/"},
        {"at": "http://["},
        {"recent": "party/1," * 900},
        {"chosen": "1e9"},
        {"has": "," * 3000},
    ],
)
def test_nothing_sent_breaks_it(anna: User, asked: dict[str, str]) -> None:
    assert browser(anna).get("/palette/", asked, headers=PART).status_code == 200


def test_without_javascript_its_address_leads_to_the_page_of_the_search(anna: User) -> None:
    assert browser(anna).get("/palette/?q=casale").headers["Location"] == "/search/?q=casale"


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("Meccanica Casale", ["mec", "cas"], "<mark>Mec</mark>canica <mark>Cas</mark>ale"),
        ("Perù S.r.l.", ["peru"], "<mark>Perù</mark> S.r.l."),
        ("Straße", ["strasse"], "<mark>Straße</mark>"),
        ("045 790 1234", ["+39045790"], "<mark>045</mark> <mark>790</mark> 1234"),
        ("a<b", ["<"], "a<mark>&lt;</mark>b"),
        ("Casale", [], "Casale"),
    ],
)
def test_the_letters_typed_are_marked(text: str, words: list[str], told: str) -> None:
    assert marked(text, words) == told


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        (["col"], LABEL),
        (["scegl", "le"], LABEL),
        (["campi"], SYNONYM),
        (["colnone"], NEARLY),
        (["xyz"], None),
        (["zol"], None),
        ([], LABEL),
    ],
)
def test_how_well_a_command_suits(typed: list[str], rank: int | None) -> None:
    assert suits(typed, "Scegli le colonne", "campi mostra") == rank
