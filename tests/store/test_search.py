"""Search: fragments of anything known, without accents and case, within what one may see."""

import pytest

from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store import asking, userfields
from rapporto.store.search import search
from rapporto.store.write import delete, save

BRUNO = Actor(None, "Bruno", frozenset({"manager"}))


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nothing remembered from another test."""
    asking.forget_estimates()
    userfields.forget()


@pytest.fixture
def casale(db: None) -> int:
    """Ditta Casale, with all that it is found by."""
    values = {
        "name": "Perù Mandrini Ditta Casale",
        "vat_number": "00743110157",
        "phone": "045 790 1234",
        "email": "info@casale.esempio.it",
    }
    save(BRUNO, "party", {"name": "Casalinghi Altri"})
    return int(save(BRUNO, "party", values).pk)


@pytest.mark.parametrize(
    "text",
    ["peru", "PERÙ", "mandr", "cas dit", "0743110", "0457901234", "790 1234", "@casale", "pe", "ditta casale peru"],
)
def test_it_is_found_by_any_fragment(casale: int, text: str) -> None:
    assert casale in search(BRUNO, "party", text).ids


@pytest.mark.parametrize(
    "text", ["", "   ", "zzz", 'casale"', "casale OR x", "%", "100%", "a" * 5000, "NEAR(", "\x00cas"]
)
def test_nothing_typed_breaks_it(casale: int, text: str) -> None:
    assert len(search(BRUNO, "party", text).ids) <= 2


def test_names_that_begin_so_come_first(casale: int) -> None:
    assert search(BRUNO, "party", "casal").ids[1] == casale


def test_others_do_not_find_it(casale: int) -> None:
    user = User.objects.create_user("carla@esempio.it", name="Carla", role="agent")
    for limit in (0, 10_000):
        asking.forget_estimates()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asking, "few", lambda declaration, limit=limit: limit)
            assert search(Actor(user.pk, "Carla", frozenset({"agent"})), "party", "peru").ids == ()
            assert search(Actor(None, "nobody"), "party", "peru").ids == ()


def test_filters_narrow_it_and_deleted_ones_are_gone(casale: int) -> None:
    assert search(BRUNO, "party", "casale", field("phone").is_blank()).ids == ()
    delete(BRUNO, "party", casale)
    assert search(BRUNO, "party", "peru").ids == ()
