"""Evaluating only the weeks that differ gives what evaluating every day gives."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.calendar import (
    ExceptionHours,
    HolidayCalendar,
    Season,
    Timetable,
    Validity,
    WeeklyHours,
    minutes_of,
    open_minutes,
    regular_intervals,
)
from palveluverkko.demand.timetable_weeks import week_minutes

FIRST = date(2017, 9, 4)
MONDAYS = [FIRST + timedelta(weeks=w) for w in range(60)]
HOLIDAYS = HolidayCalendar("FI", closed_days=("12-24",))

days = st.dates(date(2017, 8, 1), date(2018, 12, 1))
validities = st.builds(
    lambda start, length: Validity(start, start + timedelta(days=length) if start else None),
    st.none() | days,
    st.integers(0, 300),
)
hours = st.sampled_from([(time(9), time(15), False), (time(20), time(5), True)])
seasons = st.sampled_from([None, Season("06-01", "08-15"), Season("12-15", "01-15")])
rows = st.builds(
    lambda weekday, times, valid, season: WeeklyHours(
        weekday, times[0], times[1], times[2], valid=valid, season=season
    ),
    st.integers(0, 6),
    hours,
    validities,
    seasons,
)
exceptions = st.builds(
    lambda first, length, closed: ExceptionHours(
        first,
        first + timedelta(days=length),
        closed,
        None if closed else time(10),
        None if closed else time(12),
    ),
    days,
    st.integers(0, 10),
    st.booleans(),
)
timetables = st.builds(
    Timetable,
    weekly=st.lists(rows, max_size=5).map(tuple),
    exceptions=st.lists(exceptions, max_size=3).map(tuple),
    holidays=st.sampled_from([None, HOLIDAYS]),
    valid=validities,
)


@settings(max_examples=25)
@given(timetables)
def test_weeks_of_one_kind_share_their_minutes(timetable: Timetable) -> None:
    found = week_minutes(timetable, MONDAYS)
    every_day = [[m + timedelta(days=d) for d in range(7)] for m in MONDAYS]
    regular = [[minutes_of(regular_intervals(timetable, d)) for d in w] for w in every_day]
    is_open = [[open_minutes(timetable, d) for d in w] for w in every_day]
    assert np.array_equal(found.regular, regular if timetable.weekly else is_open)
    assert np.array_equal(found.open, is_open)


def test_hours_past_midnight_differ_where_the_clock_changes() -> None:
    night = Timetable(weekly=(WeeklyHours(5, time(20), time(5), overnight=True),))
    saturday = {m: int(week_minutes(night, [m]).open[0, 5]) for m in MONDAYS}
    assert saturday[date(2017, 10, 23)] == 600  # the night of 29 October 2017
    assert saturday[date(2018, 3, 19)] == 480  # the night of 25 March 2018
    assert set(week_minutes(night, MONDAYS).open[:, 5].tolist()) == {480, 540, 600}


def test_no_weeks_have_no_minutes() -> None:
    assert week_minutes(Timetable(), []).open.shape == (0, 7)


def test_the_stops_of_a_pop_up_are_its_ordinary_hours() -> None:
    stop = FIRST + timedelta(days=2)
    timetable = Timetable((), (ExceptionHours(stop, stop, False, time(10), time(14)),))
    found = week_minutes(timetable, MONDAYS[:2])
    assert found.open.tolist() == [[0, 0, 240, 0, 0, 0, 0], [0] * 7]
    assert found.regular.tolist() == found.open.tolist()
