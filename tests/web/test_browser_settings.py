"""The settings in a real browser: a field from making to undoing, a passkey and the codes of an app switched on and used."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.store.userfields_models import UserField
from tests.web.browsing import PASSWORD, SIZES, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def forgotten(db: None) -> None:
    """No test leaves its fields or its attempts to the next one."""
    cache.clear()


def code_of(secret: str, steps: int = 0) -> str:
    """The six figures an app shows for a secret (RFC 6238), `steps` half minutes from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(page: Page, address: str, email: str) -> None:
    """By the form, with the password."""
    page.goto(f"{address}/account/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_login) button.primary").click()


def confirm_it_is_me(page: Page) -> None:
    """What concerns signing in asks for the password again."""
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Conferma").click()


@SIZES
def test_a_field_from_making_to_undoing(room: Room, aldo: User, casale: Party, size: tuple[int, int]) -> None:
    page = room.open(aldo, size).go("/settings/")
    page.locator("main").get_by_role("link", name="Campi e gruppi").last.click()
    page.get_by_role("link", name="Nuovo campo").click()
    page.get_by_role("link", name="Scelta da un elenco").click()
    page.get_by_label("Nome", exact=False).first.fill("Concorrente")
    page.get_by_label("Valori").fill("Gru Lombarde\nSollevatori Brenta")
    expect(page.locator(".effects")).to_contain_text("Compare subito, vuoto")
    page.get_by_role("button", name="Crea il campo").click()
    expect(toast(page)).to_contain_text("Il campo «Concorrente» c’è.")
    row = UserField.objects.get()

    page.goto(f"{room.address}/party/{casale.pk}/edit/")
    group = page.locator("details", has=page.get_by_label("Concorrente"))
    if group.count() and not page.get_by_label("Concorrente").is_visible():
        group.locator("summary").click()
    page.get_by_label("Concorrente").select_option(label="Gru Lombarde")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator("main")).to_contain_text("Gru Lombarde")
    page.goto(f"{room.address}/party/?{row.name}=gru_lombarde")
    expect(page.locator(f'[data-id="{casale.pk}"]')).to_be_visible()

    page.goto(f"{room.address}/settings/field/{row.pk}/")
    page.get_by_label("Nome del valore Gru Lombarde").fill("Gru Lombarde S.p.A.")
    page.get_by_role("button", name="Rinomina").first.click()
    expect(toast(page)).to_contain_text("ora si chiama «Gru Lombarde S.p.A.»")
    page.get_by_role("button", name="Non proporre più").first.click()
    expect(page.locator(".effects")).to_contain_text("1 anagrafica")
    page.get_by_role("button", name="Non proporre più").click()
    expect(page.get_by_text("non più in uso")).to_be_visible()

    page.get_by_role("button", name="Togli il campo").click()
    expect(page.locator(".effects")).to_contain_text("1 anagrafica ha un valore.")
    page.get_by_role("button", name="Togli «Concorrente»").click()
    expect(toast(page)).to_contain_text("è tolto")
    toast(page).get_by_role("button", name="Annulla").click()
    expect(toast(page)).to_contain_text("Annullato")
    page.goto(f"{room.address}/party/{casale.pk}/")
    expect(page.locator("main")).to_contain_text("Gru Lombarde S.p.A. (non più in uso)")


def test_a_passkey_is_added_and_opens_the_door(room: Room, aldo: User) -> None:
    watched = room.open()
    page = watched.page
    client = watched.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    client.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, room.address, aldo.email)
    page.goto(f"{room.address}/settings/account/")
    page.locator("main").get_by_role("link", name="Passkey").click()
    page.get_by_role("link", name="Aggiungi una passkey").click()
    confirm_it_is_me(page)
    page.locator("#id_name").fill("Portatile di Aldo")
    assert page.locator("#id_passwordless").is_checked()
    page.get_by_role("button", name="Aggiungi la passkey").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    assert Authenticator.objects.filter(user=aldo, type=Authenticator.Type.WEBAUTHN).count() == 1
    page.goto(f"{room.address}/settings/users/")
    expect(page.locator("tr", has_text="Aldo")).to_contain_text("Passkey")

    watched.context.clear_cookies()
    page.goto(f"{room.address}/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile(r"/(party|welcome)/"))

    page.goto(f"{room.address}/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Portatile di Aldo")
    page.locator("main a.danger").click()
    confirm_it_is_me(page)
    page.get_by_role("button", name="Togli la passkey").click()
    expect(page.locator("main")).to_contain_text("Ancora nessuna passkey")


def test_the_codes_of_an_app_are_switched_on_used_and_switched_off(room: Room, aldo: User) -> None:
    watched = room.open()
    page = watched.page
    sign_in(page, room.address, aldo.email)
    page.goto(f"{room.address}/settings/account/")
    page.locator("main").get_by_role("link", name="Codici da un’app").click()
    confirm_it_is_me(page)
    secret = page.locator("#totp-secret").inner_text()
    page.locator("#id_code").fill("000000")
    page.get_by_role("button", name="Attiva").click()
    expect(page.locator(".error")).to_be_visible()
    assert page.locator("#totp-secret").inner_text() == secret
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Attiva").click()
    expect(page.locator("h1")).to_have_text("Codici di riserva")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10

    watched.context.clear_cookies()
    sign_in(page, room.address, aldo.email)
    expect(page.locator("h1")).to_have_text("Secondo passo")
    page.locator("#id_code").first.fill("111111")
    page.get_by_role("button", name="Accedi", exact=True).click()
    expect(page.locator(".error")).to_be_visible()
    page.locator("#id_code").first.fill(codes[0])
    page.get_by_role("button", name="Accedi", exact=True).click()
    page.wait_for_url(re.compile(r"/(party|welcome)/"))

    page.goto(f"{room.address}/settings/account/")
    expect(page.locator("main")).to_contain_text("9 rimasti")
    page.locator("main").get_by_role("link", name="Codici da un’app").click()
    confirm_it_is_me(page)
    page.get_by_role("button", name="Disattiva i codici").click()
    page.wait_for_url(re.compile("/settings/account/"))
    assert not Authenticator.objects.filter(user=aldo, type=Authenticator.Type.TOTP).exists()
