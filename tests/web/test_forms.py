"""Forms: a name alone saves; what is wrong is said by field; two people at once lose nothing; every change can be undone."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import Territory, TerritoryArea, User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.rows import version
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser, party
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
Answer = Any


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer."""
    return party(anna, "Ditta Casale", phase="customer")


def send(client: Client, address: str, headers: dict[str, str] | None = None, **values: Any) -> Answer:
    """Send a form that has exactly these fields; names with a double underscore have a dot or a column of their own."""
    own = {name: value for name, value in values.items() if name in ("version", "next")}
    fields = {name.replace("__", "."): value for name, value in values.items() if name not in own}
    names = [name for name in fields if "." not in name]
    return client.post(address, {"form.fields": ",".join(names), **fields, **own}, headers=headers)


def mistakes(answer: Answer) -> dict[str, str]:
    """What is wrong, by field."""
    text = answer.content.decode()
    return dict(re.findall(r'class="error" id="id-(\w+)-error">.*?<span>(.*?)</span></span>', text))


def gone(answer: Answer) -> str:
    """Where an answer leads."""
    return str(answer.url)


def newest() -> ChangeSet:
    """The change set written last."""
    return ChangeSet.objects.latest("pk")


# ── making ──────────────────────────────────────────────────────────────────────────────────────
def test_a_name_alone_is_enough_and_whoever_makes_a_party_has_it(anna: User) -> None:
    client = browser(anna)
    form = client.get("/party/new/").content.decode()
    assert f'<option value="{anna.pk}" selected>Anna</option>' in form
    answer = send(client, "/party/new/", name="Ditta Casale", phase="suspect", owner=str(anna.pk))
    casale = Party.objects.get()
    assert answer.url == f"/party/{casale.pk}/"
    assert (casale.name, casale.kind, casale.owner_id) == ("Ditta Casale", "organisation", anna.pk)


def test_every_wrong_value_is_named_at_its_field_with_what_to_do_and_nothing_typed_is_lost(anna: User) -> None:
    typed = {
        "name": "Ditta Casale",
        "vat_number": "0284719023",
        "email": "casale.it",
        "employees": "molti",
        "city": "Lucca",
    }
    answer = send(browser(anna), "/party/new/", None, **typed)
    assert answer.status_code == 422
    assert set(mistakes(answer)) == {"vat_number", "email", "employees"}
    assert mistakes(answer)["vat_number"].startswith("Servono 11 cifre")
    text = answer.content.decode()
    assert all(f'value="{value}"' in text for value in typed.values())
    assert 'href="#id-vat_number"' in text
    assert not Party.objects.exists()


def test_a_missing_name_is_asked_for(anna: User) -> None:
    answer = send(browser(anna), "/party/new/", name="  ", phase="lead")
    assert answer.status_code == 422
    assert set(mistakes(answer)) == {"name"}


def test_a_wrong_number_does_not_hide_that_the_name_is_missing(anna: User, casale: Party) -> None:
    both: dict[str, Any] = {"name": " ", "vat_number": "0284719023"}
    client = browser(anna)
    assert set(mistakes(send(client, "/party/new/", **both))) == {"name", "vat_number"}
    assert set(mistakes(send(client, f"/party/{casale.pk}/edit/", **both))) == {"name", "vat_number"}
    assert Party.objects.get().name == "Ditta Casale"


@pytest.mark.parametrize(
    ("language", "typed", "cents"),
    [
        ("en", "1,234.50", 123450),
        ("en", "1,500", 150000),
        ("en", "€ 1,234,567", 123456700),
        ("en", "1.500", 150),
        ("en", "12,50", 1250),
        ("it", "1.234,50", 123450),
        ("it", "1.500", 150000),
        ("it", "12,5", 1250),
    ],
)
def test_an_amount_is_read_the_way_its_writer_writes_it(language: str, typed: str, cents: int) -> None:
    client = browser(user("Emma", MANAGER, language=language))
    assert send(client, "/party/new/", name="Ditta Casale", turnover=typed).status_code == 302
    row = Party.objects.get()
    assert row.turnover == cents
    shown = {"en": f"{cents / 100:,.2f}", "it": f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))}[language]
    assert f'value="{shown}"' in client.get(f"/party/{row.pk}/edit/").content.decode()


def test_the_form_of_a_part_knows_what_it_belongs_to(anna: User, casale: Party) -> None:
    client = browser(anna)
    text = client.get(f"/address/new/?party={casale.pk}", headers=PANEL).content.decode()
    assert text.lstrip().startswith("<aside")
    assert "Ditta Casale" in text
    answer = send(client, f"/address/new/?party={casale.pk}", headers=PANEL, kind="delivery", city="Caldiero")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/party/{casale.pk}/")
    assert casale.addresses.get().city == "Caldiero"


def test_a_part_of_what_one_may_not_see_is_not_made(anna: User, casale: Party) -> None:
    carla = browser(user("Carla", AGENT))
    assert send(carla, f"/address/new/?party={casale.pk}", kind="site", city="Caldiero").status_code == 422
    assert not casale.addresses.exists()


# ── links ───────────────────────────────────────────────────────────────────────────────────────
def test_a_link_can_be_typed_by_its_name_alone(anna: User, casale: Party) -> None:
    lucia = party(anna, "Lucia Bonetti", kind="person")
    answer = send(browser(anna), f"/affiliation/new/?organisation={casale.pk}", person="lucia BONETTI", person__id="")
    assert answer.status_code == 302
    assert Affiliation.objects.get().person_id == lucia.pk


def test_an_id_is_believed_only_together_with_its_name(anna: User, casale: Party) -> None:
    lucia, marco = party(anna, "Lucia Bonetti", kind="person"), party(anna, "Marco Zanella", kind="person")
    address = f"/affiliation/new/?organisation={casale.pk}"
    send(browser(anna), address, person="Lucia Bonetti", person__id=str(marco.pk))
    assert Affiliation.objects.get().person_id == lucia.pk


def test_of_two_with_the_same_name_one_must_be_chosen(anna: User, casale: Party) -> None:
    first = party(anna, "Lucia Bonetti", kind="person", city="Verona")
    party(anna, "Lucia Bonetti", kind="person", city="Padova")
    address = f"/affiliation/new/?organisation={casale.pk}"
    answer = send(browser(anna), address, person="Lucia Bonetti", person__id="")
    assert answer.status_code == 422
    assert "Verona" in mistakes(answer)["person"]
    assert send(browser(anna), address, person="Lucia Bonetti", person__id=str(first.pk)).status_code == 302


def test_an_unknown_name_makes_nobody_without_asking(anna: User, casale: Party) -> None:
    client, address = browser(anna), f"/affiliation/new/?organisation={casale.pk}"
    answer = send(client, address, person="Mario Neri", person__id="")
    assert answer.status_code == 422
    assert "Aggiungi la persona «Mario Neri»" in answer.content.decode()
    assert not Party.objects.filter(kind="person").exists()
    send(client, address, person="Mario Neri", person__id="", make__person="on")
    assert Affiliation.objects.get().person.name == "Mario Neri"
    assert newest().entries.values_list("record", flat=True).distinct().count() == 2


def test_what_failed_leaves_nothing_of_what_was_made_along_with_it(anna: User, casale: Party) -> None:
    address = f"/affiliation/new/?organisation={casale.pk}"
    answer = send(browser(anna), address, person="Mario Neri", person__id="", make__person="on", email="sbagliata")
    assert answer.status_code == 422
    assert not Party.objects.filter(kind="person").exists()


def test_suggestions_hold_only_what_may_be_seen(anna: User, casale: Party) -> None:
    assert "Ditta Casale" in browser(anna).get("/party/suggest/?q=casa").content.decode()
    assert "Casale" not in browser(user("Carla", AGENT)).get("/party/suggest/?q=casa").content.decode()
    assert "Ditta Casale" not in browser(anna).get("/party/suggest/?q=casa&kind=person").content.decode()


# ── changing ────────────────────────────────────────────────────────────────────────────────────
def test_only_what_was_changed_is_written_so_that_the_territory_follows_the_new_place(anna: User, bruno: User) -> None:
    verona, padova = Territory.objects.create(name="Verona"), Territory.objects.create(name="Padova")
    for territory, province in ((verona, "VR"), (padova, "PD")):
        TerritoryArea.objects.create(territory=territory, kind="province", first=province)
    casale = party(anna, "Ditta Casale", province="VR")
    assert casale.territory_id == verona.pk
    now = version("party", casale.pk)
    send(
        browser(bruno),
        f"/party/{casale.pk}/edit/",
        name="Ditta Casale",
        province="PD",
        territory=str(verona.pk),
        version=now,
    )
    casale.refresh_from_db()
    assert casale.territory_id == padova.pk


def test_a_form_that_changes_nothing_leaves_no_history(anna: User, casale: Party) -> None:
    before = ChangeSet.objects.count()
    send(
        browser(anna),
        f"/party/{casale.pk}/edit/",
        name="Ditta Casale",
        phase="customer",
        version=version("party", casale.pk),
    )
    assert ChangeSet.objects.count() == before


def test_two_people_at_one_card_see_both_values_and_choose(anna: User, bruno: User, casale: Party) -> None:
    read = version("party", casale.pk)
    send(browser(bruno), f"/party/{casale.pk}/edit/", name="Casale S.p.A.", city="Verona", version=read)
    client = browser(anna)
    answer = send(client, f"/party/{casale.pk}/edit/", name="Casale S.r.l.", employees="64", version=read)
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "Ditta Casale",
        "Come l’ha scritto Bruno",
        "Casale S.p.A.",
        "Come lo scrivi tu",
        "Casale S.r.l.",
        "64",
    ):
        assert words in text
    now = re.search(r'name="version" value="(\d+)"', text)
    assert now
    kept = dict(re.findall(r'<input type="hidden" name="(name|employees)" value="([^"]*)"', text))
    assert kept == {"name": "Casale S.r.l.", "employees": "64"}
    send(client, f"/party/{casale.pk}/edit/", **kept, keep__name="theirs", version=now[1])
    casale.refresh_from_db()
    assert (casale.name, casale.city, casale.employees) == ("Casale S.p.A.", "Verona", 64)


def test_different_fields_of_one_card_do_not_clash(anna: User, bruno: User, casale: Party) -> None:
    read = version("party", casale.pk)
    send(browser(bruno), f"/party/{casale.pk}/edit/", name="Ditta Casale", city="Verona", version=read)
    answer = send(browser(anna), f"/party/{casale.pk}/edit/", name="Casale S.r.l.", city="", version=read)
    casale.refresh_from_db()
    assert (answer.status_code, casale.name, casale.city) == (302, "Casale S.r.l.", "Verona")


def test_who_may_see_but_not_change_gets_no_form(anna: User) -> None:
    kind = record_type("party_type")
    assert kind.visible(actor_of(anna))
    row = DECLARED["party_type"].model.objects.create(name="Cliente")  # type: ignore[attr-defined]
    assert browser(anna).get(f"/party_type/{row.pk}/edit/").status_code == 403
    assert browser(anna).get("/party_type/new/").status_code == 403
    assert "/edit/" not in browser(anna).get(f"/party_type/{row.pk}/").content.decode()


def test_every_record_type_has_a_form_that_saves_itself_unchanged() -> None:
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    made = one_of_each(actor_of(aldo), user("Anna", AGENT))
    client = browser(aldo)
    for name, row_id in made.items():
        if name == "activity" or DECLARED[name].record.append_only:
            continue
        text = client.get(f"/{name}/{row_id}/edit/").content.decode()
        before = ChangeSet.objects.count()
        answer = client.post(f"/{name}/{row_id}/edit/", as_it_stands(text))
        assert answer.status_code == 302, (name, mistakes(answer))
        assert ChangeSet.objects.count() == before, name


def as_it_stands(text: str) -> dict[str, Any]:
    """What a browser would send of a form nobody touched."""
    form = text[text.index('id="record-form"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r' (\w+)="([^"]*)"', tag))
        name = re.search(r' name="([^"]+)"', tag)
        if name and (told.get("type") != "checkbox" or " checked" in tag):
            sent.setdefault(name[1], []).append(unescape(told.get("value", "")))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    texts = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return sent | {name: unescape(value) for name, value in texts}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a\u202eb", "😀 Casale", "\0Casale", '" onmouseover="x', "{{ 7|add:7 }}"]
)
def test_hostile_texts_are_shown_harmless(anna: User, text: str) -> None:
    client = browser(anna)
    answer = send(client, "/party/new/", name=text, notes=text, owner=str(anna.pk))
    for address in (answer.url, f"{answer.url}edit/", "/party/"):
        shown = client.get(address).content.decode()
        assert "<script>alert" not in shown
        assert 'onmouseover="x"' not in shown.replace("&quot;", "")
        assert "\0" not in shown


def test_ten_thousand_characters_are_refused_with_the_limit(anna: User) -> None:
    answer = send(browser(anna), "/party/new/", name="x" * 10_000)
    assert "200" in mistakes(answer)["name"]


# ── deleting and undoing ────────────────────────────────────────────────────────────────────────
def test_what_was_deleted_comes_back_with_one_click_and_goes_again_with_another(anna: User, casale: Party) -> None:
    client = browser(anna)
    assert gone(client.post(f"/party/{casale.pk}/delete/")) == "/party/"
    assert not Party.objects.exists()
    assert "Eliminato: Ditta Casale." in client.get("/party/").content.decode()
    client.post(f"/undo/{newest().pk}/", {"next": "/party/"})
    assert Party.objects.get().name == "Ditta Casale"
    toast = client.get("/party/").content.decode()
    assert "Annullato" in toast
    assert "Ripeti" in toast
    assert gone(client.post(f"/undo/{newest().pk}/", {"next": f"/party/{casale.pk}/"})) == "/party/"
    assert not Party.objects.exists()


def test_what_others_refer_to_is_not_deleted_and_the_reason_is_said(anna: User, casale: Party) -> None:
    client = browser(anna)
    client.post(f"/party/{casale.pk}/activity/", {"kind": "call", "asked": "Il listino"})
    client.post(f"/party/{casale.pk}/delete/")
    assert Party.objects.exists()
    assert "data-error" in client.get(f"/party/{casale.pk}/").content.decode()


def test_an_undo_keeps_what_others_changed_since_and_lists_it_with_the_reason(
    anna: User, bruno: User, casale: Party
) -> None:
    client = browser(anna)
    read = version("party", casale.pk)
    send(client, f"/party/{casale.pk}/edit/", name="Casale S.r.l.", city="Verona", version=read)
    mine = newest().pk
    save(actor_of(bruno), "party", {"city": "Padova"}, casale.pk)
    answer = client.post(f"/undo/{mine}/", {"next": f"/party/{casale.pk}/"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Città" in text
    assert "(Bruno)" in text
    assert "Ripeti" in text
    casale.refresh_from_db()
    assert (casale.name, casale.city) == ("Ditta Casale", "Padova")


def test_nobody_undoes_what_an_other_agent_did(anna: User, casale: Party) -> None:
    send(browser(anna), f"/party/{casale.pk}/edit/", name="Casale S.r.l.", version=version("party", casale.pk))
    assert browser(user("Carla", AGENT)).post(f"/undo/{newest().pk}/").status_code == 403
    casale.refresh_from_db()
    assert casale.name == "Casale S.r.l."


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_after_an_undo_nobody_is_sent_elsewhere(anna: User, casale: Party, elsewhere: str) -> None:
    client = browser(anna)
    send(client, f"/party/{casale.pk}/edit/", name="Casale S.r.l.", version=version("party", casale.pk))
    assert gone(client.post(f"/undo/{newest().pk}/", {"next": elsewhere})) == "/"


@pytest.mark.parametrize("path", ["party/{id}/delete/", "party/{id}/activity/", "undo/1/"])
def test_reading_an_address_changes_nothing(anna: User, casale: Party, path: str) -> None:
    assert browser(anna).get("/" + path.format(id=casale.pk)).status_code == 405
    assert Party.objects.exists()
