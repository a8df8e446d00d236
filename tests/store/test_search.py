"""Search: fragments of anything known, without accents and case, within what one may see."""

from dataclasses import replace

import pytest

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store import asking
from rapporto.store.declare import DECLARED
from rapporto.store.search import search
from rapporto.store.write import delete, save

BRUNO = Actor(None, "Bruno", frozenset({"manager"}))


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


def test_a_company_is_found_however_its_legal_form_is_written(casale: int) -> None:
    row = save(BRUNO, "party", {"name": "Rossi Mario S.r.l."})
    for text in (
        "rossi mario srl",
        "ROSSI MARIO S.R.L.",
        "Mario Rossi società a responsabilità limitata",
        "rossi mario",
    ):
        assert search(BRUNO, "party", text).ids == (row.pk,)


def test_figures_that_begin_like_a_number_abroad_may_be_a_vat_number(casale: int) -> None:
    for text in ("00743110157", "00 743 110 157", "0039 045 790", "007431"):
        assert search(BRUNO, "party", text).ids == (casale,)


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


@pytest.mark.parametrize(
    "text", ["045123", "045 123", "045/123", "+39 045 123", "0039 045 123", "+39045123", "(045) 123"]
)
def test_a_number_is_found_however_it_is_written(db: None, text: str) -> None:
    row = save(BRUNO, "party", {"name": "Officina Adige", "phone": "045 1234567"})
    save(BRUNO, "party", {"name": "Altra", "phone": "02 4512345"})
    assert search(BRUNO, "party", text).ids == (row.pk,)


@pytest.mark.parametrize(
    "text", ["ditta caasle", "dita casale", "mnadrini", "mandriin casale", "cassale", "casalw ditta"]
)
def test_one_letter_may_be_wrong_where_nothing_else_is_found(casale: int, text: str) -> None:
    assert search(BRUNO, "party", text).ids == ()
    found = search(BRUNO, "party", text, typos=True)
    assert casale in found.ids
    assert found.near


@pytest.mark.parametrize("text", ["mendrinni", "casle dtta", "zzzzz", "4570", '"casle', "cas_le%"])
def test_two_wrong_letters_and_numbers_find_nothing(casale: int, text: str) -> None:
    assert search(BRUNO, "party", text, typos=True).ids == ()


def test_a_slip_gets_nobody_what_is_not_theirs(casale: int) -> None:
    user = User.objects.create_user("carla@esempio.it", name="Carla", role="agent")
    carla = Actor(user.pk, "Carla", frozenset({"agent"}))
    assert search(carla, "party", "mandrinl", typos=True).ids == ()
    mine = save(BRUNO, "party", {"name": "Mandrini di Carla", "owner": user.pk})
    asking.forget_estimates()
    assert search(carla, "party", "mandrinl", typos=True).ids == (mine.pk,)


def test_what_somebody_must_not_know_is_not_found_by_it_either(casale: int, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = DECLARED["party"]
    hidden = replace(declared.record, hidden={"manager": ("vat_number",)})
    monkeypatch.setitem(DECLARED._all, "party", replace(declared, record=hidden))
    assert search(BRUNO, "party", "0743110").ids == ()
    assert casale in search(BRUNO, "party", "dit cas").ids


@pytest.mark.django_db
def test_a_whole_word_of_a_name_comes_before_a_longer_one_that_begins_so() -> None:
    for name in ("Ortofrutta Casaleone Soc. Coop.", "Tornerie Incasaleo", "Meccanica Casale S.r.l.", "Casale & Figli"):
        save(BRUNO, "party", {"name": name})
    found = search(BRUNO, "party", "casale").ids
    names = dict(Party.objects.values_list("pk", "name"))
    assert [names[one] for one in found] == [
        "Casale & Figli",
        "Meccanica Casale S.r.l.",
        "Ortofrutta Casaleone Soc. Coop.",
        "Tornerie Incasaleo",
    ]
