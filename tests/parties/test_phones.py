"""One telephone number, however it is written: the search, suggestions, filters and duplicates all know it."""

import pytest

from rapporto.domain.parties.alike import alike, look_of
from rapporto.domain.parties.models import Party
from rapporto.kernel.kinds import Phone
from rapporto.kernel.where import field
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.web.forms.linked import suggestions
from tests.cast import casale, enters

WAYS = ("045 123456", "+39045123456", "045/123456", "0039 045 123456", "(045) 12.34.56", "+39 045-123456")
PARTS = ("045 123", "+39045123", "045/123", "0039 045 123", "(045) 123", "123456")


@pytest.fixture
def firm(db: None) -> Party:
    """Ditta Casale, and another one with other figures."""
    anna = enters("Anna")
    casale(anna, name="Altra ditta", phone="02 4512345")
    return casale(anna, phone="045 123456")


@pytest.mark.parametrize("typed", WAYS)
def test_the_whole_number_is_one_value(firm: Party, typed: str) -> None:
    anna = enters("Anna")
    value = Phone().read(typed)
    assert value == "+39045123456"
    assert list(find(anna, "party", field("phone").eq(value)).values_list("pk", flat=True)) == [firm.pk]
    assert [one.id for one in alike(anna, look_of({"kind": "organisation", "phone": value}))] == [firm.pk]
    assert search(anna, "party", typed).ids == (firm.pk,)


@pytest.mark.parametrize("typed", PARTS)
def test_a_part_of_it_finds_it_everywhere(firm: Party, typed: str) -> None:
    anna = enters("Anna")
    assert list(find(anna, "party", field("phone").contains(typed)).values_list("pk", flat=True)) == [firm.pk]
    assert search(anna, "party", typed).ids == (firm.pk,)
    assert [one.id for one in suggestions(anna, "party", typed)] == [firm.pk]
