"""Holding and confirming: one time, one customer, however often they press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.booking import services
from palveluverkko.booking.errors import (
    CustomerInvalid,
    DayFull,
    HoldExpired,
    InThePast,
    LanguageNotSpoken,
    NotOffered,
    OutsideHours,
    SlotTaken,
    TooFar,
    TooManyHolds,
    TooSoon,
)
from palveluverkko.booking.models import Booking, Claim
from palveluverkko.booking.queries import free_times
from tests.booking import world
from tests.booking.world import AINO, NOW, local, wish

pytestmark = pytest.mark.django_db


def hold(start=None, key="k", **given):
    return services.hold(wish(start, **given), key=key, now=NOW)


def times(language="*", service="general", point="kuopio", mode="appointment"):
    found = free_times(point, mode, service, language, end=local(23), now=NOW)
    return [f"{t.start.astimezone(world.HELSINKI):%H:%M}" for t in found]


def test_free_times_are_those_of_shift_hours_and_step():
    world.staffed_point()
    assert times() == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_a_held_time_is_free_for_nobody_else():
    world.staffed_point()
    booking = hold(local(10))
    assert booking.state == "held"
    assert "10:00" not in times()
    with pytest.raises(SlotTaken) as taken:
        hold(local(10), key="other")
    nearest = [t.start for t in taken.value.nearest]
    assert local(9, 30) in nearest
    assert local(10, 30) in nearest


def test_two_advisers_with_one_desk_serve_one_customer_at_a_time():
    world.staffed_point(advisers=2, desks=1)
    hold(local(10))
    with pytest.raises(SlotTaken):
        hold(local(10), key="other")


def test_two_advisers_with_two_desks_serve_two():
    world.staffed_point(advisers=2)
    hold(local(10))
    hold(local(10), key="other")
    assert "10:00" not in times()


def test_the_same_request_twice_holds_once():
    world.staffed_point(advisers=2)
    assert hold(local(10)).pk == hold(local(10)).pk
    assert Booking.objects.count() == 1


def test_a_confirmed_hold_is_booked_once_and_told_once():
    world.staffed_point()
    booking = hold(local(10))
    first = services.confirm(booking.pk, AINO, now=NOW)
    again = services.confirm(booking.pk, AINO, now=NOW)
    assert (first.state, again.version) == ("confirmed", 1)
    assert again.name == "Aino Ängeslevä"


def test_an_expired_hold_frees_its_time():
    world.staffed_point()
    booking = hold(local(10))
    assert services.expire_holds(NOW + timedelta(minutes=11)) == 1
    booking.refresh_from_db()
    assert booking.state == "expired"
    assert not Claim.objects.exists()
    assert "10:00" in times()


def test_confirming_too_late_takes_the_time_again_if_it_is_free():
    world.staffed_point()
    booking = hold(local(10))
    later = NOW + timedelta(hours=1)
    services.expire_holds(later)
    assert services.confirm(booking.pk, AINO, now=later).state == "confirmed"
    assert Claim.objects.filter(booking=booking).count() == 2


def test_confirming_too_late_what_another_has_taken_shows_other_times():
    world.staffed_point()
    booking = hold(local(10))
    later = NOW + timedelta(hours=1)
    services.expire_holds(later)
    services.hold(wish(local(10)), key="other", now=later)
    with pytest.raises(HoldExpired) as expired:
        services.confirm(booking.pk, AINO, now=later)
    assert expired.value.nearest


def test_a_customer_needs_a_name_and_a_way_to_be_reached():
    world.staffed_point()
    booking = hold(local(10))
    with pytest.raises(CustomerInvalid) as invalid:
        services.confirm(booking.pk, world.Customer(name=" ", phone="12"), now=NOW)
    assert set(invalid.value.messages) == {"name", "phone"}
    booking.refresh_from_db()
    assert booking.state == "held"


def test_one_visitor_cannot_keep_the_whole_morning():
    world.staffed_point()
    for n in range(3):
        services.hold(wish(local(9 + n)), key=str(n), visitor="v", now=NOW)
    with pytest.raises(TooManyHolds):
        services.hold(wish(local(9, 30)), key="more", visitor="v", now=NOW)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"start": NOW - timedelta(hours=1)}, InThePast),
        ({"start": NOW + timedelta(minutes=30)}, TooSoon),
        ({"start": NOW + timedelta(days=61)}, TooFar),
        ({"start": local(13)}, OutsideHours),
        ({"start": local(11, 45)}, OutsideHours),
        ({"service": "unheard-of"}, NotOffered),
        ({"point": "nowhere"}, NotOffered),
        ({"point": None}, NotOffered),
        ({"mode": "video_room"}, NotOffered),
        ({"language": "xx"}, LanguageNotSpoken),
        ({"advisers": 0}, NotOffered),
        ({"start": local(10, 10)}, SlotTaken),
        ({"start": local(10) + timedelta(seconds=7)}, OutsideHours),
    ],
)
def test_what_cannot_be_booked_is_refused_with_its_own_reason(given, error):
    world.staffed_point()
    with pytest.raises(error):
        hold(**given)
    assert not Claim.objects.exists()


def test_ordinary_services_cannot_take_the_urgent_reserve():
    at = world.point()
    world.terms("general")
    world.terms("social_assistance_urgent", urgent=True)
    world.desk(at)
    person = world.adviser()
    world.shift(person, local(9), local(10), at=at, urgent_only=True)
    world.shift(person, local(10), local(12), at=at)
    assert times() == ["10:00", "10:30", "11:00", "11:30"]
    assert times(service="social_assistance_urgent")[0] == "09:00"
    with pytest.raises(SlotTaken):
        hold(local(9))
    assert hold(local(9), service="social_assistance_urgent").state == "held"


def test_an_adviser_who_speaks_swedish_serves_in_swedish_only_those_who_ask():
    world.staffed_point()
    assert times(language="sv") == []
    with pytest.raises(SlotTaken):
        hold(local(10), language="sv")


def test_the_daily_limit_of_a_service_holds():
    at = world.point()
    world.terms(daily_limit=2)
    world.desk(at)
    world.shift(world.adviser(), local(9), local(12), at=at)
    hold(local(9))
    hold(local(10), key="b")
    assert times() == []
    with pytest.raises(DayFull):
        hold(local(11), key="c")


def test_buffers_keep_desk_and_adviser_free_between_meetings():
    at = world.point()
    world.terms(buffer_after=15, step_minutes=15)
    world.desk(at)
    world.shift(world.adviser(), local(9), local(12), at=at)
    hold(local(9, 30))
    found = times()
    assert "09:45" not in found
    assert "10:00" not in found
    assert "10:15" in found
    assert "09:00" not in found  # 9.00-9.30 and a quarter of an hour would end at 9.45


def test_a_video_room_needs_the_room_and_a_remote_adviser():
    world.video_point()
    found = times(point="juva", mode="video_room")
    assert found == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    booking = hold(local(10), point="juva", mode="video_room")
    assert {c.resource.kind for c in booking.claims.all()} == {"adviser", "room"}
    assert "10:00" not in times(point=None, mode="video")
    assert "10:00" not in times(point=None, mode="phone")


def test_an_interpreter_is_booked_with_the_meeting():
    world.staffed_point(advisers=2)
    interpreter = world.adviser("Interpreter", kind="interpreter", languages=["so"], competences=[])
    world.shift(interpreter, local(10), local(11), modes=["interpreting"])
    with pytest.raises(SlotTaken):
        hold(local(9), interpreter="so")
    booking = hold(local(10), interpreter="so")
    assert interpreter.claims.get().booking == booking
    with pytest.raises(SlotTaken):
        hold(local(10), key="b", interpreter="so")


def test_two_advisers_at_once_are_two_people():
    world.staffed_point(advisers=2)
    booking = hold(local(10), advisers=2)
    people = [c.resource.kind for c in booking.claims.all()]
    assert sorted(people) == ["adviser", "adviser", "desk"]
    with pytest.raises(SlotTaken):
        hold(local(10), key="b")


def test_the_database_itself_refuses_an_overlap():
    world.staffed_point()
    booking = hold(local(10))
    claim = booking.claims.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            booking=booking,
            resource=claim.resource,
            start=claim.start + timedelta(minutes=5),
            end=claim.end + timedelta(minutes=5),
        )
    Claim.objects.create(
        booking=booking,
        resource=claim.resource,
        start=claim.end,
        end=claim.end + timedelta(hours=1),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(end=claim.end + timedelta(minutes=1))


def test_the_database_refuses_a_person_in_two_towns_at_once():
    at = world.staffed_point()
    person = world.Resource.objects.get(kind="adviser")
    other = world.point("juva")
    with pytest.raises(IntegrityError), transaction.atomic():
        world.shift(person, local(11), local(13), at=other)
    world.shift(person, local(12), local(13), at=other)
    assert at.shifts.count() == 1


def test_moving_keeps_the_old_time_when_the_new_one_is_gone():
    world.staffed_point()
    mine = services.confirm(hold(local(10)).pk, AINO, now=NOW)
    hold(local(11), key="other")
    with pytest.raises(SlotTaken):
        services.move(mine.pk, local(11), key="m", now=NOW)
    mine.refresh_from_db()
    assert mine.start == local(10)
    assert mine.claims.count() == 2


def test_moving_half_an_hour_into_ones_own_time_works_and_only_once():
    at = world.point()
    world.terms(minutes=60)
    world.desk(at)
    world.shift(world.adviser(), local(9), local(12), at=at)
    mine = services.confirm(hold(local(10)).pk, AINO, now=NOW)
    moved = services.move(mine.pk, local(10, 30), key="m", now=NOW)
    again = services.move(mine.pk, local(10, 30), key="m", now=NOW)
    assert moved.start == local(10, 30)
    assert moved.version == again.version == 2
    assert times() == ["09:00", "09:30"]


def test_cancelling_gives_the_time_back_and_twice_does_no_more():
    world.staffed_point()
    mine = services.confirm(hold(local(10)).pk, AINO, now=NOW)
    services.cancel(mine.pk)
    again = services.cancel(mine.pk)
    assert (again.state, again.version) == ("cancelled", 2)
    assert "10:00" in times()


def test_the_nearest_times_leave_out_the_one_refused_and_know_of_interpreters():
    world.staffed_point(advisers=2)
    interpreter = world.adviser("Interpreter", kind="interpreter", languages=["so"], competences=[])
    world.shift(interpreter, local(10), local(11), modes=["interpreting"])
    with pytest.raises(SlotTaken) as taken:
        hold(local(9), interpreter="so")
    assert [t.start for t in taken.value.nearest] == [local(10), local(10, 30)]
