"""Who waits, who comes in, who lets in and takes out."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.meeting import links, meetings, seats
from palveluverkko.meeting.errors import MeetingOver, NotAllowed, SeatUnknown
from palveluverkko.meeting.models import Seat
from tests.meeting import build
from tests.meeting.build import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service() -> None:
    build.build_service()


def states(of: object) -> dict[int, str]:
    return dict(Seat.objects.filter(meeting=of).values_list("number", "state"))


def test_the_adviser_opens_the_door_for_the_customer_and_nobody_else() -> None:
    made = build.meeting()
    for role in ("customer", "interpreter", "host"):
        assert build.came(made, role).state == "waiting"
    adviser = build.adviser_in(made)
    assert states(made) == {1: "inside", 2: "inside", 3: "waiting", 4: "waiting"}
    seats.admit(3, by=adviser.pk, now=NOW)
    assert states(made)[3] == "inside"


def test_a_customer_who_comes_after_the_adviser_is_let_in_at_once() -> None:
    made = build.meeting()
    build.adviser_in(made)
    assert build.came(made, "customer").state == "inside"


def test_nobody_comes_in_before_the_meeting_opens() -> None:
    made = meetings.meeting_for_booking(build.booked(at(60)).pk, now=NOW)
    seat = build.came(made, "customer", now=NOW)
    assert seat.state == "invited"
    assert seats.join(seat.pk, now=at(30)).state == "waiting"


def test_who_was_let_in_may_leave_and_come_back() -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    friend = build.came(made, "companion")
    seats.admit(friend.number, by=adviser.pk, now=NOW)
    assert seats.leave(friend.pk, now=at(1)).state == "left"
    assert seats.join(friend.pk, now=at(2)).state == "inside"
    seats.leave(friend.pk, now=at(3))
    seats.leave(adviser.pk, now=at(4))
    assert seats.join(friend.pk, now=at(5)).state == "waiting"
    seats.join(adviser.pk, now=at(6))
    assert states(made)[friend.number] == "inside"


def test_a_host_comes_in_when_asked_and_each_time_anew() -> None:
    made = build.meeting()
    adviser, customer = build.adviser_in(made), build.came(made, "customer")
    host = build.came(made, "host")
    assert host.state == "waiting"
    seats.ask_in(host.number, by=customer.pk, now=NOW)
    assert states(made)[host.number] == "inside"
    seats.send_out(host.number, by=customer.pk, now=NOW)
    assert states(made)[host.number] == "waiting"
    seats.ask_in(host.number, by=adviser.pk, now=NOW)
    seats.leave(host.pk, now=NOW)
    assert seats.join(host.pk, now=NOW).state == "waiting"
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=host.pk).update(state="inside")


def test_only_the_adviser_who_is_inside_lets_in_and_takes_out() -> None:
    made, elsewhere = build.meeting(), build.meeting(at(1))
    adviser, customer = build.adviser_in(made), build.came(made, "customer")
    stranger = build.adviser_in(elsewhere, now=at(1))
    friend = build.came(made, "companion")
    for verb in (seats.admit, seats.refuse, seats.remove):
        with pytest.raises(NotAllowed):
            verb(friend.number, by=customer.pk, now=NOW)
        with pytest.raises(SeatUnknown):
            verb(friend.number, by=stranger.pk, now=at(1))
    with pytest.raises(NotAllowed):
        seats.ask_in(friend.number, by=adviser.pk, now=NOW)
    with pytest.raises(NotAllowed):
        seats.end_for_all(by=customer.pk, now=NOW)
    seats.leave(adviser.pk, now=NOW)
    with pytest.raises(NotAllowed):
        seats.admit(friend.number, by=adviser.pk, now=NOW)


@pytest.mark.parametrize("verb", [seats.refuse, seats.remove])
def test_who_was_not_let_in_or_taken_out_is_out_for_good(verb) -> None:  # type: ignore[no-untyped-def]
    made = build.meeting()
    adviser, friend = build.adviser_in(made), build.came(made, "companion")
    verb(friend.number, by=adviser.pk, now=NOW)
    with pytest.raises(SeatUnknown):
        verb(friend.number, by=adviser.pk, now=NOW)
    with pytest.raises(SeatUnknown):
        seats.join(friend.pk, now=NOW)


def test_a_customer_who_was_taken_out_waits_with_a_new_link() -> None:
    made = build.meeting()
    adviser, customer = build.adviser_in(made), build.came(made, "customer")
    seats.remove(customer.number, by=adviser.pk, now=NOW)
    again = build.came(made, "customer")
    assert again.state == "waiting"
    assert seats.admit(again.number, by=adviser.pk, now=NOW).state == "inside"


def test_pressed_twice_nothing_more_happens() -> None:
    made = build.meeting()
    adviser, friend = build.adviser_in(made), build.came(made, "companion")
    first = seats.admit(friend.number, by=adviser.pk, now=NOW)
    assert seats.admit(friend.number, by=adviser.pk, now=at(1)).admitted_at == first.admitted_at
    assert seats.refuse(friend.number, by=adviser.pk, now=at(1)).state == "inside"
    seats.leave(friend.pk, now=NOW)
    assert seats.leave(friend.pk, now=NOW).state == "left"
    seats.end_for_all(by=adviser.pk, now=NOW)
    seats.end_for_all(by=adviser.pk, now=NOW)
    with pytest.raises(MeetingOver):
        seats.join(friend.pk, now=NOW)


def test_the_adviser_is_taken_out_by_nobody() -> None:
    made = build.meeting()
    adviser = build.adviser_in(made)
    with pytest.raises(NotAllowed):
        seats.remove(adviser.number, by=adviser.pk, now=NOW)
    with pytest.raises(NotAllowed):
        seats.withdraw(adviser.pk, now=NOW)


def test_an_invitation_is_taken_back_from_outside() -> None:
    made = build.meeting()
    issued = links.issue_link(made.pk, "companion", now=NOW)
    assert seats.withdraw(issued.seat.pk, now=NOW).state == "removed"
