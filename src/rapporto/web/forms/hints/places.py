"""From the postal code the town and the province, from the town the province and the codes; what was typed is never replaced unasked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapporto.domain.parties.geography import Place, places_beginning, places_named, province_of_postal_code
from rapporto.domain.parties.towns import codes_of, towns_of
from rapporto.domain.people.ground import ITALY
from rapporto.kernel.kinds.provinces import PROVINCES
from rapporto.web.forms.hints.sheet import CHECK, Hint, Offer, Sheet

CODE, TOWN, PROVINCE, COUNTRY = "postal_code", "city", "province", "country"
OFFERED = 6
"""As many towns or codes are offered at once."""


def place_hints(sheet: Sheet) -> Iterator[Hint]:
    """What the address tells; nothing abroad."""
    abroad = COUNTRY in sheet.wrong or (sheet.values.get(COUNTRY) or "") not in ITALY
    if abroad or not sheet.has(CODE, TOWN, PROVINCE):
        return
    code = sheet.values.get(CODE) or ""
    if len(code) == 5 and code.isdigit():
        yield from _of_code(sheet, code)
    yield from _of_town(sheet)


def _of_code(sheet: Sheet, code: str) -> Iterator[Hint]:
    sigla = province_of_postal_code(code)
    towns = towns_of(sheet.actor, code)
    if len(towns) == 1 and sheet.free(TOWN):
        if filled := _missing(sheet, _texts(towns[0])):
            yield Hint(CODE, f"{towns[0].name} ({towns[0].sigla})", fills=filled)
    elif len(towns) > 1 and sheet.free(TOWN):
        filled = _missing(sheet, {PROVINCE: sigla}) if sigla else {}
        offers = tuple(Offer(town.name, _texts(town)) for town in towns[:OFFERED])
        yield Hint(CODE, _("Which town?"), offers=offers, fills=filled, pick=True)
    elif sigla and (filled := _missing(sheet, {PROVINCE: sigla})):
        yield Hint(CODE, PROVINCES[sigla], fills=filled)
    if sigla:
        yield from _disagreeing(sheet, code, sigla, towns)


def _disagreeing(sheet: Sheet, code: str, sigla: str, towns: list[Place]) -> Iterator[Hint]:
    """The code is of one place, and another one was typed."""
    typed, province = sheet.typed(TOWN), sheet.values.get(PROVINCE)
    named = [town for town in places_named(typed) if town.ended is None]
    if typed and named and all(town.sigla != sigla for town in named):
        offers = tuple(Offer(town.name, _texts(town)) for town in towns[:1])
        said = _("{code} is a code of {province}, and {town} is not there.")
        yield Hint(CODE, said.format(code=code, province=PROVINCES[sigla], town=named[0].name), CHECK, offers)
    elif sheet.typed(PROVINCE) and province and province != sigla:
        said = _("{code} is a code of the province {province}.").format(code=code, province=sigla)
        yield Hint(PROVINCE, said, CHECK, (Offer(sigla, {PROVINCE: sigla}),))


def _of_town(sheet: Sheet) -> Iterator[Hint]:
    typed = sheet.typed(TOWN)
    if len(typed) < 2:
        return
    towns = _towns(typed, sheet)
    if not towns:
        if sheet.at == TOWN and (begun := places_beginning(typed, OFFERED)):
            offers = tuple(Offer(f"{town.name} ({town.sigla})", _texts(town)) for town in begun)
            yield Hint(TOWN, offers=offers, pick=True)
        return
    if len(towns) > 1:
        offers = tuple(Offer(f"{town.name} ({town.sigla})", _texts(town)) for town in towns)
        yield Hint(TOWN, _("Which one?"), offers=offers, pick=True)
        return
    yield from _one_town(sheet, towns[0], typed)


def _towns(typed: str, sheet: Sheet) -> list[Place]:
    """The comuni of that name; those of the province or the code that stands there, if there are any."""
    named = [town for town in places_named(typed) if town.ended is None]
    here = {sheet.values.get(PROVINCE) if sheet.typed(PROVINCE) else None, province_of_postal_code(sheet.typed(CODE))}
    return [town for town in named if town.sigla in here] or named


def _one_town(sheet: Sheet, town: Place, typed: str) -> Iterator[Hint]:
    codes = codes_of(sheet.actor, town) if sheet.free(CODE) else []
    fills = _missing(sheet, {PROVINCE: town.sigla, **({CODE: codes[0]} if len(codes) == 1 else {})})
    spelt = (Offer(town.name, {TOWN: town.name}),) if typed != town.name else ()
    if fills or spelt:
        yield Hint(TOWN, f"{town.name} ({town.sigla})" if fills else "", offers=spelt, fills=fills)
    if len(codes) > 1:
        offers = tuple(Offer(code, {CODE: code}) for code in codes[:OFFERED])
        yield Hint(CODE, _("Used there:"), offers=offers, pick=True)


def _missing(sheet: Sheet, texts: dict[str, str]) -> dict[str, str]:
    """What of an address nobody typed and does not stand there yet."""
    return {name: text for name, text in texts.items() if sheet.free(name) and sheet.texts[name] != text}


def _texts(town: Place) -> dict[str, str]:
    return {TOWN: town.name, PROVINCE: town.sigla}


__all__ = ["place_hints"]
