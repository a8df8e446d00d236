"""Help while one types: what is said, what is filled in, who may be here already; and nothing of what may not be seen."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from rapporto.store.write import save
from tests.web.samples import user

pytestmark = pytest.mark.django_db
VAT = "00743110157"
HINT = re.compile(r'<div class="help[^"]*" data-hint="([^"]+)"(.*?)</div>', re.DOTALL)
TWIN = re.compile(r'data-apart="(\d+)"')


class Desk:
    """Somebody before a form."""

    def __init__(self, person: User) -> None:
        forget_estimates()
        self.client, self.actor = Client(), actor_of(person)
        self.client.force_login(person)

    def types(self, here: str = "", *, record: str = "party", asked: str = "kind=organisation", **texts: str) -> str:
        """What is answered to a form that stands so."""
        sent = {"country": "IT", "postal_code": "", "city": "", "province": "", "name": "", **texts, "hints.at": here}
        response = self.client.post(f"/{record}/hints/?{asked}", sent)
        assert response.status_code == 200
        return response.content.decode()


def said(body: str, field: str) -> str:
    """What is said beside a field, as one reads it."""
    found = [
        html.unescape(re.sub(r"<[^>]+>", " ", rest.partition(">")[2]))
        for name, rest in HINT.findall(body)
        if name == field
    ]
    return " ".join(" ".join(found).split())


def data(body: str, what: str) -> list[Any]:
    """What is filled in, or offered."""
    return [json.loads(html.unescape(one)) for one in re.findall(rf'data-{what}="([^"]*)"', body)]


def twins(body: str) -> list[int]:
    """The parties that are shown as those that may be the same."""
    return [int(one) for one in TWIN.findall(body)]


@pytest.fixture
def desk(anna: User) -> Desk:
    """Anna before a form."""
    return Desk(anna)


def test_a_code_of_a_chief_town_fills_town_and_province(desk: Desk) -> None:
    body = desk.types("postal_code", postal_code="37121")
    assert data(body, "fills") == [{"city": "Verona", "province": "VR"}]
    assert said(body, "postal_code") == "Verona (VR)"


def test_a_code_fills_what_the_register_tells_and_the_province_always(desk: Desk, casale: Party) -> None:
    assert data(desk.types("postal_code", postal_code="37069"), "fills") == [
        {"city": "Villafranca di Verona", "province": "VR"}
    ]
    assert data(desk.types("postal_code", postal_code="37060"), "fills") == [{"province": "VR"}]


def test_of_several_towns_one_is_chosen_and_those_named_most_stand_first(desk: Desk) -> None:
    for city, times in (("Mozzecane", 1), ("Nogarole Rocca", 2), ("Casa di Mario", 1), ("Padova", 3)):
        for number in range(times):
            named = {"name": f"{city} {number}", "owner": desk.actor.user_id}
            save(desk.actor, "party", {**named, "postal_code": "37060", "city": city})
    body = desk.types("postal_code", postal_code="37060")
    assert [one["city"] for one in data(body, "take")] == ["Nogarole Rocca", "Mozzecane"]
    assert "Quale comune?" in body
    assert "Casa di Mario" not in body


def test_towns_are_learned_from_nothing_that_may_not_be_seen(desk: Desk) -> None:
    carla = actor_of(user("Carla", AGENT))
    save(carla, "party", {"name": "Segreta", "owner": carla.user_id, "postal_code": "37060", "city": "Mozzecane"})
    body = desk.types("postal_code", postal_code="37060")
    assert data(body, "fills") == [{"province": "VR"}]
    assert "Mozzecane" not in body


def test_abroad_nothing_is_filled(desk: Desk) -> None:
    for country in ("DE", "Austria", "boh"):
        assert data(desk.types("postal_code", postal_code="37121", country=country), "fills") == []


def test_what_was_typed_is_never_filled_over_only_questioned(desk: Desk) -> None:
    body = desk.types("", postal_code="37121", city="Padova", province="PD")
    assert data(body, "fills") == []
    assert "37121 è un CAP di Verona, e Padova non è lì." in said(body, "postal_code")
    body = desk.types("", postal_code="37121", city="Frazione", province="PD")
    assert said(body, "province") == "37121 è un CAP della provincia VR. VR"


@pytest.mark.parametrize("typed", ["forli'", "FORLI", "forlì"])
def test_a_town_fills_its_province_and_is_offered_as_it_is_written(desk: Desk, typed: str) -> None:
    body = desk.types("city", city=typed)
    assert {"province": "FC"} in data(body, "fills")
    assert {"city": "Forlì"} in data(body, "take")


def test_a_town_brings_the_codes_it_is_known_by(desk: Desk, casale: Party) -> None:
    assert {"province": "VR", "postal_code": "37069"} in data(desk.types("city", city="Villafranca di Verona"), "fills")


def test_of_two_towns_of_one_name_one_is_chosen(desk: Desk) -> None:
    offers = data(desk.types("city", city="Castro"), "take")
    assert {"city": "Castro", "province": "BG"} in offers
    assert {"city": "Castro", "province": "LE"} in offers
    assert data(desk.types("city", city="Castro", province="LE"), "take") == []


def test_the_beginning_of_a_town_is_completed_while_one_is_there(desk: Desk) -> None:
    assert {"city": "Villafranca di Verona", "province": "VR"} in data(desk.types("city", city="villafr"), "take")
    assert data(desk.types("name", city="villafr"), "take") == []


def test_a_date_in_words_is_told_in_full_and_a_wrong_one_with_what_can_be_written(desk: Desk) -> None:
    told = {"record": "affiliation", "asked": ""}
    assert re.fullmatch(r"\w{3} \d\d/\d\d/\d{4}", said(desk.types("since", since="giovedì prossimo", **told), "since"))
    assert said(desk.types("since", since="22/11/2026", **told), "since") == ""
    assert "«domani»" in said(desk.types("since", since="boh boh", **told), "since")
    told["record"] = "activity"
    assert re.fullmatch(r"\w{3} \d\d/\d\d/\d{4} 09:30", said(desk.types("at", at="gio 9.30", **told), "at"))


def test_a_vat_number_is_counted_while_it_is_typed_and_checked_at_once(desk: Desk) -> None:
    body = desk.types("vat_number", vat_number="0074311015")
    assert "Servono 11 cifre" in said(body, "vat_number")
    assert 'class="help"' in body
    assert 'class="help today"' in desk.types("", vat_number="0074311015")
    assert 'class="help today"' in desk.types("vat_number", vat_number="00743110158")
    assert said(desk.types("vat_number", vat_number=VAT), "vat_number") == ""


def test_a_number_is_written_nicely_when_it_is_left(desk: Desk) -> None:
    for typed in ("0457901234", "045/7901234", "+390457901234", "0039 045 7901234"):
        assert 'data-neat="045 790 1234"' in desk.types("", phone=typed)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ROSSI MARIO S.R.L.", "Rossi Mario S.r.l."),
        ("D'ANGELO SPA", "D'Angelo S.p.A."),
        ("3M ITALIA SRL", "3M Italia S.r.l."),
    ],
)
def test_a_name_in_capitals_is_only_offered_otherwise(desk: Desk, typed: str, offered: str) -> None:
    body = desk.types("name", name=typed)
    assert {"name": offered} in data(body, "take")
    assert data(body, "fills") == []


def test_the_name_of_a_person_is_offered_as_that_of_a_person(desk: Desk) -> None:
    assert {"name": "De Luca Anna"} in data(desk.types("name", name="DE LUCA ANNA", asked="kind=person"), "take")


def test_the_tax_code_tells_birth_date_and_gender_and_speaks_up_where_they_differ(desk: Desk) -> None:
    person: dict[str, str] = {
        "asked": "kind=person",
        "tax_code": "RSSMRA80A01H501U",
        "first_name": "Mario",
        "last_name": "Rossi",
    }
    assert {"birth_date": "01/01/1980", "gender": "m"} in data(
        desk.types("", birth_date="", gender="", **person), "take"
    )
    body = desk.types("", birth_date="02/01/1980", gender="f", **{**person, "first_name": "Anna"})
    assert "01/01/1980" in said(body, "birth_date")
    assert "maschio" in said(body, "gender").lower() or "uomo" in said(body, "gender").lower()
    assert "sei lettere" in said(body, "tax_code")


def test_a_title_tells_the_gender_and_how_a_letter_opens(desk: Desk) -> None:
    body = desk.types("", asked="kind=person", honorific="Dott.ssa", first_name="Anna", last_name="Verdi", gender="")
    assert {"gender": "f"} in data(body, "take")
    assert said(body, "honorific") == "Gentile Dott.ssa Verdi,"


def test_slips_in_mail_domains_are_offered_as_they_are_meant(desk: Desk) -> None:
    assert {"email": "mario@gmail.com"} in data(desk.types("", email="mario@gmial.com"), "take")
    assert "non è posta certificata" in said(desk.types("", pec="mario@gmail.com"), "pec")
    assert {"website": "www.casale.it"} in data(desk.types("", email="info@casale.it", website=""), "take")
    assert data(desk.types("", email="casale@gmail.com", website=""), "take") == []


def test_a_code_of_six_is_for_public_bodies(desk: Desk) -> None:
    assert "6 caratteri" in said(desk.types("", name="Comune di Verona", sdi_code="M5UXCR1"), "sdi_code")
    assert said(desk.types("", name="Casale S.r.l.", sdi_code="M5UXCR1"), "sdi_code") == ""


def test_who_may_be_here_already_is_shown_with_the_reason(desk: Desk, casale: Party) -> None:
    save(desk.actor, "party", {"vat_number": VAT}, casale.pk)
    for told, why in (
        ({"name": "CASALE SRL", "city": "Villafranca di Verona"}, "nome simile, stessa città"),
        ({"name": "Tutt’altro", "vat_number": f"IT {VAT}"}, "stessa partita IVA"),
        ({"name": "Altro", "email": "INFO@casale.esempio.it"}, "stessa e-mail, info@casale.esempio.it"),
        ({"name": "", "phone": "045/790 1234"}, "stesso numero, 045 790 1234"),
    ):
        body = desk.types("", **told)
        assert twins(body) == [casale.pk]
        assert why in html.unescape(body)
        assert "Villafranca di Verona (VR)" in body


def test_whoever_was_told_apart_and_the_party_itself_are_not_shown(desk: Desk, casale: Party) -> None:
    told = {"name": "Ditta Casale", "city": "Villafranca di Verona"}
    assert twins(desk.types("", **told)) == [casale.pk]
    assert twins(desk.types("", **told, **{"hints.apart": str(casale.pk)})) == []
    assert twins(desk.types("", **told, asked=f"kind=organisation&id={casale.pk}")) == []


def test_a_duplicate_that_may_not_be_seen_is_not_told_in_any_way(desk: Desk, casale: Party) -> None:
    save(desk.actor, "party", {"vat_number": VAT}, casale.pk)
    told = {"name": "Ditta Casale", "city": "Villafranca di Verona", "vat_number": VAT, "phone": "045 7901234"}
    carla = Desk(user("Carla", AGENT))
    seen, nothing = (
        carla.types("", **told),
        carla.types("", **{**told, "vat_number": "12345670231", "phone": "045 5555555"}),
    )
    assert twins(seen) == []
    assert re.sub(r'data-(neat|take)="[^"]*"|\d{11}', "", seen) == re.sub(
        r'data-(neat|take)="[^"]*"|\d{11}', "", nothing
    )


@pytest.fixture
def numbers_hidden(casale: Party) -> Iterator[None]:
    """Agents must not know VAT numbers and phones."""
    before = DECLARED["party"]
    hidden = {AGENT: ("vat_number", "phone")}
    DECLARED.put("party", replace(before, record=replace(before.record, hidden=hidden)))
    yield
    DECLARED.put("party", before)


@pytest.mark.usefixtures("numbers_hidden")
def test_a_field_that_is_hidden_tells_nothing(desk: Desk, casale: Party) -> None:
    Party.objects.filter(pk=casale.pk).update(vat_number=VAT)
    body = desk.types("", name="Altro", vat_number=VAT, phone="045 7901234", tax_code=VAT, mobile="045 7901234")
    assert twins(body) == []
    assert said(body, "vat_number") == said(body, "phone") == ""


def test_a_duplicate_holds_up_nothing_and_is_told_when_nobody_saw_it(desk: Desk, casale: Party) -> None:
    told = {"name": "CASALE SRL", "city": "Villafranca di Verona", "owner": str(desk.actor.user_id)}
    sent = {"form.fields": "name,city,owner", **told}
    page = desk.client.post("/party/new/?kind=organisation", sent, follow=True).content.decode()
    assert "Aggiunto: CASALE SRL" in page
    assert "Forse è lo stesso di Ditta Casale (nome simile, stessa città)." in html.unescape(page)
    again = {**sent, "hints.shown": ",".join(map(str, Party.objects.values_list("pk", flat=True)))}
    page = desk.client.post("/party/new/?kind=organisation", again, follow=True).content.decode()
    assert "Forse è lo stesso" not in html.unescape(page)


def test_without_javascript_the_form_of_a_party_says_what_to_verify(desk: Desk, casale: Party) -> None:
    save(desk.actor, "party", {"postal_code": "35100", "pec": "casale@gmail.com"}, casale.pk)
    page = desk.client.get(f"/party/{casale.pk}/edit/").content.decode()
    assert "gmail.com non è posta certificata." in html.unescape(page)
    assert "35100 è un CAP di Padova" in html.unescape(page)


def test_the_day_of_a_note_is_told_in_full_and_a_caller_who_is_known_elsewhere_is_shown(
    desk: Desk, casale: Party
) -> None:
    mario = save(desk.actor, "party", {"kind": "person", "name": "Mario Rossi", "owner": desk.actor.user_id})
    save(desk.actor, "affiliation", {"organisation": casale.pk, "job_title": "Posto vacante"})
    address = f"/party/{casale.pk}/activity/hints/"
    body = desk.client.post(address, {"who": "ROSSI MARIO", "due": "tra 2 settimane alle 8"}).content.decode()
    assert re.fullmatch(r"\w{3} \d\d/\d\d/\d{4} 08:00", said(body, "due"))
    assert {"who": "Rossi Mario"} in data(body, "take")
    assert twins(body) == [mario.pk]
    assert twins(desk.client.post(address, {"who": "lucia bonetti"}).content.decode()) == []
    meant = desk.client.post(address, {"who": "Lucia Boneti"}).content.decode()
    assert (twins(meant), data(meant, "take")) == ([], [{"who": "Lucia Bonetti"}])
    assert Desk(user("Carla", AGENT)).client.post(address, {"who": "Mario Rossi"}).status_code == 404


def test_in_a_cell_of_a_list_the_text_alone_is_told(desk: Desk, casale: Party) -> None:
    other = save(desk.actor, "party", {"name": "Altra ditta", "owner": desk.actor.user_id, "vat_number": VAT})
    address = f"/party/hints/?id={casale.pk}&cell=1"
    body = html.unescape(desk.client.post(address, {"vat_number": VAT}).content.decode())
    assert f"Forse è lo stesso di {other.name} (stessa partita IVA)." in body
    assert "data-take" not in body
    assert "Servono 11 cifre" in desk.client.post(address, {"vat_number": "123"}).content.decode()
    assert desk.client.post(address, {"notes": "x"}).content == b""
    assert Desk(user("Carla", AGENT)).client.post(address, {"vat_number": VAT}).status_code == 404


def test_hostile_texts_come_back_harmless(desk: Desk, casale: Party) -> None:
    nasty = '"><img src=x onerror=alert(1)>'
    save(desk.actor, "party", {"name": f"Casale {nasty}", "owner": desk.actor.user_id, "city": "Verona"})
    for field in (
        "name",
        "city",
        "postal_code",
        "province",
        "phone",
        "vat_number",
        "email",
        "hints.apart",
        "hints.filled",
    ):
        assert "<img" not in desk.types(field, **{"name": f"CASALE {nasty}", "city": "Verona", field: nasty})


def test_as_many_queries_for_two_as_for_sixty_parties_alike(desk: Desk) -> None:
    def queries(number: int) -> int:
        for at in range(number):
            save(
                desk.actor,
                "party",
                {"name": f"Torneria Casale {'x' * at}", "city": "Verona", "owner": desk.actor.user_id},
            )
        desk.types("name", name="Torneria Casale", city="Verona")
        with CaptureQueriesContext(connection) as captured:
            desk.types("name", name="Torneria Casale", city="Verona", vat_number=VAT, phone="045 790123")
        return len(captured)

    assert queries(2) == queries(60)


def test_only_who_is_signed_in_is_helped_and_only_by_post(client: Client) -> None:
    assert client.post("/party/hints/", {"name": "x"}).status_code == 302
    client.force_login(user("Aldo", ADMINISTRATOR))
    assert client.get("/party/hints/?name=Casale").status_code == 405
