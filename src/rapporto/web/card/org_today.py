"""The org chart of the past: what is otherwise today stands on its boxes."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.store.asking import Asked
from rapporto.web.card.org_read import read_posts, units_of
from rapporto.web.card.org_tree import Box, Chart, Post
from rapporto.web.reading import Titles


def mark_today(asked: Asked, company: int, chart: Chart, known: Titles) -> None:
    """Write on every box of a chart of the past what has changed since. Two queries, and one for every level of units."""
    posts = {one.id: one for one in read_posts(asked, company, units_of(asked, company), known)}
    for box in chart.posts:
        if box.post is not None:
            box.today = _changed(box, box.post, posts, timezone.localdate())


def _changed(box: Box, then: Post, posts: Mapping[int, Post], today: date) -> str:
    now = posts.get(then.id)
    if now is None:
        return _("today: no longer there")
    if not box.vacant and now.until is not None and now.until < today:
        return _("today: no longer there")
    if (now.person, now.name) != (then.person, then.name):
        return _("today: {value}").format(value=now.name or _("to be filled"))
    if now.boss != then.boss:
        return _("today: reports to {name}").format(name=_called(posts.get(now.boss or 0)))
    if now.job != then.job:
        return _("today: {value}").format(value=now.job or "—")
    return ""


def _called(boss: Post | None) -> str:
    if boss is None:
        return _("nobody")
    return boss.name or boss.job or "?"
