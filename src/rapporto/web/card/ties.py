"""Who knows whom: which of us dealt with a person, how often, and when last; private dealings count for their own people alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.domain.processes.models import DONE
from rapporto.store.asking import Asked
from rapporto.store.expressions import Unindexed
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.reading import SIZES
from rapporto.web.timeline.entries import day_in_words


@dataclass(frozen=True)
class Tie:
    """One of us and somebody there: how many dealings, the last one when."""

    user: str
    count: int
    last: date

    @property
    def words(self) -> str:
        """«12 times · last 18/11/2026»."""
        times = ngettext("{count} time", "{count} times", self.count).format(count=self.count)
        return f"{times} · {_('last {day}').format(day=day_in_words(self.last))}"

    @property
    def short(self) -> str:
        """«Anna Righetti · 18/11/2026»."""
        return f"{self.user} · {day_in_words(self.last)}"


def _dealt(asked: Asked, *ids: int) -> QuerySet[Any]:
    # What was noted on the card of the person bears no person besides. Nearly all are done and many are nobody's:
    # whoever looked for that first would look through all there are.
    nobody, done = IsNull(Unindexed(F("person_id")), True), Exact(Unindexed(F("state")), Value(DONE))
    with_them = Q(person_id__in=ids) | (Q(party_id__in=ids) & Q(nobody))
    rows = asked.records("activity").filter(with_them, done).order_by()
    return rows.values_list("person_id", "party_id", "taken_by_id", "taken_by__name").annotate(Count("id"), Max("at"))


_TIES = FixedQuery(_dealt, ("activity",))


def ties(asked: Asked, persons: Collection[int]) -> Mapping[int, tuple[Tie, ...]]:
    """By person who of us dealt with them, whoever did so last first. One query, none for nobody."""
    ids = sorted(persons)
    if not ids:
        return {}
    size = next((one for one in SIZES if len(ids) <= one), len(ids))
    rows = _TIES.rows(asked, *ids, *[ids[-1]] * (size - len(ids)))
    return _summed((person or party, user, name, count, last) for person, party, user, name, count, last in rows)


def _summed(rows: Iterable[tuple[int, int | None, str | None, int, datetime]]) -> dict[int, tuple[Tie, ...]]:
    known: defaultdict[int, dict[int | None, Tie]] = defaultdict(dict)
    for person, user, name, count, at in rows:
        last, before = timezone.localtime(at).date(), known[person].get(user)
        if before is not None:
            count, last = count + before.count, max(last, before.last)
        known[person][user] = Tie(name or _("somebody of us"), count, last)
    return {
        person: tuple(sorted(found.values(), key=lambda tie: (tie.last, tie.count, tie.user), reverse=True))
        for person, found in known.items()
    }
