"""Tickets and open desks as the values of the queue's rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from palveluverkko.booking.models import Booking, Shift
from palveluverkko.queueing import Adviser, Desk, Duration, Serving, Waiting, service_minutes
from palveluverkko.walkins.models import AT_DESK, DeskSession, DeskState, Ticket, TicketState

# Newer visits tell today's pace; some hundred are enough for a mean.
MEASURED_DAYS = 60
MEASURED_VISITS = 400


def ref_of(ticket: Ticket) -> str:
    return f"ticket:{ticket.pk}"


def ticket_id_of(ref: str) -> int | None:
    """The ticket that a ref of the pool names; ``None``: it names something else, a booking."""
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "ticket" else None


def as_waiting(ticket: Ticket) -> Waiting:
    wanted = ticket.wanted_adviser_id
    return Waiting(
        ref=ref_of(ticket),
        service=ticket.service_id,
        since=ticket.taken_at,
        language=ticket.language,
        urgent=ticket.urgent,
        not_before=ticket.come_back_at,
        passed_over=ticket.passed_over,
        only_adviser=None if wanted is None else str(wanted),
        order=ticket.number,
    )


def as_adviser(session: DeskSession, now: datetime) -> Adviser:
    """The adviser at the desk, with the competences on record and the roster's reserve now."""
    return Adviser(
        ref=str(session.adviser_id),
        services=frozenset(session.adviser.services),
        languages=frozenset(session.adviser.languages),
        modes=frozenset(session.modes),
        urgent_only=session.urgent_only or in_reserve(session.adviser_id, now),
    )


def in_reserve(adviser_id: int, now: datetime) -> bool:
    """Whether the roster keeps the adviser for urgent matters at this hour."""
    rows = Shift.objects.filter(person=adviser_id, start__lte=now, end__gt=now, absent=False)
    return rows.filter(urgent_only=True).exists()


def open_desks(point_id: str, now: datetime) -> list[Desk]:
    """The desks at work, with the visits going on; breaks are not work."""
    sessions = DeskSession.objects.filter(point_id=point_id, until=None, state=DeskState.READY)
    at_desk = Ticket.objects.filter(point_id=point_id, state__in=AT_DESK)
    serving = {
        t.adviser_id: Serving(t.service_id, t.started_at or t.called_at or t.taken_at)
        for t in at_desk
    }
    return [
        Desk(as_adviser(s, now), serving.get(s.adviser_id) or _meeting(s))
        for s in sessions.select_related("adviser", "booking")
    ]


def _meeting(session: DeskSession) -> Serving | None:
    booking = session.booking
    if booking is None or booking.state != Booking.State.SERVING:
        return None
    return Serving(booking.service_id, booking.served_from or booking.start)


def waiting_tickets(point_id: str) -> list[Ticket]:
    """Everybody's tickets that wait at the point, by place."""
    rows = Ticket.objects.filter(point_id=point_id, state=TicketState.WAITING)
    return list(rows.order_by("taken_at", "number"))


def finished_durations(
    point_id: str, services: Iterable[str], now: datetime
) -> dict[str, Duration]:
    """How long each service takes at the point, from its newest finished tickets."""
    since = now - timedelta(days=MEASURED_DAYS)
    rows = Ticket.objects.filter(
        point_id=point_id, state=TicketState.SERVED, ended_at__gte=since, ended_at__lte=now
    ).order_by("-ended_at")[:MEASURED_VISITS]
    finished = [
        (service, (ended - started).total_seconds() / 60)
        for service, started, ended in rows.values_list("service_id", "started_at", "ended_at")
        if started is not None and ended is not None
    ]
    return service_minutes(finished, services)


def everybody(tickets: Iterable[Ticket], booked: Sequence[Waiting] = ()) -> list[Waiting]:
    """One pool: the tickets, and the booked customers whom the caller knows of."""
    return [*map(as_waiting, tickets), *booked]
