"""Booked customers in the queue's pool: who is here or due, and who is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from palveluverkko.booking.models import Booking, BookingMode, Claim, Resource
from palveluverkko.booking.terms import TermsBook
from palveluverkko.queueing import Rules, Waiting
from palveluverkko.walkins.models import DeskSession

# Who is still to come is reckoned with in estimates so far ahead.
AHEAD = timedelta(hours=4)
# A remote meeting that nobody began for so long is not called by itself any more.
OVERDUE = timedelta(hours=2)
# Somebody who arrived so long ago and was never begun is not in the room any more.
YESTERDAY = timedelta(hours=12)
State = Booking.State


def booking_id_of(ref: str) -> int | None:
    """The booking that a ref of the pool names; ``None``: it names a ticket."""
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "booking" else None


def booked_here(point_id: str, now: datetime) -> tuple[Waiting, ...]:
    """Whom an adviser at the point can take now: arrived customers, calls and videos that are due.

    At the point a time is booked, not a person, so any adviser who fits may take it, unless the
    meeting needs several people. A remote meeting is its own adviser's, at whose desk it appears.
    """
    terms = TermsBook.load()
    grace = timedelta(minutes=Rules().grace_minutes)
    here = Q(
        point_id=point_id,
        mode=BookingMode.APPOINTMENT,
        state=State.ARRIVED,
        start__gte=now - YESTERDAY,
    )
    due = Q(
        ~Q(mode=BookingMode.APPOINTMENT),
        state__in=(State.CONFIRMED, State.ARRIVED),
        start__lte=now + grace,
        start__gte=now - OVERDUE,
        pk__in=_of_advisers_at(point_id),
    )
    return tuple(_waiting(b, terms, min(b.arrived_at or b.start, now)) for b in _with(here | due))


def booked_ahead(point_id: str, now: datetime) -> tuple[Waiting, ...]:
    """As :func:`booked_here`, and those who are to come within hours, at their booked times."""
    terms = TermsBook.load()
    late = timedelta(minutes=Rules().late_minutes)
    coming = Q(state=State.CONFIRMED, start__gte=now - late, start__lte=now + AHEAD)
    where = Q(point_id=point_id, mode=BookingMode.APPOINTMENT) | Q(
        ~Q(mode=BookingMode.APPOINTMENT), pk__in=_of_advisers_at(point_id)
    )
    here = booked_here(point_id, now)
    known = {w.ref for w in here}
    later = (_waiting(b, terms, max(b.start, now)) for b in _with(coming & where))
    return (*here, *(w for w in later if w.ref not in known))


def _of_advisers_at(point_id: str) -> QuerySet[Claim, Any]:
    at_work = DeskSession.objects.filter(point_id=point_id, until=None)
    return Claim.objects.filter(resource__in=at_work.values("adviser")).values("booking")


def _with(condition: Q) -> QuerySet[Booking]:
    people = Claim.objects.filter(resource__kind=Resource.Kind.ADVISER).order_by("pk")
    rows = Booking.objects.filter(condition).order_by("start", "pk")
    return rows.prefetch_related(Prefetch("claims", people, to_attr="people"))


def _waiting(booking: Booking, terms: TermsBook, since: datetime) -> Waiting:
    alone = booking.mode == BookingMode.APPOINTMENT and booking.advisers == 1
    bound = not alone or bool(booking.interpreter)
    people = getattr(booking, "people", [])
    return Waiting(
        ref=f"booking:{booking.pk}",
        service=booking.service_id,
        since=since,
        mode=booking.mode,
        # Somebody interprets: the adviser need not speak the customer's language.
        language="" if booking.interpreter else booking.language,
        urgent=terms.of(booking.service_id, booking.mode).urgent,
        booked_at=booking.start,
        only_adviser=str(people[0].resource_id) if bound and people else None,
        order=booking.pk,
    )
