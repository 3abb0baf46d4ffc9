"""Served bookings become demand, once; what was pressed by mistake can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from palveluverkko.booking import services, serving
from palveluverkko.booking.capacity import day_figures
from palveluverkko.booking.errors import NotOpenAnyMore
from palveluverkko.booking.models import Booking
from palveluverkko.demand.models import AreaContacts, ChannelContacts, DailyVisits, DayReport
from palveluverkko.walkins.nights import report_finished_days
from tests.booking import world
from tests.booking.world import AINO, NOW, local, wish
from tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
AT_NINE = local(9)


@pytest.fixture
def booking():
    world.staffed_point()
    return services.book(wish(AT_NINE), AINO, key="k", now=NOW)


def visits():
    return [(v.date, v.mode, v.visits) for v in DailyVisits.objects.all()]


def test_a_finished_booking_is_one_visit_however_often_it_is_pressed(booking):
    serving.arrive(booking.pk, now=AT_NINE)
    serving.start_serving(booking.pk, now=AT_NINE)
    for _press in range(3):
        serving.finish(booking.pk, now=AT_NINE + timedelta(minutes=20))
    assert visits() == [(world.MONDAY, "appointment", 1)]


def test_undo_takes_the_visit_back(booking):
    now = datetime.now(UTC)
    serving.finish(booking.pk, now=now)
    assert visits()[0][2] == 1
    serving.undo(booking.pk, now=now + timedelta(minutes=1))
    assert visits()[0][2] == 0
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    serving.finish(booking.pk, now=now)
    with pytest.raises(NotOpenAnyMore):
        serving.undo(booking.pk, now=now + timedelta(hours=1))


def test_a_no_show_is_no_visit(booking):
    serving.no_show(booking.pk)
    serving.no_show(booking.pk)
    assert visits() == []
    with pytest.raises(NotOpenAnyMore):
        serving.finish(booking.pk)


def test_a_cancelled_booking_cannot_be_served(booking):
    services.cancel(booking.pk)
    with pytest.raises(NotOpenAnyMore):
        serving.start_serving(booking.pk)


def test_a_served_phone_call_counts_for_its_channel():
    world.video_point()
    booking = services.book(wish(AT_NINE, mode="phone", point=None), AINO, key="k", now=NOW)
    serving.finish(booking.pk, now=AT_NINE)
    serving.finish(booking.pk, now=AT_NINE)
    row = ChannelContacts.objects.get()
    assert (row.channel, row.date, row.contacts) == ("phone", world.MONDAY, 1)


def test_reassigning_keeps_the_time_and_changes_the_person():
    world.staffed_point(advisers=2)
    booking = services.book(wish(AT_NINE), AINO, key="k", now=NOW)
    was = serving.adviser_of(booking)
    was.shifts.update(absent=True)
    assert serving.reassign(booking)
    fresh = Booking.objects.get(pk=booking.pk)
    assert serving.adviser_of(fresh) != was
    assert fresh.claims.count() == 2


def test_a_day_with_a_served_booking_is_reported_with_its_slots(booking):
    serving.finish(booking.pk, now=AT_NINE + timedelta(minutes=20))
    report_finished_days(now=local(9, day=world.days_later(1)), figures=day_figures)
    report = DayReport.objects.get()
    assert (report.date, report.slots, report.booked) == (world.MONDAY, 6, 1)


def test_who_is_served_before_the_time_gives_it_back_and_undo_takes_it_again(booking):
    early = datetime.now(UTC)
    Booking.objects.filter(pk=booking.pk).update(
        start=early + timedelta(days=1), end=early + timedelta(days=1, minutes=30)
    )
    serving.finish(booking.pk, now=early)
    assert not booking.claims.exists()
    with pytest.raises(NotOpenAnyMore):  # nobody works then in this world: it is gone
        serving.undo(booking.pk, now=early)
    assert DailyVisits.objects.get().visits == 1


def test_a_phone_call_counts_in_the_area_that_the_customer_told_and_undo_takes_it_back():
    world.video_point()
    AreaFactory(code="51200")
    told = replace(AINO, area=" 51200 ")
    booking = services.book(wish(AT_NINE, mode="phone", point=None), told, key="k", now=NOW)
    now = datetime.now(UTC)
    for contacts in (1, 1):
        serving.finish(booking.pk, now=now)
        assert list(AreaContacts.objects.values_list("area", "channel", "contacts")) == [
            ("51200", "phone", contacts)
        ]
    serving.undo(booking.pk, now=now + timedelta(minutes=1))
    assert AreaContacts.objects.get().contacts == 0
    assert ChannelContacts.objects.get().contacts == 0


def test_without_a_postal_code_the_area_stays_unknown():
    world.video_point()
    booking = services.book(wish(AT_NINE, mode="video", point=None), AINO, key="k", now=NOW)
    serving.finish(booking.pk, now=AT_NINE)
    assert ChannelContacts.objects.get().contacts == 1
    assert not AreaContacts.objects.exists()
