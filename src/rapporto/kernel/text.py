"""Texts as people type them and as they are compared: folding, cleaning, and messages that can be translated."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_SPACES = re.compile(r"\s+")
_UNFOLDED = (
    ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("đ", "d"), ("ł", "l"), ("ı", "i"), ("’", "'"), ("‘", "'"), ("`", "'"),
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]")
"""The accents that Latin letters bear, once taken apart; all of them combine."""


def fold(text: str) -> str:
    """The key by which texts are compared and sorted: no case, no accents, single spaces (NFKD of Unicode TR15, then casefold)."""
    if text.isascii():  # the same by a shorter way: most texts are
        return " ".join(text.lower().replace("`", "'").split())
    text = text.casefold()
    for letter, plain in _UNFOLDED:
        text = text.replace(letter, plain)
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    if not bare.isascii():  # letters of other scripts, signs: one by one
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def clean(text: str, *, lines: bool = False) -> str:
    """What may be stored of a typed text: no NUL or other control characters, no lone surrogates; line ends kept if `lines`."""
    if text.isprintable():  # then there is nothing to leave out: most texts
        return text.strip() if lines or "  " not in text else _SPACES.sub(" ", text).strip()
    kept = "".join(letter for letter in text.replace("\r\n", "\n").replace("\r", "\n") if _storable(letter))
    return kept.strip() if lines else _SPACES.sub(" ", kept).strip()


def _storable(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn")


@dataclass(frozen=True)
class Message:
    """A sentence for a person: an English template, looked up in the translations, and what fills it.

    `str()` gives the English sentence; surfaces translate `text` first and then call `format`.
    """

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def format(self, translated: str | None = None) -> str:
        """The sentence in the language of `translated` (default: English)."""
        return (translated or self.text).format(**self.params)

    def __str__(self) -> str:
        return self.format()


class BadValue(ValueError):
    """What was typed cannot be kept in this field; `message` says why and what to do."""

    def __init__(self, text: str, **params: Any) -> None:
        self.message = Message(text, params)
        super().__init__(str(self.message))
