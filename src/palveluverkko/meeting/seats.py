"""People come to the meeting's door, are let in or not, leave, come back, and are taken out.

Who presses is a seat too: only an adviser who is inside lets in and takes out. Every verb may be
pressed twice, or by two at once: the second changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import serving
from palveluverkko.booking.errors import NotOpenAnyMore as BookingNotOpen
from palveluverkko.meeting import events, meetings
from palveluverkko.meeting.errors import MeetingOver, NotAllowed, SeatUnknown
from palveluverkko.meeting.meetings import locked
from palveluverkko.meeting.models import ADVISERS_SEAT, Meeting, Seat
from palveluverkko.meeting.rules import comes_in, may_ask_in

State, Role = Seat.State, Seat.Role


@transaction.atomic
def join(seat_id: int, *, now: datetime | None = None) -> Seat:
    """At the door: inside, or in the waiting room. The adviser's coming opens it for the customer.

    Before the meeting opens nothing happens. Raises :class:`MeetingOver` and :class:`SeatUnknown`.
    """
    moment = now or timezone.now()
    meeting, seat = _of(seat_id, moment)
    if moment < meeting.opens_at or not seat.pass_hash:
        return seat
    seat.seen_at = moment
    seat.save(update_fields=["seen_at"])
    if seat.state != State.INSIDE:
        _place(seat, _adviser_inside(meeting), moment)
        if seat.role == Role.ADVISER:
            for each in meeting.seats.filter(state=State.WAITING):
                _place(each, True, moment)
    return seat


@transaction.atomic
def leave(seat_id: int, *, now: datetime | None = None) -> Seat:
    """Out, and free to come back; a host must be asked in again."""
    _meeting, seat = _of(seat_id, now or timezone.now())
    if seat.state in (State.INSIDE, State.WAITING):
        seat.may_enter = seat.may_enter and seat.role != Role.HOST
        _move(seat, State.LEFT, "may_enter")
    return seat


@transaction.atomic
def admit(number: int, *, by: int, now: datetime | None = None) -> Seat:
    """Let somebody in who waits. Raises :class:`NotAllowed` where ``by`` is not the adviser."""
    moment = now or timezone.now()
    meeting = _run_by(by, moment)
    seat = _numbered(meeting, number)
    if seat.state == State.WAITING:
        seat.may_enter = True
        _enter(seat, moment)
    return seat


@transaction.atomic
def refuse(number: int, *, by: int, now: datetime | None = None) -> Seat:
    """Do not let in somebody who waits: link and pass open nothing any more."""
    seat = _numbered(_run_by(by, now or timezone.now()), number)
    if seat.state == State.WAITING and seat.number != ADVISERS_SEAT:
        _move(seat, State.REFUSED)
    return seat


@transaction.atomic
def remove(number: int, *, by: int, now: datetime | None = None) -> Seat:
    """Take somebody out, or take an invitation back."""
    seat = _numbered(_run_by(by, now or timezone.now()), number)
    if seat.number == ADVISERS_SEAT:
        raise NotAllowed
    _move(seat, State.REMOVED)
    return seat


@transaction.atomic
def withdraw(seat_id: int, *, now: datetime | None = None) -> Seat:
    """Take an invitation back outside the meeting, by whoever made it: the page checks who."""
    _meeting, seat = _of(seat_id, now or timezone.now())
    if seat.number == ADVISERS_SEAT:
        raise NotAllowed
    _move(seat, State.REMOVED)
    return seat


@transaction.atomic
def ask_in(number: int, *, by: int, now: datetime | None = None) -> Seat:
    """Ask the host of the service point in; one who is not at their page comes in when they are."""
    moment = now or timezone.now()
    seat = _host(number, by, moment)
    if not seat.may_enter:
        seat.may_enter = True
        seat.save(update_fields=["may_enter"])
        events.tell(seat.meeting_id)
    if seat.state == State.WAITING:
        _place(seat, _adviser_inside(seat.meeting), moment)
    return seat


@transaction.atomic
def send_out(number: int, *, by: int, now: datetime | None = None) -> Seat:
    """The host goes back to the waiting room: customer and adviser are by themselves again."""
    seat = _host(number, by, now or timezone.now())
    if seat.may_enter:
        seat.may_enter = False
        _move(seat, State.WAITING if seat.state == State.INSIDE else seat.state, "may_enter")
    return seat


def end_for_all(
    *, by: int, served: bool = False, user: Any = None, now: datetime | None = None
) -> None:
    """The adviser ends the meeting; when it has ended already nothing is changed.

    ``served``: a booked customer is finished as well, so that no list offers the time again. In a
    transaction of its own: elsewhere a booking is locked before its meeting.
    """
    moment = now or timezone.now()
    booking_id = _end(by, moment)
    if served and booking_id is not None:
        with suppress(BookingNotOpen):  # settled at the desk meanwhile
            serving.finish(booking_id, by=user, now=moment)


@transaction.atomic
def _end(by: int, now: datetime) -> int | None:
    """The booking whose meeting ended now; ``None`` where there is none, or it was over."""
    try:
        meeting = _run_by(by, now)
    except MeetingOver:
        return None
    meetings.end(meeting.pk, now=now)
    return meeting.booking_id


def _of(seat_id: int, now: datetime) -> tuple[Meeting, Seat]:
    """The meeting is locked first, so that two changes of it come one after the other."""
    meeting_id = Seat.objects.filter(pk=seat_id).values_list("meeting", flat=True).first()
    if meeting_id is None:
        raise SeatUnknown
    meeting = locked(meeting_id, now)
    seat = Seat.objects.get(pk=seat_id)
    if seat.state in Seat.GONE:
        raise SeatUnknown
    return meeting, seat


def _run_by(seat_id: int, now: datetime) -> Meeting:
    meeting, seat = _of(seat_id, now)
    if seat.role != Role.ADVISER or seat.state != State.INSIDE:
        raise NotAllowed
    return meeting


def _host(number: int, by: int, now: datetime) -> Seat:
    meeting, asking = _of(by, now)
    if not may_ask_in(asking.role) or asking.state != State.INSIDE:
        raise NotAllowed
    seat = _numbered(meeting, number)
    if seat.role != Role.HOST:
        raise NotAllowed
    return seat


def _numbered(meeting: Meeting, number: int) -> Seat:
    seat = meeting.seats.filter(number=number).exclude(state__in=Seat.GONE).first()
    if seat is None:
        raise SeatUnknown
    return seat


def _adviser_inside(meeting: Meeting) -> bool:
    return meeting.seats.filter(number=ADVISERS_SEAT, state=State.INSIDE).exists()


def _place(seat: Seat, adviser_inside: bool, now: datetime) -> None:
    if comes_in(
        seat.role,
        adviser_inside=adviser_inside,
        admitted=seat.admitted_at is not None,
        may_enter=seat.may_enter,
    ):
        _enter(seat, now)
    elif seat.state != State.WAITING:
        seat.waiting_since = now
        _move(seat, State.WAITING, "waiting_since")


def _enter(seat: Seat, now: datetime) -> None:
    seat.admitted_at = seat.admitted_at or now
    _move(seat, State.INSIDE, "admitted_at", "may_enter")


def _move(seat: Seat, state: str, *also: str) -> None:
    seat.state = state
    seat.save(update_fields=["state", *also])
    events.tell(seat.meeting_id)
