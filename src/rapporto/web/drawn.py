"""Draws what a card has many of: lines of the story, facts, people. Written here, as it costs a tenth of a template for each."""

from collections.abc import Callable, Iterable
from html import escape
from re import compile as pattern

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.web.card.numbers import Bar, Chart
from rapporto.web.facts import Fact
from rapporto.web.icons import icon_html, initials_html
from rapporto.web.parts import Line, Reach
from rapporto.web.timeline.entries import StreamEntry, Tag

_NEW_LINE = pattern(r"\r\n|\r|\n")


def softly(text: str) -> str:
    """A text as HTML; a mail address breaks after its @ when it must break at all."""
    return escape(text).replace("@", "@<wbr>")


def facts_html(facts: Iterable[Fact]) -> SafeString:
    """Names and values as a list."""
    return mark_safe(f'<dl class="facts">{"".join(map(_fact, facts))}</dl>')


def _fact(fact: Fact) -> str:
    quiet = "" if fact.value else ' class="quiet"'
    if not fact.value:
        shown = escape(fact.empty) or "—"
    elif fact.url:
        shown = f'<a href="{escape(fact.url)}">{softly(fact.value)}</a>'
    else:
        shown = _NEW_LINE.sub("<br>", escape(fact.value))
    locked = f" {icon_html('lock', fact.locked)}" if fact.locked else ""
    today = f'<span class="is-now">{escape(fact.today)}</span>' if fact.today else ""
    return f"<dt>{escape(fact.label)}</dt><dd{quiet}>{shown}{locked}{today}</dd>"


def lines_html(lines: Iterable[Line], faces: bool = False) -> SafeString:
    """Lines of people, places, numbers; with `faces` each begins with the initials."""
    change = _("Change")
    return mark_safe(f'<ul class="lines">{"".join(_line(one, change, faces=faces) for one in lines)}</ul>')


def _line(line: Line, change: str, *, faces: bool) -> str:
    name = escape(line.name)
    parts = [
        '<li class="former">' if line.former else "<li>",
        initials_html(line.name) if faces else "",
        "<span>",
        f'<a href="{escape(line.url)}"{_beside(line.url)}>{name}</a>'
        if line.url
        else f'<span class="strong">{name}</span>',
        f' <span class="tag">{escape(line.tag)}</span>' if line.tag else "",
        f'<br><span class="soft">{escape(line.detail)}</span>' if line.detail else "",
        f'<span class="reaches">{"".join(map(_reach, line.reach))}</span>' if line.reach else "",
        "</span>",
    ]
    if line.edit_url:
        label = escape(_("Change %(name)s") % {"name": line.name})
        parts.append(
            f'<a class="btn plain icon push" href="{escape(line.edit_url)}" data-panel aria-label="{label}"'
            f' title="{escape(change)}">{icon_html("edit")}</a>'
        )
    return "".join((*parts, "</li>"))


def _beside(url: str) -> str:
    """Cards open in the side panel; calls, mails and pages elsewhere as they do everywhere."""
    return " data-panel" if url.startswith("/") else ""


def _reach(reach: Reach) -> str:
    return f'<a class="reach" href="{escape(reach.url)}">{softly(reach.text)}</a>'


def stream_html(entries: Iterable[StreamEntry], more_url: str, undo: Callable[[], str]) -> SafeString:
    """Lines of the story, and the way to the following ones. `undo` gives what the addresses of the ways back have after them."""
    drawn = _Stream(undo)
    lines = [drawn.entry(one) for one in entries]
    if more_url:
        url = escape(more_url)
        lines.append(
            f'<li class="more"><span></span><div><a class="btn" href="{url}" hx-get="{url}" hx-target="closest li"'
            f' hx-swap="outerHTML">{escape(_("Show more"))}</a></div></li>'
        )
    return mark_safe("\n".join(lines))


class _Stream:
    """Draws the lines of one story."""

    def __init__(self, undo: Callable[[], str]) -> None:
        self._undo = undo
        self._sent = ""

    def entry(self, entry: StreamEntry) -> str:
        """One line: when, what, who; what changed and the way back."""
        return (
            f'<li class="{escape(entry.mark) or "done"}"><span class="mark">{icon_html(entry.icon, entry.kind)}</span><div>\n'
            f"{self._head(entry)}{self._body(entry)}</div></li>"
        )

    def _head(self, entry: StreamEntry) -> str:
        title = escape(entry.title)
        named = (
            f'<a class="strong" href="{escape(entry.url)}" data-panel>{title}</a>'
            if entry.url
            else f'<span class="strong">{title}</span>'
        )
        person = f'<span class="person">{escape(entry.person)}</span>' if entry.person else ""
        when = f'<time datetime="{escape(entry.moment_iso)}">{escape(entry.moment)}</time>'
        return f'<p class="head"><span>{named}{person}{"".join(map(_tag, entry.tags))}</span>{when}</p>\n'

    def _body(self, entry: StreamEntry) -> str:
        text = f'<p class="text">{escape(entry.text)}</p>\n' if entry.text else ""
        changes = f'<dl class="changes">{"".join(map(_change, entry.changes))}</dl>\n' if entry.changes else ""
        by = f'<p class="text by">{escape(entry.by)}</p>\n' if entry.by else ""
        return f"{text}{changes}{by}{self._back(entry)}"

    def _back(self, entry: StreamEntry) -> str:
        if not entry.undo_url:
            return ""
        self._sent = self._sent or self._undo()
        return (
            f'<a class="btn plain small" href="{escape(entry.undo_url)}{self._sent}" data-panel>'
            f"{icon_html('undo')}{escape(_('Restore how it was'))}</a>\n"
        )


def _tag(tag: Tag) -> str:
    return f'<span class="tag {escape(tag.tone)}">{escape(tag.text)}</span>'


def _change(change: dict[str, str]) -> str:
    label = f"<dt>{escape(change['label'])}</dt>"
    if "added" in change:  # one of several came or went; the others stayed
        came = f"<ins>+ {escape(change['added'])}</ins>" if change["added"] else ""
        went = f"<del>{escape(change['removed'])}</del>" if change["removed"] else ""
        return f"{label}<dd>{' '.join(part for part in (went, came) if part) or '—'}</dd>"
    before, after = escape(change["before"]) or "—", escape(change["after"]) or "—"
    return f"{label}<dd><del>{before}</del> → <ins>{after}</ins></dd>"


def chart_html(chart: Chart | None) -> SafeString:
    """The dealings by month as bars, the current month marked."""
    if chart is None:
        return mark_safe("")
    bars = "".join(_bar(chart, bar, now=bar is chart.bars[-1]) for bar in chart.bars)
    return mark_safe(
        f'<svg class="chart" viewBox="-3 0 {chart.width + 6} {chart.height}" role="img" aria-label="{escape(chart.text)}">'
        f'{bars}<line x1="0" x2="{chart.width}" y1="{chart.base}" y2="{chart.base}"/></svg>'
    )


def _bar(chart: Chart, bar: Bar, *, now: bool) -> str:
    counted = (
        f'<rect class="bar{" now" if now else ""}" x="{bar.x}" y="{bar.y}" width="{chart.bar}" height="{bar.height}" rx="2"/>'
        f'<text class="mid" x="{bar.middle}" y="{bar.y - 3}">{bar.count}</text>'
        if bar.count
        else ""
    )
    return f'{counted}<text class="mid" x="{bar.middle}" y="{chart.foot}">{escape(bar.word)}</text>'
