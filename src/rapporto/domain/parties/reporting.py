"""Who may report to whom: a boss of the same company, never oneself, never somebody who stands below."""

from collections.abc import Mapping
from typing import Any

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.kernel.text import Message
from rapporto.store.derive import on_fields
from rapporto.store.errors import Invalid

DEEPEST = 100
"""No company has as many levels; a walk that goes on longer walks in a circle."""
NOBODY_AND_NOTHING = Message("Say who works here; for a post that nobody holds, say at least what it is called.")
OWN_BOSS = Message("Nobody reports to themselves; choose somebody else.")
# Nobody is named: whoever asks may see the post without being allowed to see who holds it.
ANOTHER_COMPANY = Message("This boss works for another company; choose somebody of the same one.")
IN_A_CIRCLE = Message("This boss already reports to them, directly or through others; change that first.")


@on_fields("person", "job_title", "organisation", "reports_to")
def sensible_post(row: Affiliation, changed: Mapping[str, Any]) -> None:
    """Refuse a place of work without person and name, and a boss who cannot be one. Raises Invalid at the field."""
    if row.person_id is None and not row.job_title:
        raise Invalid({"person": NOBODY_AND_NOTHING})
    if row.reports_to_id is not None and changed.keys() & {"reports_to", "organisation"}:
        _sensible_boss(row, row.reports_to_id)


def _sensible_boss(row: Affiliation, boss_id: int) -> None:
    if row.pk is not None and boss_id == row.pk:
        raise Invalid({"reports_to": OWN_BOSS})
    company = whole_company(row.organisation_id or 0)
    # Two people who move the other one below themselves at the same moment wait for each other here.
    Party.objects.select_for_update(no_key=True).filter(pk=company).first()
    organisation = Affiliation.objects.filter(pk=boss_id).values_list("organisation_id", flat=True).first()
    if organisation != row.organisation_id and whole_company(organisation or 0) != company:
        raise Invalid({"reports_to": ANOTHER_COMPANY})
    if row.pk is not None and row.pk in _above(boss_id):
        raise Invalid({"reports_to": IN_A_CIRCLE})


def whole_company(party_id: int) -> int:
    """The company of which this is a unit, or a unit of a unit; itself when it is none."""
    for _level in range(DEEPEST):
        above = Party.objects.filter(pk=party_id).values_list("part_of_id", flat=True).first()
        if above is None:
            break
        party_id = above
    return party_id


def _above(post: int) -> set[int]:
    """The ids of a post and of everybody above it."""
    found: set[int] = set()
    above: int | None = post
    while above is not None and above not in found:
        found.add(above)
        above = Affiliation.objects.filter(pk=above).values_list("reports_to_id", flat=True).first()
    return found
