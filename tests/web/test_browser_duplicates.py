"""The queue of likely duplicates with the keyboard alone: look, put off, tell apart, merge, and take it back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import system_task
from rapporto.store.write import save
from tests.web.browsing import SIZES, Room, toast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@SIZES
def test_three_pairs_are_decided_with_three_keys(room: Room, bruno: User, casale: Party, size: tuple[int, int]) -> None:
    actor = actor_of(bruno)
    again = save(actor, "party", {"name": "CASALE S.R.L.", "phone": "045 7901234", "city": "Villafranca di Verona"})
    others = [save(actor, "party", {"name": f"Torneria {name}"}) for name in ("Alba", "Brenta", "Cimbri")]
    propose(
        system_task("find_duplicates"),
        [
            Proposal(others[0].pk, others[1].pk, 90, ("name",)),
            Proposal(others[1].pk, others[2].pk, 80, ("name",)),
            Proposal(casale.pk, again.pk, 70, ("phone",)),
        ],
    )
    page = room.open(bruno, size).go("/duplicates/")
    expect(page.locator(".likely")).to_contain_text("90 %")
    barriers = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert barriers == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("p")
    expect(page.locator(".likely")).to_contain_text("80 %")
    page.keyboard.press("n")
    expect(page.locator(".likely")).to_contain_text("70 %")
    expect(page.locator(".reasons")).to_contain_text("Stesso numero")
    page.keyboard.press("j")
    expect(page.locator(".likely")).to_contain_text("90 %")
    page.keyboard.press("k")
    expect(page.locator(".likely")).to_contain_text("70 %")
    page.get_by_role("button", name="Unisci").first.click()
    expect(toast(page)).to_contain_text("«CASALE S.R.L.» ora fa parte di «Ditta Casale»")
    states = dict(LikelyDuplicate.objects.values_list("probability", "state"))
    assert states == {90: LATER, 80: DIFFERENT, 70: MERGED}
    toast(page).get_by_role("button", name="Annulla").click()
    expect(toast(page)).to_contain_text("com’era")
    assert LikelyDuplicate.objects.get(probability=70).state == OPEN
    assert Party.objects.filter(pk=again.pk).exists()
