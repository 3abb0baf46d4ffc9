"""When a point is open: rows, seasons, exceptions, holidays, nights and changes of the clock."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from palveluverkko.calendar import (
    ExceptionHours,
    Interval,
    Season,
    Timetable,
    Validity,
    WeeklyHours,
    open_intervals,
    open_minutes,
    open_weekdays,
    regular_intervals,
    regular_weekdays,
)
from tests.calendar import oracle
from tests.calendar.build import (
    FINLAND,
    MONDAY,
    OFFICE,
    any_day,
    modes,
    services,
    timetables,
    validities,
)

EVE = date(2018, 12, 31)
SPRING, AUTUMN = date(2018, 3, 25), date(2018, 10, 28)
some = st.sampled_from
DAY = timedelta(days=1)


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)


def night(weekday: int, opens: time = time(22), closes: time = time(6)) -> Timetable:
    return Timetable((WeeklyHours(weekday, opens, closes, overnight=True),))


@given(timetables(), any_day, services, modes)
def test_intervals_never_overlap_and_lie_inside_the_day_and_its_night(
    timetable, day, service, mode
):
    zone = ZoneInfo(timetable.timezone)
    for found in (open_intervals, regular_intervals):
        intervals = found(timetable, day, service, mode)
        for one, following in itertools.pairwise(intervals):
            assert one.end < following.start
        for interval in intervals:
            assert interval.start < interval.end
            assert interval.start.tzinfo is UTC
            assert interval.start.astimezone(zone).date() == day
            end = interval.end.astimezone(zone)
            assert end.date() in (day, day + DAY) or (end.date(), end.time()) == (
                day + 2 * DAY,
                time(),
            )


@settings(max_examples=200)
@given(timetables(), any_day, some(["general", "urgent", "another"]), some(["walk_in", "another"]))
def test_each_minute_is_open_exactly_when_the_rule_says_so(timetable, day, service, mode):
    timetable = replace(timetable, timezone="UTC")
    expected = oracle.minutes_of_day(timetable, day, service, mode)
    assert minutes(open_intervals(timetable, day, service, mode), day) == expected


@settings(max_examples=200)
@given(timetables(), any_day)
def test_without_a_service_the_point_is_open_when_anything_is(timetable, day):
    timetable = replace(timetable, timezone="UTC")
    assert minutes(open_intervals(timetable, day), day) == oracle.anything(timetable, day)


def minutes(intervals: tuple[Interval, ...], day: date) -> set[int]:
    midnight = datetime.combine(day, time(), UTC)
    return {
        minute
        for i in intervals
        for minute in range(
            int((i.start - midnight).total_seconds()) // 60,
            int((i.end - midnight).total_seconds()) // 60,
        )
    }


@given(timetables(), any_day, services, modes)
def test_regular_hours_know_no_exceptions_and_no_holidays(timetable, day, service, mode):
    bare = replace(timetable, exceptions=(), holidays=None)
    assert regular_intervals(timetable, day, service, mode) == open_intervals(
        bare, day, service, mode
    )


@given(timetables(), validities(), any_day)
def test_outside_its_validity_a_point_is_never_open(timetable, valid, day):
    timetable = replace(timetable, valid=valid)
    if not ((valid.start or day) <= day <= (valid.end or day)):
        assert open_intervals(timetable, day) == regular_intervals(timetable, day) == ()


@given(timetables(), any_day)
def test_closing_everything_on_a_day_closes_every_service_without_its_own_exception(timetable, day):
    shut = ExceptionHours(day, day, closed=True)
    assert open_minutes(replace(timetable, exceptions=(shut,)), day) == 0
    urgent = ExceptionHours(day, day, False, time(9), time(16), service="urgent")
    both = replace(timetable, exceptions=(shut, urgent), timezone="UTC", valid=Validity())
    assert open_minutes(both, day, "urgent") == 7 * 60
    assert open_minutes(both, day, "general") == 0
    assert open_minutes(both, day) == 7 * 60


@given(timetables(), any_day)
def test_weekdays_are_those_with_time_in_the_iso_week_of_the_day(timetable, day):
    monday = day - timedelta(days=day.isoweekday() - 1)
    week = [monday + i * DAY for i in range(7)]
    assert open_weekdays(timetable, day) == tuple(
        i for i, d in enumerate(week) if open_minutes(timetable, d)
    )
    assert regular_weekdays(timetable, day) == regular_weekdays(timetable, monday)


def test_a_row_without_service_is_every_service():
    assert open_minutes(Timetable(OFFICE), MONDAY, "pension", "walk_in") == 7 * 60


def test_a_row_of_one_service_opens_no_other():
    timetable = Timetable((WeeklyHours(0, time(9), time(12), service="family"),))
    assert open_minutes(timetable, MONDAY, "family") == open_minutes(timetable, MONDAY) == 180
    assert open_minutes(timetable, MONDAY, "pension") == 0


def test_on_new_years_eve_general_service_ends_at_13_and_urgent_goes_on_to_16():
    timetable = Timetable(
        OFFICE,
        (
            ExceptionHours(EVE, EVE, False, time(9), time(13)),
            ExceptionHours(EVE, EVE, False, time(9), time(16), service="urgent"),
        ),
    )
    assert open_intervals(timetable, EVE, "general") == (
        Interval(utc(2018, 12, 31, 7), utc(2018, 12, 31, 11)),
    )
    assert open_intervals(timetable, EVE, "urgent") == (
        Interval(utc(2018, 12, 31, 7), utc(2018, 12, 31, 14)),
    )


def test_an_exception_of_one_service_leaves_the_others_to_their_weekly_hours():
    closed = ExceptionHours(MONDAY, MONDAY, True, service="family")
    timetable = Timetable(OFFICE, (closed,))
    assert open_minutes(timetable, MONDAY, "family") == 0
    assert open_minutes(timetable, MONDAY, "pension") == open_minutes(timetable, MONDAY) == 420


def test_a_holiday_closes_unless_an_exception_opens_it():
    independence_day = date(2018, 12, 6)
    timetable = Timetable(OFFICE, holidays=FINLAND)
    assert open_minutes(timetable, independence_day) == 0
    assert 3 not in open_weekdays(timetable, independence_day)
    assert 3 in regular_weekdays(timetable, independence_day)
    opened = ExceptionHours(independence_day, independence_day, False, time(10), time(12))
    assert open_minutes(replace(timetable, exceptions=(opened,)), independence_day) == 120


def test_a_season_replaces_the_weekly_hours_of_its_own_service_alone():
    timetable = Timetable(
        (
            *OFFICE,
            WeeklyHours(1, time(10), time(11), season=Season("06-01", "08-31")),
            WeeklyHours(0, time(16), time(18), service="urgent"),
        )
    )
    assert open_weekdays(timetable, MONDAY) == (0, 1)  # urgent on Monday, the season on Tuesday
    assert open_minutes(timetable, MONDAY, "general") == 0
    assert open_minutes(timetable, MONDAY + DAY) == 60
    assert open_minutes(timetable, date(2018, 9, 4)) == 420


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2018, 12, 14), False),
        (date(2018, 12, 15), True),
        (date(2019, 1, 1), True),
        (date(2019, 1, 10), True),
        (date(2019, 1, 11), False),
    ],
)
def test_a_season_may_pass_the_years_end(day, inside):
    assert Season("12-15", "01-10").holds_on(day) == inside


def test_an_interval_past_midnight_belongs_to_the_day_on_which_it_begins():
    friday = date(2018, 6, 8)
    assert open_minutes(night(4), friday) == 8 * 60
    assert open_minutes(night(4), friday + DAY) == 0


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING, 7), (SPRING - DAY, 8), (AUTUMN, 9), (AUTUMN - DAY, 8)]
)
def test_the_clocks_change_takes_or_gives_an_hour(day, hours):
    sundays = Timetable((WeeklyHours(6, time(0), time(8)), WeeklyHours(5, time(0), time(8))))
    assert open_minutes(sundays, day) == hours * 60


def test_a_night_over_the_change_is_an_hour_shorter_or_longer():
    assert open_minutes(night(5), SPRING - DAY) == 7 * 60
    assert open_minutes(night(5), AUTUMN - DAY) == 9 * 60


@pytest.mark.parametrize("opens", [time(3), time(3, 1), time(3, 30), time(3, 59, 59), time(4)])
def test_a_time_that_the_spring_change_skips_is_the_instant_of_the_change(opens):
    timetable = Timetable((WeeklyHours(6, opens, time(5)),))
    change = utc(2018, 3, 25, 1)
    assert open_intervals(timetable, SPRING) == (Interval(change, change + timedelta(hours=1)),)


def test_hours_that_lie_in_the_skipped_hour_are_no_hours():
    assert open_intervals(Timetable((WeeklyHours(6, time(3, 10), time(3, 50)),)), SPRING) == ()


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    timetable = Timetable((WeeklyHours(6, time(3, 30), time(5)),))
    assert open_intervals(timetable, AUTUMN) == (
        Interval(utc(2018, 10, 28, 0, 30), utc(2018, 10, 28, 3)),
    )


def test_a_change_of_half_an_hour_is_kept_to_the_minute():
    timetable = Timetable((WeeklyHours(6, time(0), time(8)),), timezone="Australia/Lord_Howe")
    assert open_minutes(timetable, date(2018, 10, 7)) == 7 * 60 + 30


@given(
    some(["Europe/Helsinki", "Europe/London", "America/St_Johns"]),
    st.integers(4 * 4, 23 * 4),
    st.integers(1, 20),
    any_day,
)
def test_instants_agree_with_an_independent_evaluator_in_every_zone(zone, opens, length, day):
    closes = min(opens + length, 95)
    begin, end = (time(q // 4, q % 4 * 15) for q in (opens, closes))
    timetable = Timetable(
        tuple(WeeklyHours(w, begin, end) for w in range(7)) if closes > opens else (),
        timezone=zone,
    )
    info = ZoneInfo(zone)
    text = f"{begin:%H:%M}-{end:%H:%M}" if closes > opens else "closed"
    theirs = OpeningHours(text, timezone=info).intervals(
        datetime.combine(day, time(), info), datetime.combine(day + DAY, time(), info)
    )
    assert [(i.start, i.end) for i in open_intervals(timetable, day)] == [
        (a.astimezone(UTC), b.astimezone(UTC)) for a, b, state, _ in theirs if state == State.OPEN
    ]


def test_intervals_that_touch_become_one():
    halves = (WeeklyHours(0, time(9), time(12)), WeeklyHours(0, time(12), time(16)))
    assert open_intervals(Timetable(halves), MONDAY) == open_intervals(Timetable(OFFICE), MONDAY)


def test_validity_holds_on_both_its_days():
    row = replace(OFFICE[0], valid=Validity(MONDAY, MONDAY))
    found = [open_minutes(Timetable((row,)), MONDAY + i * timedelta(weeks=1)) for i in (-1, 0, 1)]
    assert found == [0, 420, 0]
