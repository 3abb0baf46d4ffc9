"""A turn's meeting: how the screen and the host come in, and what becomes of it at the end."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from palveluverkko.booking import serving
from palveluverkko.contact import pool
from palveluverkko.meeting import events, seats
from palveluverkko.meeting.errors import MeetingError, MeetingUnknown
from palveluverkko.meeting.links import Pass, issue_link, open_link
from palveluverkko.meeting.meetings import meeting_for_booking, meeting_for_contact
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.meeting.room_models import RoomTurn

OF_THE_ROOM = (Seat.Role.CUSTOMER, Seat.Role.HOST)


def meeting_of(turn: RoomTurn) -> Meeting | None:
    """The turn's meeting that has not ended; ``None`` before the customer has begun it."""
    rows = Meeting.objects.filter(ended_at=None)
    if turn.booking_id is not None:
        return rows.filter(booking=turn.booking_id).first()
    return rows.filter(contact=turn.contact_id).first() if turn.contact_id is not None else None


def join_turn(turn: RoomTurn, now: datetime) -> Pass:
    """The customer's pass for the room's screen; the host has a seat too, and comes in when asked.

    Raises :class:`MeetingUnknown` where there is no meeting yet, and :class:`MeetingOver`.
    """
    if turn.booking_id is not None:
        meeting = meeting_for_booking(turn.booking_id, now)
        serving.arrive(turn.booking_id, now=now)  # the adviser's list says so
    elif turn.contact_id is not None:
        meeting = meeting_for_contact(turn.contact_id, now)
    else:
        raise MeetingUnknown
    issued = issue_link(meeting.pk, Seat.Role.CUSTOMER, now=now)
    if not meeting.seats.filter(role=Seat.Role.HOST).exclude(state__in=Seat.GONE).exists():
        # Nobody gets this link: the staff's own page makes one when they come in.
        issue_link(meeting.pk, Seat.Role.HOST, now=now)
    if turn.host_asked_at is not None and turn.host_answered_at is None:
        let_host_in(turn)
    return open_link(issued.link, now=now)


def host_pass(turn: RoomTurn, now: datetime) -> Pass:
    """The host's pass, for the staff's own computer; they wait outside unless they were asked in.

    Raises :class:`MeetingUnknown` and :class:`MeetingOver`.
    """
    meeting = meeting_of(turn)
    if meeting is None:
        raise MeetingUnknown
    return open_link(issue_link(meeting.pk, Seat.Role.HOST, now=now).link, now=now)


def host_is_there(turn: RoomTurn, now: datetime) -> None:
    """The staff's page is open: customer and adviser are offered to ask the host in."""
    meeting = meeting_of(turn)
    if meeting is not None:
        host = meeting.seats.filter(role=Seat.Role.HOST).exclude(state__in=Seat.GONE)
        host.update(seen_at=now)


def let_host_in(turn: RoomTurn) -> None:
    """The host may come in at the next knock."""
    meeting = meeting_of(turn)
    if meeting is not None:
        host = meeting.seats.filter(role=Seat.Role.HOST).exclude(state__in=Seat.GONE)
        if host.update(may_enter=True):
            events.tell(meeting.pk)


def let_go(turn: RoomTurn, now: datetime) -> None:
    """Whoever goes to the screen next cannot come back into what went on there.

    Where the adviser still waits, the staff may begin the booked meeting anew.
    """
    meeting = meeting_of(turn)
    if meeting is not None:
        here = meeting.seats.filter(role__in=OF_THE_ROOM).exclude(state__in=Seat.GONE)
        for seat in here:
            with suppress(MeetingError):  # over meanwhile: then its passes open nothing anyway
                seats.withdraw(seat.pk, now=now)
    if turn.contact_id is not None:
        pool.abandon(turn.contact_id, now=now)
