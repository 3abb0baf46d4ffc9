"""What a room's pages tell of the day and of the turn: times and states, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from palveluverkko.booking.models import Booking
from palveluverkko.meeting import rooms
from palveluverkko.meeting.room_models import RoomDevice, RoomTurn
from palveluverkko.meeting.room_queries import RoomTime, day_of
from palveluverkko.web.desk import words

State = Booking.State


@dataclass(frozen=True, slots=True)
class Line:
    """A booked time as the staff see it."""

    booking: int
    begins: str
    ends: str
    said: str
    can_begin: bool


def day_context(device: RoomDevice, now: datetime) -> dict[str, Any]:
    """The room, its day, and the turn that goes on in it."""
    room = device.key.room
    day = day_of(room, now)
    turn = rooms.turn_in(room.pk)
    return {
        "device": device,
        "room": room,
        "point": room.point,
        "day": day.day,
        "now": words.clock(now, day.zone),
        "lines": [_line(one, day.zone, turn) for one in day.times],
        "free": [(words.clock(s, day.zone), words.clock(e, day.zone)) for s, e in day.free],
        "turn": turn,
        "turn_since": words.clock(turn.begun_at, day.zone) if turn is not None else "",
        "asked": host_state(turn) == "asked",
    }


def host_state(turn: RoomTurn | None) -> str:
    """``asked``: the staff are wanted in the room; ``coming``: they have answered."""
    if turn is None or turn.host_asked_at is None:
        return ""
    return "coming" if turn.host_answered_at is not None else "asked"


def _line(one: RoomTime, zone: str, turn: RoomTurn | None) -> Line:
    here = turn is not None and turn.booking_id == one.booking_id
    return Line(
        booking=one.booking_id,
        begins=words.clock(one.start, zone),
        ends=words.clock(one.end, zone),
        said=_("now in the room") if here else _said(one, zone),
        can_begin=one.can_begin and turn is None,
    )


def _said(one: RoomTime, zone: str) -> str:
    if one.state == State.SERVED:
        return _("has been")
    if one.state == State.NO_SHOW:
        return _("did not come")
    if one.elsewhere:
        return _("by another video service: open the link that the customer has")
    if one.opens_at is not None:
        return _("can be started at %(time)s") % {"time": words.clock(one.opens_at, zone)}
    return ""
