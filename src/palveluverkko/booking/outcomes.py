"""Past bookings of which nobody said what became of them: served, or not come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from palveluverkko.booking import offerings, outlets, serving
from palveluverkko.booking.errors import BookingUnknown
from palveluverkko.booking.models import Affected, Booking

State = Booking.State
OPEN = (State.CONFIRMED, State.ARRIVED, State.SERVING)
# As far back as days are reported and names are kept for.
LOOKED_BACK = timedelta(days=31)


def without_outcome(now: datetime, region: str = "") -> QuerySet[Booking]:
    """Bookings of days before today that are still open, the newest first.

    Those on a work list are left out: they are settled there.
    """
    zone = offerings.current().zone
    start, _end = outlets.day_span(outlets.local_date(now, zone), zone)
    rows = Booking.objects.filter(state__in=OPEN, start__lt=start, start__gte=start - LOOKED_BACK)
    rows = rows.exclude(pk__in=Affected.objects.filter(state__in=Affected.TO_DO).values("booking"))
    if region:
        rows = rows.filter(point__municipality__region_code=region)
    return rows.select_related("point").order_by("-start", "-pk")


def was_served(booking_id: int, now: datetime, *, by: Any = None) -> Booking:
    """The customer was served then: the visit counts on the day of the booking, not today's.

    Raises :class:`BookingUnknown` where the booking has an outcome already.
    """
    booking = _one(booking_id, now)
    return serving.finish(booking.pk, by=by, now=booking.end)


def did_not_come(booking_id: int, now: datetime, *, by: Any = None) -> Booking:
    """The customer did not come then. Raises as :func:`was_served` does."""
    return serving.no_show(_one(booking_id, now).pk, by=by)


def _one(booking_id: int, now: datetime) -> Booking:
    booking = without_outcome(now).filter(pk=booking_id).first()
    if booking is None:
        raise BookingUnknown
    return booking
