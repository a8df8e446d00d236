"""One page of groups: the values of a column, or the records that its links lead to, with the plan that suits them."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet

from rapporto.kernel.kinds import Choice, Tick
from rapporto.kernel.record import Field
from rapporto.kernel.where import Where
from rapporto.store.asking import Asked, rows_estimated
from rapporto.store.buckets import BLANK, Bucket, bucket_of, bucket_of_token
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.group_keys import ends, gathered, scanned, walked
from rapporto.store.group_sources import Source, pointed_to, source_of
from rapporto.store.group_sql import level
from rapporto.store.moment import looking_at
from rapporto.store.page_reading import Cursor, Reader
from rapporto.store.plans import Plan, plan
from rapporto.store.reaching import Reached
from rapporto.store.userfields import record_type

MOST = 1000
"""More values than any list has."""
WITHIN = 10_000
"""Rows of a group that are looked at for one that may be seen, before all of them are looked at once in the narrowest index."""


@dataclass
class GroupReader:
    """Reads one page of groups."""

    asked: Asked
    name: str
    where: Where
    field: Field
    step: str
    down: bool
    size: int

    def valued(self, after: str | None) -> tuple[list[Bucket], str | None]:
        """Groups of values, and the cursor of the next page."""
        last = bucket_of_token(self.field, self.step, after) if after else None
        if last is not None and last.token == BLANK:
            return [], None
        source = source_of(self.asked, DECLARED[self.name], self.where, self.field)
        if isinstance(self.field.kind, Choice | Tick) or source.few or not (source.indexed or self.step == ""):
            found = self._cut(self._all(source), last)
        else:
            found = self._some(source, down=self.down, after=last, size=self.size + 1)
        found = [self._named(one) for one in found]
        return found[: self.size], found[self.size - 1].token if len(found) > self.size else None

    def _named(self, one: Bucket) -> Bucket:
        """The bucket of the path, when its keys were read from linked records."""
        if not isinstance(self.field, Reached):
            return one
        named = bucket_of_token(self.field, self.step, one.token)
        return Bucket(named.token, one.label_value, named.low, named.where)

    def _all(self, source: Source) -> list[Bucket]:
        if isinstance(self.field.kind, Tick):
            some = [bucket_of(self.field, "", value) for value in (False, True)]
            rows = (plan(self.asked, DECLARED[self.name], self.where & one.where).rows for one in some)
            found = [one for one, those in zip(some, rows, strict=True) if those.exists()]
        elif source.few:
            found = gathered(source, self.step)
        else:
            found = self._some(source, down=False, after=None, size=MOST)
        if isinstance(self.field.kind, Choice):
            places = {code: at for at, (code, _label) in enumerate(self.field.kind.choices)}
            found.sort(key=lambda one: (places.get(one.low, len(places)), one.low))
        return found[::-1] if self.down else found

    def _some(self, source: Source, *, down: bool, after: Bucket | None, size: int) -> list[Bucket]:
        within = WITHIN if source.scattered and not self.step else 0
        if source.indexed and not looking_at():  # a table of the past is put together anew for every seek
            try:
                found = walked(source, self.step, down=down, after=after, size=size, within=within)
            except EmptyResultSet:  # none of the rows may be seen
                return []
            if not within or len(found) == size or ends(source, found[-1] if found else after, down=down):
                return found
        rung = level(self.asked, source.declaration, source.rows, source.field, self.step)
        return scanned(source, rung, self.step, down=down, after=after, size=size)

    def _cut(self, found: list[Bucket], last: Bucket | None) -> list[Bucket]:
        """The groups after one of them, which need not be among them any more."""
        at = next((at for at, one in enumerate(found) if last and one.token == last.token), -1)
        if at < 0 and last is not None and not isinstance(self.field.kind, Choice):
            return [one for one in found if (one.low < last.low if self.down else one.low > last.low)]
        return found[at + 1 :]

    def linked(self, after: str | None) -> tuple[list[Bucket], str | None]:
        """Groups of linked records in the order of their titles."""
        declaration = DECLARED[self.name]
        source = source_of(self.asked, declaration, self.where, self.field)
        target = DECLARED[self.field.link or ""]
        title = record_type(target.name).field(target.record.title)
        reader = Reader(self.asked, target, title, self.down, self._pointed_to(source, target))
        found = reader.rows(Cursor.read(after) if after else None, self.size + 1, ())
        more = reader.cursor(found[self.size - 1]).text() if len(found) > self.size else None
        return [bucket_of(self.field, "", row[0]) for row in found[: self.size]], more

    def _pointed_to(self, source: Source, target: Declaration) -> Plan:
        """The linked records that some row points to."""
        if source.scattered and rows_estimated(target) < MOST:
            ids = [one.low for one in self._some(source, down=False, after=None, size=MOST)]
            return Plan(self.asked.records(target.name).filter(pk__in=ids), gathered=True)
        rows = pointed_to(self.asked, source.declaration, Plan(source.rows, source.few), source.field)
        return Plan(rows, source.few)
