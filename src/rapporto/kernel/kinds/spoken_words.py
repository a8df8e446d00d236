"""The words in which people say a day or an hour, Italian and English, folded."""

from collections.abc import Mapping

DAYS: Mapping[str, int] = {
    "oggi": 0, "today": 0, "domani": 1, "tomorrow": 1, "dopodomani": 2, "dopo domani": 2, "day after tomorrow": 2,
    "ieri": -1, "yesterday": -1, "altro ieri": -2, "altroieri": -2, "ieri l'altro": -2, "day before yesterday": -2,
}  # fmt: skip
"""Days told from today."""

WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("lunedi", "monday"), ("martedi", "tuesday"), ("mercoledi", "wednesday"), ("giovedi", "thursday"),
    ("venerdi", "friday"), ("sabato", "saturday"), ("domenica", "sunday"),
)  # fmt: skip
"""From Monday on; three letters are enough."""

MONTHS: tuple[tuple[str, ...], ...] = (
    ("gennaio", "january"), ("febbraio", "february"), ("marzo", "march"), ("aprile", "april"), ("maggio", "may"),
    ("giugno", "june"), ("luglio", "july"), ("agosto", "august"), ("settembre", "september"), ("ottobre", "october"),
    ("novembre", "november"), ("dicembre", "december"),
)  # fmt: skip
"""From January on; three letters are enough."""

NUMBERS: Mapping[str, int] = {
    "un": 1, "uno": 1, "una": 1, "a": 1, "an": 1, "one": 1, "due": 2, "two": 2, "tre": 3, "three": 3, "quattro": 4,
    "four": 4, "cinque": 5, "five": 5, "sei": 6, "six": 6, "sette": 7, "seven": 7, "otto": 8, "eight": 8, "nove": 9,
    "nine": 9, "dieci": 10, "ten": 10, "quindici": 15, "fifteen": 15, "venti": 20, "twenty": 20, "trenta": 30,
    "thirty": 30,
}  # fmt: skip

DAY, WEEK, MONTH, YEAR, HOUR, MINUTE = "day", "week", "month", "year", "hour", "minute"
UNITS: Mapping[str, str] = {
    "g": DAY, "gg": DAY, "giorno": DAY, "giorni": DAY, "d": DAY, "day": DAY, "days": DAY,
    "s": WEEK, "sett": WEEK, "settimana": WEEK, "settimane": WEEK, "w": WEEK, "week": WEEK, "weeks": WEEK,
    "m": MONTH, "mese": MONTH, "mesi": MONTH, "month": MONTH, "months": MONTH,
    "a": YEAR, "anno": YEAR, "anni": YEAR, "y": YEAR, "year": YEAR, "years": YEAR,
    "h": HOUR, "ora": HOUR, "ore": HOUR, "hour": HOUR, "hours": HOUR,
    "min": MINUTE, "minuto": MINUTE, "minuti": MINUTE, "minute": MINUTE, "minutes": MINUTE,
}  # fmt: skip
IN, AGO = ("tra", "fra", "in"), ("fa", "ago")
NEXT = frozenset(("prossimo", "prossima", "next", "questo", "questa", "this", "coming"))
LAST = frozenset(("scorso", "scorsa", "last"))

PARTS: Mapping[str, int] = {
    "mattina": 9, "mattino": 9, "morning": 9, "mezzogiorno": 12, "noon": 12, "midday": 12,
    "pomeriggio": 15, "afternoon": 15, "sera": 18, "evening": 18,
}  # fmt: skip
"""Parts of a day by the hour at which they are meant in an office."""
AS_TWO: Mapping[str, str] = {
    "domattina": "domani mattina", "stamattina": "oggi mattina", "stamane": "oggi mattina", "stasera": "oggi sera",
    "tonight": "today evening", "mezz ora": "30 minuti", "half an hour": "30 minutes",
}  # fmt: skip
"""Words that say a day and a part of it at once, or a number and its unit."""

EDGES: Mapping[str, tuple[str, str]] = {
    "fine mese": ("end", MONTH), "end of month": ("end", MONTH), "month end": ("end", MONTH),
    "meta mese": ("middle", MONTH), "mid month": ("middle", MONTH), "middle of month": ("middle", MONTH),
    "inizio mese": ("start", MONTH), "start of month": ("start", MONTH),
    "fine settimana": ("end", WEEK), "end of week": ("end", WEEK), "weekend": ("end", WEEK),
    "inizio settimana": ("start", WEEK), "start of week": ("start", WEEK),
    "fine anno": ("end", YEAR), "end of year": ("end", YEAR), "year end": ("end", YEAR),
    "inizio anno": ("start", YEAR), "start of year": ("start", YEAR),
}  # fmt: skip
"""Ends and beginnings; a beginning is always the next one. The end of a week is its Saturday."""

SMALL = frozenset(
    ("il", "lo", "la", "l", "di", "del", "della", "dell", "per", "entro", "verso", "on", "by", "the", "of", "circa")
)  # fmt: skip
"""Words that say nothing more."""
AT = frozenset(("alle", "dalle", "ore", "h", "at", "all", "a", "al"))
"""Words before an hour."""

SHORT_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
