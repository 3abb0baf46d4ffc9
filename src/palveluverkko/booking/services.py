"""The verbs that make and change a booking: each one transaction, each safe to repeat.

What frees a time wakes the waiting list; what the customer must know goes through the outbox in the
same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from palveluverkko.booking import notices, taking
from palveluverkko.booking.checking import check
from palveluverkko.booking.customers import Customer, checked, write
from palveluverkko.booking.errors import (
    BookingUnknown,
    DayFull,
    HoldExpired,
    NotOpenAnyMore,
    SlotTaken,
)
from palveluverkko.booking.events import done_before, note
from palveluverkko.booking.freed import wake_waiting_list
from palveluverkko.booking.holding import expire_holds, hold, release, retake
from palveluverkko.booking.locks import changing
from palveluverkko.booking.models import Affected, Booking
from palveluverkko.booking.nearest import telling_nearest
from palveluverkko.booking.wishes import Wish, wish_of

State = Booking.State
OPEN = (State.CONFIRMED,)

__all__ = ["Wish", "book", "cancel", "confirm", "expire_holds", "hold", "move", "release"]


def confirm(
    booking_id: int, customer: Customer, *, by: Any = None, now: datetime | None = None
) -> Booking:
    """Turn a hold into a booking and tell the customer. Again: the same booking, told once.

    A hold that has run out is taken again if the time is still free; else :class:`HoldExpired`
    carries the nearest free times. Raises :class:`CustomerInvalid` with every error at once.
    """
    moment = now or timezone.now()
    try:
        with telling_nearest(moment), changing():
            booking = _locked(booking_id)
            if booking.state == State.CONFIRMED:
                return booking
            if booking.state not in (State.HELD, State.EXPIRED):
                raise NotOpenAnyMore(booking.state)
            by_staff = booking.via in (Booking.Via.ADVISER, Booking.Via.PARTNER)
            known = checked(customer, booking.mode, by_staff=by_staff)
            check(wish_of(booking), moment, by_staff=True)
            if booking.state == State.EXPIRED:
                retake(booking, wish_of(booking))
            write(known, booking)
            booking.state, booking.hold_until = State.CONFIRMED, None
            booking.version += 1
            booking.save()
            note(booking, "confirmed", key=f"confirm:{booking.pk}", by=by)
            notices.tell(booking, "confirmed")
            return booking
    except (SlotTaken, DayFull) as taken:
        raise HoldExpired(taken.nearest) from taken


def book(
    wish: Wish,
    customer: Customer,
    *,
    key: str,
    via: str = Booking.Via.ADVISER,
    by: Any = None,
    partner: str = "",
    now: datetime | None = None,
) -> Booking:
    """Hold and confirm in one go, as an adviser or a partner does for somebody.

    Raises what :func:`hold` and :func:`confirm` raise; nothing stays held then.
    """
    checked(customer, wish.mode, by_staff=True)
    booking = hold(wish, key=key, via=via, by=by, now=now)
    if partner and not booking.partner:
        Booking.objects.filter(pk=booking.pk).update(partner=partner)
    try:
        return confirm(booking.pk, customer, by=by, now=now)
    except Exception:
        release(booking)
        raise


def cancel(booking_id: int, *, by: Any = None, reason: str = "", tell: bool = True) -> Booking:
    """Give the time back and say so to the customer. Again: nothing more happens.

    Raises :class:`NotOpenAnyMore` where the meeting has begun or is over.
    """
    with changing():
        booking = _locked(booking_id)
        if booking.state == State.CANCELLED:
            return booking
        if booking.state not in (State.HELD, State.CONFIRMED, State.ARRIVED):
            raise NotOpenAnyMore(booking.state)
        told = booking.state != State.HELD
        booking.state = State.CANCELLED if told else State.EXPIRED
        booking.hold_until, booking.meeting_link = None, ""
        booking.version += 1
        booking.save()
        taking.give_back(booking)
        note(booking, "cancelled", by=by, reason=reason)
        _settle_affected(booking, Affected.State.DECLINED, by)
        wake_waiting_list(booking.point_id, booking.mode, booking.start)
        if told:
            notices.withdraw_reminders(booking)
            if tell:
                notices.tell(booking, "cancelled")
        return booking


def move(
    booking_id: int,
    start: datetime,
    *,
    key: str,
    point: str | None = None,
    mode: str | None = None,
    by: Any = None,
    by_staff: bool = False,
    now: datetime | None = None,
) -> Booking:
    """Move a booking to another time, and to another ``point`` or ``mode`` where one is given.

    The old time is given back in the same transaction: where the new one is gone, the booking
    stays as it was and :class:`SlotTaken` carries the nearest free times.
    """
    moment = now or timezone.now()
    if before := done_before(f"move:{key}"):
        return before
    try:
        with telling_nearest(moment), changing():
            booking = _locked(booking_id)
            if booking.state != State.CONFIRMED:
                raise NotOpenAnyMore(booking.state)
            return _move(booking, start, key, point, mode, by, by_staff, moment)
    except IntegrityError:
        if before := done_before(f"move:{key}"):
            return before
        raise


def _move(
    booking: Booking,
    start: datetime,
    key: str,
    point: str | None,
    mode: str | None,
    by: Any,
    by_staff: bool,
    now: datetime,
) -> Booking:
    old = wish_of(booking)
    wish = old.at(start)
    if mode is not None:
        wish = replace(wish, mode=mode, point=point)
    elif point is not None:
        wish = replace(wish, point=point)
    if wish == old:
        return booking
    terms = check(wish, now, by_staff=by_staff)
    taking.lock(wish)
    taking.give_back(booking)
    booking.start, booking.end = start, start + timedelta(minutes=terms.minutes)
    booking.mode, booking.point_id = wish.mode, wish.point
    booking.meeting_link = ""  # of the old time: perhaps somebody else's meeting by then
    taking.take(booking, wish)
    booking.version += 1
    booking.save()
    note(
        booking,
        "moved",
        key=f"move:{key}",
        by=by,
        was=old.start.isoformat(),
        was_point=old.point,
        was_mode=old.mode,
    )
    _settle_affected(booking, Affected.State.MOVED, by)
    wake_waiting_list(old.point, old.mode, old.start)
    notices.withdraw_reminders(booking)
    notices.tell(booking, "moved")
    return booking


def _locked(booking_id: int) -> Booking:
    booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
    if booking is None:
        raise BookingUnknown
    return booking


def _settle_affected(booking: Booking, state: str, by: Any) -> None:
    """A booking on a work list that its customer moved or cancelled is off the list."""
    rows = booking.affected.filter(state__in=(Affected.State.OPEN, Affected.State.OFFERED))
    rows.update(state=state, changed_by=by, changed_at=timezone.now())
