"""Taking back one step of the desk that was pressed for the wrong person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from palveluverkko.booking import serving
from palveluverkko.booking.errors import BookingUnknown
from palveluverkko.booking.events import note
from palveluverkko.booking.models import Booking

State = Booking.State


def step_back(booking_id: int, *, by: Any = None, now: datetime | None = None) -> Booking:
    """The state before: served and no-show as :func:`serving.undo`, begun to here, here to booked.

    A meeting that nobody arrives for goes from begun to booked. Raises :class:`BookingUnknown`,
    and :class:`NotOpenAnyMore` where a served visit is too long ago.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
        if booking is None:
            raise BookingUnknown
        if booking.state in (State.SERVED, State.NO_SHOW):
            return serving.undo(booking_id, by=by, now=now)
        if booking.state == State.SERVING:
            _to(booking, State.ARRIVED if _was_here(booking) else State.CONFIRMED, by)
        elif booking.state == State.ARRIVED:
            _to(booking, State.CONFIRMED, by)
        return booking


def _to(booking: Booking, state: str, by: Any) -> None:
    was, booking.state, booking.served_from = str(booking.state), state, None
    if state == State.CONFIRMED:
        booking.arrived_at = None
    booking.save(update_fields=["state", "served_from", "arrived_at"])
    note(booking, "undone", by=by, was=was)


def _was_here(booking: Booking) -> bool:
    """Whether the customer was marked as here before the meeting began, which marks it too."""
    arrived = booking.events.filter(kind="arrived").order_by("-pk").first()
    if arrived is None:
        return False
    undone = booking.events.filter(kind="undone", detail__was=State.ARRIVED.value)
    return not undone.filter(pk__gt=arrived.pk).exists()
