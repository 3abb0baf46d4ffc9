"""Closing a day, an ill adviser, a point that ends: no booking is ever silently dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from palveluverkko.booking import closures, roster, services
from palveluverkko.booking.errors import NotOffered
from palveluverkko.booking.models import Affected, Booking, Closure, Resource
from palveluverkko.network.models import OpeningException
from palveluverkko.network.services import end_point
from tests.booking import world
from tests.booking.world import AINO, MONDAY, NOW, local, wish

pytestmark = pytest.mark.django_db
NOBODY = world.Customer(name="Eino Ilman")  # no phone, no e-mail: must be called or written to


def booked(start, key, customer=AINO, **given):
    return services.book(wish(start, **given), customer, key=key, now=NOW)


def states(closure):
    return [a.state for a in closure.affected.order_by("was_start")]


def test_closing_a_day_lists_every_booking_of_that_day_and_no_other():
    world.staffed_point(advisers=2)
    tuesday = MONDAY + timedelta(days=1)
    world.shift(
        world.Resource.objects.filter(kind="adviser")[0],
        local(9, day=tuesday),
        local(12, day=tuesday),
        at=world.ServicePoint.objects.get(pk="kuopio"),
    )
    on_day = [booked(local(9 + n), f"k{n}") for n in range(3)]
    booked(local(9, day=tuesday), "tuesday")
    assert closures.would_affect("kuopio", MONDAY, MONDAY) == 3
    closure = closures.close_days("kuopio", MONDAY, MONDAY, reason="Flood", key="c")
    assert [a.booking_id for a in closure.affected.all()] == [b.pk for b in on_day]


def test_closing_twice_by_a_double_click_closes_once():
    world.staffed_point()
    booked(local(9), "k")
    first = closures.close_days("kuopio", MONDAY, MONDAY, key="c")
    again = closures.close_days("kuopio", MONDAY, MONDAY, key="c")
    assert first == again
    assert OpeningException.objects.count() == 1
    assert Affected.objects.count() == 1


def test_a_closure_is_done_only_when_each_booking_is_settled():
    world.staffed_point(advisers=2)
    tuesday = MONDAY + timedelta(days=1)
    kuopio = world.ServicePoint.objects.get(pk="kuopio")
    person = world.Resource.objects.filter(kind="adviser")[0]
    world.shift(person, local(9, day=tuesday), local(12, day=tuesday), at=kuopio)
    moved, called, declined = (booked(local(9 + n), f"k{n}") for n in range(3))
    closure = closures.close_days("kuopio", MONDAY, MONDAY, key="c")
    rows = {a.booking_id: a for a in closure.affected.all()}
    services.move(moved.pk, local(9, day=tuesday), key="m", now=NOW)
    closures.called(rows[called.pk], note_text="Comes on Thursday without booking")
    assert closures.work_lists().get(pk=closure.pk).to_do == 1
    closures.declined(rows[declined.pk])
    assert closures.work_lists().get(pk=closure.pk).to_do == 0
    assert states(closure) == ["moved", "called", "declined"]
    assert Booking.objects.get(pk=called.pk).state == "cancelled"
    assert Booking.objects.get(pk=moved.pk).state == "confirmed"


def test_who_can_be_reached_is_sent_alternatives_and_who_cannot_stays_to_do():
    world.staffed_point(advisers=2)
    booked(local(9), "a")
    booked(local(10), "b", customer=NOBODY)
    closure = closures.close_days("kuopio", MONDAY, MONDAY, key="c")
    assert states(closure) == ["offered", "open"]


def test_an_ill_advisers_customers_are_kept_by_others_as_far_as_they_can_be():
    world.staffed_point(advisers=2)
    mine, second = booked(local(9), "a"), booked(local(9), "b")
    alone = booked(local(10), "c")
    ill = next(c.resource for c in mine.claims.all() if c.resource.kind == "adviser")
    closure = closures.absence(ill, local(0), local(23), reason="ill", key="ill")
    # At nine both advisers were taken: one customer cannot be kept. At ten the other is free.
    assert Affected.objects.get(booking=mine).state == "offered"
    for kept in (second, alone):
        people = [c.resource for c in kept.claims.all() if c.resource.kind == "adviser"]
        assert ill not in people
    assert closure.affected.filter(state__in=Affected.TO_DO).count() == 1
    assert all(s.absent for s in ill.shifts.all())


def test_an_absence_until_midnight_ends_on_its_own_day():
    world.staffed_point()
    ill = Resource.objects.filter(kind="adviser").first()
    closure = closures.absence(ill, local(0), local(0) + timedelta(days=1), key="ill")
    assert (closure.first, closure.last) == (MONDAY, MONDAY)


def test_a_point_that_ends_takes_no_bookings_after_it_and_lists_those_it_has():
    world.staffed_point()
    before = booked(local(9), "k")
    end_point("kuopio", MONDAY - timedelta(days=1))
    with pytest.raises(NotOffered):
        services.hold(wish(local(10)), key="late", now=NOW)
    assert closures.reconcile(now=NOW) == 1
    closure = Closure.objects.get()
    assert (closure.cause, closure.affected.get().booking) == ("point_ends", before)
    assert closures.reconcile(now=NOW) == 0


def test_a_shift_taken_off_the_roster_is_found_and_kept_by_another_where_one_is_free():
    world.staffed_point(advisers=2)
    one = booked(local(9), "a")
    person = next(c.resource for c in one.claims.all() if c.resource.kind == "adviser")
    person.shifts.all().delete()
    assert closures.reconcile(now=NOW) == 0
    assert person not in [c.resource for c in one.claims.all()]
    other = next(c.resource for c in one.claims.all() if c.resource.kind == "adviser")
    other.shifts.all().delete()
    assert closures.reconcile(now=NOW) == 1


def test_changed_hours_are_found():
    at = world.staffed_point()
    booked(local(11, 30), "k")
    at.hours.filter(weekday=0).update(closes="11:00")
    from palveluverkko.network import revision

    revision.bump()
    assert closures.reconcile(now=NOW) == 1
    assert Closure.objects.get().cause == "hours"


def test_a_closing_taken_back_lets_unsettled_bookings_stand():
    world.staffed_point(advisers=2)
    stands, gone = booked(local(9), "a"), booked(local(10), "b")
    closure = closures.close_days("kuopio", MONDAY, MONDAY, key="c")
    closures.declined(closure.affected.get(booking=gone))
    closures.take_back(closure)
    assert states(closure) == ["stands", "declined"]
    assert not OpeningException.objects.exists()
    assert Booking.objects.get(pk=stands.pk).state == "confirmed"
    assert services.hold(wish(local(11)), key="again", now=NOW).state == "held"


def test_an_adviser_who_comes_back_serves_again():
    world.staffed_point()
    person = world.Resource.objects.get(kind="adviser")
    (shift,) = roster.absent(person, local(0), local(23), "ill")
    with pytest.raises(services.SlotTaken):
        services.hold(wish(local(9)), key="a", now=NOW)
    roster.returned(shift)
    assert services.hold(wish(local(9)), key="b", now=NOW).state == "held"
