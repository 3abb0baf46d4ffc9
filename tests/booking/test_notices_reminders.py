"""Reminders: by day, in time, once, only of what still holds, and no longer than wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from palveluverkko.booking import reminders
from palveluverkko.booking.links import link_for
from palveluverkko.booking.models import Affected, Booking, BookingEvent, Closure
from palveluverkko.messages.models import Message, Promise, PromiseState
from palveluverkko.messages.promises import known_kinds, run_due
from tests.booking import told
from tests.booking.world import HELSINKI, NOW, local

EARLY = NOW - timedelta(days=7)
db = pytest.mark.django_db


def owed():
    return dict(
        Promise.objects.filter(kind="reminder", state=PromiseState.DUE).values_list("ref", "due_at")
    )


def test_the_worker_knows_how_to_keep_them():
    assert {"reminder", "letter"} <= known_kinds()


@db
def test_a_booking_is_reminded_of_the_day_before_and_two_hours_before():
    booking = told.booked(local(14))
    for _ in range(2):
        reminders.promise_reminders(booking, EARLY)
    assert owed() == {
        f"{booking.pk}:1:day": local(14, day=date(2026, 3, 1)),
        f"{booking.pk}:1:hours": local(12),
    }


@db
def test_an_early_meeting_is_reminded_of_at_eight_and_not_at_night():
    due = reminders.due_times(told.booked(local(9)))
    assert due == {"day": local(9, day=date(2026, 3, 1)), "hours": local(8)}


@db
def test_who_booked_a_moment_ago_is_not_reminded():
    reminders.promise_reminders(told.booked(local(14)), local(13, day=date(2026, 3, 1)))
    assert [ref.split(":")[2] for ref in owed()] == ["hours"]


@db
def test_who_wants_none_or_has_neither_phone_nor_email_gets_none():
    at = told.place()
    reminders.promise_reminders(told.booked(reminders=False, point=at), EARLY)
    reminders.promise_reminders(told.booked(phone="", email="", point=at), EARLY)
    assert owed() == {}


@db
def test_the_day_before_is_told_by_email_and_two_hours_before_by_text_message():
    booking = told.booked()
    for which, at in reminders.due_times(booking).items():
        for _ in range(2):
            reminders.remind(f"{booking.pk}:1:{which}", now=at)
    events = Message.objects.order_by("pk").values_list("event", flat=True)
    assert list(events) == [
        f"booking:{booking.pk}:reminder-day:v1:email",
        f"booking:{booking.pk}:reminder-hours:v1:sms",
    ]
    for message in Message.objects.all():
        assert link_for(booking, "reminders-off") in message.text


@db
@pytest.mark.parametrize(
    "change",
    [{"state": "cancelled"}, {"version": 2}, {"reminders": False}, {"state": "arrived"}],
)
def test_what_has_changed_since_is_not_reminded_of(change):
    booking = told.booked()
    Booking.objects.update(**change)
    reminders.remind(f"{booking.pk}:1:day", now=NOW)
    assert not Message.objects.exists()


@db
def test_nobody_is_reminded_to_come_to_a_closed_point():
    booking = told.booked()
    closure = Closure.objects.create(cause="closed_days", first=local(9).date(), key="c")
    row = Affected.objects.create(closure=closure, booking=booking, was_start=booking.start)
    reminders.remind(f"{booking.pk}:1:day", now=NOW)
    assert not Message.objects.exists()
    row.state = "reassigned"
    row.save()
    reminders.remind(f"{booking.pk}:1:day", now=NOW)
    assert Message.objects.exists()


@db
def test_a_worker_that_comes_back_at_night_waits_for_the_morning():
    booking = told.booked()
    night = local(23, day=date(2026, 3, 1))
    for _ in range(2):
        reminders.remind(f"{booking.pk}:1:day", now=night)
    assert not Message.objects.exists()
    assert owed() == {f"{booking.pk}:1:day": local(8)}


@db
def test_a_worker_that_comes_back_too_late_sends_nothing():
    booking = told.booked()
    reminders.remind(f"{booking.pk}:1:hours", now=booking.start)
    assert not Message.objects.exists()
    assert owed() == {}


@db
def test_a_moved_booking_owes_only_reminders_of_its_new_time():
    booking = told.booked(local(14))
    reminders.promise_reminders(booking, EARLY)
    booking.version, booking.start = 2, local(16)
    reminders.withdraw_reminders(booking)
    reminders.promise_reminders(booking, EARLY)
    assert set(owed()) == {f"{booking.pk}:2:day", f"{booking.pk}:2:hours"}


@db
def test_a_customer_who_has_had_enough_stops_them_and_twice_does_no_more():
    booking = told.booked()
    reminders.promise_reminders(booking, EARLY)
    for _ in range(2):
        assert not reminders.stop_reminders(booking).reminders
    assert owed() == {}
    assert BookingEvent.objects.filter(kind="reminders_off").count() == 1


@db
def test_a_promised_reminder_is_kept_by_the_worker(monkeypatch):
    booking = told.booked(local(14))
    reminders.promise_reminders(booking, EARLY)
    due = owed()[f"{booking.pk}:1:day"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: due)
    assert run_due(now=due - timedelta(seconds=1)) == 0
    assert run_due(now=due) == 1
    assert run_due(now=due) == 0
    assert Message.objects.get().event == f"booking:{booking.pk}:reminder-day:v1:email"


class ByDay(TestCase):
    @given(
        start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
        zone=st.sampled_from(["Europe/Helsinki", "Europe/Stockholm", "Asia/Kathmandu"]),
    )
    def test_every_reminder_comes_by_day_and_before_the_meeting(self, start, zone):
        at = told.place(id=zone.lower().replace("/", "-"), timezone=zone)
        booking = told.booked(start, point=at)
        due = reminders.due_times(booking)
        assert "day" in due
        for moment in due.values():
            assert 8 <= moment.astimezone(ZoneInfo(zone)).hour < 21
            assert moment <= start - timedelta(minutes=30)
        eve = due["day"].astimezone(ZoneInfo(zone)).date()
        assert eve == start.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


@db
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_clocks_that_change_in_between_do_not_shift_a_reminder(day):
    due = reminders.due_times(told.booked(local(14, day=day)))
    assert due["day"].astimezone(HELSINKI).hour == 14
    assert due["hours"].astimezone(HELSINKI).hour == 12
