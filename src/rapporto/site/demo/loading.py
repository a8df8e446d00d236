"""Loads the demo company into the database: one change set in many transactions, indexes and search built last."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.domain.parties.models import Party, PartyNumbers
from rapporto.domain.parties.searched import documents as party_documents
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import system_task
from rapporto.site.demo import indexes, showcase
from rapporto.site.demo.blocks import Block, blocks
from rapporto.site.demo.calendar import ROME, Calendar, microseconds
from rapporto.site.demo.chance import Chance
from rapporto.site.demo.doors import write_doors
from rapporto.site.demo.firms import Row
from rapporto.site.demo.house import NAME, PASSWORD, STAFF, build, email_of
from rapporto.site.demo.places import read_places
from rapporto.site.demo.progress import Progress
from rapporto.site.demo.rows import Table
from rapporto.site.demo.size import FIRMS, LEAST, MOST, Size
from rapporto.site.demo.stories import Edit, has_story, story, tell
from rapporto.site.demo.world import MODELS, World
from rapporto.site.welcome import SIGN_IN_FILE
from rapporto.store.chunks import chunks
from rapporto.store.history import stamp
from rapporto.store.history.changing import change_set, close
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.search_tables import load_documents
from rapporto.web.first.demo import LOAD

BLOCKS = 100
"""Blocks in one transaction, 8,000 parties: memory stays the same whatever the size."""
# What renew_activity_search would write, from the keys that are folded already: a test compares the two.
_ACTIVITY_DOCUMENTS = f"""SELECT id, subject_key AS heading,
  trim(subject_key || ' ' || trim(outcome_key || ' ' || asked_key)) AS text FROM {Activity._meta.db_table}"""
LARGE = 50_000
"""Parties from which on it pays to take the indexes away and build them again."""


def load(size: int = 8_000, today: date | None = None, told: Callable[[int, int], None] | None = None) -> bool:
    """Fill the database with the demo company of `size` parties; False when it is there already.

    The same `size` and `today` give the same company. `told` hears how many parties of how many are there, between two transactions;
    what it raises ends the load. Raises ValueError for a size out of bounds.
    """
    if not LEAST <= size <= MOST:
        raise ValueError(f"the demo company has {LEAST:,} to {MOST:,} parties, not {size:,}")
    there = ChangeSet.objects.filter(command=LOAD, undone_by=None).order_by("-pk").first()
    if there is not None:
        print(_already_there(there), file=sys.stderr)
        return False
    _Loading(Size(size), Calendar(today or timezone.localdate()), told).run()
    return True


def _already_there(there: ChangeSet) -> str:
    """What to say of a load that was begun before; one that was interrupted is put in a state from which it can be undone."""
    if not there.open:
        return "The demo company is there already; nothing was changed."
    if _alive(there.summary.get("process", 0)):
        return "The demo company is being loaded at this moment by another process."
    indexes.make(there.summary.get("indexes", {}))
    close(there.pk)
    return "An earlier load of the demo company was interrupted; undo it in the history, then load again."


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return process > 0


class _Loading:
    """One run, step by step."""

    def __init__(self, size: Size, calendar: Calendar, told: Callable[[int, int], None] | None) -> None:
        self.size, self.calendar, self.progress, self.told = size, calendar, Progress(), told
        self.actor = system_task("Demo", door="demo")
        written: tuple[type[Model], ...] = (*MODELS, PartyNumbers)
        self.tables = {model: Table(model) for model in written}
        self.edits: list[Edit] = []
        self.parties = self.activities = 0

    def run(self) -> None:
        """Everything."""
        self._room_for_sorting()
        self._tell_of_parties()
        with change_set(self.actor, LOAD, keep_open=True, at=self._at(self.calendar.start)) as change:
            self.world = World(build(self.actor), read_places(), self.calendar)
        self._remember(change)
        dropped = self._without_indexes(change) if self.size.parties >= LARGE else {}
        written = blocks(self.world, self.size)
        for number in range(-(-self.size.blocks // self._step)):
            self._write(change.pk, list(islice(written, self._step)), number * self._step * FIRMS)
        self._sequences(*MODELS)
        self.progress.tell(f"{len(dropped)} indexes", at_once=True)
        indexes.make(dropped)
        self._analyze()
        self._search()
        self.progress.tell(f"{len(self.edits):,} changes of the past months", at_once=True)
        tell(self.world, self.edits)
        yesterday = self._at(self.calendar.today - timedelta(days=1))
        self.parties += write_doors(self.actor, self.world, change.pk, yesterday)
        self._sequences(ConsentEntry, LikelyDuplicate)
        ChangeSet.objects.filter(pk=change.pk).update(summary={"parties": self.parties, "activities": self.activities})
        close(change.pk)
        self._analyze()
        self._say_how_to_sign_in()
        self.progress.tell(f"done: {self.parties:,} parties, {self.activities:,} activities", at_once=True)

    @staticmethod
    def _room_for_sorting() -> None:
        """Indexes are built by sorting: SQLite must not do that in memory whatever the size, PostgreSQL should use some more."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET maintenance_work_mem = '256MB'")
            elif not connection.in_atomic_block:
                cursor.execute("PRAGMA temp_store = FILE")

    @property
    def _step(self) -> int:
        """Blocks in one transaction; small companies too come in steps, so that some customers are newer than others."""
        return max(1, min(BLOCKS, self.size.blocks // 20))

    @staticmethod
    def _remember(change: ChangeSet, **more: Any) -> None:
        ChangeSet.objects.filter(pk=change.pk).update(summary={"process": os.getpid(), **more})

    def _without_indexes(self, change: ChangeSet) -> dict[str, str]:
        found = indexes.secondary([*(table.name for table in self.tables.values()), Entry._meta.db_table])
        with transaction.atomic():
            # what was taken away is written down first: an interrupted load can be mended
            self._remember(change, indexes=found)
            indexes.drop(found)
        return found

    def _write(self, change: int, some: list[Block], first: int) -> None:
        """A number of blocks in one transaction, dated when their firms came to be known."""
        self._begin_stories(some, first)
        since = self._at(some[0].since)
        with change_set(self.actor, LOAD, continues=change, keep_open=True, at=since):
            for model, table in self.tables.items():
                rows = [row for block in some for row in block.rows[model]]
                if model is Activity:
                    self._write_activities(change, since, rows)
                    self.activities += len(rows)
                else:
                    table.write(rows)
                    self.parties += len(rows) if model is Party else 0
        self.progress.tell(f"{self.parties:,} of {self.size.parties:,} parties, {self.activities:,} activities")
        self._tell_of_parties()

    def _tell_of_parties(self) -> None:
        if self.told is not None:
            self.told(self.parties, self.size.parties)

    def _write_activities(self, change: int, since: int, rows: list[Row]) -> None:
        """Month by month: the history knows them from the end of their month, so that the past looks like the past."""
        rows.sort(key=lambda row: row["at"])
        for month, some in groupby(rows, key=lambda row: self._known(row["day"])):
            stamp.write(connection, change, max(since, month), False)
            self.tables[Activity].write(some)
        stamp.write(connection, change, since, False)

    def _known(self, day: date) -> int:
        """When the history learns of an activity: at the end of its month, or yesterday if that is still to come."""
        after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self._at(min(after, self.calendar.today - timedelta(days=1)))

    def _begin_stories(self, some: list[Block], first: int) -> None:
        for number, firm in enumerate((firm for block in some for firm in block.firms), first):
            if number == 0:
                self.edits += showcase.edits(self.world, firm)
            elif has_story(number, self.size.organisations):
                self.edits += story(self.world, Chance(f"story {number}"), firm)

    def _at(self, day: date) -> int:
        return microseconds(datetime.combine(day, time(7), tzinfo=ROME))

    def _sequences(self, *models: type[Model]) -> None:
        """PostgreSQL: the rows brought their ids along; the next ones must follow."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            for model in models:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"
                )

    def _search(self) -> None:
        self.progress.tell("search of parties", at_once=True)
        with transaction.atomic():
            load_documents("party", (one for ids in self._ids(Party) for one in party_documents(ids)))
        self.progress.tell("search of activities", at_once=True)
        with transaction.atomic():
            load_documents("activity", select=_ACTIVITY_DOCUMENTS)

    def _ids(self, model: type[Party]) -> Iterator[list[int]]:
        every = model._default_manager.order_by("pk").values_list("pk", flat=True)
        yield from chunks(every.iterator(chunk_size=10_000))

    def _analyze(self) -> None:
        self.progress.tell("statistics of the database", at_once=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _say_how_to_sign_in(self) -> None:
        people = "\n".join(f"  {email_of(name):<46} {role}" for name, role, _ in STAFF[:3])
        text = f"{NAME}, the demo company: sign in with the password {PASSWORD} as\n{people}\n"
        settings.DATA.mkdir(parents=True, exist_ok=True)
        (settings.DATA / SIGN_IN_FILE).write_text(text, encoding="utf-8")
