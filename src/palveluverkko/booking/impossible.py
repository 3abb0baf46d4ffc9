"""Which booked times cannot be kept as things stand: the rule behind the work lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from palveluverkko.availability import Window, cells_for
from palveluverkko.availability.masks import runs
from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.models import Booking, Claim, Closure, Resource, Shift

Cause = Closure.Cause
BATCH = 500


def impossible(bookings: Iterable[Booking]) -> Iterator[tuple[Booking, str]]:
    """Each booking that cannot be kept, with its cause; the others are left out."""
    batch: list[Booking] = []
    for booking in bookings:
        batch.append(booking)
        if len(batch) == BATCH:
            yield from _of(batch)
            batch = []
    yield from _of(batch)


def _of(batch: list[Booking]) -> Iterator[tuple[Booking, str]]:
    unstaffed = _unstaffed(batch)
    for booking in batch:
        if (why := _place(booking)) is not None:
            yield booking, why
        elif booking.pk in unstaffed:
            yield booking, Cause.ABSENCE


def _place(booking: Booking) -> str | None:
    """Why the point cannot serve then, or None."""
    if booking.point_id is None:
        return None
    register = offerings.current()
    timetable = register.timetables.get(booking.point_id)
    if timetable is None:
        return Cause.POINT_ENDS
    day = outlets.local_date(booking.start, timetable.timezone)
    if not timetable.valid.holds_on(day):
        return Cause.POINT_ENDS
    window = Window(booking.start.date())
    cell = window.cell(booking.start)
    mask = register.open_mask(booking.point_id, booking.mode, booking.service_id, window)
    minutes = int((booking.end - booking.start).total_seconds() // 60)
    if cell is None or not runs(mask, cells_for(minutes)) >> cell & 1:
        return Cause.HOURS
    return None


def _unstaffed(batch: list[Booking]) -> set[int]:
    """Bookings some person of whom has no shift there any more."""
    people = (Resource.Kind.ADVISER, Resource.Kind.INTERPRETER)
    claims = list(
        Claim.objects.filter(booking__in=[b.pk for b in batch], resource__kind__in=people)
        .values_list("booking_id", "resource_id", "start", "end")
        .order_by("start")
    )
    if not claims:
        return set()
    spans: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    shifts = Shift.objects.filter(
        person_id__in={c[1] for c in claims},
        absent=False,
        start__lt=max(c[3] for c in claims),
        end__gt=min(c[2] for c in claims) - timedelta(days=1),
    )
    for person, start, end in shifts.values_list("person_id", "start", "end"):
        spans[person].append((start, end))
    return {
        booking
        for booking, person, start, end in claims
        if not any(a <= start and end <= b for a, b in outlets.joined(spans[person]))
    }
