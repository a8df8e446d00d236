"""What the numbers of a workbook mean: amounts, days and moments counted from 1900 or 1904, codes shown with leading zeros."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from rapporto.store.transfer.reading import Value

_FROM_1904, _FROM_1900 = datetime(1904, 1, 1), datetime(1899, 12, 30)  # noqa: DTZ001 - the clocks of whoever wrote the sheet
_BEFORE_MARCH_1900 = datetime(1899, 12, 31)  # noqa: DTZ001 - spreadsheets count a 29 February 1900, which never was
EXACT = 10**15
"""From here on a spreadsheet rounds what is typed."""
_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47}
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,15}")
_LAST_DAY = 2_958_465
"""31 December 9999."""


def form_of(number: int, code: str = "") -> str:
    """What a number format makes of numbers: date, time, «00000» for codes of so many figures, "" for amounts."""
    if number in _DATES:
        return "date"
    if number in _TIMES:
        return "time"
    bare = _NO_LETTERS.sub("", code.split(";")[0]).lower()
    if _ZEROS.fullmatch(code.strip()):
        return code.strip()
    if not bare or "general" in bare or "standard" in bare or "#" in bare or "?" in bare:
        return ""
    if re.search("[dyag]", bare) or ("m" in bare and not re.search("[hs]", bare)):
        return "date"
    return "time" if re.search("[hs]", bare) and "0" not in bare.split(".")[0] else ""


def value_of(text: str, form: str, *, from_1904: bool = False) -> Value:
    """The value of a number as it stands in the file. Raises ValueError when it is none."""
    if not form and len(text) < 15 and text.isdecimal():
        return int(text)
    number = float(text)
    if form:
        if form[0] == "0":
            return str(int(number)).zfill(len(form)) if number >= 0 and number == int(number) else _plain(number)
        if 0 <= number < _LAST_DAY + 1:
            return _moment(number, form, from_1904)
    return _plain(number)


def _plain(number: float) -> Value:
    if number != number or number in (float("inf"), float("-inf")):
        return None
    if number.is_integer() and -EXACT * 1000 < number < EXACT * 1000:
        return int(number)
    exact = Decimal(f"{number:.15g}")  # what the spreadsheet shows of it: 0.1 + 0.2 is 0.3 there
    return int(exact) if exact == exact.to_integral_value() else exact


def _moment(number: float, form: str, from_1904: bool) -> Value:
    days, part = divmod(number, 1)
    seconds = round(part * 86_400)
    if form == "time" and number < 1:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    try:
        moment = (_FROM_1904 if from_1904 else _FROM_1900 if days >= 60 else _BEFORE_MARCH_1900) + timedelta(
            days=days, seconds=seconds
        )
    except OverflowError:
        return _plain(number)
    return moment if seconds or form == "time" else date(moment.year, moment.month, moment.day)
