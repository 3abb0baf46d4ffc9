"""When bookings cannot be kept: every one of them on a work list, none silently dropped.

A closed day, an absent adviser, a point that ends. Who can be kept by another adviser is; everybody
else is sent alternatives, or called. A closure is done only when each booking was moved, called or
declined.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from palveluverkko.booking import notices, offerings, outlets, roster, services
from palveluverkko.booking.errors import NotOpenAnyMore
from palveluverkko.booking.events import note
from palveluverkko.booking.impossible import impossible
from palveluverkko.booking.models import Affected, Booking, Closure, Resource, Shift
from palveluverkko.booking.serving import reassign
from palveluverkko.network.models import OpeningException, ServicePoint
from palveluverkko.network.services import add_exception, remove_exception

State = Affected.State
TO_COME = (Booking.State.CONFIRMED,)


def would_affect(point_id: str, first: date, last: date) -> int:
    """How many bookings a closing of these days would touch: for the question before it."""
    count: int = _on_days(point_id, first, last).count()
    return count


def close_days(
    point_id: str, first: date, last: date, *, reason: str = "", key: str, by: Any = None
) -> Closure:
    """Shut a point from ``first`` to ``last`` and put every booking of those days on a list.

    The same key again gives the same closure. Raises what ``network.services.add_exception`` does.
    """
    with transaction.atomic():
        closure, made = Closure.objects.get_or_create(
            key=key,
            defaults={
                "cause": Closure.Cause.CLOSED_DAYS,
                "point_id": point_id,
                "first": first,
                "last": last,
                "reason": reason,
                "created_by": by,
            },
        )
        if made:
            add_exception(
                point_id,
                first=first,
                last=last,
                reason_fi=reason,
                reason_sv=reason,
                reason_en=reason,
            )
            for booking in _on_days(point_id, first, last).order_by("start"):
                _affect(closure, booking, by)
        return closure


def absence(
    person: Resource, start: datetime, end: datetime, *, reason: str = "", key: str, by: Any = None
) -> Closure:
    """Somebody is ill: whoever was to be served by them is kept by others, as far as they can be.

    The same key again gives the same closure.
    """
    zone = offerings.current().zone_of(person.point_id)
    with transaction.atomic():
        closure, made = Closure.objects.get_or_create(
            key=key,
            defaults={
                "cause": Closure.Cause.ABSENCE,
                "person": person,
                "point_id": person.point_id,
                "first": outlets.local_date(start, zone),
                "last": outlets.local_date(end - timedelta(microseconds=1), zone),
                "reason": reason,
                "created_by": by,
            },
        )
        if made:
            roster.absent(person, start, end, reason)
            bookings = Booking.objects.filter(
                state__in=(*TO_COME, Booking.State.ARRIVED),
                claims__resource=person,
                claims__start__lt=end,
                claims__end__gt=start,
            )
            # The soonest first: they have the least time to be told.
            for booking in bookings.order_by("start").distinct():
                if reassign(booking, by=by):
                    _affected(closure, booking, State.REASSIGNED, by)
                else:
                    _affect(closure, booking, by)
        return closure


def reconcile(points: Iterable[str] | None = None, now: datetime | None = None) -> int:
    """Find booked times that cannot be kept any more, whatever the cause, and list each.

    Looks at the truth: the point's days and hours, and the roster. Meant for a timer and for after
    every change of the register; how many were found.
    """
    moment = now or timezone.now()
    coming = Booking.objects.filter(state__in=TO_COME, start__gt=moment)
    if points is not None:
        coming = coming.filter(point_id__in=list(points))
    listed = Affected.objects.filter(state__in=Affected.TO_DO).values("booking_id")
    found = 0
    for booking, why in impossible(coming.exclude(pk__in=listed).order_by("start")):
        with transaction.atomic():
            fresh = Booking.objects.select_for_update().get(pk=booking.pk)
            if fresh.state not in TO_COME or fresh.version != booking.version:
                continue
            if why == Closure.Cause.ABSENCE and reassign(fresh):
                continue
            _affect(_found_closure(fresh, why), fresh, None)
            found += 1
    return found


def send_alternatives(affected: Affected, *, by: Any = None) -> Affected:
    """Tell the customer (again) that the time cannot be kept, with a link to other times."""
    with transaction.atomic():
        row = _locked(affected)
        if row.state in Affected.TO_DO:
            row.booking.version += 1
            row.booking.save(update_fields=["version"])
            told = notices.tell(row.booking, "disrupted")
            row.state = State.OFFERED if told else State.OPEN
            row.changed_by = by
            row.save()
        return row


def called(affected: Affected, *, note_text: str = "", by: Any = None) -> Affected:
    """The customer was called and knows: the time is given up, unless it was moved before."""
    return _resolve(affected, State.CALLED, note_text, by)


def declined(affected: Affected, *, note_text: str = "", by: Any = None) -> Affected:
    """The customer wants none of the alternatives: the time is given up."""
    return _resolve(affected, State.DECLINED, note_text, by)


def take_back(closure: Closure, *, by: Any = None) -> Closure:
    """The days are open after all: bookings not settled yet stand, and customers are told so."""
    with transaction.atomic():
        if closure.cause == Closure.Cause.CLOSED_DAYS:
            rows = OpeningException.objects.filter(
                point=closure.point,
                first=closure.first,
                last=closure.last or closure.first,
                closed=True,
                service__isnull=True,
                mode="",
            )
            for row in rows[:1]:
                remove_exception(row.pk)
        for affected in closure.affected.select_related("booking").filter(state__in=Affected.TO_DO):
            _let_stand(affected, by)
        return closure


def after_all(shift: Shift, *, by: Any = None) -> int:
    """Who was away works this shift: unsettled bookings that it can keep stand; how many do.

    Their customers were told that the time cannot be kept, and are told that it can.
    """
    with transaction.atomic():
        roster.returned(shift)
        theirs = Booking.objects.filter(
            claims__resource=shift.person_id,
            claims__start__lt=shift.end,
            claims__end__gt=shift.start,
        )
        rows = Affected.objects.filter(closure__cause=Closure.Cause.ABSENCE, booking__in=theirs)
        to_do = list(rows.filter(state__in=Affected.TO_DO).select_related("booking"))
        lost = {booking.pk for booking, _why in impossible(row.booking for row in to_do)}
        kept = [row for row in to_do if row.booking_id not in lost]
        for row in kept:
            _let_stand(row, by)
        return len({row.booking_id for row in kept})


def work_lists() -> Any:
    """Closures with their numbers, those with work left first."""
    to_do = Count("affected", filter=Q(affected__state__in=Affected.TO_DO))
    return (
        Closure.objects.select_related("point", "person")
        .annotate(total=Count("affected"), to_do=to_do)
        .order_by("-to_do", "-created_at")
    )


def _resolve(affected: Affected, state: str, note_text: str, by: Any) -> Affected:
    with transaction.atomic():
        row = _locked(affected)
        if row.state not in Affected.TO_DO:
            return row
        row.state, row.note, row.changed_by = state, note_text[:300], by
        row.save()
        try:
            services.cancel(row.booking_id, by=by, reason="closure", tell=False)
        except NotOpenAnyMore as over:
            note(row.booking, "closure", by=by, state=over.state)
        return row


def _let_stand(affected: Affected, by: Any) -> None:
    affected.state, affected.changed_by = State.STANDS, by
    affected.save()
    booking = affected.booking
    note(booking, "stands", by=by, closure=affected.closure_id)
    if booking.state in TO_COME:
        booking.version += 1
        booking.save(update_fields=["version"])
        notices.tell(booking, "stands")


def _affect(closure: Closure, booking: Booking, by: Any) -> None:
    """On the list, with alternatives sent where the customer can be reached by message."""
    row = _affected(closure, booking, State.OPEN, by)
    booking.version += 1
    booking.save(update_fields=["version"])
    notices.withdraw_reminders(booking)
    if notices.tell(booking, "disrupted"):
        row.state = State.OFFERED
        row.save(update_fields=["state", "changed_at"])


def _affected(closure: Closure, booking: Booking, state: str, by: Any) -> Affected:
    row, _made = Affected.objects.get_or_create(
        closure=closure,
        booking=booking,
        defaults={"state": state, "was_start": booking.start, "changed_by": by},
    )
    note(booking, "affected", by=by, closure=closure.pk)
    return row


def _found_closure(booking: Booking, why: str) -> Closure:
    """One list for all that is found for the same reason at the same point."""
    point = booking.point_id
    zone = offerings.current().zone_of(point)
    day = outlets.local_date(booking.start, zone)
    ends = None
    if why == Closure.Cause.POINT_ENDS:
        ends = ServicePoint.objects.filter(pk=point).values_list("valid_until", flat=True).first()
        day = (ends + timedelta(days=1)) if ends else day
    closure, _made = Closure.objects.get_or_create(
        key=f"found:{why}:{point or booking.mode}:{day}",
        defaults={
            "cause": why,
            "point_id": point,
            "first": day,
            "last": None if why == Closure.Cause.POINT_ENDS else day,
        },
    )
    return closure


def _on_days(point_id: str, first: date, last: date) -> Any:
    zone = offerings.current().zone_of(point_id)
    start, _end = outlets.day_span(first, zone)
    _start, end = outlets.day_span(last, zone)
    return Booking.objects.filter(
        point_id=point_id, state__in=TO_COME, start__gte=start, start__lt=end
    )


def _locked(affected: Affected) -> Affected:
    found = Affected.objects.select_for_update(of=("self",)).select_related("booking")
    return found.get(pk=affected.pk)
