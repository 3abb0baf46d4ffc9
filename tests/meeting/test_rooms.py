"""Video rooms: keys that open one room, one customer's turn at a time, and nothing left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.booking import meeting_links, services
from palveluverkko.booking.models import Booking
from palveluverkko.contact.models import Contact, RecentAsk
from palveluverkko.meeting import links, meetings, room_keys, rooms, seats
from palveluverkko.meeting.errors import MeetingUnknown
from palveluverkko.meeting.meetings import meeting_for_booking
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.meeting.room_ends import host_pass, join_turn
from palveluverkko.meeting.room_keys import KeyRefused, TooManyTries, Trying
from palveluverkko.meeting.room_models import RoomDevice, RoomKey, RoomTurn
from palveluverkko.meeting.room_queries import day_of
from tests.booking import world
from tests.meeting import build, room_build
from tests.meeting.room_build import NINE, booked, local, screen

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=1)


@pytest.fixture
def room(db, monkeypatch):
    # What is told after the commit is told at once: a test's transaction is never committed.
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_how: told())
    return room_build.build()


def test_a_key_is_typed_as_it_is_read(room):
    key = room_keys.make_key(room.pk, now=NINE)
    for typed in (key, key.lower(), key.replace("-", ""), f"  {key.replace('-', '  ')} "):
        device, secret = rooms.unlock(typed, "room", now=NINE)
        assert device.key.room == room
        assert rooms.device_of(secret, now=NINE) == device
    swapped = key.replace("0", "O").replace("1", "l").replace("V", "U")
    assert rooms.unlock(swapped, "host", now=NINE)[0].kind == "host"


def test_neither_key_nor_cookie_is_kept(room):
    key = room_keys.make_key(room.pk, now=NINE)
    _device, secret = rooms.unlock(key, "room", now=NINE)
    kept = f"{list(RoomKey.objects.values())} {list(RoomDevice.objects.values())}"
    assert key not in kept
    assert key.replace("-", "") not in kept
    assert secret not in kept


def test_ten_wrong_keys_and_even_the_right_one_must_wait_an_hour(room):
    key = room_keys.make_key(room.pk, now=NINE)
    for n in range(room_keys.WRONG_MOST):
        with pytest.raises(KeyRefused):
            rooms.unlock(f"AAAA-AAAA-AA{n:02}", "room", by=Trying("192.0.2.1", "one"), now=NINE)
    with pytest.raises(TooManyTries):
        rooms.unlock(key, "room", by=Trying("192.0.2.1", "one"), now=NINE)
    assert rooms.unlock(key, "room", by=Trying("192.0.2.2"), now=NINE)
    assert rooms.unlock(
        key, "room", by=Trying("192.0.2.1", "one"), now=NINE + timedelta(minutes=61)
    )
    assert "192.0.2.1" not in str(list(RecentAsk.objects.values()))


def test_a_revoked_key_locks_everything_that_it_opened(room):
    key = room_keys.make_key(room.pk, now=NINE)
    device, secret = rooms.unlock(key, "room", now=NINE)
    _host, at_host = rooms.unlock(key, "host", now=NINE)
    turn = rooms.begin_turn(device, booked().pk, now=NINE)
    given = join_turn(turn, NINE)
    rooms.revoke_key(device.key_id, now=NINE + LATER)
    rooms.revoke_key(device.key_id, now=NINE + LATER)
    for each in (secret, at_host):
        assert rooms.device_of(each, now=NINE + LATER) is None
    turn.refresh_from_db()
    assert turn.ended_why == "key"
    assert Seat.objects.get(pk=given.seat.pk).state == "removed"
    with pytest.raises(KeyRefused):
        rooms.unlock(key, "room", now=NINE + LATER)


def test_one_turn_at_a_time_whatever_the_screen(room):
    first, second = screen(room), screen(room)
    turn = rooms.begin_turn(first, None, now=NINE)
    assert rooms.begin_turn(first, None, now=NINE + LATER) == turn
    for device, booking in ((second, None), (first, booked().pk)):
        with pytest.raises(rooms.RoomTaken):
            rooms.begin_turn(device, booking, now=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomTurn.objects.create(room=room, device=second, begun_at=NINE, seen_at=NINE)
    rooms.end_turn(turn.pk, "done", now=NINE)
    assert rooms.begin_turn(second, None, now=NINE)


def test_a_booking_of_another_room_or_a_cancelled_one_is_not_begun(room):
    other = world.room(room.point, "Other room")
    one = booked()
    with pytest.raises(rooms.NotInRoom):
        rooms.begin_turn(screen(other), one.pk, now=NINE)
    services.cancel(one.pk)
    with pytest.raises(rooms.NotInRoom):
        rooms.begin_turn(screen(room), one.pk, now=NINE)


def test_after_the_turn_nothing_lets_anybody_back_in(room):
    device = screen(room)
    turn = rooms.begin_turn(device, booked().pk, now=NINE)
    given = join_turn(turn, NINE)
    seats.join(given.seat.pk, now=NINE)
    assert rooms.end_turn(turn.pk, "done", now=NINE + LATER)
    assert not rooms.end_turn(turn.pk, "done", now=NINE + LATER)
    assert RoomDevice.objects.get(pk=device.pk).closed_at is not None
    seat = links.seat_of_pass(given.secret)
    assert seat is not None
    assert seat.state == "removed"
    # The staff may begin the same meeting again: it has not been ended by the adviser.
    again = join_turn(rooms.begin_turn(screen(room), turn.booking_id, now=NINE + LATER), NINE)
    assert again.seat.meeting == given.seat.meeting


def test_when_the_adviser_ends_the_meeting_the_screen_is_locked(room):
    device = screen(room)
    turn = rooms.begin_turn(device, booked().pk, now=NINE)
    given = join_turn(turn, NINE)
    meetings.end(given.seat.meeting_id, now=NINE + LATER)
    turn.refresh_from_db()
    assert turn.ended_why == "done"
    assert RoomDevice.objects.get(pk=device.pk).closed_at is not None


def test_the_host_comes_in_when_asked_and_rings_until_somebody_answers(room):
    turn = rooms.begin_turn(screen(room), booked().pk, now=NINE)
    with pytest.raises(MeetingUnknown):
        host_pass(turn, NINE)
    customer = join_turn(turn, NINE).seat
    adviser = build.adviser_in(customer.meeting, NINE)
    seats.join(customer.pk, now=NINE)
    host = seats.join(host_pass(turn, NINE).seat.pk, now=NINE)
    assert host.state == "waiting"
    seats.ask_in(host.number, by=adviser.pk, now=NINE)
    turn.refresh_from_db()
    assert turn.host_asked_at is not None
    assert Seat.objects.get(pk=host.pk).state == "inside"
    rooms.answer_host(turn.pk, now=NINE + LATER)
    seats.send_out(host.number, by=customer.pk, now=NINE + LATER)
    turn.refresh_from_db()
    assert (turn.host_asked_at, turn.host_answered_at) == (None, None)


def test_asked_before_the_meeting_has_begun_the_host_rings_and_may_come_in(room):
    turn = rooms.begin_turn(screen(room), booked().pk, now=NINE)
    rooms.ask_host(turn.pk, now=NINE)
    turn.refresh_from_db()
    meeting = join_turn(turn, NINE + LATER).seat.meeting
    turn.refresh_from_db()
    assert turn.host_asked_at is not None
    assert meeting.seats.get(role="host").may_enter


def test_a_screen_without_anybody_locks_itself_and_a_lost_one_frees_the_room(room):
    idle = screen(room)
    host = screen(room, "host")
    turn = rooms.begin_turn(screen(room), booked().pk, now=NINE)
    rooms.sweep(NINE + timedelta(minutes=2))
    assert RoomTurn.objects.get(pk=turn.pk).ended_at is None
    rooms.sweep(NINE + timedelta(minutes=6))
    turn.refresh_from_db()
    assert turn.ended_why == "idle"
    assert RoomDevice.objects.get(pk=idle.pk).closed_at is not None
    assert RoomDevice.objects.get(pk=host.pk).closed_at is None
    rooms.sweep(NINE + timedelta(hours=13))
    assert RoomDevice.objects.get(pk=host.pk).closed_at is not None


def test_a_turn_of_which_the_screen_is_heard_goes_on(room):
    key = room_keys.make_key(room.pk, now=NINE)
    device, secret = rooms.unlock(key, "room", now=NINE)
    turn = rooms.begin_turn(device, booked().pk, now=NINE)
    for minutes in range(1, 30):
        moment = NINE + timedelta(minutes=minutes)
        assert rooms.device_of(secret, now=moment) is not None
        rooms.sweep(moment)
    assert RoomTurn.objects.get(pk=turn.pk).ended_at is None


def test_without_a_booking_the_turn_is_a_place_in_the_queue(room):
    turn = rooms.begin_turn(screen(room), None, now=NINE)
    with pytest.raises(MeetingUnknown):
        join_turn(turn, NINE)
    adviser = build.build_adviser("Aino")
    contact = build.in_contact(adviser, NINE)
    RoomTurn.objects.filter(pk=turn.pk).update(contact=contact)
    turn.refresh_from_db()
    meeting = join_turn(turn, NINE).seat.meeting
    rooms.end_turn(turn.pk, "done", now=NINE + LATER)
    contact.refresh_from_db()
    meeting.refresh_from_db()
    assert contact.state == Contact.State.ANSWERED
    assert meeting.ended_at is not None


def test_who_leaves_the_room_leaves_the_queue(room):
    turn = rooms.begin_turn(screen(room), None, now=NINE)
    adviser = build.build_adviser("Aino")
    contact = build.in_contact(adviser, NINE)
    Contact.objects.filter(pk=contact.pk).update(state="waiting", adviser=None)
    RoomTurn.objects.filter(pk=turn.pk).update(contact=contact)
    rooms.end_turn(turn.pk, "idle", now=NINE)
    contact.refresh_from_db()
    assert contact.state == Contact.State.ABANDONED


def test_the_staff_see_times_and_no_names(room):
    one = booked()
    booked(local(11))
    services.cancel(booked(local(10)).pk)
    day = day_of(room, NINE - timedelta(minutes=20))
    assert [(t.start, t.can_begin) for t in day.times] == [(NINE, True), (local(11), False)]
    free = [(s, e) for s, e in day.free]
    assert free == [(local(9, 30), local(11)), (local(11, 30), local(12))]
    assert "Aino" not in str(day)
    assert day_of(room, NINE + timedelta(days=1)).times == ()
    assert one.pk == day.times[0].booking_id


def test_who_starts_the_meeting_in_the_room_has_arrived(room):
    turn = rooms.begin_turn(screen(room), booked().pk, now=NINE)
    join_turn(turn, NINE)
    join_turn(turn, NINE + LATER)
    one = Booking.objects.get(pk=turn.booking_id)
    assert (one.state, one.arrived_at) == ("arrived", NINE)


def test_what_is_kept_in_another_service_is_not_begun_here(room):
    one = booked()
    meeting_links.save_link(one.pk, "https://video.example.org/j/1")
    time = day_of(room, NINE).times[0]
    assert (time.can_begin, time.elsewhere) == (False, True)


def test_old_turns_are_deleted_and_those_of_now_are_not(room):
    turn = rooms.begin_turn(screen(room), None, now=NINE)
    rooms.end_turn(turn.pk, "done", now=NINE)
    assert rooms.forget(NINE + timedelta(days=30)) == 0
    assert rooms.forget(NINE + timedelta(days=100)) == 2
    assert RoomKey.objects.count() == 1


def test_moving_the_booking_makes_the_rooms_meeting_worthless(room):
    one = booked()
    turn = rooms.begin_turn(screen(room), one.pk, now=NINE - timedelta(minutes=20))
    given = join_turn(turn, NINE - timedelta(minutes=20))
    Booking.objects.filter(pk=one.pk).update(start=local(10), end=local(10, 30))
    seat = links.seat_of_pass(given.secret)
    assert seat is not None
    assert not meetings.is_alive(seat.meeting, NINE)
    assert meeting_for_booking(one.pk, local(10)) != seat.meeting
    assert Meeting.objects.filter(ended_at=None).count() == 1
