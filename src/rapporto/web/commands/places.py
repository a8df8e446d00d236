"""Where a person is, read from the address of the page at hand."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from rapporto.web.commands.registry import CARD, EVERYWHERE, FORM, LIST, REVIEW, At

_PLACES = {"grid": LIST, "change_chosen": LIST, "card": CARD, "change": FORM, "create": FORM, "duplicates": REVIEW}


def at_address(address: str) -> At:
    """The place of a page by its address; everywhere when it is none of a record type."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return At()
    row_id = match.kwargs.get("row_id")
    if row_id is not None and not 0 < row_id < 2**63:
        return At()
    if match.url_name == "log_activity":
        return At(CARD, "party", row_id)
    return At(_PLACES.get(match.url_name or "", EVERYWHERE), match.kwargs.get("record", ""), row_id)
