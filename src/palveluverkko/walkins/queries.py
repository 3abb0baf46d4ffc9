"""What pages ask of walk-ins: the queue, the calls, one ticket, the day's counts. No names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from palveluverkko.booking.models import Booking, BookingMode
from palveluverkko.queueing import (
    Unknown,
    Unserved,
    Wait,
    Waiting,
    WhyUnknown,
    cannot_be_served,
    estimated_waits,
)
from palveluverkko.walkins.booked import booked_ahead, booked_here
from palveluverkko.walkins.hours import WalkInHours, local_day, walk_in_hours
from palveluverkko.walkins.models import AT_DESK, DeskSession, Tally, Ticket, TicketState
from palveluverkko.walkins.pool import (
    as_waiting,
    everybody,
    finished_durations,
    open_desks,
    ref_of,
    waiting_tickets,
)
from palveluverkko.walkins.taking import wait_of_newcomer
from palveluverkko.walkins.values import Call, DeskInfo, TicketInfo

__all__ = [
    "DayCounts",
    "Place",
    "Queue",
    "WalkInHours",
    "booking_at",
    "called",
    "desk_of",
    "desks_at_work",
    "finished_durations",
    "queue",
    "recently_ended",
    "ticket_at",
    "ticket_by_id",
    "ticket_by_token",
    "today_counts",
    "wait_of_newcomer",
    "waiting_pool",
    "walk_in_hours",
]

SHOWN_MINUTES = 3  # a call stays on the waiting room's screen so long after the customer came


@dataclass(frozen=True, slots=True)
class Place:
    """One ticket in the queue. ``waited_minutes`` since it was taken, ``wait`` from now."""

    ticket: TicketInfo
    waited_minutes: int
    wait: Wait | Unknown
    unserved: Unserved | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A point's queue by the places people have, and how many desks are at work."""

    places: tuple[Place, ...]
    desks_at_work: int

    def of(self, ticket_id: int) -> Place | None:
        return next((p for p in self.places if p.ticket.id == ticket_id), None)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """A point's walk-ins today. ``tallied`` by service; the rest are tickets."""

    waiting: int
    at_desk: int
    served: int
    no_show: int
    left: int
    tallied: dict[str, int]


def queue(point_id: str, now: datetime | None = None) -> Queue:
    """Who waits and how long still; booked customers are reckoned with but not listed."""
    moment = now or timezone.now()
    tickets = waiting_tickets(point_id)
    pool, desks = everybody(tickets, booked_ahead(point_id, moment)), open_desks(point_id, moment)
    durations = finished_durations(point_id, {w.service for w in pool}, moment)
    waits = estimated_waits(pool, moment, desks, durations)
    advisers = [d.adviser for d in desks]
    unserved = {u.ref: u for u in cannot_be_served(map(as_waiting, tickets), advisers)}
    places = tuple(
        Place(
            ticket=TicketInfo.of(t),
            waited_minutes=max(0, int((moment - t.taken_at).total_seconds() // 60)),
            wait=waits.get(ref_of(t), Unknown(WhyUnknown.NOT_REACHED)),
            unserved=unserved.get(ref_of(t)),
        )
        for t in tickets
    )
    return Queue(places, len(desks))


def waiting_pool(point_id: str, now: datetime | None = None) -> tuple[Waiting, ...]:
    """All who could be called at the point, over all channels, as the rules see them."""
    here = booked_here(point_id, now or timezone.now())
    return tuple(everybody(waiting_tickets(point_id), here))


def called(point_id: str, now: datetime | None = None) -> tuple[Call, ...]:
    """The calls for the waiting room's screen, newest first; no personal data."""
    fresh = (now or timezone.now()) - timedelta(minutes=SHOWN_MINUTES)
    rows = Ticket.objects.filter(point_id=point_id, state__in=AT_DESK).select_related("desk")
    calls = [
        Call(t.label, t.desk.name if t.desk else "", t.called_at or t.taken_at, t.times_called)
        for t in rows
        if t.state == TicketState.CALLED or (t.started_at is not None and t.started_at >= fresh)
    ]
    # Calls and videos are met at the desk's screen, not in the waiting room.
    meetings = DeskSession.objects.filter(
        point_id=point_id,
        until=None,
        booking_at__gte=fresh,
        booking__mode=BookingMode.APPOINTMENT,
        booking__state=Booking.State.SERVING,
    )
    for session in meetings.select_related("desk", "booking"):
        if session.booking is not None and session.booking_at is not None:
            calls.append(Call(session.booking.reference, session.desk.name, session.booking_at))
    return tuple(sorted(calls, key=lambda c: c.called_at, reverse=True))


def ticket_by_token(token: str) -> TicketInfo | None:
    """The ticket of a customer's own link."""
    ticket = Ticket.objects.select_related("desk").filter(token=token).first()
    return None if ticket is None else TicketInfo.of(ticket)


def ticket_by_id(ticket_id: int) -> TicketInfo | None:
    """For the desk, which names tickets by id."""
    ticket = Ticket.objects.select_related("desk").filter(pk=ticket_id).first()
    return None if ticket is None else TicketInfo.of(ticket)


def ticket_at(session_id: int) -> TicketInfo | None:
    """The customer called to, or served at, an open desk."""
    sessions = DeskSession.objects.filter(pk=session_id, until=None)
    rows = Ticket.objects.filter(state__in=AT_DESK, adviser__in=sessions.values("adviser"))
    ticket = rows.select_related("desk").first()
    return None if ticket is None else TicketInfo.of(ticket)


def booking_at(session_id: int) -> int | None:
    """The booking being served at an open desk."""
    rows = DeskSession.objects.filter(
        pk=session_id, until=None, booking__state=Booking.State.SERVING
    )
    return rows.values_list("booking_id", flat=True).first()


def recently_ended(point_id: str, now: datetime | None = None) -> tuple[TicketInfo, ...]:
    """Today's ended tickets, newest first, for undoing and for the day's list."""
    day = local_day(point_id, now or timezone.now())
    rows = Ticket.objects.filter(point_id=point_id, day=day, ended_at__isnull=False)
    return tuple(TicketInfo.of(t) for t in rows.select_related("desk").order_by("-ended_at"))


def desk_of(adviser_id: int) -> DeskInfo | None:
    """Where an adviser is at work now."""
    rows = DeskSession.objects.filter(adviser_id=adviser_id, until=None)
    session = rows.select_related("adviser", "desk").first()
    return None if session is None else DeskInfo.of(session)


def desks_at_work(point_id: str) -> tuple[DeskInfo, ...]:
    """The point's open desks, those on a break too."""
    rows = DeskSession.objects.filter(point_id=point_id, until=None)
    return tuple(DeskInfo.of(s) for s in rows.select_related("adviser", "desk"))


def today_counts(point_id: str, now: datetime | None = None) -> DayCounts:
    """How many wait, were served, did not come or left on the point's own day."""
    day = local_day(point_id, now or timezone.now())
    tickets = Ticket.objects.filter(point_id=point_id, day=day).order_by()
    states = Counter(tickets.values_list("state", flat=True))
    taps = Tally.objects.filter(point_id=point_id, day=day, taken_back_at=None).order_by()
    return DayCounts(
        waiting=states[TicketState.WAITING],
        at_desk=sum(states[s] for s in AT_DESK),
        served=states[TicketState.SERVED],
        no_show=states[TicketState.NO_SHOW],
        left=states[TicketState.LEFT],
        tallied=dict(Counter(taps.values_list("service_id", flat=True))),
    )
