"""Calling a customer to a desk: the next by the rules, or one that the adviser picks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palveluverkko.booking.locks import take_turns
from palveluverkko.messages.services import queue_message
from palveluverkko.queueing import Waiting, next_customer
from palveluverkko.walkins.errors import StillServing
from palveluverkko.walkins.models import DeskSession, Ticket, TicketState
from palveluverkko.walkins.pool import as_adviser, everybody, ticket_id_of
from palveluverkko.walkins.rows import at_desk, locked_session, locked_ticket, require
from palveluverkko.walkins.values import Next, TicketInfo


@transaction.atomic
def call_next(
    session_id: int,
    *,
    booked: Sequence[Waiting] = (),
    begin: Callable[[str], object] | None = None,
    now: datetime | None = None,
) -> Next:
    """Call whom the rules name for this desk; a second press changes nothing.

    ``booked`` are the booked customers who are here or due, with refs such as ``booking:12``; if
    one of them is next, ``begin`` is called with the ref in the same transaction.

    Raises :class:`DeskClosed`, and :class:`StillServing` while a customer is being served.
    """
    session = locked_session(session_id)
    if present := at_desk(session):
        if present.state == TicketState.SERVING:
            raise StillServing(present.label)
        return Next(TicketInfo.of(present), again=True)
    # One call at a time at a point: two advisers must not both pass over the same customer.
    take_turns(f"queue {session.point_id}")
    moment = now or timezone.now()
    rows = Ticket.objects.select_for_update().filter(
        point_id=session.point_id, state=TicketState.WAITING
    )
    tickets = {t.pk: t for t in rows.order_by("pk")}
    choice = next_customer(everybody(tickets.values(), booked), moment, as_adviser(session))
    if choice is None:
        return Next()
    passed = [pk for ref in choice.passes if (pk := ticket_id_of(ref)) is not None]
    if passed:
        Ticket.objects.filter(pk__in=passed).update(passed_over=F("passed_over") + 1)
    chosen = ticket_id_of(choice.ref)
    if chosen is None:
        if begin is not None:
            begin(choice.ref)
        return Next(choice=choice)
    return Next(_called(tickets[chosen], session, moment), choice)


@transaction.atomic
def call_ticket(session_id: int, ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """Call this ticket whatever the rules say; a second press changes nothing.

    Raises :class:`DeskClosed`, :class:`TicketUnknown`, :class:`StillServing` and
    :class:`NotPossible` where another desk was quicker.
    """
    session = locked_session(session_id)
    if present := at_desk(session):
        if present.pk != ticket_id:
            raise StillServing(present.label)
        return TicketInfo.of(present)
    take_turns(f"queue {session.point_id}")
    ticket = locked_ticket(ticket_id)
    require(ticket, "call", TicketState.WAITING)
    return _called(ticket, session, now or timezone.now())


@transaction.atomic
def recall(ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """Call a called customer once more: the screen sounds again.

    Raises :class:`TicketUnknown`, :class:`NotPossible`.
    """
    ticket = locked_ticket(ticket_id)
    require(ticket, "recall", TicketState.CALLED)
    ticket.called_at = max(now or timezone.now(), ticket.taken_at)
    ticket.times_called += 1
    ticket.save()
    return TicketInfo.of(ticket)


def _called(ticket: Ticket, session: DeskSession, now: datetime) -> TicketInfo:
    ticket.state = TicketState.CALLED
    ticket.desk, ticket.adviser = session.desk, session.adviser
    # The clocks of two servers may differ by a moment; times must stay in order.
    ticket.called_at = max(now, ticket.taken_at)
    ticket.times_called += 1
    ticket.save()
    _send_call(ticket)
    return TicketInfo.of(ticket)


def _send_call(ticket: Ticket) -> None:
    """An SMS to who asked for one, in the transaction of the call."""
    if not ticket.phone or ticket.desk is None:
        return
    spoken = dict(settings.LANGUAGES)
    language = ticket.language if ticket.language in spoken else settings.LANGUAGE_CODE
    with translation.override(language):
        text = _("It is your turn. Number %(number)s, please come to %(desk)s.") % {
            "number": ticket.label,
            "desk": ticket.desk.name,
        }
    queue_message(
        event=f"ticket:{ticket.pk}:called:{ticket.times_called}",
        channel="sms",
        address=ticket.phone,
        language=language,
        text=text,
        about=f"ticket:{ticket.pk}",
    )
