"""What a customer is told of a booking, and the reminders that are owed to them."""

from __future__ import annotations

from palveluverkko.booking.models import Booking


def tell(booking: Booking, what: str) -> None:
    """Queue the messages of ``what`` in the customer's language, and promise the reminders."""


def withdraw_reminders(booking: Booking) -> None:
    """The booking moves or is cancelled: its reminders are not owed any more."""
