"""Moving a ticket in the queue: to another service or adviser, or to an agreed time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.walkins.errors import ComeBackOutside, NotADeskHere, ServiceNotGiven
from palveluverkko.walkins.hours import walk_in_hours
from palveluverkko.walkins.models import Ticket, TicketState
from palveluverkko.walkins.rows import back_to_queue, locked_ticket, require
from palveluverkko.walkins.values import TicketInfo


@transaction.atomic
def transfer(
    ticket_id: int,
    *,
    service: str | None = None,
    adviser_id: int | None = None,
    now: datetime | None = None,
) -> TicketInfo:
    """Send the customer on, to another service, adviser or both; the place is kept.

    No ``adviser_id``: anybody may call. The visit is counted once, where it ends. A second press
    changes nothing.

    Raises :class:`TicketUnknown`, :class:`NotPossible`, :class:`ServiceNotGiven`,
    :class:`NotADeskHere`.
    """
    ticket = locked_ticket(ticket_id)
    wanted = service or ticket.service_id
    if _is_there(ticket, wanted, adviser_id):
        return TicketInfo.of(ticket)
    require(ticket, "transfer", TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)
    hours = walk_in_hours(ticket.point_id, wanted, now or timezone.now())
    if wanted != ticket.service_id and wanted not in hours.services:
        raise ServiceNotGiven(ticket.point_id, wanted, hours.services)
    if adviser_id is not None and not _is_adviser(adviser_id):
        raise NotADeskHere
    back_to_queue(ticket)
    ticket.service_id, ticket.wanted_adviser_id = wanted, adviser_id
    ticket.transfers += 1
    ticket.save()
    return TicketInfo.of(ticket)


@transaction.atomic
def come_back_at(ticket_id: int, at: datetime, *, now: datetime | None = None) -> TicketInfo:
    """The customer goes and is called in turn from ``at`` on, with the place kept.

    Raises :class:`TicketUnknown`, :class:`NotPossible`, :class:`ComeBackOutside`.
    """
    ticket = locked_ticket(ticket_id)
    require(ticket, "come_back_at", TicketState.WAITING, TicketState.CALLED)
    moment = now or timezone.now()
    hours = walk_in_hours(ticket.point_id, ticket.service_id, moment)
    if hours.closes_at is None or not moment < at < hours.closes_at:
        raise ComeBackOutside(hours.closes_at)
    back_to_queue(ticket)
    ticket.come_back_at = at
    ticket.save()
    return TicketInfo.of(ticket)


@transaction.atomic
def wait_here(ticket_id: int) -> TicketInfo:
    """The customer is back before the agreed time and waits in turn from now on.

    Raises :class:`TicketUnknown`, :class:`NotPossible`.
    """
    ticket = locked_ticket(ticket_id)
    require(ticket, "wait_here", TicketState.WAITING)
    if ticket.come_back_at is not None:
        ticket.come_back_at = None
        ticket.save()
    return TicketInfo.of(ticket)


def _is_there(ticket: Ticket, service: str, adviser_id: int | None) -> bool:
    return (
        ticket.state == TicketState.WAITING
        and ticket.service_id == service
        and ticket.wanted_adviser_id == adviser_id
    )


def _is_adviser(adviser_id: int) -> bool:
    return Resource.objects.filter(pk=adviser_id, kind=Resource.Kind.ADVISER).exists()
