"""Parties that may be the one somebody is about to write, with the reason; they are shown, and nothing is held up by them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapporto.domain.parties.alike import Alike, alike, look_of
from rapporto.domain.parties.duplicates.deciding import told_apart
from rapporto.domain.parties.likeness import LIKELY, Reason
from rapporto.kernel.kinds import Phone
from rapporto.web.forms.hints.sheet import Sheet
from rapporto.web.links import card_url


@dataclass(frozen=True)
class Twin:
    """A party that may be the same: what it is called, where it is, and why it is shown."""

    id: int
    name: str
    place: str
    why: str
    url: str


def asks_for_duplicates(sheet: Sheet) -> bool:
    """Whether the field at hand, or no field in particular, is one by which duplicates are found."""
    by = {*sheet.record.duplicate_hints, "city", "province"}
    return sheet.record.name == "party" and (sheet.at in by if sheet.at else not by.isdisjoint(sheet.texts))


def twins(sheet: Sheet) -> list[Twin]:
    """The parties that may be the one in the form; what its author may not see is not there."""
    return [twin(one, sheet.language) for one in _alike(sheet)]


def noticed(sheet: Sheet) -> str:
    """The party that most likely is the same, in a sentence; '' when there is none."""
    found = [one for one in _alike(sheet) if one.reasons[0].strength >= LIKELY] if sheet.record.name == "party" else []
    if not found:
        return ""
    first = twin(found[0], sheet.language)
    return _("Perhaps the same as {name} ({why}).").format(name=first.name, why=first.why)


def _alike(sheet: Sheet) -> list[Alike]:
    values = dict(sheet.values)
    if len(str(values.get("name") or "")) < 3:
        values["name"] = ""
    but = {*sheet.apart, *({sheet.row_id, *told_apart(sheet.actor, sheet.row_id)} if sheet.row_id else ())}
    return alike(sheet.actor, look_of(values), but=but)


def twin(one: Alike, language: str) -> Twin:
    """A party and the reasons in words."""
    place = f"{one.look.city} ({one.look.province})" if one.look.city and one.look.province else one.look.city
    why = why_in_words(one.reasons, language)
    return Twin(one.id, one.look.name, place, why, card_url("party", one.id))


def why_in_words(reasons: Iterable[Reason], language: str) -> str:
    """«stessa partita IVA · nome simile, stessa città»."""
    return " · ".join(in_words(one, language) for one in reasons)


def in_words(reason: Reason, language: str) -> str:
    """One reason, with what the two share."""
    said = {
        "vat_number": _("same VAT number"),
        "tax_code": _("same tax code"),
        "email": _("same e-mail, {value}"),
        "pec": _("same PEC, {value}"),
        "phone": _("same number, {value}"),
        "name_and_town": _("like name, same town"),
        "name": _("like name"),
    }
    value = Phone().show(reason.value, language) if reason.rule == "phone" else reason.value
    return said[reason.rule].format(value=value)
