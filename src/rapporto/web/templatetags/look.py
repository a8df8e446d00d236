"""The words of the look in templates: icons, initials, fields of a form."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString

from rapporto.web.card.numbers import Chart
from rapporto.web.drawn import chart_html, facts_html, lines_html, stream_html
from rapporto.web.facts import Fact
from rapporto.web.fields import FormField, from_bound_field
from rapporto.web.icons import icon_html, initials_html
from rapporto.web.parts import Line
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
def stream(context: Context, entries: Iterable[StreamEntry], more_url: str = "") -> SafeString:
    """{% stream entries more_url %}: the lines of a story, each with its way back."""
    return stream_html(entries, more_url, lambda: _sent_along(context))


def _sent_along(context: Context) -> str:
    """What a form that restores something sends along: that it comes from here, and the page to go back to."""
    request, token = context.get("request"), str(context.get("csrf_token") or "")
    path = request.get_full_path() if request is not None else ""
    sent = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">' if token else ""
    return f'{sent}<input type="hidden" name="next" value="{escape(path)}">'
