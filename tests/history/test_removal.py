"""What came by some change sets leaves again, whoever changed it since; what others made stays, and holds what it refers to."""

import pytest

from rapporto.domain.parties.models import Address, Industry, Party
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import system_task
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.reasons import REFERRED
from rapporto.store.history.removal import made_by_command, preview, remove_made
from rapporto.store.history.undo import undo
from rapporto.store.write import save
from tests.cast import enters

pytestmark = pytest.mark.django_db
GUEST = system_task("Guest")


def guests() -> tuple[int, int, int]:
    """A company that came with its sector and an address, as one change set; the ids of company, sector and change set."""
    with change_set(GUEST, "arrive") as change:
        sector = save(GUEST, "industry", {"name": "Funivie"})
        company = save(GUEST, "party", {"name": "Ospite S.p.A.", "industry": sector.pk})
        save(GUEST, "address", {"party": company.pk, "street": "Via del Ponte 1"})
    return company.pk, sector.pk, change.pk


def test_all_that_came_leaves_even_what_was_changed_since() -> None:
    bruno = enters("Bruno")
    before = list(canonical())
    company, _, change = guests()
    save(bruno, "party", {"phone": "045 123456"}, company)
    removal = remove_made(bruno, [change], command="leave")
    assert removal.removed == {"industry": 1, "party": 1, "address": 1}
    assert removal.kept == ()
    assert list(canonical()) == before


def test_what_others_made_stays_and_holds_what_it_refers_to() -> None:
    bruno = enters("Bruno")
    company, sector, change = guests()
    own = save(bruno, "party", {"name": "Ditta Casale", "industry": sector})
    save(bruno, "activity", {"party": company, "subject": "Prima telefonata", "at": "26/11/2026 9.30"})
    removal = remove_made(bruno, [change], command="leave")
    assert {(one.record, one.title) for one in removal.kept} == {("party", "Ospite S.p.A."), ("industry", "Funivie")}
    assert all(one.reason == REFERRED for one in removal.kept)
    assert removal.removed == {"address": 1}
    assert set(Party.objects.values_list("pk", flat=True)) == {company, own.pk}


def test_notes_upon_what_leaves_may_be_taken_along() -> None:
    bruno = enters("Bruno")
    company, sector, change = guests()
    own = save(bruno, "party", {"name": "Ditta Casale", "industry": sector})
    save(bruno, "activity", {"party": company, "subject": "Prima telefonata", "at": "26/11/2026 9.30"})
    removal = remove_made(bruno, [change], command="leave", dependent=True)
    assert removal.removed == {"party": 1, "address": 1, "activity": 1}
    assert [one.record for one in removal.kept] == ["industry"]
    assert list(Party.objects.values_list("pk", flat=True)) == [own.pk]
    assert not Activity.objects.exists()
    assert not Address.objects.exists()


def test_looking_before_says_what_leaving_does_and_changes_nothing() -> None:
    bruno = enters("Bruno")
    company, _, change = guests()
    save(bruno, "activity", {"party": company, "subject": "Prima telefonata", "at": "26/11/2026 9.30"})
    before = list(canonical())
    for dependent in (True, False):
        said = preview(bruno, [change], dependent=dependent)
        assert list(canonical()) == before
        assert said.change_set_id is None
    done = remove_made(bruno, [change], command="leave")
    assert (said.removed, said.kept) == (done.removed, done.kept)


def test_leaving_is_undone_to_the_byte_and_then_they_are_there_again() -> None:
    bruno = enters("Bruno")
    _, _, change = guests()
    before = list(canonical())
    assert made_by_command("arrive") == [change]
    removal = remove_made(bruno, [change], command="leave")
    assert made_by_command("arrive") == []
    undo(bruno, removal.change_set_id or 0)
    assert list(canonical()) == before
    assert made_by_command("arrive") == [change]
    assert Industry.objects.count() == 1
