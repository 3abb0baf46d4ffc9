"""From the call to the end: start, finish, no-show, leaving, and taking back a wrong press.

Pressing twice does nothing more: a ticket that already is where the verb leads stays as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from palveluverkko.demand.services import add_visit, take_back_visit
from palveluverkko.messages.services import cancel_messages
from palveluverkko.walkins.errors import DeskClosed, NotPossible, TooLateToReopen
from palveluverkko.walkins.hours import WALK_IN, local_day
from palveluverkko.walkins.models import ENDED, DeskSession, Ticket, TicketState
from palveluverkko.walkins.rows import (
    back_to_queue,
    locked_session,
    locked_ticket,
    refuse_with_customer,
    require,
)
from palveluverkko.walkins.values import TicketInfo

REOPEN_MINUTES = 15


@transaction.atomic
def start(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """The customer has come to the desk. Raises :class:`TicketUnknown`, :class:`NotPossible`."""
    ticket = locked_ticket(ticket_id)
    if ticket.state != TicketState.SERVING:
        require(ticket, "start", TicketState.CALLED)
        ticket.state = TicketState.SERVING
        ticket.started_at = max(now or timezone.now(), ticket.called_at or ticket.taken_at)
        ticket.save()
    return TicketInfo.of(ticket)


@transaction.atomic
def finish(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """The customer was served: one visit more, counted once however often this is pressed.

    A ticket that was called but never started counts from its call.
    Raises :class:`TicketUnknown`, :class:`NotPossible`, and :class:`ImportRejected` where demand
    refuses the visit.
    """
    ticket = locked_ticket(ticket_id)
    if ticket.state != TicketState.SERVED:
        require(ticket, "finish", TicketState.SERVING, TicketState.CALLED)
        moment = now or timezone.now()
        ticket.started_at = ticket.started_at or ticket.called_at
        _end(ticket, TicketState.SERVED, moment)
        ticket.visit_day = local_day(ticket.point_id, moment)
        ticket.save()
        add_visit(ticket.point_id, ticket.service_id, WALK_IN, ticket.visit_day)
    return TicketInfo.of(ticket)


@transaction.atomic
def no_show(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """Nobody came to the call. Raises :class:`TicketUnknown`, :class:`NotPossible`."""
    ticket = locked_ticket(ticket_id)
    if ticket.state != TicketState.NO_SHOW:
        require(ticket, "no_show", TicketState.CALLED)
        _end(ticket, TicketState.NO_SHOW, now or timezone.now())
        ticket.save()
    return TicketInfo.of(ticket)


@transaction.atomic
def leave(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """The customer gives up the place. Raises :class:`TicketUnknown`, :class:`NotPossible`."""
    ticket = locked_ticket(ticket_id)
    if ticket.state != TicketState.LEFT:
        require(ticket, "leave", TicketState.WAITING, TicketState.CALLED)
        _end(ticket, TicketState.LEFT, now or timezone.now())
        ticket.save()
        cancel_messages(about=f"ticket:{ticket.pk}")
    return TicketInfo.of(ticket)


@transaction.atomic
def reopen(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """Undo a wrong press within minutes: who was served is being served again, at the same desk,
    and the visit is taken back; who did not come or left waits again, at the same place.

    Raises :class:`TicketUnknown`, :class:`NotPossible`, :class:`TooLateToReopen`, and for the desk
    :class:`StillServing` and :class:`DeskClosed`.
    """
    seen = Ticket.objects.filter(pk=ticket_id).first()
    # The desk is locked before the ticket, as in a call: two locks, one order.
    session = _desk_of(seen) if seen and seen.state == TicketState.SERVED else None
    ticket = locked_ticket(ticket_id)
    require(ticket, "reopen", *ENDED)
    moment = now or timezone.now()
    ended = ticket.ended_at or ticket.taken_at
    if ticket.closed_at_night or moment - ended > timedelta(minutes=REOPEN_MINUTES):
        raise TooLateToReopen(ticket.label, REOPEN_MINUTES)
    if ticket.state != TicketState.SERVED:
        back_to_queue(ticket)
    else:
        _serve_again(ticket, session)
    ticket.save()
    return TicketInfo.of(ticket)


def _desk_of(ticket: Ticket) -> DeskSession:
    """Where the ticket was served, if the same adviser still is there. Raises `DeskClosed`."""
    here = {"adviser_id": ticket.adviser_id, "desk_id": ticket.desk_id}
    open_now = DeskSession.objects.filter(until=None, **here).values_list("pk", flat=True).first()
    if open_now is None:
        raise DeskClosed
    return locked_session(open_now)


def _serve_again(ticket: Ticket, session: DeskSession | None) -> None:
    if session is None:  # it was finished between the two looks
        raise NotPossible(ticket.label, str(ticket.state), "reopen")
    refuse_with_customer(session)
    assert ticket.visit_day is not None
    take_back_visit(ticket.point_id, ticket.service_id, WALK_IN, ticket.visit_day)
    ticket.state = TicketState.SERVING
    ticket.ended_at = ticket.visit_day = None


def _end(ticket: Ticket, state: TicketState, now: datetime) -> None:
    ticket.state = state
    ticket.ended_at = max(now, ticket.taken_at, ticket.started_at or ticket.taken_at)
