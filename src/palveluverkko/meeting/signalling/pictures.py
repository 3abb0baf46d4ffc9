"""What each page of a meeting is to show, read in one go for all pages of a process.

Who waits learns nothing: not who is inside, nor whether anybody is. Only the adviser sees who is at
the door.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from palveluverkko.meeting.meetings import is_alive
from palveluverkko.meeting.models import Meeting, Seat

Picture = dict[str, Any]
Role, State = Seat.Role, Seat.State
AWAY_AFTER = timedelta(seconds=15)
OVER: Picture = {"state": "ended"}


@dataclass(frozen=True, slots=True)
class View:
    """``picture`` is for the page; ``inside``, seats by number, for whom its words may reach.

    ``due``: the meeting has opened while the page waited for that.
    """

    picture: Picture = field(default_factory=lambda: OVER)
    inside: Mapping[int, int] = field(default_factory=dict)
    due: bool = False


def views_of(seats: Collection[int], now: datetime) -> dict[int, View]:
    """By seat. One that is not here is of a meeting that does not exist any more."""
    wanted = Seat.objects.filter(pk__in=seats).values("meeting")
    everybody: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(meeting__in=wanted).order_by("number", "pk"):
        everybody[seat.meeting_id].append(seat)
    rows = Meeting.objects.select_related("booking", "contact").in_bulk(everybody)
    return {
        seat.pk: _view(seat, rows[meeting_id], people, now)
        for meeting_id, people in everybody.items()
        for seat in people
        if seat.pk in seats
    }


def _view(seat: Seat, meeting: Meeting, people: list[Seat], now: datetime) -> View:
    if not is_alive(meeting, now):
        return View(OVER)
    if seat.state in Seat.GONE or seat.state == State.LEFT:
        return View({"state": str(seat.state)})
    if now < meeting.opens_at:
        return View({"state": "early", "opens": meeting.opens_at.isoformat()})
    if seat.state == State.INVITED:
        return View({"state": "waiting", "role": seat.role}, due=True)
    if seat.state == State.WAITING:
        return View({"state": "waiting", "role": seat.role})
    inside = [other for other in people if other.state == State.INSIDE]
    picture: Picture = {
        "state": "inside",
        "me": seat.number,
        "role": seat.role,
        "people": [_person(other, now) for other in inside if other.pk != seat.pk],
        "host": _host(people, now) if seat.role in (Role.ADVISER, Role.CUSTOMER) else None,
    }
    if seat.role == Role.ADVISER:
        picture |= _at_the_door(people, now)
    return View(picture, {other.number: other.pk for other in inside})


def _at_the_door(people: list[Seat], now: datetime) -> Picture:
    """A host who is not asked in is at hand, not at the door."""
    guests = [s for s in people if s.role not in (Role.ADVISER, Role.HOST)]
    waiting = [s for s in guests if s.state == State.WAITING]
    return {
        "waiting": [_person(s, now) for s in waiting],
        "expected": [_person(s, now) for s in guests if s.state in (State.INVITED, State.LEFT)],
    }


def _host(people: list[Seat], now: datetime) -> Picture | None:
    host = next((s for s in people if s.role == Role.HOST and s.state not in Seat.GONE), None)
    if host is None:
        return None
    return _person(host, now) | {"state": str(host.state), "asked": host.may_enter}


def _person(seat: Seat, now: datetime) -> Picture:
    seen = seat.seen_at
    away = seen is None or seen < now - AWAY_AFTER
    return {"number": seat.number, "role": seat.role, "label": seat.label, "away": away}
