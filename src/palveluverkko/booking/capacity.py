"""How many times could be booked on a day, and how many were: what demand is measured against.

A point whose times are all taken shows its capacity, not its demand (docs/methods/demand.md).
"""

from __future__ import annotations

from datetime import UTC, date

from palveluverkko.availability import Window
from palveluverkko.availability.masks import CELL_MINUTES, DAY_MASK
from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.models import Booking, BookingMode, Resource, Shift
from palveluverkko.booking.outlets import TAKING, day_span, local_date
from palveluverkko.booking.terms import TermsBook
from palveluverkko.calendar import minutes_of, open_intervals
from palveluverkko.network.models import valid_on


def day_figures(point: str, day: date) -> dict[str, int | None]:
    """``open_minutes``, ``slots`` and ``booked`` of one local day, as a daily report takes them.

    ``slots``: meetings of average length, buffers included, that fit into the appointment shifts
    inside opening hours, at most as many at once as there are desks. Unknown (``None``) where
    nothing is given by appointment there: no times is not the same as none bookable.
    """
    loaded = outlets.load([point], day, day)
    register = loaded.register
    timetable = register.timetables.get(point)
    if timetable is None:
        return {}
    minutes = minutes_of(open_intervals(timetable, day))
    services = [
        s
        for s in register.offered.get((point, BookingMode.APPOINTMENT), {})
        if register.offers(point, BookingMode.APPOINTMENT, s, day)
    ]
    if not services:
        return {"open_minutes": minutes, "slots": None, "booked": None}
    start, end = day_span(day, timetable.timezone)
    held = Booking.objects.filter(
        point_id=point,
        mode=BookingMode.APPOINTMENT,
        start__gte=start,
        start__lt=end,
        state__in=[s for s in TAKING if s != "held"],
    )
    lengths = list(held.values_list("service_id", flat=True)) or services
    served = _adviser_minutes(loaded, point, services, day, timetable.timezone)
    return {
        "open_minutes": minutes,
        "slots": int(served // _average(loaded.terms, lengths)),
        "booked": held.count(),
    }


def _average(terms: TermsBook, services: list[str]) -> float:
    whole = [terms.of(s, BookingMode.APPOINTMENT) for s in services]
    return sum(t.buffer_before + t.minutes + t.buffer_after for t in whole) / len(whole)


def _adviser_minutes(
    loaded: outlets.Loaded, point: str, services: list[str], day: date, zone: str
) -> int:
    """Minutes of appointment shifts inside opening hours, cell by cell capped by the desks."""
    start, end = day_span(day, zone)
    shifts = Shift.objects.filter(point_id=point, absent=False, start__lt=end, end__gt=start)
    spans = [(s.start, s.end) for s in shifts if BookingMode.APPOINTMENT in s.modes]
    desks = Resource.objects.filter(valid_on(day), point_id=point, kind=Resource.Kind.DESK).count()
    cells = 0
    first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
    for utc in sorted({first, last}):
        window = Window(utc)
        opened = 0
        for service in services:
            opened |= loaded.register.open_mask(point, BookingMode.APPOINTMENT, service, window)
        own = window.within([(start, end)]) & DAY_MASK & opened
        masks = [window.within([span]) & own for span in spans]
        cells += sum(
            min(desks, sum(mask >> cell & 1 for mask in masks)) for cell in range(own.bit_length())
        )
    return cells * CELL_MINUTES


def served_days(since: date) -> set[tuple[str, date]]:
    """Points and local days, from ``since`` on, on which somebody with a booking was served."""
    zone_of = offerings.current().zone_of
    rows = Booking.objects.filter(
        state=Booking.State.SERVED, point__isnull=False, served_until__date__gte=since
    )
    served = rows.order_by().values_list("point_id", "served_until")
    return {(str(point), local_date(until, zone_of(point))) for point, until in served if until}
