"""The settings: what a change will do is told in figures first, who may not keep something finds no page, nothing typed is lost."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Industry, Party, PartyType
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import BACK_OFFICE, SavedView, Team, Territory, TerritoryArea, User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.kernel.where import field
from rapporto.store.history.models import ChangeSet
from rapporto.store.made_fields import make_field
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.userfields_models import FieldChoice, FieldGroup, UserField
from rapporto.store.write import save
from tests.web.desk import party
from tests.web.samples import user
from tests.web.test_security import HOSTILE

pytestmark = pytest.mark.django_db


def field_of(name: str) -> int:
    """The row of a field."""
    return int(name[1:])


def undo_last(client: Client) -> None:
    """Press «Annulla» in the toast."""
    last = ChangeSet.objects.order_by("id").latest("id")
    assert client.post(f"/undo/{last.pk}/", {"next": "/settings/"}).status_code == 302


def words(text: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


# ── fields ──────────────────────────────────────────────────────────────────────────────────────


def test_a_field_is_made_filled_and_found(desk: Client, aldo: User) -> None:
    page = desk.get("/settings/fields/party/new/").content.decode()
    assert page.count("?kind=") == 9
    form = desk.get("/settings/fields/party/new/?kind=choice").content.decode()
    assert "Compare subito, vuoto" in form
    sent = {"kind": "choice", "label": "Concorrente", "choices": "Alfa\nBeta\n\nAlfa", "new_group": "Mercato"}
    answer = desk.post("/settings/fields/party/new/", sent)
    assert answer.status_code == 302
    row = UserField.objects.get()
    assert answer.headers["Location"] == f"/settings/field/{row.pk}/"
    assert [one.label for one in FieldChoice.objects.order_by("position")] == ["Alfa", "Beta"]
    made = party(aldo, "Casale", **{row.name: "alfa"})
    assert "Alfa" in desk.get(f"/party/{made.pk}/").content.decode()
    assert "Mercato" in desk.get(f"/party/{made.pk}/edit/").content.decode()
    assert f'data-id="{made.pk}"' in desk.get("/party/", {row.name: "alfa"}).content.decode()


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(desk: Client) -> None:
    answer = desk.post("/settings/fields/party/new/", {"kind": "text", "label": "Nome", "hint": "Marca e modello"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Marca e modello" in text
    assert "aria-invalid" in text
    assert not UserField.objects.exists()
    assert not FieldGroup.objects.exists()


def test_taking_a_field_away_tells_first_how_many_have_a_value_and_which_views_use_it(desk: Client, aldo: User) -> None:
    made = make_field(actor_of(aldo), "party", "Macchina", "text")
    for number in range(3):
        party(aldo, f"Ditta {number}", **{made.name: "Tornio"})
    SavedView.objects.create(name="Torni", listed="party", query=f"{made.name}=tornio", owner=aldo)
    SavedView.objects.create(name="Altre", listed="party", query=f"{made.name}9=tornio", owner=aldo)
    url = f"/settings/field/{field_of(made.name)}/take-away/"
    asked = words(desk.post(url).content.decode())
    assert "3 anagrafiche hanno un valore." in asked
    assert "1 vista salvata lo usa." in asked
    assert made.name in record_type("party").fields
    assert desk.post(url, {"go": "1"}).status_code == 302
    assert made.name not in record_type("party").fields
    assert "Macchina" in desk.get("/settings/fields/party/").content.decode()
    undo_last(desk)
    assert made.name in record_type("party").fields
    desk.post(url, {"go": "1"})
    desk.post(url)
    assert find(actor_of(aldo), "party", field(made.name).eq("tornio")).count() == 3


def test_asking_for_a_field_says_how_many_have_none(desk: Client, aldo: User) -> None:
    made = make_field(actor_of(aldo), "party", "Macchina", "text")
    party(aldo, "Casale")
    url = f"/settings/field/{field_of(made.name)}/"
    sent = {"label": "Macchina", "required": "on", "only_for": ["organisation"], "new_group": "Tecnica"}
    assert "1 anagrafica non ha ancora un valore" in words(desk.post(url, sent).content.decode())
    desk.post(url, {**sent, "go": "1"})
    one = record_type("party").field(made.name)
    assert (one.required, one.only_for, one.group) == (True, ("organisation",), "Tecnica")
    person = save(actor_of(aldo), "party", {"name": "Lucia", "kind": "person"})
    assert f'name="{made.name}"' not in desk.get(f"/party/{person.pk}/edit/").content.decode()


def test_a_value_is_renamed_retired_merged_each_with_its_way_back(desk: Client, aldo: User) -> None:
    made = make_field(actor_of(aldo), "party", "Concorrente", "choice", {"choices": ["Alfa", "Beta"]})
    one, url = party(aldo, "Casale", **{made.name: "alfa"}), f"/settings/field/{field_of(made.name)}/values/"
    alfa, beta = FieldChoice.objects.order_by("pk")
    desk.post(url, {"act": "rename", "value": alfa.pk, "label": "Alfa S.p.A."})
    assert "Alfa S.p.A." in desk.get(f"/party/{one.pk}/").content.decode()
    undo_last(desk)
    assert "1 anagrafica ce l’hanno" in words(desk.post(url, {"act": "retire", "value": alfa.pk}).content.decode())
    desk.post(url, {"act": "retire", "value": alfa.pk, "go": "1"})
    assert "Alfa (non più in uso)" in desk.get(f"/party/{one.pk}/").content.decode()
    assert "Alfa" in desk.get(f"/party/{one.pk}/edit/").content.decode()
    assert "Alfa" not in desk.get("/party/new/").content.decode()
    desk.post(url, {"act": "merge", "value": alfa.pk, "into": beta.pk, "go": "1"})
    assert Party.objects.get(pk=one.pk).extra[made.name] == "beta"
    undo_last(desk)
    assert Party.objects.get(pk=one.pk).extra[made.name] == "alfa"


def test_a_conversion_names_what_cannot_be_read(desk: Client, aldo: User) -> None:
    made = make_field(actor_of(aldo), "party", "Portata", "text")
    party(aldo, "Casale", **{made.name: "molta"})
    url = f"/settings/field/{field_of(made.name)}/become/"
    asked = desk.post(url, {"kind": "integer"}).content.decode()
    assert "molta" in asked
    assert "Converti" not in asked
    assert "un elenco di 1 valori" in words(desk.post(url, {"kind": "choice"}).content.decode())
    desk.post(url, {"kind": "choice", "go": "1"})
    assert record_type("party").field(made.name).kind.name == "choice"
    assert desk.post(url, {"kind": "link", "go": "1"}).status_code == 400


def test_groups_are_renamed_moved_and_deleted_when_empty(desk: Client, aldo: User) -> None:
    for name, group in (("Uno", "A"), ("Due", "B")):
        make_field(actor_of(aldo), "party", name, "text", group=group)
    one, two = FieldGroup.objects.order_by("position")
    url = "/settings/fields/party/"
    desk.post(url, {"group_down": one.pk})
    assert [group.name for group in FieldGroup.objects.order_by("position")] == ["B", "A"]
    desk.post(url, {"rename_group": one.pk, "name": "Acquisti"})
    assert [f.group for f in record_type("party").made_here] == ["B", "Acquisti"]
    assert desk.post(url, {"delete_group": two.pk}).status_code == 403
    assert FieldGroup.objects.count() == 2


def test_many_own_fields_cost_no_more_queries(desk: Client, aldo: User) -> None:
    def queries(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    make_field(actor_of(aldo), "party", "Campo", "choice", {"choices": ["Alfa"]}, "Tecnica")
    one = party(aldo, "Casale")
    pages = ("/settings/fields/party/", "/settings/", "/party/", f"/party/{one.pk}/", f"/party/{one.pk}/edit/")
    few = {page: queries(page) for page in pages}
    for number in range(40):
        make_field(actor_of(aldo), "party", f"Campo {number}", "text", group=f"Gruppo {number % 5}")
    assert {page: queries(page) for page in pages} == few


SENDABLE = {name: text for name, text in HOSTILE.items() if name != "half of a pair"}  # no browser can send that


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_hostile_names_render_harmless_everywhere(desk: Client, aldo: User, text: str) -> None:
    actor = actor_of(aldo)
    sent = {"kind": "choice", "label": text, "hint": text, "choices": text, "new_group": text, "label_en": text}
    assert desk.post("/settings/fields/party/new/", sent).status_code == 302
    row = UserField.objects.get()
    code = FieldChoice.objects.get().code
    assert re.fullmatch(r"[a-z0-9_]+", code)
    one = party(aldo, "Casale", **{row.name: code})
    Territory.objects.create(name="x")
    save(actor, "industry", {"name": text})
    pages = (
        "/settings/", "/settings/fields/party/", f"/settings/field/{row.pk}/", "/settings/lists/", "/settings/lists/industry/",
        "/party/", f"/party/?columns=name,{row.name}", f"/party/?{row.name}={code}", f"/party/{one.pk}/",
        f"/party/{one.pk}/edit/", f"/user_field/{row.pk}/", "/user_field/", "/field_choice/", "/settings/roles/",
    )  # fmt: skip
    for page in pages:
        body = desk.get(page).content.decode()
        for planted in ("<script>alert", "<img src=x", "' onmouseover='", "<svg onload"):
            assert planted not in body, page
    asked = desk.post(f"/settings/field/{row.pk}/take-away/").content.decode()
    assert "<script>alert" not in asked
    assert "<img src=x" not in asked


# ── territories, lists, views ───────────────────────────────────────────────────────────────────


def test_a_piece_of_ground_says_whom_it_moves(desk: Client, aldo: User, anna: User) -> None:
    west = Territory.objects.create(name="Ovest")
    save(actor_of(aldo), "user", {"territories": (west.pk,)}, anna.pk)
    for number in range(4):
        party(aldo, f"Ditta {number}", province="VR")
    url = f"/settings/territories/{west.pk}/"
    sent = {"act": "add", "kind": "province", "first": "vr"}
    asked = words(desk.post(url, sent).content.decode())
    assert "4 anagrafiche senza zona passano a «Ovest» (Anna)." in asked
    assert not TerritoryArea.objects.exists()
    desk.post(url, {**sent, "go": "1"})
    area = TerritoryArea.objects.get()
    assert (area.kind, area.first) == ("province", "VR")
    assert desk.post(url, {"act": "add", "kind": "postal_codes", "first": "371"}).status_code == 422


def test_two_values_of_a_register_become_one_and_two_again(desk: Client, aldo: User) -> None:
    one, two = (Industry.objects.create(name=name) for name in ("Meccanica", "Meccanica gen."))
    for number in range(3):
        party(aldo, f"Ditta {number}", industry=two.pk)
    sent = {"value": two.pk, "into": one.pk}
    assert "3 righe passano da «Meccanica gen.» a «Meccanica»" in words(
        desk.post("/settings/lists/industry/", sent).content.decode()
    )
    assert desk.post("/settings/lists/industry/", {**sent, "go": "1"}).status_code == 302
    assert Party.objects.filter(industry=one).count() == 3
    assert not Industry.objects.filter(pk=two.pk).exists()
    undo_last(desk)
    assert Party.objects.filter(industry=two).count() == 3


def test_a_party_of_both_types_is_of_one_when_they_become_one(desk: Client, aldo: User) -> None:
    one, two = (PartyType.objects.create(name=name) for name in ("Cliente", "Clienti"))
    both = party(aldo, "Casale", types=(one.pk, two.pk))
    only = party(aldo, "Legnami", types=(two.pk,))
    desk.post("/settings/lists/party_type/", {"value": two.pk, "into": one.pk, "go": "1"})
    assert [list(p.types.values_list("name", flat=True)) for p in (both, only)] == [["Cliente"], ["Cliente"]]
    undo_last(desk)
    assert both.types.count() == 2


def test_a_view_opens_for_a_role(desk: Client, aldo: User) -> None:
    one, two = (
        SavedView.objects.create(name=name, listed="party", query="", owner=aldo, shared=SavedView.EVERYONE)
        for name in ("Mie", "Tutte")
    )
    for view in (one, two):
        desk.post("/settings/views/", {"listed": "party", "role": AGENT, "view": view.pk})
    assert dict(SavedView.objects.values_list("name", "usual_for")) == {"Mie": "", "Tutte": AGENT}
    undo_last(desk)
    assert dict(SavedView.objects.values_list("name", "usual_for")) == {"Mie": AGENT, "Tutte": ""}


# ── who may be where ────────────────────────────────────────────────────────────────────────────

ALL, KEEPERS, ADMINISTRATORS = (
    {AGENT, MANAGER, BACK_OFFICE, ADMINISTRATOR},
    {MANAGER, ADMINISTRATOR},
    {ADMINISTRATOR},
)
PAGES = {
    "/settings/": ALL,
    "/settings/account/": ALL,
    "/settings/roles/": ALL,
    "/settings/lists/": ALL,
    "/settings/lists/industry/": ALL,
    "/settings/fields/party/": KEEPERS,
    "/settings/fields/party/new/": KEEPERS,
    "/settings/field/{field}/": KEEPERS,
    "/settings/territories/": KEEPERS,
    "/settings/territories/{territory}/": KEEPERS,
    "/settings/users/": ADMINISTRATORS,
    "/settings/users/invite/": ADMINISTRATORS,
    "/settings/users/{user}/": ADMINISTRATORS,
    "/settings/views/": ADMINISTRATORS,
    "/settings/access/": ADMINISTRATORS,
    "/settings/erasures/": ADMINISTRATORS,
}
ACTS = {
    "/settings/fields/party/": KEEPERS,
    "/settings/fields/party/new/": KEEPERS,
    "/settings/field/{field}/": KEEPERS,
    "/settings/field/{field}/take-away/": KEEPERS,
    "/settings/field/{field}/become/": KEEPERS,
    "/settings/field/{field}/values/": KEEPERS,
    "/settings/territories/": KEEPERS,
    "/settings/territories/{territory}/": KEEPERS,
    "/settings/users/invite/": ADMINISTRATORS,
    "/settings/users/{user}/": ADMINISTRATORS,
    "/settings/users/{user}/sign-in/": ADMINISTRATORS,
    "/settings/users/{user}/close/": ADMINISTRATORS,
    "/settings/views/": ADMINISTRATORS,
}


@pytest.mark.parametrize("role", sorted(ALL))
def test_who_may_not_keep_something_finds_no_page(aldo: User, role: str) -> None:
    made = make_field(actor_of(aldo), "party", "Macchina", "text")
    there = {"field": field_of(made.name), "territory": Territory.objects.create(name="Ovest").pk, "user": aldo.pk}
    client = Client()
    client.force_login(aldo if role == ADMINISTRATOR else user("Tizio", role))
    for page, allowed in PAGES.items():
        assert (client.get(page.format(**there)).status_code == 200) is (role in allowed), page
    for page, allowed in ACTS.items():
        if role not in allowed:
            before = ChangeSet.objects.count()
            answer = client.post(page.format(**there), {"go": "1", "label": "x", "name": "x", "act": "link"})
            assert answer.status_code == 404, page
            assert ChangeSet.objects.count() == before


def test_a_manager_neither_merges_types_of_others_nor_makes_users(desk: Client) -> None:
    davide = Client()
    davide.force_login(user("Davide", BACK_OFFICE))
    one, two = (Industry.objects.create(name=name) for name in ("A", "B"))
    answer = davide.post("/settings/lists/industry/", {"value": one.pk, "into": two.pk, "go": "1"})
    assert answer.status_code == 403
    assert Industry.objects.count() == 2
    assert Team.objects.count() == 0


def test_an_administrator_lets_in_who_lost_the_password_or_the_phone(
    desk: Client, anna: User, mailoutbox: list[object]
) -> None:
    url = f"/settings/users/{anna.pk}/sign-in/"
    desk.post(url, {"act": "link"})
    assert [one.to for one in mailoutbox] == [[anna.email]]  # type: ignore[attr-defined]
    before = User.objects.get(pk=anna.pk).password
    assert 'class="once"' in desk.post(url, {"act": "password"}, follow=True).content.decode()
    assert User.objects.get(pk=anna.pk).password != before
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert "Codici da un’app" in desk.get("/settings/users/").content.decode()
    desk.post(url, {"act": "forget"})
    assert Authenticator.objects.filter(user=anna).exists()
    desk.post(url, {"act": "forget", "go": "1"})
    assert not Authenticator.objects.filter(user=anna).exists()
