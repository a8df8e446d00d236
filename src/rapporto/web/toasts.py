"""The sentence that says what was done, with the way back; kept in the session when the answer is another page."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

KEPT = "toast"
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
"""The full stop of a name such as «Casale S.r.l.» and that of the sentence it ends."""


@dataclass(frozen=True)
class Toast:
    """One sentence, and where its «Undo» leads."""

    message: str
    undo_url: str = ""
    error: bool = False
    undo_fields: dict[str, Any] = field(default_factory=dict)
    again: bool = False
    """The way back leads to what was undone: its button says so."""
    url: str = ""
    """Where to look at what was done, or fetch it, in the words of `url_label`."""
    url_label: str = ""

    def __post_init__(self) -> None:
        """One full stop is enough."""
        object.__setattr__(self, "message", TWO_STOPS.sub(".", self.message))


def done(message: str, change_set_id: int | None) -> Toast:
    """What was done, with its undo if anything changed at all."""
    return Toast(message, reverse("undo", args=[change_set_id]) if change_set_id else "")


def keep(request: HttpRequest, toast: Toast) -> None:
    """Keep a toast for the next page of this person."""
    request.session[KEPT] = asdict(toast)


def take(request: HttpRequest) -> Toast | None:
    """The toast kept for this page, once. Nothing is written when there is none."""
    session = getattr(request, "session", None)
    if session is None or KEPT not in session:
        return None
    return Toast(**session.pop(KEPT))
