"""An import that was stopped goes on in the same change set; two workers never do the same row; what was undone is not gone on with."""

import pytest

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.history.changing import close
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.imports import engine
from rapporto.store.imports.engine import COMMAND, Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, proposed, source_named
from rapporto.store.jobs import Interrupted, Progress, Stopped
from tests.cast import enters
from tests.imports.tables import Sheet

pytestmark = pytest.mark.django_db
SHEET = Sheet(*({"Codice": f"C{at}", "Ragione sociale": f"Ditta {at}" if at % 10 else ""} for at in range(60)))


class StopsAfter(Progress):
    """Somebody presses the button after so many portions."""

    def __init__(self, portions: int) -> None:
        self.left = portions

    def __call__(self, done: int, total: int | None = None) -> None:
        self.left -= 1
        if self.left == 0:
            raise Stopped

    def change(self, change_set_id: int) -> None:
        """The change set is in the run as well."""


@pytest.fixture
def bruno(monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Bruno; portions are small."""
    monkeypatch.setattr(engine, "vendor_portion", lambda: 10)
    return enters("Bruno")


def asked(actor: Actor) -> ImportRun:
    """An import that has not begun."""
    shape, source = shape_of("party"), source_named(actor, "ERP")
    return begin(actor, source, shape, Asking("a.csv", columns=proposed(actor, source, shape, SHEET.headers)))


def again(run: ImportRun) -> ImportRun:
    """The run as another worker reads it."""
    return ImportRun.objects.get(pk=run.pk)


def stopped(actor: Actor, run: ImportRun, portions: int) -> None:
    """Stopped after so many portions; the worker closes what was written."""
    with pytest.raises(Stopped):
        Engine(actor, again(run), shape_of("party"), SHEET, progress=StopsAfter(portions)).go()
    close(again(run).change_set_id or 0)


def test_a_stopped_import_goes_on_where_it_was_in_one_change_set(bruno: Actor) -> None:
    run = asked(bruno)
    stopped(bruno, run, 2)
    assert (again(run).counts["rows"], Party.objects.count()) == (20, 18)
    stopped(bruno, run, 1)
    done = Engine(bruno, again(run), shape_of("party"), SHEET).go()
    assert (done.counts["rows"], done.counts["rows.made"], done.counts["refused"]) == (60, 54, 6)
    assert (Party.objects.count(), done.refused.count()) == (54, 6)
    assert ChangeSet.objects.filter(command=COMMAND).count() == 1
    assert undo(bruno, done.change_set_id or 0).kept == ()
    assert not Party.objects.exists()


def test_of_two_workers_on_one_run_the_slower_writes_nothing(bruno: Actor) -> None:
    run = asked(bruno)
    slower = Engine(bruno, again(run), shape_of("party"), SHEET)
    Engine(bruno, again(run), shape_of("party"), SHEET, progress=None).go()
    with pytest.raises(Interrupted):
        slower.go()
    assert Party.objects.count() == 54
    assert again(run).counts["rows"] == 60


def test_an_import_that_was_undone_meanwhile_is_not_gone_on_with(bruno: Actor) -> None:
    run = asked(bruno)
    stopped(bruno, run, 2)
    undo(bruno, again(run).change_set_id or 0)
    with pytest.raises(Refused, match="undone meanwhile"):
        Engine(bruno, again(run), shape_of("party"), SHEET).go()
    assert not Party.objects.exists()
