"""Hints as HTML: the sentence, and a button for every offer. JavaScript puts them beside their fields, or the page bears them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapporto.web.forms.hints.duplicates import Twin
from rapporto.web.forms.hints.sheet import Hint, Offer


def hints_html(hints: Iterable[Hint]) -> SafeString:
    """All hints, each naming its field."""
    return mark_safe("".join(map(_hint, hints)))


def by_field(hints: Iterable[Hint]) -> Mapping[str, SafeString]:
    """The hints of every field, for a page that bears them from the start."""
    several: defaultdict[str, list[Hint]] = defaultdict(list)
    for one in hints:
        several[one.field].append(one)
    return {name: hints_html(some) for name, some in several.items()}


def _hint(hint: Hint) -> str:
    data = {
        "data-hint": hint.field,
        "data-fills": json.dumps(hint.fills) if hint.fills else "",
        "data-neat": hint.neat,
        "data-pick": "pick" if hint.pick else "",
    }
    marks = "".join(f' {name}="{escape(value)}"' for name, value in data.items() if value)
    text = f"<span>{escape(hint.text)}</span>" if hint.text else ""
    look = " ".join(part for part in ("help", hint.tone, "pick" if hint.pick else "") if part)
    role = f' role="group" aria-label="{escape(hint.text or _("Suggestions"))}"' if hint.pick else ""
    return f'<div class="{look}"{marks}{role}>{text}{"".join(map(_offer, hint.offers))}</div>'


def _offer(offer: Offer) -> str:
    return f'<button type="button" class="take" data-take="{escape(json.dumps(offer.texts))}">{escape(offer.label)}</button>'


def twins_html(twins: Sequence[Twin], *, in_panel: bool = False) -> SafeString:
    """The parties that may be the same, as a list; where a form lies in the side panel they open in a new tab."""
    if not twins:
        return mark_safe('<div data-twins=""></div>')
    head = escape(_("Perhaps it is here already"))
    lines = "".join(_twin(one, in_panel=in_panel) for one in twins)
    return mark_safe(
        f'<section class="twins" data-twins="{len(twins)}" aria-label="{head}"><h2>{head}</h2><ul>{lines}</ul></section>'
    )


def _twin(one: Twin, *, in_panel: bool) -> str:
    opens = ' target="_blank" rel="noopener"' if in_panel else " data-panel"
    name, place = escape(one.name), f'<span class="soft">{escape(one.place)}</span>' if one.place else ""
    link = (
        f'<a class="btn" href="{escape(one.url)}"{opens} aria-label="{escape(_("Open {name}").format(name=one.name))}">'
    )
    button = f'<button class="btn plain" type="button" data-apart="{one.id}" aria-label="{{label}}">'
    apart = button.format(label=escape(_("Not the same as {name}").format(name=one.name)))
    return (
        f'<li><span class="named"><span class="strong">{name}</span> {place}</span><span class="why">{escape(one.why)}</span>'
        f'<span class="row">{link}{escape(pgettext("a card", "Open"))}</a>{apart}{escape(_("Not the same"))}</button></span></li>'
    )
