"""Saved views: what is done with them, and which of them somebody sees over a list."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import override

from rapporto.domain.people.models import SavedView, ViewChoice
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import ME, field
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import delete, save

APART = 10
"""The distance between the positions of two views, so that one finds room between two that somebody else keeps."""
MOST = 200
"""Views of one list that are offered to one person."""
BROUGHT: list[Any] = []
"""The names of the views that the product brings along; they are spoken in every language."""


def brings(*names: Any) -> None:
    """Declare names of views that the product brings along."""
    BROUGHT.extend(names)
    _in_any_language.cache_clear()


@cache
def _in_any_language() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {str(name): name for name in BROUGHT}
    return found


def spoken(name: str) -> str:
    """What a view is called in the language at hand: one that came with the product, until somebody calls it otherwise."""
    return str(_in_any_language().get(name, name))


def views_of(actor: Actor, listed: str) -> list[SavedView]:
    """The views of a list that somebody sees, in their order, each with the place they gave it as `my_place`. One query."""
    rows = find(actor, "saved_view", field("listed").eq(listed))
    mine = _choices(actor, listed).filter(view=OuterRef("pk"))
    return list(rows.annotate(my_place=Subquery(mine.values("place")[:1])).order_by("position", "pk")[:MOST])


def is_above(view: SavedView) -> bool:
    """Whether one of `views_of` stands above the list for whoever asked: as they chose, else as its maker did."""
    mine = getattr(view, "my_place", None)
    return mine == ViewChoice.ABOVE if mine else bool(view.pinned)


def _choices(actor: Actor, listed: str) -> Any:
    return find(actor, "view_choice", field("user").eq(ME) & field("listed").eq(listed))


def view_of(actor: Actor, listed: str, view: int) -> SavedView | None:
    """A view of a list by its id; None when it is not there or may not be seen."""
    if not 0 < view < 2**63:
        return None
    found: SavedView | None = find(actor, "saved_view", field("listed").eq(listed)).filter(pk=view).first()
    return found


def choice_of(actor: Actor, listed: str) -> int | None:
    """The view with which somebody wants a list to open, 0 for the list as it is; None when they chose nothing."""
    found: int | None = _choices(actor, listed).filter(opens=True).values_list("view", flat=True).first()
    return found


def usual_view(actor: Actor, views: Iterable[SavedView]) -> SavedView | None:
    """The view with which a list opens for the role of somebody; that of the role comes before that of everyone."""
    for wanted in (*sorted(actor.roles), "all"):
        for view in views:
            if view.usual_for == wanted:
                return view
    return None


def keep_view(actor: Actor, *, listed: str, name: str, query: str, shared: str = SavedView.MINE) -> SavedView:
    """Keep a list as it looks under a name, pinned after the others. Raises Invalid."""
    last = max((view.position or 0 for view in views_of(actor, listed)), default=0)
    values = {"name": name, "listed": listed, "query": query, "shared": shared, "owner": actor.user_id, "pinned": True}
    with change_set(actor, "keep_view"):
        row: SavedView = save(actor, "saved_view", {**values, "position": last + APART})
    return row


def change_view(actor: Actor, view: int, **values: Any) -> SavedView:
    """Change what a view shows, its name, or with whom it is shared. Raises Invalid, NotFound, Refused."""
    with change_set(actor, "change_view"):
        row: SavedView = save(actor, "saved_view", values, view)
    return row


def move_view(actor: Actor, view: int, by: int) -> SavedView:
    """Put a view before (-1) or after (1) its neighbour above the list. Raises NotFound, Refused."""
    row: SavedView = get(actor, "saved_view", view)
    every = views_of(actor, row.listed)
    here = next(one for one in every if one.pk == view)
    there = [one for one in every if is_above(one) == is_above(here)]
    at = next(at for at, one in enumerate(there) if one.pk == view)
    to = min(max(at + by, 0), len(there) - 1)
    if to == at:
        return row
    there.insert(to, there.pop(at))
    before = there[to - 1].position or 0 if to else (there[1].position or 0) - 2 * APART
    after = there[to + 1].position if to + 1 < len(there) else None
    middle = before + APART if after is None else (before + after) // 2
    with change_set(actor, "move_view"):
        if after is not None and not before < middle < after:
            middle = _make_room(actor, there, to)
        return change_view(actor, view, position=middle)


def _make_room(actor: Actor, there: list[SavedView], at: int) -> int:
    """Put those of the following views that the actor may change further back; gives the place that became free."""
    free = (there[at - 1].position or 0) + APART if at else 0
    for number, one in enumerate(there[at + 1 :], 1):
        try:
            change_view(actor, one.pk, position=free + number * APART)
        except Refused:
            continue  # somebody else's: it stays where its owner put it
    return free


def open_with(actor: Actor, listed: str, view: int | None) -> None:
    """Let a list open with this view for oneself; 0 is the list as it is, None what is usual for one's role."""
    with change_set(actor, "open_with"):
        for row in _choices(actor, listed).filter(opens=True).exclude(view=view):
            _choose(actor, listed, row.view, opens=False)
        if view is not None:
            _choose(actor, listed, view, opens=True)


def place_view(actor: Actor, view: int, *, above: bool) -> SavedView:
    """Let a view stand above its list for oneself, or only in the menu; others see it where they want. Raises NotFound."""
    row: SavedView = get(actor, "saved_view", view)
    with change_set(actor, "place_view"):
        _choose(actor, row.listed, view, place=ViewChoice.ABOVE if above else ViewChoice.IN_MENU)
    return row


def _choose(actor: Actor, listed: str, view: int, **wish: Any) -> None:
    """Keep what somebody wants of a view; a choice that says nothing any more goes."""
    mine = _choices(actor, listed).filter(view=view).first()
    if mine is None:
        save(actor, "view_choice", {"user": actor.user_id, "listed": listed, "view": view, **wish})
    elif wish.get("opens", mine.opens) or wish.get("place", mine.place):
        save(actor, "view_choice", wish, mine.pk)
    else:
        delete(actor, "view_choice", mine.pk)


def usual_for(actor: Actor, view: int, whom: str) -> SavedView:
    """Let a list open with this view for a role, «all», or nobody (blank); what was usual for them before is so no longer."""
    with change_set(actor, "usual_for"):
        row = change_view(actor, view, usual_for=whom, **({"shared": SavedView.EVERYONE} if whom else {}))
        same = find(actor, "saved_view", field("listed").eq(row.listed) & field("usual_for").eq(whom))
        for other in list(same.exclude(pk=view).values_list("pk", flat=True)) if whom else ():
            change_view(actor, other, usual_for=None)
    return row
