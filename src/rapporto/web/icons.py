"""Icons of the pages: one sprite, one drawing per name, always with a word beside it or a label for the ear."""

from functools import lru_cache
from pathlib import Path
from re import findall

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = Path(__file__).resolve().parent / "static" / "icons" / "sprite.svg"


class UnknownIcon(ValueError):
    """A name that the sprite has no drawing for."""


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The names that the sprite can draw."""
    return frozenset(findall(r'<symbol id="([^"]+)"', SPRITE.read_text("utf-8")))


@lru_cache(maxsize=1000)
def icon_html(name: str, label: str = "") -> SafeString:
    """The drawing `name`; with a label it is an image of that name, without one it is silent.

    Raises UnknownIcon, which lists the right names, when the sprite has no such drawing.
    """
    if name not in icon_names():
        raise UnknownIcon(f"No icon «{name}». There are: {', '.join(sorted(icon_names()))}.")
    drawing = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="i" role="img" aria-label="{}"><use href="{}"/></svg>', label, drawing)
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"/></svg>', drawing)


def initials(name: str) -> str:
    """Two letters for a person: «Rag. Lucia Bonetti» is LB; titles that end in a point don't count."""
    words = [word for word in name.split() if not word.endswith(".") and word[:1].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def initials_html(name: str) -> SafeString:
    """The round mark of a person, with the full name for eye and ear."""
    return format_html('<span class="who" role="img" aria-label="{0}" title="{0}">{1}</span>', name, initials(name))
