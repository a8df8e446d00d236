"""The sentence that says what was done never lies on a bar or a button that is wanted next."""

import pytest
from playwright.sync_api import Locator, expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from tests.web.browsing import NARROW, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SMALL = (1280, 720)


def covered(said: Locator, *others: Locator) -> list[str]:
    """The words of what a toast covers, even in part."""
    box = said.bounding_box()
    assert box is not None
    found = []
    for one in (one for other in others for one in other.all() if one.is_visible()):
        there = one.bounding_box()
        assert there is not None
        beside = there["x"] >= box["x"] + box["width"] or box["x"] >= there["x"] + there["width"]
        apart = there["y"] >= box["y"] + box["height"] or box["y"] >= there["y"] + there["height"]
        if not beside and not apart:
            found.append(one.inner_text())
    return found


@pytest.mark.parametrize("size", [SMALL, NARROW], ids=["small", "narrow"])
def test_what_was_done_is_said_beside_the_buttons_of_card_list_and_panel(
    room: Room, anna: User, casale: Party, size: tuple[int, int]
) -> None:
    page = room.open(anna, size, reduced_motion="reduce").go(f"/party/{casale.pk}/edit/")
    page.get_by_label("Nome", exact=False).first.fill("Casale S.r.l.")
    page.get_by_role("button", name="Salva", exact=True).click()
    said = toast(page)
    expect(said).to_contain_text("Casale S.r.l.")
    assert covered(said, page.locator(".main :is(a, button, input, select, textarea), .rail a")) == []
    # what could not be done stays until it is closed, whatever is opened beside it
    page.goto(page.url.partition("/party/")[0] + "/party/")
    page.locator("#rows tr", has_text="Casale S.r.l.").locator(".pick input").check()
    page.get_by_role("button", name="Elimina", exact=True).click()
    expect(said).to_contain_text("una no: Casale S.r.l. Un record di «Attività» vi fa riferimento")
    bars = page.locator(".panel > footer, .status, .rail a")
    assert covered(said, bars) == []
    page.get_by_role("link", name="Lucia Bonetti").first.click()
    expect(page.locator(".panel > footer")).to_be_visible()
    assert covered(said, bars, page.locator(".panel :is(a, button)") if size == SMALL else bars) == []
    said.get_by_role("button", name="Chiudi il messaggio").click()
    expect(said).to_have_count(0)
