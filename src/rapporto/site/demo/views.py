"""The saved views of the demo company, besides those with which every installation begins."""

from rapporto.domain.people.models import SavedView
from rapporto.domain.people.saved_views import APART, views_of
from rapporto.domain.processes.usual_views import UsualView, keep_for_all
from rapporto.kernel.actor import Actor

VIEWS = (
    UsualView(
        "party",
        "Nord per settore",
        (
            ("region.is_in", "Veneto"),
            ("region.is_in", "Lombardia"),
            ("phase.is_in", "customer,at_risk,opportunity,hot_lead"),
            ("group", "region,industry"),
            ("sort", "-turnover"),
            ("columns", "name,phase,turnover,next_activity,province,owner,last_activity,activities.count"),
        ),
    ),
    UsualView("activity", "Per mese e tipo", (("state.eq", "done"), ("group", "-day:month,kind"), ("sort", "-at"))),
)


def keep_views(actor: Actor) -> None:
    """Keep the views that are not there yet."""
    for one in VIEWS:
        if not SavedView.objects.filter(listed=one.listed, name=one.name).exists():
            last = max((view.position or 0 for view in views_of(actor, one.listed)), default=0)
            keep_for_all(actor, one, last + APART)
