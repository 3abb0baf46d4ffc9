"""What can be booked at all: ways, languages, interpreters, and the neighbours that give it."""

from __future__ import annotations

import math
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from palveluverkko.booking import offerings
from palveluverkko.booking.models import MODES_AT_POINTS, BookingMode, Resource, Shift
from palveluverkko.network.moment import once
from palveluverkko.web.portal import register
from palveluverkko.web.portal.register import KnownPoint, Register

REMOTE = (BookingMode.VIDEO, BookingMode.PHONE)


def remote_modes() -> tuple[str, ...]:
    """Ways without travelling that the register has."""
    known = register.current().channels
    return tuple(mode for mode in REMOTE if mode in known)


def modes(point: KnownPoint | None, today: date) -> tuple[str, ...]:
    """Ways to meet: those of the point, now or later, and those without travelling."""
    return (*(MODES_AT_POINTS if point is None else modes_at(point, today)), *remote_modes())


def modes_at(point: KnownPoint, today: date) -> tuple[str, ...]:
    """Ways in which the point itself can be booked, now or later; none where it has ended."""
    services = {given.service for given in point.given}
    return tuple(
        mode for mode in MODES_AT_POINTS if any(gives(point, s, mode, today) for s in services)
    )


def gives(point: KnownPoint, service: str, mode: str, today: date) -> bool:
    """Whether the point gives the service in that way, today or from a later day on."""
    ends = point.timetable.valid.end
    if ends is not None and ends < today:
        return False
    return any(
        g.service == service and g.mode == mode and (g.valid.end is None or g.valid.end >= today)
        for g in point.given
    )


def languages() -> list[str]:
    """The agency's languages, then those that some adviser speaks besides."""
    first = offerings.current().languages
    return [*first, *sorted(_spoken(Resource.Kind.ADVISER) - set(first))]


def interpreters() -> list[str]:
    """Languages of interpreters who have shifts to come."""
    return sorted(_spoken(Resource.Kind.INTERPRETER))


def neighbours(
    point: KnownPoint, service: str, known: Register, today: date, most: int
) -> list[tuple[str, str]]:
    """The nearest other points that give the service, each with one way of giving it."""
    found = [
        (_nearness(point, other), other.id, mode)
        for other in known.points.values()
        if other.id != point.id
        for mode in MODES_AT_POINTS
        if gives(other, service, mode, today)
    ]
    return [(id, mode) for _away, id, mode in sorted(found)[:most]]


def _nearness(here: KnownPoint, there: KnownPoint) -> float:
    east = (there.lon - here.lon) * math.cos(math.radians(here.lat))
    return math.hypot(there.lat - here.lat, east)


@once
def _spoken(kind: str) -> frozenset[str]:
    people = Resource.objects.filter(kind=kind)
    if kind == Resource.Kind.INTERPRETER:
        mine = Shift.objects.filter(person=OuterRef("pk"), end__gt=timezone.now(), absent=False)
        people = people.filter(Exists(mine))
    found = people.order_by().values_list("languages", flat=True).distinct()
    return frozenset(code for codes in found for code in codes)
