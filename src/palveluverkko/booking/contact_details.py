"""Correct how a customer is reached: a wrong digit, a new address, another language."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import notices
from palveluverkko.booking.customers import Customer, checked, customer_of, write
from palveluverkko.booking.errors import BookingUnknown, NotOpenAnyMore
from palveluverkko.booking.events import note
from palveluverkko.booking.models import Booking
from palveluverkko.booking.reminders import promise_reminders

State = Booking.State
OPEN = (State.CONFIRMED, State.ARRIVED, State.SERVING)
FIELDS = ("name", "phone", "email", "postal_address", "contact_language", "reminders")


def change_contact(
    booking_id: int,
    wanted: Customer,
    *,
    by: Any = None,
    tell: bool = True,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Keep the name and the ways to be reached of ``wanted``; what the matter is stays as it was.

    With ``tell``, a customer whose time is ahead hears of it at the new address at once. Returns
    the names of the fields that changed; of none, nothing happens. The trail says which changed
    and by whom, not what they were. Raises :class:`BookingUnknown`, :class:`NotOpenAnyMore` and
    :class:`CustomerInvalid`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        booking = Booking.objects.select_for_update(of=("self",)).filter(pk=booking_id).first()
        if booking is None:
            raise BookingUnknown
        if booking.state not in OPEN:
            raise NotOpenAnyMore(booking.state)
        before = customer_of(booking)
        # Only what is written now is checked: what the customer told before stays as it is.
        new = checked(replace(wanted, matter="", needs="", area=""), booking.mode, by_staff=True)
        found = replace(new, matter=before.matter, needs=before.needs, area=before.area)
        changed = tuple(f for f in FIELDS if getattr(found, f) != getattr(before, f))
        if changed:
            write(found, booking)
            _tell(booking, moment, at_once=tell)
            note(booking, "contact", by=by, fields=list(changed))
        return changed


def _tell(booking: Booking, now: datetime, *, at_once: bool) -> None:
    """What is owed from now on goes to where the customer is reached now."""
    ahead = booking.state == State.CONFIRMED and booking.start > now
    if ahead:
        notices.withdraw_reminders(booking)
        booking.version += 1
    booking.save()
    if ahead and at_once:
        notices.tell(booking, "confirmed", now=now)
    elif ahead:
        promise_reminders(booking, now)
