"""A name in capitals as it would be written, and what titles and tax codes tell of a person. Everything is only offered."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapporto.domain.parties.legal_form import suggested_name, suggested_person
from rapporto.domain.parties.models import PERSON
from rapporto.domain.parties.salutation import for_person, read_titles
from rapporto.domain.parties.tax_codes import fits, fits_whole, told_by
from rapporto.web.forms.hints.sheet import CHECK, Hint, Offer, Sheet

NAMES = ("name", "first_name", "last_name")


def name_hints(sheet: Sheet) -> Iterator[Hint]:
    """A name that is written in capitals or without its stops, as it would be written."""
    person = sheet.values.get("kind") == PERSON
    for name in NAMES:
        typed = " ".join(sheet.typed(name).split())
        if len(typed) < 3 or not sheet.has(name):
            continue
        written = suggested_person(typed) if person or name != "name" else suggested_name(typed)
        if written != typed:
            yield Hint(name, _("Write it so?"), offers=(Offer(written, {name: written}),))


def person_hints(sheet: Sheet) -> Iterator[Hint]:
    """What title and tax code of a person tell, and where they disagree with what stands there."""
    if sheet.values.get("kind") != PERSON:
        return
    title_gender = read_titles(sheet.typed("honorific"))[1] if sheet.has("honorific") else ""
    gender = sheet.values.get("gender")
    if opening := _opening(sheet, gender or title_gender):
        yield Hint("honorific", opening)
    if title_gender and sheet.has("gender") and not gender:
        shown = sheet.record.fields["gender"].kind.show(title_gender, sheet.language)
        yield Hint("gender", offers=(Offer(shown, {"gender": title_gender}),))
    code = sheet.values.get("tax_code") or ""
    if code and (told := told_by(code, sheet.now.date())):
        yield from _disagreeing(sheet, code, told.gender)
        missing = {} if sheet.values.get("birth_date") or not sheet.has("birth_date") else {
            "birth_date": sheet.written("birth_date", told.birth_date)
        }  # fmt: skip
        if sheet.has("gender") and not gender:
            missing["gender"] = told.gender
        if missing:
            yield Hint("tax_code", offers=(Offer(_("Take birth date and gender from the tax code"), missing),))
        born = sheet.values.get("birth_date")
        if born and born != told.birth_date:
            said = _("The tax code says {date}.").format(date=sheet.written("birth_date", told.birth_date))
            yield Hint("birth_date", said, CHECK)


def _opening(sheet: Sheet, gender: str) -> str:
    """How a letter to this person opens; '' as long as title or surname are unknown."""
    title, last_name = read_titles(sheet.typed("honorific"))[0], str(sheet.values.get("last_name") or "")
    if not title or not last_name:
        return ""
    return for_person(str(sheet.values.get("first_name") or ""), last_name, title=title, gender=gender).opening


def _disagreeing(sheet: Sheet, code: str, gender: str) -> Iterator[Hint]:
    first, last, whole = (str(sheet.values.get(name) or "") for name in ("first_name", "last_name", "name"))
    if not (fits(code, last, first) if first or last else fits_whole(code, whole)):
        yield Hint(
            "tax_code", _("The first six letters are not those of this name; compare it with the health card."), CHECK
        )
    said = sheet.values.get("gender")
    if said and said != gender:
        shown = sheet.record.fields["gender"].kind.show(gender, sheet.language)
        yield Hint("gender", _("The tax code says: {gender}.").format(gender=shown.lower()), CHECK)
