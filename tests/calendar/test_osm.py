"""OSM strings say the same as our timetable; the library that evaluates them is the oracle."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from palveluverkko.calendar import (
    ExceptionHours,
    HolidayCalendar,
    Season,
    Timetable,
    WeeklyHours,
    open_intervals,
)
from palveluverkko.calendar.osm import OsmHoursInvalid, local_times, read_osm, write_osm
from tests.calendar import build

FIRST, LAST = date(2018, 1, 1), date(2018, 12, 31)
FINLAND = HolidayCalendar("FI")
OFFICE = tuple(WeeklyHours(day, time(9), time(16)) for day in range(5))


def by_library(text: str, day: date) -> list[tuple[time, time]]:
    midnight = datetime.combine(day, time())
    hours = OpeningHours(text, country="FI", auto_timezone=False)
    return [
        (start.time(), end.time())
        for start, end, state, _ in hours.intervals(
            midnight - timedelta(days=1), midnight + timedelta(days=2)
        )
        if state == State.OPEN and start.date() == day
    ]


def test_office_hours_read_as_a_person_would_write_them() -> None:
    text = write_osm(Timetable(OFFICE, holidays=FINLAND), FIRST, date(2018, 6, 10))
    assert text.startswith("Mo-Fr 09:00-16:00; PH closed")


def test_new_years_eve_differs_by_service() -> None:
    eve = date(2018, 12, 31)
    timetable = Timetable(
        OFFICE,
        (
            ExceptionHours(eve, eve, False, time(9), time(13)),
            ExceptionHours(eve, eve, False, time(9), time(16), service="urgent"),
        ),
        holidays=FINLAND,
    )
    assert "2018 Dec 31 09:00-13:00" in write_osm(timetable, FIRST, LAST, "general")
    assert "Dec 31" not in write_osm(timetable, FIRST, LAST, "urgent")


quarters = st.integers(6 * 4, 22 * 4).map(lambda q: time(q // 4, q % 4 * 15))


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    def row(season: Season | None) -> WeeklyHours:
        opens, closes = sorted(draw(st.lists(quarters, min_size=2, max_size=2, unique=True)))
        return WeeklyHours(draw(st.integers(0, 6)), opens, closes, season=season)

    season = Season("06-01", "08-31") if draw(st.booleans()) else Season("11-15", "02-10")
    rows = [row(None) for _ in range(draw(st.integers(0, 5)))]
    rows += [row(season) for _ in range(draw(st.integers(0, 3)))]
    exceptions = []
    for day in draw(st.lists(st.dates(FIRST, LAST), max_size=3, unique=True)):
        closed = draw(st.booleans())
        exceptions.append(
            ExceptionHours(day, day, closed, *(() if closed else (time(10), time(12))))
        )
    holidays = FINLAND if draw(st.booleans()) else None
    return Timetable(tuple(rows), tuple(exceptions), holidays=holidays)


@settings(max_examples=40)
@given(timetables(), st.lists(st.dates(FIRST, LAST), min_size=1, max_size=10))
def test_what_is_written_is_open_when_the_timetable_is(
    timetable: Timetable, days: list[date]
) -> None:
    text = write_osm(timetable, FIRST, LAST)
    for day in days:
        assert by_library(text, day) == list(local_times(timetable, day))


@settings(max_examples=40)
@given(timetables())
def test_a_written_string_is_read_back_as_the_same_opening_times(timetable: Timetable) -> None:
    again = read_osm(write_osm(timetable, FIRST, LAST), FIRST, LAST, holidays=timetable.holidays)
    day = FIRST
    while day <= LAST:
        assert local_times(again, day) == local_times(timetable, day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 09:00-12:00,13:00-16:00; PH off",
        "Tu 09:00-15:00; Jun 1-Aug 31 Tu 09:00-13:00",
        "Mo[1] 10:00-12:00",
        "Mo-Fr 08:00-16:00; easter -2 days off",
        "Fr 22:00-02:00",
        "2018 Mar 5-2018 Mar 9 off; We 10:00-14:00",
    ],
)
def test_strings_from_elsewhere_are_read_exactly(text: str) -> None:
    timetable = read_osm(text, date(2018, 1, 2), date(2018, 12, 30), holidays=FINLAND)
    day = date(2018, 1, 8)
    while day < date(2018, 12, 24):
        assert list(local_times(timetable, day)) == by_library(text, day), day
        day += timedelta(days=1)


def test_a_season_stays_a_season() -> None:
    timetable = read_osm("Tu 09:00-15:00; Jun 1-Aug 31 Tu 09:00-13:00", FIRST, LAST)
    assert {row.season for row in timetable.weekly} == {None, Season("06-01", "08-31")}
    assert timetable.exceptions == ()


@pytest.mark.parametrize("text", ["", "Mo-Fr nine to five", "Xx 09:00-16:00", "Mo 25:00-99:00"])
def test_nonsense_is_refused_by_name(text: str) -> None:
    with pytest.raises(OsmHoursInvalid, match="not a valid opening_hours"):
        read_osm(text, FIRST, LAST)


def open_minutes_by_library(text: str, country: str | None) -> set[datetime]:
    hours = OpeningHours(text, country=country, auto_timezone=False)
    begin, end = datetime(2018, 5, 1), datetime(2018, 9, 2)
    return quarters_of(
        (max(a, begin), min(b, end))
        for a, b, state, _ in hours.intervals(begin, end)
        if state == State.OPEN
    )


def open_minutes_by_timetable(timetable: Timetable) -> set[datetime]:
    begin, end = datetime(2018, 5, 1), datetime(2018, 9, 2)
    days = (date(2018, 4, 30) + timedelta(days=i) for i in range(125))
    return quarters_of(
        (max(i.start.replace(tzinfo=None), begin), min(i.end.replace(tzinfo=None), end))
        for day in days
        for i in open_intervals(timetable, day)
    )


def quarters_of(intervals) -> set[datetime]:
    quarter = timedelta(minutes=15)
    return {a + quarter * i for a, b in intervals for i in range((b - a) // quarter)}


@settings(max_examples=80)
@given(build.timetables())
def test_any_timetable_with_nights_and_services_is_written_and_read_to_the_quarter(
    timetable: Timetable,
) -> None:
    timetable = replace(timetable, timezone="UTC")
    country = timetable.holidays.country if timetable.holidays else None
    text = write_osm(timetable, date(2018, 5, 1), date(2018, 9, 1))
    expected = open_minutes_by_timetable(timetable)
    assert open_minutes_by_library(text, country) == expected
    again = read_osm(text, date(2018, 5, 1), date(2018, 9, 1), "UTC", timetable.holidays)
    assert open_minutes_by_timetable(again) == expected


@pytest.mark.parametrize("text", ["24/7", "Mo-Su 00:00-24:00", "00:00-24:00"])
def test_a_place_that_never_closes_is_open_on_every_day(text: str) -> None:
    timetable = read_osm(text, FIRST, LAST, "UTC")
    assert timetable.exceptions == ()
    assert len(open_minutes_by_timetable(timetable)) == 124 * 96


def test_a_night_stays_a_night_where_nothing_interrupts_it() -> None:
    timetable = Timetable((WeeklyHours(4, time(22), time(2), overnight=True),))
    text = write_osm(timetable, FIRST, LAST)
    assert text == "Fr 22:00-02:00"
    assert read_osm(text, FIRST, LAST).weekly == timetable.weekly
