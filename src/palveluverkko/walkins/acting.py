"""The desk's verbs, the same for tickets and bookings: next, arrived, start, finish, no-show, undo.

Whom an adviser has no business with is unknown to these verbs, whatever a forged form says.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import desk_queries, outlets, serving
from palveluverkko.booking.errors import BookingUnknown, NotOpenAnyMore
from palveluverkko.booking.locks import take_turns
from palveluverkko.booking.models import Booking
from palveluverkko.booking.stepping_back import step_back
from palveluverkko.queueing import next_customer
from palveluverkko.walkins import calling, ending, moving
from palveluverkko.walkins.errors import AnotherDay, DeskClosed, StillServing, TicketUnknown
from palveluverkko.walkins.floor import Customer, adviser_at, current_of, own_calls, ref_of
from palveluverkko.walkins.models import Ticket, TicketState
from palveluverkko.walkins.posts import Post
from palveluverkko.walkins.rows import locked_session

State = Booking.State


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to whom: ``ref`` as ``ticket:5`` or ``booking:12``; empty where nobody was."""

    verb: str
    ref: str = ""


def next_one(post: Post, *, by: Any, now: datetime | None = None) -> Done:
    """Call the next ticket, or begin with the next booked customer; again: nothing more.

    Raises :class:`StillServing` while somebody is being served, and :class:`DeskClosed` at a point
    where no desk was opened: the first of the list may be a number, which is called to a desk.
    """
    if post.session is None and post.point is not None:
        raise DeskClosed
    if post.session is None:
        return _next_remote(post, by, now or timezone.now())
    found = calling.call_next(post.session.id, now=now)
    if found.ticket is not None:
        return Done("next", f"ticket:{found.ticket.id}")
    return Done("next", "" if found.booking_id is None else ref_of(found.booking_id))


def call_one(post: Post, ref: str, *, by: Any, now: datetime | None = None) -> Done:
    """Serve this one first, whatever the rules say: a ticket is called, a booking begun.

    Raises :class:`StillServing`, and :class:`NotPossible` or :class:`NotOpenAnyMore` where a
    colleague was quicker.
    """
    kind, number = _read(post, ref)
    if kind == "booking":
        _begin(post, number, by, now or timezone.now())
    elif post.session is None:
        raise DeskClosed
    else:
        calling.call_ticket(post.session.id, number, now=now)
    return Done("next", ref)


def act(post: Post, verb: str, ref: str, *, by: Any, now: datetime | None = None) -> Done:
    """Carry out one of :data:`VERBS`. Raises what the verbs of tickets and bookings raise."""
    kind, number = _read(post, ref)
    if (verb, kind) == ("start", "booking"):
        return call_one(post, ref, by=by, now=now)
    if kind not in VERBS[verb]:
        raise TicketUnknown
    if kind == "booking" and verb in ("arrive", "no_show"):
        _refuse_another_day(post, number, verb)
    VERBS[verb][kind](number, by, now)
    return Done(verb, ref)


def undo(post: Post, done: Done, *, by: Any, now: datetime | None = None) -> Done:
    """Take back what was done last; a visit that was counted is taken back too."""
    kind, number = _read(post, done.ref)
    with transaction.atomic():
        if kind == "ticket":
            _undo_ticket(number, now)
        else:
            was_served = _was_served(number)
            step_back(number, by=by, now=now)
            if was_served:  # the customer still sits here, unless the next one does
                with suppress(StillServing):
                    _begin(post, number, by, now or timezone.now())
    return Done("undo", done.ref)


def transfer(
    post: Post,
    ref: str,
    *,
    service: str | None,
    adviser_id: int | None,
    now: datetime | None = None,
) -> Done:
    """Send a ticket's customer to another service or adviser, with the place kept."""
    _kind, number = _read(post, ref, only="ticket")
    moving.transfer(number, service=service, adviser_id=adviser_id, now=now)
    return Done("transfer", ref)


def come_back(post: Post, ref: str, at: datetime, *, now: datetime | None = None) -> Done:
    """Let a ticket's customer go until an agreed time."""
    _kind, number = _read(post, ref, only="ticket")
    moving.come_back_at(number, at, now=now)
    return Done("come_back", ref)


def write_notes(post: Post, ref: str, text: str, *, by: Any) -> None:
    """Keep what the adviser writes of a booked meeting."""
    _kind, number = _read(post, ref, only="booking")
    serving.write_notes(number, text, by=by)


Verb = Callable[[int, Any, datetime | None], object]
VERBS: dict[str, dict[str, Verb]] = {
    "arrive": {"booking": lambda n, by, now: serving.arrive(n, by=by, now=now)},
    "start": {"ticket": lambda n, by, now: ending.start(n, now=now)},
    "finish": {
        "ticket": lambda n, by, now: ending.finish(n, now=now),
        "booking": lambda n, by, now: serving.finish(n, by=by, now=now),
    },
    "no_show": {
        "ticket": lambda n, by, now: ending.no_show(n, now=now),
        "booking": lambda n, by, now: serving.no_show(n, by=by),
    },
    "recall": {"ticket": lambda n, by, now: calling.recall(n, now=now)},
    "wait_here": {"ticket": lambda n, by, now: moving.wait_here(n)},
    "leave": {"ticket": lambda n, by, now: ending.leave(n, now=now)},
}


@transaction.atomic
def _next_remote(post: Post, by: Any, now: datetime) -> Done:
    take_turns(f"desk {post.adviser_id}")
    booked = desk_queries.appointments(post.reach, post.day, post.zone)
    if there := current_of(post, booked):
        return Done("next", there.ref)
    choice = next_customer(own_calls(post, booked), now, adviser_at(post, now))
    if choice is None:
        return Done("next")
    serving.start_serving(int(choice.ref.partition(":")[2]), by=by, now=now)
    return Done("next", choice.ref)


@transaction.atomic
def _begin(post: Post, number: int, by: Any, now: datetime) -> None:
    """Begin with a booking, once; at a desk it is shown as called there."""
    session = locked_session(post.session.id) if post.session else None
    take_turns(f"desk {post.adviser_id}" if session is None else f"queue {session.point_id}")
    there = current_of(post, desk_queries.appointments(post.reach, post.day, post.zone))
    if there is not None and there.ref == ref_of(number):
        return
    if there is not None:
        raise StillServing(label_of(there))
    booking = Booking.objects.select_for_update().get(pk=number)
    if booking.state not in (State.CONFIRMED, State.ARRIVED):
        raise NotOpenAnyMore(booking.state)
    serving.start_serving(number, by=by, now=now)
    if session is not None:
        session.booking_id, session.booking_at = number, now
        session.save(update_fields=["booking", "booking_at"])


def label_of(customer: Customer) -> str:
    """The ticket's number or the booking's reference."""
    if customer.ticket is not None:
        return customer.ticket.label
    return customer.appointment.reference if customer.appointment is not None else ""


def _undo_ticket(number: int, now: datetime | None) -> None:
    """What has ended is reopened; who was called goes back to the queue with the place kept."""
    ticket = Ticket.objects.filter(pk=number).first()
    if ticket is None:
        raise TicketUnknown
    if ticket.state in (TicketState.CALLED, TicketState.SERVING):
        moving.transfer(number, adviser_id=ticket.wanted_adviser_id, now=now)
    elif ticket.state != TicketState.WAITING:
        ending.reopen(number, now=now)


def _refuse_another_day(post: Post, number: int, verb: str) -> None:
    """Marked as arrived on another day, a customer is on nobody's list; a time to come cannot be
    missed. Of days that are over it may be said still that nobody came.
    """
    start = Booking.objects.values_list("start", flat=True).get(pk=number)
    day = outlets.local_date(start, post.zone)
    if day > post.day or (verb == "arrive" and day != post.day):
        raise AnotherDay(start)


def _was_served(number: int) -> bool:
    return Booking.objects.filter(pk=number, state=State.SERVED).exists()


def _read(post: Post, ref: str, only: str = "") -> tuple[str, int]:
    """What a ref names, if it is one of this adviser's customers.

    Raises :class:`TicketUnknown`, :class:`BookingUnknown`.
    """
    kind, _colon, text = ref.partition(":")
    number = int(text) if text.isdecimal() and len(text) < 19 else 0
    if kind == "ticket" and only in ("", kind):
        if not Ticket.objects.filter(pk=number, point_id=post.point).exists():
            raise TicketUnknown
        return kind, number
    if kind != "booking" or only not in ("", kind):
        raise TicketUnknown
    if desk_queries.appointment(number, post.reach) is None:
        raise BookingUnknown
    return kind, number
