"""How each typed text is read by its kind: days in full, numbers as they are written, and what is missing while it is."""

from collections.abc import Iterator
from typing import Any

from rapporto.kernel.kinds import Day, Iban, Kind, Moment, Phone, SdiCode, TaxCode, VatNumber
from rapporto.kernel.kinds.identifiers import compact
from rapporto.kernel.kinds.spoken import in_full
from rapporto.kernel.text import BadValue
from rapporto.web.forms.hints.sheet import CHECK, SOFT, Hint, Offer, Sheet
from rapporto.web.mistakes import in_words

CHECKED = (Iban, SdiCode, TaxCode, VatNumber)
_FULL = {VatNumber: 11, TaxCode: 16, Iban: 27, SdiCode: 7}


def reading_hints(sheet: Sheet) -> Iterator[Hint]:
    """Beside every field that needs it: how it is read, or what is wrong with it."""
    for name, text in sheet.texts.items():
        kind = sheet.record.fields[name].kind
        if not text.strip():
            continue
        if name in sheet.wrong:
            yield from _wrong(sheet, name, kind, text, sheet.wrong[name])
        else:
            yield from _read(sheet, name, kind, text.strip())


def _read(sheet: Sheet, name: str, kind: Kind, text: str) -> Iterator[Hint]:
    """How a text was understood, where it was not written so."""
    value: Any = sheet.values.get(name)
    if value is None:
        return
    if isinstance(kind, Day | Moment) and text != kind.show(value, sheet.language):
        yield Hint(name, in_full(kind, value, sheet.language))
    if isinstance(kind, (Phone, *CHECKED)) and (shown := kind.edit(value, sheet.language)) != text:
        yield Hint(name, shown if name == sheet.at else "", neat=shown)


def _wrong(sheet: Sheet, name: str, kind: Kind, text: str, told: BadValue) -> Iterator[Hint]:
    """Days are told at once; of codes and numbers only what is long enough asks to be looked at while one still types."""
    at_hand = name == sheet.at
    if isinstance(kind, CHECKED):
        ended = not at_hand or len(compact(text)) >= _FULL[type(kind)]
        yield Hint(name, in_words(told.message), CHECK if ended else SOFT, _guess(name, told))
    elif not at_hand or (isinstance(kind, Day | Moment) and len(text.strip()) > 2):
        yield Hint(name, in_words(told.message), SOFT if at_hand else CHECK)


def _guess(name: str, told: BadValue) -> tuple[Offer, ...]:
    """The number that is meant, where the message knows one."""
    guess = str(told.message.params.get("guess", ""))
    return (Offer(guess, {name: guess}),) if guess else ()
