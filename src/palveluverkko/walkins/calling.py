"""Calling a customer to a desk: the next by the rules, or one that the adviser picks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palveluverkko.booking.locks import take_turns
from palveluverkko.booking.serving import start_serving
from palveluverkko.messages.services import queue_message
from palveluverkko.queueing import Choice, next_customer
from palveluverkko.queueing.order import passed_by
from palveluverkko.walkins.booked import booked_here, booking_id_of
from palveluverkko.walkins.errors import StillServing, TicketUnknown
from palveluverkko.walkins.models import DeskSession, Ticket, TicketState
from palveluverkko.walkins.pool import as_adviser, as_waiting, everybody, ticket_id_of
from palveluverkko.walkins.rows import (
    at_desk,
    locked_session,
    locked_ticket,
    refuse_with_customer,
    require,
)
from palveluverkko.walkins.values import Next, TicketInfo


@transaction.atomic
def call_next(session_id: int, *, now: datetime | None = None) -> Next:
    """Call whom the rules name for this desk; a second press changes nothing.

    Booked customers who are here or due are in the same pool; one who is called is being served
    from then on (``booking.serving``), and the session keeps who it is.

    Raises :class:`DeskClosed`, and :class:`StillServing` while a customer is being served.
    """
    session = locked_session(session_id)
    if present := at_desk(session):
        if present.state == TicketState.SERVING:
            raise StillServing(present.label)
        return Next(TicketInfo.of(present), again=True)
    refuse_with_customer(session)
    # One call at a time at a point: two advisers must not both pass over the same customer.
    take_turns(f"queue {session.point_id}")
    moment = now or timezone.now()
    tickets = _locked_queue(session)
    pool = everybody(tickets.values(), booked_here(session.point_id, moment))
    choice = next_customer(pool, moment, as_adviser(session, moment))
    if choice is None:
        return Next()
    _note_passed(choice.passes)
    chosen = ticket_id_of(choice.ref)
    if chosen is None:
        return _begin_booking(choice, session, moment)
    return Next(_called(tickets[chosen], session, moment), choice)


@transaction.atomic
def call_ticket(session_id: int, ticket_id: int, *, now: datetime | None = None) -> TicketInfo:
    """Call this ticket whatever the rules say; a second press changes nothing.

    Those with an earlier place whom the adviser could have served count as passed over.
    Raises :class:`DeskClosed`, :class:`TicketUnknown`, :class:`StillServing` and
    :class:`NotPossible` where another desk was quicker.
    """
    session = locked_session(session_id)
    if present := at_desk(session):
        if present.pk != ticket_id:
            raise StillServing(present.label)
        return TicketInfo.of(present)
    refuse_with_customer(session)
    take_turns(f"queue {session.point_id}")
    moment = now or timezone.now()
    tickets = _locked_queue(session)
    ticket = tickets.get(ticket_id) or locked_ticket(ticket_id)
    if ticket.point_id != session.point_id:
        raise TicketUnknown
    require(ticket, "call", TicketState.WAITING)
    others = map(as_waiting, tickets.values())
    passed = passed_by(as_waiting(ticket), others, moment, as_adviser(session, moment))
    _note_passed(w.ref for w in passed)
    return _called(ticket, session, moment)


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


def _locked_queue(session: DeskSession) -> dict[int, Ticket]:
    rows = Ticket.objects.select_for_update().filter(
        point_id=session.point_id, state=TicketState.WAITING
    )
    return {t.pk: t for t in rows.order_by("pk")}


def _note_passed(refs: Iterable[str]) -> None:
    passed = [pk for ref in refs if (pk := ticket_id_of(ref)) is not None]
    if passed:
        Ticket.objects.filter(pk__in=passed).update(passed_over=F("passed_over") + 1)


def _begin_booking(choice: Choice, session: DeskSession, now: datetime) -> Next:
    booking_id = booking_id_of(choice.ref)
    assert booking_id is not None
    start_serving(booking_id, by=session.adviser.user, now=now)
    session.booking_id, session.booking_at = booking_id, now
    session.save(update_fields=["booking", "booking_at"])
    return Next(choice=choice, booking_id=booking_id)


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
