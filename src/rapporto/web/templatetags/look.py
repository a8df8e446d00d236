"""The words of the look in templates: icons, initials, fields of a form."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString

from rapporto.kernel.actor import NOBODY
from rapporto.web.card.numbers import Chart
from rapporto.web.drawn import chart_html, facts_html, lines_html, stream_html
from rapporto.web.facts import Fact
from rapporto.web.fields import FormField, from_bound_field
from rapporto.web.figures import figure
from rapporto.web.icons import icon_html, initials_html
from rapporto.web.parts import Line
from rapporto.web.settings.frame import Chapter, chapters
from rapporto.web.timeline.entries import StreamEntry

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "phone" %}, or {% icon "phone" label=_("Phone") %} where no word stands beside it."""
    return icon_html(name, label)


@register.simple_tag(name="initials")
def initials_tag(name: str) -> SafeString:
    """{% initials person.name %}: the round mark of a person."""
    return initials_html(str(name))


@register.filter
def field(of: Any) -> Any:
    """{{ form.name|field }}: a field of a Django form, or a mapping, as the object that `_field.html` draws."""
    if isinstance(of, BoundField):
        return from_bound_field(of)
    return FormField(**of) if isinstance(of, dict) else of


@register.filter(name="figure")
def figure_filter(number: int) -> str:
    """{{ count|figure }}: «12.400» for an Italian reader."""
    return figure(number)


@register.filter
def get(of: dict[str, Any], key: str) -> Any:
    """{{ said|get:place.name }}: what a dictionary holds under a name; '' when nothing."""
    return of.get(key, "")


@register.simple_tag(name="facts")
def facts_tag(facts: Iterable[Fact]) -> SafeString:
    """{% facts section.facts %}: names and values as a list."""
    return facts_html(facts)


@register.simple_tag(name="lines")
def lines_tag(lines: Iterable[Line], faces: bool = False) -> SafeString:
    """{% lines people faces=True %}: people, places, numbers as a list."""
    return lines_html(lines, faces)


@register.simple_tag(name="chart")
def chart_tag(chart: Chart | None) -> SafeString:
    """{% chart chart %}: the dealings by month as bars."""
    return chart_html(chart)


@register.simple_tag(takes_context=True)
def settings_chapters(context: Context) -> list[Chapter]:
    """{% settings_chapters as chapters %}: the way through the settings, for whoever asks."""
    return chapters(getattr(context.get("request"), "actor", NOBODY))


@register.simple_tag(takes_context=True)
def stream(context: Context, entries: Iterable[StreamEntry], more_url: str = "") -> SafeString:
    """{% stream entries more_url %}: the lines of a story, each with its way back."""
    return stream_html(entries, more_url, lambda: _way_back(context))


def _way_back(context: Context) -> str:
    """The page to go back to when something was restored, as it stands in an address."""
    request = context.get("request")
    return f"?{escape(urlencode({'next': request.get_full_path()}))}" if request is not None else ""
