"""The commands of a page in templates: `{% command "new_party" %}` on the button that does it."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rapporto.web.commands.declared import COMMANDS

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1000)
def command(name: str) -> SafeString:
    """The attributes of the button of a command: its name, its keys for eye and ear. KeyError lists the right names."""
    one = COMMANDS[name]
    letter = format_html(' data-letter="{}"', one.letter) if one.letter else ""
    keys = format_html(' aria-keyshortcuts="{}"', " ".join(one.shortcuts)) if one.shortcuts and not one.by_hand else ""
    return format_html('data-command="{}"{}{}', one.name, letter, keys)


@register.simple_tag
@lru_cache(maxsize=1)
def row_keys() -> SafeString:
    """The keys that walk the rows of a list, on the body of the page: no button of a row bears them."""
    return format_html(
        'data-next-row="{}" data-previous-row="{}"', COMMANDS["next_row"].keys[0], COMMANDS["previous_row"].keys[0]
    )


@register.simple_tag
@lru_cache(maxsize=1000)
def key(name: str) -> str:
    """The key of a command for the title of its button: « (J)»."""
    return f" ({COMMANDS[name].keys[0].replace('Escape', 'Esc')})"
