"""Days and hours in words, on Wednesday 25 November 2026 at 10:20, Italian and English alike."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapporto.kernel.kinds import Day, Moment, Text
from rapporto.kernel.kinds import spoken_words as said_as
from rapporto.kernel.kinds.spoken import in_full, read_at, read_day_said, read_moment_said, said
from rapporto.kernel.text import BadValue

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=ROME)
QUICK = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("oggi", "25/11/2026"), ("today", "25/11/2026"), ("dopodomani", "27/11/2026"), ("l’altro ieri", "23/11/2026"),
        ("day after tomorrow", "27/11/2026"), ("gio", "26/11/2026"), ("giovedì prossimo", "26/11/2026"),
        ("next thursday", "26/11/2026"), ("mercoledì", "02/12/2026"), ("lunedì scorso", "23/11/2026"),
        ("last Wednesday", "18/11/2026"), ("lunedì della settimana prossima", "30/11/2026"), ("gio 26", "26/11/2026"),
        ("+15", "10/12/2026"), ("+ 15 giorni", "10/12/2026"), ("-3", "22/11/2026"), ("+2 sett", "09/12/2026"),
        ("+1m", "25/12/2026"), ("tra 2 settimane", "09/12/2026"), ("fra tre mesi", "25/02/2027"),
        ("in two weeks", "09/12/2026"), ("3 giorni fa", "22/11/2026"), ("10 days ago", "15/11/2026"),
        ("in a year", "25/11/2027"), ("15/1", "15/01/2027"), ("25/11", "25/11/2026"), ("15.12", "15/12/2026"),
        ("29/2", "29/02/2028"), ("15 gennaio", "15/01/2027"), ("15 gen 2028", "15/01/2028"),
        ("January 15, 2028", "15/01/2028"), ("1° marzo", "01/03/2027"), ("il 15", "15/12/2026"), ("31", "31/12/2026"),
        ("lunedì 30 novembre", "30/11/2026"), ("lun 30/11/2026", "30/11/2026"), ("fine mese", "30/11/2026"),
        ("entro fine mese", "30/11/2026"), ("fine mese prossimo", "31/12/2026"), ("end of month", "30/11/2026"),
        ("metà mese", "15/12/2026"), ("fine anno", "31/12/2026"), ("fine settimana", "28/11/2026"),
        ("settimana prossima", "30/11/2026"), ("next month", "01/12/2026"), ("22.11.26", "22/11/2026"),
    ],
)  # fmt: skip
def test_a_day_is_understood(typed: str, day: str) -> None:
    for written in (typed, typed.upper(), f"  {typed} "):
        found = read_day_said(written, NOW)
        assert found is not None
        assert Day().show(found) == day


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("domani 15", "26/11/2026 15:00"), ("gio 9.30", "26/11/2026 09:30"), ("lun ore 9", "30/11/2026 09:00"),
        ("gio 15", "26/11/2026 15:00"), ("domani alle 9 e mezza", "26/11/2026 09:30"), ("tomorrow 3 pm", "26/11/2026 15:00"),
        ("tomorrow at 9:30am", "26/11/2026 09:30"), ("domani h9", "26/11/2026 09:00"), ("stasera", "25/11/2026 18:00"),
        ("domattina", "26/11/2026 09:00"), ("venerdì pomeriggio", "27/11/2026 15:00"), ("tra un’ora", "25/11/2026 11:20"),
        ("tra mezz'ora", "25/11/2026 10:50"), ("in 30 minutes", "25/11/2026 10:50"), ("9.30", "25/11/2026 09:30"),
        ("alle 16", "25/11/2026 16:00"), ("15/1 9.30", "15/01/2027 09:30"), ("22/11/2026 alle 9", "22/11/2026 09:00"),
        ("22/11/2026 15:30", "22/11/2026 15:30"), ("tra 2 settimane alle 8", "09/12/2026 08:00"),
        ("noon", "25/11/2026 12:00"),
    ],
)  # fmt: skip
def test_an_hour_is_understood(typed: str, moment: str) -> None:
    for written in (typed, typed.upper()):
        assert Moment().show(read_moment_said(written, NOW)) == moment


def test_without_an_hour_it_is_nine_and_today_the_end_of_the_day() -> None:
    assert Moment().show(read_moment_said("domani", NOW)) == "26/11/2026 09:00"
    assert Moment().show(read_moment_said("26/11/2026", NOW)) == "26/11/2026 09:00"
    assert Moment().show(read_moment_said("oggi", NOW)) == "25/11/2026 18:00"
    assert Moment().show(read_moment_said("26/11/2026 00:00", NOW)) == "26/11/2026 00:00"


def test_the_hour_is_that_of_the_clocks_here_on_both_sides_of_summer_time() -> None:
    assert read_moment_said("15/1 9", NOW) == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert read_moment_said("15/7 9", NOW) == datetime(2027, 7, 15, 7, tzinfo=UTC)


def test_how_it_was_understood_is_said_with_the_day_of_the_week() -> None:
    assert in_full(Moment(), datetime(2026, 11, 26, 8, 30, tzinfo=UTC), "it") == "gio 26/11/2026 09:30"
    assert in_full(Moment(), datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "it") == "gio 26/11/2026 00:30"
    assert in_full(Day(), date(2026, 11, 26), "en") == "Thu 26/11/2026"


@pytest.mark.parametrize(
    "typed",
    [
        "ciao",
        "31/2",
        "gio 27 novembre",
        "domani 25",
        "domani 9.75",
        "tra molto",
        "13/13",
        "15 gennaio febbraio",
        "+99999999",
    ],
)
def test_what_cannot_be_told_is_refused_with_what_can_be_written(typed: str) -> None:
    for read in (read_day_said, read_moment_said):
        with pytest.raises(BadValue) as told:
            read(typed, NOW)
        assert typed in str(told.value)
        assert "22/11/2026" in str(told.value)


def test_an_hour_where_only_a_day_is_kept_is_not_thrown_away_in_silence() -> None:
    with pytest.raises(BadValue, match="leave the hour out"):
        read_day_said("domani 15", NOW)


EVERY_DAY = [
    *said_as.DAYS, *said_as.EDGES,
    *(name for names in said_as.WEEKDAYS for name in names), *(name[:3] for names in said_as.WEEKDAYS for name in names),
    *(f"15 {name}" for names in said_as.MONTHS for name in names), *(f"15 {name[:3]}" for names in said_as.MONTHS for name in names),
    *(f"tra {number} giorni" for number in said_as.NUMBERS),
    *(f"+2 {unit}" for unit, meant in said_as.UNITS.items() if meant not in (said_as.HOUR, said_as.MINUTE)),
    *(f"{word} 2 weeks" for word in sorted(said_as.IN)), *(f"2 giorni {word}" for word in sorted(said_as.AGO)),
    *(f"venerdì {word}" for word in (*sorted(said_as.NEXT), *sorted(said_as.LAST))),
    *(f"{word} 15 gennaio" for word in sorted(said_as.SMALL)),
]  # fmt: skip
EVERY_HOUR = [
    *(f"domani {part}" for part in said_as.PARTS), *sorted(said_as.AS_TWO.keys() - {"mezz ora", "half an hour"}),
    *(f"domani {word} 9" for word in sorted(said_as.AT)), *(f"tra {word}" for word in ("mezz ora", "mezz'ora", "half an hour")),
    *(f"tra 2 {unit}" for unit, meant in said_as.UNITS.items() if meant in (said_as.HOUR, said_as.MINUTE)),
]  # fmt: skip


@pytest.mark.parametrize("typed", EVERY_DAY)
def test_every_word_for_a_day_is_one(typed: str) -> None:
    heard = said(typed, NOW)
    assert heard is not None
    assert heard.clock is None


@pytest.mark.parametrize("typed", EVERY_HOUR)
def test_every_word_for_an_hour_is_one(typed: str) -> None:
    heard = said(typed, NOW)
    assert heard is not None
    assert heard.clock is not None


@QUICK
@given(st.dates(date(1000, 1, 1)))
def test_a_day_that_is_shown_is_read_again(day: date) -> None:
    for language in ("it", "en"):
        shown = Day().show(day, language)
        assert read_at(Day(), shown, NOW) == day
        if day.year > 1970:
            assert read_day_said(in_full(Day(), day, language), NOW) == day


MOMENTS = st.integers(-600_000_000, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@QUICK
@given(MOMENTS)
def test_a_moment_that_is_shown_is_read_again(at: datetime) -> None:
    moment = at.replace(second=0)
    for language in ("it", "en"):
        shown = Moment().show(moment, language)
        again = read_at(Moment(), shown, NOW)
        # an hour that comes twice in a night of autumn is the first of the two
        assert Moment().show(again, language) == shown
        assert read_moment_said(in_full(Moment(), moment, language), NOW) == again


TYPED = st.one_of(st.text(max_size=70), st.text("0123456789 /.:+-abcdeghilmnorstuvì'", max_size=20))


@QUICK
@given(TYPED, MOMENTS)
def test_no_text_makes_it_fail_and_what_is_understood_is_the_same_when_written_out(typed: str, at: datetime) -> None:
    now = at.astimezone(ROME)
    try:
        found = read_moment_said(typed, now)
    except BadValue:
        return
    if found is not None:
        assert Moment().show(read_moment_said(Moment().show(found), now)) == Moment().show(found)


def test_other_kinds_are_read_as_ever() -> None:
    assert read_at(Text(), "domani", NOW) == "domani"
    assert said("domani", NOW) == said_day(date(2026, 11, 26))


def said_day(day: date, clock: time | None = None) -> object:
    """What is heard when a day is said."""
    heard = said(f"{day:%d/%m/%Y}", NOW)
    assert heard is not None
    assert heard.clock == clock
    return heard
