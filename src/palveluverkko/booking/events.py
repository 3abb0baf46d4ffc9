"""What happened to a booking, and whether a request was carried out before."""

from __future__ import annotations

from typing import Any

from palveluverkko.booking.models import Booking, BookingEvent


def done_before(key: str) -> Booking | None:
    """The booking that the same request changed already, or None."""
    event = BookingEvent.objects.select_related("booking").filter(key=key).first() if key else None
    return event.booking if event else None


def note(booking: Booking, kind: str, *, key: str = "", by: Any = None, **detail: Any) -> None:
    """Write down what happened, in the transaction in which it happens; no personal data."""
    BookingEvent.objects.create(booking=booking, kind=kind, key=key or None, by=by, detail=detail)
