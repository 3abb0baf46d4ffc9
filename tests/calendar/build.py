"""Timetables for tests: small ones by hand, any by Hypothesis."""

from datetime import date, time, timedelta

from hypothesis import strategies as st

from palveluverkko.calendar import (
    ExceptionHours,
    HolidayCalendar,
    Season,
    Timetable,
    Validity,
    WeeklyHours,
)

MONDAY = date(2018, 6, 4)
FIRST, LAST = date(2018, 1, 1), date(2019, 12, 31)
OFFICE = tuple(WeeklyHours(day, time(9), time(16)) for day in range(5))
FINLAND = HolidayCalendar("FI")
ZONES = ("Europe/Helsinki", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "UTC")

days = st.dates(FIRST, LAST)
quarters = st.integers(0, 95).map(lambda q: time(q // 4, q % 4 * 15))
services = st.sampled_from([None, "general", "urgent"])
modes = st.sampled_from([None, "walk_in", "video_room"])
seasons = st.sampled_from([None, None, Season("06-01", "08-31"), Season("12-15", "01-10")])
# Days about which things happen: both changes of the clock, holidays, season borders.
KEY_DAYS = (
    date(2018, 3, 25),
    date(2018, 5, 31),
    date(2018, 6, 1),
    date(2018, 6, 22),
    date(2018, 10, 28),
    date(2018, 12, 24),
    date(2018, 12, 31),
    date(2019, 1, 1),
    date(2019, 1, 11),
)
any_day = st.one_of(days, st.sampled_from(KEY_DAYS))


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    start, end = draw(st.none() | any_day), draw(st.none() | any_day)
    if start and end and end < start:
        start, end = end, start
    return Validity(start, end)


@st.composite
def weekly_rows(draw: st.DrawFn) -> WeeklyHours:
    opens, closes = draw(quarters), draw(quarters)
    return WeeklyHours(
        draw(st.integers(0, 6)),
        opens,
        closes,
        overnight=closes <= opens,
        service=draw(services),
        mode=draw(modes),
        valid=draw(validities()),
        season=draw(seasons),
    )


@st.composite
def exception_rows(draw: st.DrawFn) -> ExceptionHours:
    first = draw(any_day)
    opens, closes = draw(quarters), draw(quarters)
    closed = draw(st.booleans())
    return ExceptionHours(
        first,
        first + timedelta(days=draw(st.integers(0, 10))),
        closed,
        opens=None if closed else opens,
        closes=None if closed else closes,
        overnight=not closed and closes <= opens,
        service=draw(services),
        mode=draw(modes),
    )


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    return Timetable(
        tuple(draw(st.lists(weekly_rows(), max_size=8))),
        tuple(draw(st.lists(exception_rows(), max_size=4))),
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from([None, FINLAND])),
        draw(validities()),
    )
