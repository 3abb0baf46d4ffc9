"""Other times for a booking that cannot be kept: same point, neighbours, video, phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

from palveluverkko.booking import offerings, outlets, queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.models import Booking, BookingMode
from palveluverkko.web.desk import words
from palveluverkko.web.portal import register
from palveluverkko.web.portal.booking import offered
from palveluverkko.web.texts import in_language

SAME, OTHER, NEIGHBOURS = 6, 4, 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where or how, and its next free times: what the form sends, and the words."""

    title: str
    times: tuple[tuple[str, str], ...]


def for_booking(booking: Booking, now: datetime) -> tuple[Place, ...]:
    """Every place of the order in which customers prefer it, also those without free times."""
    known = register.current()
    places = [(booking.mode, booking.point_id, SAME)]
    here = known.points.get(booking.point_id or "")
    if here is not None:
        today = outlets.local_date(now, here.timetable.timezone)
        near = offered.neighbours(here, booking.service_id, known, today, NEIGHBOURS)
        places += [(mode, point, OTHER) for point, mode in near]
    remote = (m for m in offered.remote_modes() if m != booking.mode)
    places += [(mode, None, OTHER) for mode in remote]
    return tuple(_place(booking, mode, point, most, now) for mode, point, most in places)


def read(text: str) -> tuple[str | None, str | None, datetime | None]:
    """Mode, point and start out of what the form sent; no start where it is forged."""
    mode, _bar, rest = text.partition("|")
    point, _bar, when = rest.partition("|")
    try:
        start = parse_datetime(when)
    except ValueError:
        start = None
    known = not point or point in register.current().points
    if mode not in BookingMode.values or not known or start is None or start.tzinfo is None:
        return None, None, None
    try:
        return mode, point or None, start.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999
        return None, None, None


def _place(booking: Booking, mode: str, point: str | None, most: int, now: datetime) -> Place:
    known = register.current().points.get(point or "")
    name = in_language(known.names) if known else ""
    times = queries.free_times(
        point, mode, booking.service_id, booking.language, limit=most, now=now
    )
    zone = offerings.current().zone_of(point)
    title = f"{name}, {words.channel(mode)}" if name else words.channel(mode)
    return Place(title, tuple((_value(t), words.when(t.start, zone)) for t in times))


def _value(time: FreeTime) -> str:
    return f"{time.mode}|{time.point or ''}|{time.start.isoformat()}"
