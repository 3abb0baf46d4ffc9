"""Rosters: weekly patterns become shifts, and nobody works in two towns at once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from palveluverkko.booking import roster
from palveluverkko.booking.errors import RosterClash
from palveluverkko.booking.models import RosterPattern, Shift
from palveluverkko.network.services import add_exception
from tests.booking import world
from tests.booking.world import HELSINKI, MONDAY, local

pytestmark = pytest.mark.django_db


def pattern(person, at, weekday=0, begins=time(9), ends=time(15), **given):
    return RosterPattern.objects.create(
        person=person,
        point=at,
        weekday=weekday,
        begins=begins,
        ends=ends,
        modes=["appointment"],
        **given,
    )


def test_a_weekly_pattern_becomes_one_shift_a_week():
    at = world.point()
    pattern(world.adviser(), at)
    assert roster.make_shifts(MONDAY, MONDAY + timedelta(days=13)) == 2
    assert roster.make_shifts(MONDAY, MONDAY + timedelta(days=13)) == 0
    first = Shift.objects.earliest("start")
    assert first.start.astimezone(HELSINKI).time() == time(9)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_shifts_keep_the_local_time_on_both_days_of_changed_clocks(day):
    at = world.point(weekdays=range(7))
    pattern(world.adviser(), at, weekday=6, begins=time(9), ends=time(12))
    roster.make_shifts(day, day)
    shift = Shift.objects.get()
    assert shift.start.astimezone(HELSINKI).time() == time(9)
    assert shift.end - shift.start == timedelta(hours=3)


def test_a_closed_day_and_a_holiday_get_no_shift():
    at = world.point(weekdays=range(7))
    pattern(world.adviser(), at, weekday=4)
    add_exception(at.pk, first=date(2026, 3, 6))
    good_friday = date(2026, 4, 3)
    assert roster.make_shifts(date(2026, 3, 6), date(2026, 3, 6)) == 0
    assert roster.make_shifts(good_friday, good_friday) == 0
    assert roster.make_shifts(date(2026, 3, 13), date(2026, 3, 13)) == 1


def test_a_shift_made_by_hand_goes_before_the_pattern():
    at, other = world.point(), world.point("juva")
    person = world.adviser()
    pattern(person, at)
    roster.add_shift(person, local(10), local(11), modes=["appointment"], point=other.pk)
    assert roster.make_shifts(MONDAY, MONDAY) == 0


def test_a_roster_that_books_a_person_in_two_towns_names_the_other_shift():
    at, other = world.point(), world.point("juva")
    person = world.adviser()
    roster.add_shift(person, local(9), local(12), modes=["appointment"], point=at.pk)
    with pytest.raises(RosterClash) as clash:
        roster.add_shift(person, local(11), local(13), modes=["appointment"], point=other.pk)
    assert (clash.value.who, clash.value.where) == ("Adviser 1", "Kuopio")
    assert clash.value.start == local(9)


def test_a_desk_is_given_to_one_person_at_a_time():
    at = world.point()
    desk = world.desk(at)
    for n, clashes in ((1, False), (2, True)):
        person = world.adviser(f"Adviser {n}")
        given = {"modes": ["appointment"], "point": at.pk, "desk": desk}
        if clashes:
            with pytest.raises(RosterClash):
                roster.add_shift(person, local(9), local(12), **given)
        else:
            roster.add_shift(person, local(9), local(12), **given)
