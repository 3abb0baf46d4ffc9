"""A held time is kept once more for a customer who needs longer to write."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.errors import BookingUnknown, NotOpenAnyMore
from palveluverkko.booking.events import done_before, note
from palveluverkko.booking.models import Booking


def was_kept_longer(booking: Booking) -> bool:
    return done_before(f"keep:{booking.pk}") is not None


def keep_longer(booking_id: int, *, now: datetime | None = None) -> Booking:
    """Keep the held time for as long again, counted from now. A second time changes nothing.

    Raises :class:`NotOpenAnyMore` where the time is not held any more.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
        if booking is None:
            raise BookingUnknown
        if booking.state != Booking.State.HELD:
            raise NotOpenAnyMore(booking.state)
        if not was_kept_longer(booking):
            keep = timedelta(minutes=settings.BOOKING_HOLD_MINUTES)
            booking.hold_until = moment + keep
            booking.save(update_fields=["hold_until"])
            note(booking, "kept longer", key=f"keep:{booking.pk}")
        return booking
