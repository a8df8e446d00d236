"""Likely duplicates as people meet them: proposed once, decided once, closed by a merge, shown to whoever may see both."""

import pytest

from rapporto.domain.parties.duplicates.deciding import decide_pair, merge_pairs, told_apart, waiting
from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.kernel.actor import SYSTEM, Actor, system_task
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.export import canonical
from rapporto.store.history.undo import undo
from rapporto.store.merge import merge
from rapporto.store.records import find, get
from rapporto.store.unmerge import unmerge
from rapporto.store.write import delete, save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db
SEARCH = system_task("find_duplicates", roles=(SYSTEM,))


def another(owner: Actor, name: str = "Casale S.r.l.") -> int:
    """A further party of `owner`."""
    return int(save(owner, "party", {"name": name, "owner": owner.user_id}).pk)


def the_pair() -> LikelyDuplicate:
    """The only pair there is."""
    return LikelyDuplicate.objects.get()


def test_a_pair_is_proposed_once_with_the_smaller_number_first() -> None:
    bruno = enters("Bruno")
    one, other = casale(bruno).pk, another(bruno)
    assert propose(SEARCH, [Proposal(other, one, 80, ("phone", "name"))]) == 1
    assert propose(SEARCH, [Proposal(one, other, 75, ("name",)), Proposal(one, one, 99)]) == 0
    pair = the_pair()
    assert (pair.first_id, pair.second_id, pair.probability, pair.reasons) == (one, other, 80, "phone name")
    assert propose(SEARCH, [Proposal(one, other, 99, ("vat_number",))]) == 0
    assert (the_pair().probability, the_pair().reasons) == (99, "vat_number")


def test_nobody_is_their_own_duplicate() -> None:
    bruno = enters("Bruno")
    one = casale(bruno).pk
    with pytest.raises(Invalid):
        save(bruno, "likely_duplicate", {"first": one, "second": one, "probability": 90})


def test_what_was_told_apart_is_never_asked_again_not_even_after_a_merge() -> None:
    bruno = enters("Bruno")
    one, other, third = casale(bruno).pk, another(bruno), another(bruno, "Casale Acciai")
    propose(SEARCH, [Proposal(other, third, 90)])
    change = decide_pair(bruno, the_pair().pk, DIFFERENT)
    assert (the_pair().decided_by_id, the_pair().decided_at is not None) == (bruno.user_id, True)
    assert propose(SEARCH, [Proposal(other, third, 99)]) == 0
    assert list(waiting(bruno, OPEN)) == []
    assert told_apart(bruno, third) == {other}

    merge(bruno, "party", one, other)
    assert told_apart(bruno, third) == {one}
    assert propose(SEARCH, [Proposal(one, third, 99)]) == 0

    assert change is not None


def test_the_decision_is_undone_like_every_change() -> None:
    bruno = enters("Bruno")
    propose(SEARCH, [Proposal(casale(bruno).pk, another(bruno), 90)])
    change = decide_pair(bruno, the_pair().pk, LATER)
    assert the_pair().state == LATER
    assert undo(bruno, change or 0).kept == ()
    assert (the_pair().state, the_pair().decided_by_id) == (OPEN, None)


def test_a_merge_closes_its_pair_and_leads_the_others_on() -> None:
    bruno = enters("Bruno")
    one, other, third = casale(bruno).pk, another(bruno), another(bruno, "Casali")
    propose(SEARCH, [Proposal(one, other, 99), Proposal(other, third, 80), Proposal(one, third, 70)])
    before = list(canonical())

    done = merge(bruno, "party", other, one)

    rows = {(row.first_id, row.second_id): row.state for row in LikelyDuplicate.objects.all()}
    assert rows == {(other, None): MERGED, (other, third): OPEN}
    assert LikelyDuplicate.objects.get(state=MERGED).decided_by_id == bruno.user_id
    assert unmerge(bruno, done.merge_id).kept == ()
    assert list(canonical()) == before


def test_a_merged_pair_is_decided_no_more() -> None:
    bruno = enters("Bruno")
    one, other = casale(bruno).pk, another(bruno)
    propose(SEARCH, [Proposal(one, other, 99)])
    merge(bruno, "party", one, other)
    with pytest.raises(Refused, match="merged already"):
        decide_pair(bruno, the_pair().pk, DIFFERENT)


def test_several_pairs_of_one_party_are_merged_together_and_undone_together() -> None:
    bruno = enters("Bruno")
    one, other, third = casale(bruno).pk, another(bruno), another(bruno)
    before = list(canonical())
    change, number = merge_pairs(bruno, [(one, other), (other, third), (one, third)])
    assert number == 2
    assert list(find(bruno, "party").values_list("pk", flat=True)) == [one]
    assert undo(bruno, change or 0).kept == ()
    assert list(canonical()) == before


def test_only_who_sees_both_sees_the_pair() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    one, other = casale(anna).pk, another(carla)
    propose(SEARCH, [Proposal(one, other, 99)])
    for agent in (anna, carla):
        assert list(waiting(agent, OPEN)) == []
        with pytest.raises(NotFound):
            get(agent, "likely_duplicate", the_pair().pk)
        with pytest.raises(NotFound):
            decide_pair(agent, the_pair().pk, DIFFERENT)
    assert [pair.pk for pair in waiting(enters("Bruno"), OPEN)] == [the_pair().pk]


def test_a_pair_goes_with_a_party_that_is_deleted() -> None:
    bruno = enters("Bruno")
    one, other = casale(bruno).pk, another(bruno)
    for gone in (other, one):
        propose(SEARCH, [Proposal(one, other, 99)])
        delete(bruno, "party", gone)
        assert not LikelyDuplicate.objects.exists()
        other = another(bruno)
