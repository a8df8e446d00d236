"""Draws the org chart: nested lists with lines, so that eye and ear read the same; 200 boxes cost a few milliseconds."""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.web.card.org_tree import UNSEEN, Box, Chart
from rapporto.web.icons import icon_html
from rapporto.web.links import card_url, post_url

NARROW = 2
"""How many boxes side by side fit into a column of the card."""


@dataclass(frozen=True)
class Drawing:
    """How a chart is drawn. `company` is whose it is; `levels` how many are open (0: all); `small` is that on the card."""

    company: int
    change: bool = False
    levels: int = 0
    small: bool = False
    query: str = ""
    """What the addresses of its panels have after them: the day looked at."""

    def html(self, chart: Chart) -> SafeString:
        """The chart as nested lists; «tree» where it would be too wide."""
        narrow = self.small and chart.columns > NARROW
        shape = f"org{' small' if self.small else ''}{' tree' if narrow else ''}"
        return mark_safe(f'<ul class="{shape}">{"".join(self._item(one, 1) for one in chart.roots)}</ul>')

    def loose(self, chart: Chart) -> SafeString:
        """Those of whom nobody has said where they stand, one beside the other."""
        return mark_safe(f'<ul class="org loose">{"".join(self._item(one, 1) for one in chart.loose)}</ul>')

    def _item(self, box: Box, level: int, boss: int | None = None) -> str:
        closed = bool(self.levels) and level >= self.levels and bool(box.below)
        below = "" if not box.below or (self.small and closed) else self._below(box, level, boss, closed=closed)
        return f"<li>{self._box(box, boss, closed=closed)}{below}</li>"

    def _below(self, box: Box, level: int, boss: int | None, *, closed: bool) -> str:
        shape = (' class="stack"' if box.stacked else "") + (" hidden" if closed else "")
        above = box.post.id if box.post else boss
        return f"<ul{shape}>{''.join(self._item(one, level + 1, above) for one in box.below)}</ul>"

    def _box(self, box: Box, boss: int | None, *, closed: bool) -> str:
        return self._unit(box, boss, closed=closed) if box.post is None else self._post(box, closed=closed)

    def _unit(self, box: Box, boss: int | None, *, closed: bool) -> str:
        unit = box.unit
        assert unit is not None
        empty = "" if box.below else f'<span class="soft">{escape(_("nobody is known here yet"))}</span>'
        drop = f' data-unit="{unit.id}" data-boss="{boss or ""}"' if self.change else ""
        return (
            f'<div class="post unit"{drop}><span class="row">{icon_html("unit", _("Unit"))}'
            f'<a href="{card_url("party", unit.id)}{escape(self.query)}" data-panel>{escape(unit.name)}</a></span>{empty}'
            f"{self._fold(box, unit.name, closed=closed)}</div>"
        )

    def _post(self, box: Box, *, closed: bool) -> str:
        post = box.post
        assert post is not None
        name = called(box)
        drag = f' data-post="{post.id}" draggable="true"' if self.change else ""
        url = escape(post_url(self.company, post.id) + self.query)
        hear = (
            f' aria-label="{escape(_("Post to be filled: {job}").format(job=post.job or "?"))}"' if box.vacant else ""
        )
        return (
            f'<div class="post {_state(box)}"{drag}><a class="strong" href="{url}" data-panel{hear}>{escape(name)}</a>'
            f"{_lines(box, small=self.small)}{self._fold(box, name, closed=closed)}</div>"
        )

    def _fold(self, box: Box, name: str, *, closed: bool) -> str:
        if not box.below:
            return ""
        count = box.count
        if self.small:
            return f'<span class="tag">+{count}</span>' if closed else ""
        text = ngettext("{count} person or post below {name}", "{count} people and posts below {name}", count)
        label = escape(text.format(count=count, name=name))
        return (
            f'<button class="fold-below" type="button" data-org-fold aria-expanded="{"false" if closed else "true"}"'
            f' aria-label="{label}" title="{label}">{icon_html("down")}{count}</button>'
        )


def called(box: Box) -> str:
    """The name on a box; a question mark for who is still to be found."""
    post = box.post
    if post is None or box.vacant:
        return "?"
    return _("somebody out of your reach") if post.name is None else post.name


def _state(box: Box) -> str:
    """How the edge is drawn: dealt with, still to be met, held by nobody."""
    if box.vacant:
        return "vacant"
    return "known" if box.ties else "unknown"


def _lines(box: Box, *, small: bool) -> str:
    post = box.post
    assert post is not None
    said = [f'<span class="job">{escape(post.job or post.role)}</span>'] if post.job or post.role else []
    if box.vacant:
        said.append(f'<span class="tag today">{escape(_("to be filled"))}</span>')
        if box.was not in ("", UNSEEN) and not small and post.until:
            before = _("{name} until {day}").format(name=box.was, day=f"{post.until:%d/%m/%Y}")
            said.append(f'<span class="soft">{escape(before)}</span>')
    elif box.ties and not small:
        others = f" +{len(box.ties) - 1}" if len(box.ties) > 1 else ""
        said.append(f'<span class="tie">{escape(box.ties[0].short)}{others}</span>')
    elif not small and post.name:
        said.append(f'<span class="soft">{escape(_("still to be met"))}</span>')
    if box.circular:
        said.append(f'<span class="tag late">{escape(_("in a circle"))}</span>')
    if box.today:
        said.append(f'<span class="tag today">{escape(box.today)}</span>')
    return "".join(said)


def told(chart: Chart) -> str:
    """How many there are, in a sentence."""
    posts = chart.posts
    known, vacant = sum(bool(one.ties) for one in posts), sum(one.vacant for one in posts)
    unknown = len(posts) - known - vacant
    parts = [ngettext("{count} we know", "{count} we know", known).format(count=known)]
    if unknown:
        parts.append(ngettext("{count} still to be met", "{count} still to be met", unknown).format(count=unknown))
    if vacant:
        parts.append(ngettext("{count} post to be filled", "{count} posts to be filled", vacant).format(count=vacant))
    return " · ".join(parts)
