"""Booked customers at the desk: arrive, begin, finish, no-show; a served visit becomes demand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import notices, offerings, taking
from palveluverkko.booking.errors import BookingUnknown, NotOpenAnyMore, WithNearest
from palveluverkko.booking.events import note
from palveluverkko.booking.models import MODES_AT_POINTS, Booking, Resource
from palveluverkko.booking.wishes import wish_of
from palveluverkko.demand.contacts import add_channel_contact, take_back_channel_contact
from palveluverkko.demand.services import (
    add_visit,
    take_back_visit,
)

State = Booking.State
UNDO = timedelta(minutes=30)


def arrive(booking_id: int, *, by: Any = None, now: datetime | None = None) -> Booking:
    """The customer is here; ``by``: the member of staff who saw it. Again: nothing more."""
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.state == State.CONFIRMED:
            booking.state, booking.arrived_at = State.ARRIVED, now or timezone.now()
            booking.save(update_fields=["state", "arrived_at"])
            note(booking, "arrived", by=by)
        elif booking.state not in (State.ARRIVED, State.SERVING, State.SERVED):
            raise NotOpenAnyMore(booking.state)
        return booking


def start_serving(booking_id: int, *, by: Any = None, now: datetime | None = None) -> Booking:
    """The meeting begins. Again: nothing more."""
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.state in (State.CONFIRMED, State.ARRIVED):
            moment = now or timezone.now()
            booking.state, booking.served_from = State.SERVING, moment
            booking.arrived_at = booking.arrived_at or moment
            booking.save(update_fields=["state", "served_from", "arrived_at"])
            note(booking, "serving", by=by)
        elif booking.state not in (State.SERVING, State.SERVED):
            raise NotOpenAnyMore(booking.state)
        return booking


def finish(
    booking_id: int, *, by: Any = None, notes: str | None = None, now: datetime | None = None
) -> Booking:
    """The customer was served: counted once in the day's demand, however often it is pressed."""
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.state == State.SERVED:
            return booking
        if booking.state not in (State.CONFIRMED, State.ARRIVED, State.SERVING):
            raise NotOpenAnyMore(booking.state)
        moment = now or timezone.now()
        booking.state, booking.served_until = State.SERVED, moment
        booking.served_from = booking.served_from or moment
        if notes is not None:
            booking.notes = notes
        booking.save()
        day = local_day(booking, moment)
        note(booking, "served", by=by, day=day.isoformat())
        notices.withdraw_reminders(booking)
        if booking.start > moment:
            taking.give_back(booking)  # served before the time: somebody else may have it
        _count(booking, day, +1)
        return booking


def no_show(booking_id: int, *, by: Any = None) -> Booking:
    """The customer did not come, or did not answer. Again: nothing more."""
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.state == State.NO_SHOW:
            return booking
        if booking.state not in (State.CONFIRMED, State.ARRIVED, State.SERVING):
            raise NotOpenAnyMore(booking.state)
        booking.state = State.NO_SHOW
        booking.save(update_fields=["state"])
        note(booking, "no_show", by=by)
        return booking


def undo(booking_id: int, *, by: Any = None, now: datetime | None = None) -> Booking:
    """Take back a finish or a no-show that was pressed by mistake, within half an hour.

    A visit that was counted is taken back too. Raises :class:`NotOpenAnyMore` later.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.state not in (State.SERVED, State.NO_SHOW):
            return booking
        last = booking.events.filter(kind__in=("served", "no_show")).order_by("-pk").first()
        if last is None or last.at < moment - UNDO:
            raise NotOpenAnyMore(booking.state)
        if not booking.claims.exists():
            _take_again(booking)
        if booking.state == State.SERVED:
            _count(booking, date.fromisoformat(last.detail["day"]), -1)
        booking.state = State.ARRIVED if booking.arrived_at else State.CONFIRMED
        booking.served_from = booking.served_until = None
        booking.save()
        note(booking, "undone", by=by, was=last.kind)
        return booking


def _take_again(booking: Booking) -> None:
    """A time given back when the customer was served early; gone now, it cannot be undone."""
    try:
        with transaction.atomic():
            taking.take(booking, wish_of(booking))
    except WithNearest as gone:
        raise NotOpenAnyMore(booking.state) from gone


def write_notes(booking_id: int, notes: str, *, by: Any = None) -> Booking:
    """Keep the adviser's notes; that they changed is noted, what they say is not copied."""
    with transaction.atomic():
        booking = _locked(booking_id)
        if booking.notes != notes:
            booking.notes = notes
            booking.save(update_fields=["notes"])
            note(booking, "notes", by=by)
        return booking


def reassign(booking: Booking, *, by: Any = None) -> bool:
    """Keep the time with whoever else can serve then; false where nobody can.

    The customer booked a time, not a person, and need not be told. Call inside a transaction, after
    the absence has been written.
    """
    wish = wish_of(booking)
    taking.lock(wish)
    try:
        with transaction.atomic():
            taking.give_back(booking)
            taking.take(booking, wish)
    except WithNearest:
        return False
    note(booking, "reassigned", by=by)
    return True


def adviser_of(booking: Booking) -> Resource | None:
    """Who is to serve: the first adviser among what the booking takes."""
    claim = (
        booking.claims.filter(resource__kind=Resource.Kind.ADVISER)
        .select_related("resource")
        .order_by("pk")
        .first()
    )
    return claim.resource if claim else None


def local_day(booking: Booking, moment: datetime) -> date:
    """The day that ``moment`` is on where the customer is served."""
    return moment.astimezone(ZoneInfo(offerings.current().zone_of(booking.point_id))).date()


def _count(booking: Booking, day: date, step: int) -> None:
    """One served customer more or fewer on the day on which it happened."""
    if booking.mode in MODES_AT_POINTS:
        count = add_visit if step > 0 else take_back_visit
        count(str(booking.point_id), booking.service_id, booking.mode, day)
    else:
        contact = add_channel_contact if step > 0 else take_back_channel_contact
        contact(booking.mode, booking.service_id, day, booking.area)


def _locked(booking_id: int) -> Booking:
    booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
    if booking is None:
        raise BookingUnknown
    return booking
