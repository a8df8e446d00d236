"""What follows from a written activity: its day, who took it, the numbers of its party, the words by which it is found."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from rapporto.domain.parties.models import Party, PartyNumbers
from rapporto.domain.processes.models import DONE, PLANNED, Activity
from rapporto.kernel.kinds import Moment
from rapporto.store.chunks import chunks
from rapporto.store.derive import on_fields
from rapporto.store.documents import renew_documents
from rapporto.store.history.changing import current_user
from rapporto.store.wholes import wholes

COMPANY_CLOCK = Moment()


@on_fields("at")
def complete_from_context(row: Activity, changed: Mapping[str, Any]) -> None:
    """Complete an activity before it is written: it happened now, unless said otherwise, and was taken by whoever writes it."""
    now = timezone.now()
    new = row.pk is None
    if row.at is None:
        row.at = now
    row.day = COMPANY_CLOCK.local(row.at).date()
    if new and "state" not in changed and row.at > now:
        row.state = PLANNED
    if new and row.taken_by_id is None and row.state == DONE:
        row.taken_by_id = current_user()
    if new and row.assignee_id is None and row.state == PLANNED:
        row.assignee_id = current_user()


@on_fields("at", "state", "party", "person", "private")
def renew_party_numbers(ids: Sequence[int]) -> None:
    """Count anew the dealings of every party these activities concern, or concerned before this change."""
    count_dealings(sorted(wholes(Activity, ids, ("party_id", "person_id"))))


def count_dealings(party_ids: Sequence[int]) -> None:
    """Last done day, next planned day and number of activities of these parties. Private ones never count: nothing shows through."""
    with connection.cursor() as cursor:
        for some in chunks(party_ids):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(_COUNT.format(marks=marks), [DONE, PLANNED, *some, *some, *some])


def rebuild_numbers() -> None:
    """Count anew the dealings of every party (`rapporto check`)."""
    count_dealings(list(Party.objects.order_by("id").values_list("id", flat=True)))


_ACTIVITIES, _PARTIES, _NUMBERS = (model._meta.db_table for model in (Activity, Party, PartyNumbers))
# Rows whose numbers stay the same are not written: most changes move none of them.
_COUNT = f"""
INSERT INTO {_NUMBERS} (party_id, last_activity_on, next_activity_on, activities)
SELECT p.id, MAX(CASE WHEN a.state = %s THEN a.day END), MIN(CASE WHEN a.state = %s THEN a.day END), COUNT(a.party)
FROM {_PARTIES} p LEFT JOIN (
  SELECT party_id AS party, state, day FROM {_ACTIVITIES} WHERE party_id IN ({{marks}}) AND NOT private
  UNION ALL
  SELECT person_id, state, day FROM {_ACTIVITIES} WHERE person_id IN ({{marks}}) AND person_id <> party_id AND NOT private
) a ON a.party = p.id
WHERE p.id IN ({{marks}})
GROUP BY p.id
ON CONFLICT (party_id) DO UPDATE SET last_activity_on = excluded.last_activity_on,
  next_activity_on = excluded.next_activity_on, activities = excluded.activities
WHERE {_NUMBERS}.last_activity_on IS DISTINCT FROM excluded.last_activity_on
  OR {_NUMBERS}.next_activity_on IS DISTINCT FROM excluded.next_activity_on
  OR {_NUMBERS}.activities <> excluded.activities
"""


@on_fields("subject", "asked", "outcome")
def renew_activity_search(ids: Sequence[int]) -> None:
    """Write anew the search documents of these activities."""
    renew_documents("activity", ids, documents)


def documents(ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """What is searched of these activities: id, subject, all other words."""
    rows = Activity.objects.filter(id__in=ids).values_list("id", "subject", "asked", "outcome")
    for activity_id, subject, asked, outcome in rows.iterator():
        yield activity_id, subject, f"{outcome} {asked}".strip()
