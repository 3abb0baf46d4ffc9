"""What the verbs share: rows are locked, then looked at, then changed."""

from __future__ import annotations

from django.db.models import Q

from palveluverkko.booking.models import Booking
from palveluverkko.walkins.errors import DeskClosed, NotPossible, StillServing, TicketUnknown
from palveluverkko.walkins.models import AT_DESK, DeskSession, Ticket, TicketState


def locked_ticket(ticket_id: int) -> Ticket:
    """The ticket; other verbs about it wait. Raises :class:`TicketUnknown`."""
    ticket = Ticket.objects.select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown
    return ticket


def locked_session(session_id: int) -> DeskSession:
    """The open desk; other calls to it wait. Raises :class:`DeskClosed`."""
    rows = DeskSession.objects.select_for_update().filter(pk=session_id, until=None)
    session = rows.first()
    if session is None:
        raise DeskClosed
    return session


def at_desk(session: DeskSession) -> Ticket | None:
    """The ticket called to, or served at, this desk or by this adviser."""
    here = Q(desk_id=session.desk_id) | Q(adviser_id=session.adviser_id)
    return Ticket.objects.filter(here, state__in=AT_DESK).first()


def refuse_with_customer(session: DeskSession) -> None:
    """Raises :class:`StillServing` while anybody, with a ticket or booked, is at the desk."""
    if present := at_desk(session):
        raise StillServing(present.label)
    if session.booking is not None and session.booking.state == Booking.State.SERVING:
        raise StillServing(session.booking.reference)


def require(ticket: Ticket, verb: str, *states: TicketState) -> None:
    if ticket.state not in states:
        raise NotPossible(ticket.label, str(ticket.state), verb)


def back_to_queue(ticket: Ticket) -> None:
    """Waiting again, with the place it had."""
    ticket.state = TicketState.WAITING
    ticket.desk = ticket.adviser = None
    ticket.called_at = ticket.started_at = ticket.ended_at = None
