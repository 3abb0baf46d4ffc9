"""Taking a ticket: numbers, days, and honest refusals that say what to do instead."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from palveluverkko.booking.models import Terms
from palveluverkko.network.errors import PointUnknown
from palveluverkko.network.models import OpeningException, OpeningHours
from palveluverkko.queueing import Unknown, Wait, WhyUnknown
from palveluverkko.walkins.errors import (
    ClosedNow,
    PhoneInvalid,
    ServiceNotGiven,
    TooLateToday,
)
from palveluverkko.walkins.models import Ticket, TicketCounter
from palveluverkko.walkins.taking import wait_of_newcomer
from tests.factories import OpeningHoursFactory, ServiceFactory
from tests.walkins.build import NOW, at, build_point, take

pytestmark = pytest.mark.django_db


def test_numbers_run_from_one_each_day_at_each_point(point):
    build_point("village")
    assert [take().number for _ in range(3)] == [1, 2, 3]
    assert take("village").number == 1
    assert take(minutes=24 * 60).number == 1
    assert take(prefix="A").label == "A4"


def test_the_same_request_twice_gives_the_same_ticket_and_leaves_no_gap(point):
    first, again = take(key="tap"), take(key="tap", service="family", minutes=1)
    assert again == first
    assert take().number == 2
    assert TicketCounter.objects.get().last == 2


def test_a_ticket_holds_no_name_and_its_link_cannot_be_guessed(point):
    ticket = take()
    assert len(ticket.token) >= 20
    assert {f.name for f in Ticket._meta.get_fields()}.isdisjoint({"name", "email", "identity"})


def test_a_service_that_the_point_does_not_give_is_refused_with_those_it_gives(point):
    ServiceFactory(code="rehab", name_fi="Kuntoutus")
    with pytest.raises(ServiceNotGiven) as refused:
        take(service="rehab")
    assert sorted(refused.value.given) == ["family", "general", "pension"]
    assert not Ticket.objects.exists()
    assert not TicketCounter.objects.exists()


def test_an_unknown_point_is_named_as_such(point):
    with pytest.raises(PointUnknown):
        take("nowhere")


@pytest.mark.parametrize(
    ("minutes", "opens"),
    [
        (-61, datetime(2026, 3, 2, 7, 0, tzinfo=UTC)),  # 8:59
        (360, datetime(2026, 3, 3, 7, 0, tzinfo=UTC)),  # 16:00 sharp
        (5 * 24 * 60, datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),  # Saturday
    ],
)
def test_a_closed_point_tells_when_it_opens(point, minutes, opens):
    with pytest.raises(ClosedNow) as refused:
        take(minutes=minutes)
    assert refused.value.opens_at == opens


def test_the_last_minute_is_still_open(point):
    assert take(minutes=359).number == 1


def test_an_exception_closes_one_service_and_leaves_the_others(point):
    OpeningException.objects.create(
        point=point, service_id="general", first=date(2026, 3, 2), last=date(2026, 3, 2)
    )
    with pytest.raises(ClosedNow):
        take()
    assert take(service="family").number == 1


def test_before_a_desk_is_open_the_wait_is_unknown_and_a_ticket_can_be_taken(point):
    assert wait_of_newcomer("town", "general", now=NOW) == Unknown(WhyUnknown.NOBODY_AT_WORK)
    assert take().state == "waiting"


def test_who_would_not_be_served_before_closing_is_warned_and_may_wait_all_the_same(point, desk):
    for _ in range(4):
        take(minutes=300)
    with pytest.raises(TooLateToday) as warned:
        take(minutes=330)
    assert isinstance(warned.value.wait, Wait)
    assert warned.value.wait.likely_minutes > 30
    assert warned.value.closes_at == at(360)
    assert warned.value.opens_at == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert take(minutes=330, though_late=True).number == 5


def test_a_phone_number_is_kept_only_when_given_and_only_as_a_number(point):
    assert not take().sms
    assert take(phone="040 123 4567").sms
    assert Ticket.objects.get(number=2).phone == "+358401234567"
    for wrong in ("12", "call me", "+358 1"):
        with pytest.raises(PhoneInvalid) as refused:
            take(phone=wrong)
        assert wrong not in str(refused.value)


def test_urgency_comes_from_the_terms_of_the_service_unless_said(point):
    Terms.objects.create(service_id="family", urgent=True)
    assert take(service="family").urgent
    assert not take().urgent
    assert take(urgent=True).urgent


def test_the_day_is_the_points_own_however_far_it_is(db):
    east = build_point("east", "Pacific/Kiritimati")  # +14: opens at 19:00 UTC the day before
    ticket = take(east.id, minutes=12 * 60)
    assert ticket.day == date(2026, 3, 3)
    with pytest.raises(ClosedNow):
        take(east.id)


@pytest.mark.parametrize(
    ("day", "opens_utc"),
    [
        (date(2026, 3, 29), 6),  # clocks go forward on this Sunday
        (date(2026, 10, 25), 7),  # and back on this one
    ],
)
def test_hours_and_days_hold_on_the_days_when_clocks_change(point, day, opens_utc):
    OpeningHoursFactory(point=point, weekday=6, opens=time(9), closes=time(16))
    opens = datetime(day.year, day.month, day.day, opens_utc, tzinfo=UTC)
    minutes = (opens - NOW).total_seconds() / 60
    with pytest.raises(ClosedNow) as refused:
        take(minutes=minutes - 1)
    assert refused.value.opens_at == opens
    assert take(minutes=minutes).day == day
    assert take(minutes=minutes + 7 * 60 - 1).number == 2
    with pytest.raises(ClosedNow):
        take(minutes=minutes + 7 * 60)


def test_hours_past_midnight_serve_on_with_the_new_days_numbers(point):
    OpeningHours.objects.filter(weekday=0).update(opens=time(20), closes=time(2), overnight=True)
    late = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # 23:30
    minutes = (late - NOW).total_seconds() / 60
    assert take(minutes=minutes).day == date(2026, 3, 2)
    assert take(minutes=minutes + 60).day == date(2026, 3, 3)
