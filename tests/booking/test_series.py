"""Several bookings made together: all of them or none, at the same local time every week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from palveluverkko.booking import services
from palveluverkko.booking.errors import CustomerInvalid, SlotTaken
from palveluverkko.booking.keeping import keep_longer
from palveluverkko.booking.models import Booking, BookingEvent, Claim, Resource
from palveluverkko.booking.series import SeriesTaken, book_series, preview, weekly
from tests.booking import world
from tests.booking.world import AINO, NOW, local, wish

pytestmark = pytest.mark.django_db


def mondays(weeks: int) -> list:
    """So many Mondays of work in Kuopio, and the wish for nine o'clock on each."""
    world.staffed_point()
    person = Resource.objects.get(kind="adviser")
    for week in range(1, weeks):
        day = world.days_later(7 * week)
        world.shift(person, local(9, day=day), local(12, day=day), at=person.point)
    return weekly(wish(), weeks)


def test_all_are_booked_and_the_same_request_again_books_none() -> None:
    wishes = mondays(3)
    made = book_series(wishes, AINO, key="s", now=NOW)
    assert [b.state for b in made] == ["confirmed"] * 3
    again = book_series(wishes, AINO, key="s", now=NOW)
    assert [b.pk for b in again] == [b.pk for b in made]
    assert Booking.objects.count() == 3


def test_one_taken_week_leaves_nothing_behind() -> None:
    wishes = mondays(3)
    services.hold(wishes[1], key="other", now=NOW)
    before = Claim.objects.count(), BookingEvent.objects.count()
    with pytest.raises(SeriesTaken) as taken:
        book_series(wishes, AINO, key="s", now=NOW)
    weeks = taken.value.weeks
    assert [isinstance(week.error, SlotTaken) for week in weeks] == [False, True, False]
    assert weeks[1].nearest[0].start == wishes[1].start + timedelta(minutes=30)
    assert (Claim.objects.count(), BookingEvent.objects.count()) == before


def test_a_customer_in_error_books_nothing() -> None:
    wishes = mondays(2)
    with pytest.raises(CustomerInvalid):
        book_series(wishes, world.Customer(name=" "), key="s", now=NOW)
    assert not Booking.objects.exists()


def test_a_preview_says_what_booking_would_and_keeps_nothing() -> None:
    wishes = mondays(3)
    services.hold(wishes[2], key="other", now=NOW)
    found = preview(wishes, NOW)
    assert [week.error is None for week in found] == [True, True, False]
    assert Booking.objects.count() == 1


def test_weeks_keep_the_local_hour_when_the_clocks_change() -> None:
    world.staffed_point()
    before = local(9, day=date(2026, 3, 23))
    starts = [w.start for w in weekly(wish(before), 3)]
    assert [s.astimezone(world.HELSINKI).time() for s in starts] == [time(9)] * 3
    assert starts[1] - starts[0] == timedelta(days=7) - timedelta(hours=1)
    assert starts[0] == datetime(2026, 3, 23, 7, tzinfo=UTC)


def test_a_hold_is_kept_longer_once() -> None:
    world.staffed_point()
    booking = services.hold(wish(), key="k", now=NOW)
    later = NOW + timedelta(minutes=9)
    assert keep_longer(booking.pk, now=later).hold_until == later + timedelta(minutes=10)
    much_later = NOW + timedelta(minutes=18)
    assert keep_longer(booking.pk, now=much_later).hold_until == later + timedelta(minutes=10)
