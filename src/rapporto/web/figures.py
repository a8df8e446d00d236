"""Whole numbers as their reader writes them."""

from rapporto.kernel.kinds.numbers import group
from rapporto.web.asked import language


def figure(number: int) -> str:
    """«12.400» for an Italian, «12,400» for an English reader."""
    return group(number, "." if language() == "it" else ",")
