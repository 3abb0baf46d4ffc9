"""The pool's verbs: enter, accept, decline, finish, abandon, a callback instead; all idempotent.

One pool over web calls, videos, callbacks that are due and the telephone. After each change, who is
free is offered the next one at once; ``events`` tells whom it concerns.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palveluverkko.booking import offerings
from palveluverkko.contact import matching
from palveluverkko.contact.counted import count_served
from palveluverkko.contact.errors import ServiceUnknown
from palveluverkko.contact.events import tell
from palveluverkko.contact.models import AdviserState, CallbackRequest, Channel, Contact
from palveluverkko.contact.openness import why_blocked
from palveluverkko.contact.policy import MISSED_MOST, REDIAL, WRAP_UP
from palveluverkko.contact.rows import (
    locked,
    require,
    require_adviser,
    set_state,
    take_pool,
)

State, Work = Contact.State, AdviserState.State


@transaction.atomic
def enter(
    channel: str,
    service: str,
    language: str,
    *,
    key: str,
    area: str = "",
    point: str | None = None,
    caller: str = "",
    urgent: bool = False,
    entered_at: datetime | None = None,
    callback: CallbackRequest | None = None,
    now: datetime | None = None,
) -> Contact:
    """Somebody wants to talk now: waiting, offered at once, or ``blocked`` with ``blocked_why``.

    The same ``key`` gives the first contact, and a request that is in the pool its open one.
    ``point``: in whose video room the customer is. ``caller`` is a number or a browser's id, of
    which only a keyed hash is kept, for a day. ``entered_at``: the place kept from an earlier
    queue; ``callback``: the request that is due.
    Raises :class:`ServiceUnknown`.
    """
    _check(channel, service, language)
    take_pool()
    if known := _known(key, callback):
        return known
    moment = now or timezone.now()
    hashed = _hash(caller)
    contact = Contact(
        key=key,
        channel=channel,
        service_id=service,
        language=language,
        area=area[:20],
        point_id=point,
        urgent=urgent,
        entered_at=min(entered_at or moment, moment),
        came_at=moment,
        seen_at=moment,
        caller=hashed,
        redial=bool(hashed) and _called_before(hashed, moment),
        callback=callback,
        blocked_why=why_blocked(channel, service, language, moment),
    )
    if contact.blocked_why:
        contact.state, contact.ended_at = State.BLOCKED, moment
    contact.save()
    tell(contact)
    if not contact.blocked_why:
        matching.place(contact.pk, moment)
        contact.refresh_from_db()
    return contact


@transaction.atomic
def accept(contact_id: int, adviser_id: int, *, now: datetime | None = None) -> Contact:
    """The adviser takes the offered contact; again: nothing more.

    Raises :class:`ContactUnknown`, :class:`NotYours` where it went to a colleague, and
    :class:`NotPossible` where the offer is over.
    """
    contact = locked(contact_id)
    require(contact, "accept", State.OFFERED, State.TALKING)
    require_adviser(contact, adviser_id)
    if contact.state != State.TALKING:
        moment = now or timezone.now()
        contact.state = State.TALKING
        # Who lost the adviser and waits again has been answered once: the first time counts.
        contact.answered_at = contact.answered_at or max(moment, contact.came_at)
        contact.save(update_fields=["state", "answered_at"])
        set_state(adviser_id, Work.IN_CONTACT, moment, missed=0)
        tell(contact)
    return contact


@transaction.atomic
def decline(contact_id: int, adviser_id: int, *, now: datetime | None = None) -> Contact:
    """The adviser does not take the offer: the customer keeps the place and goes to another one.

    Not taken :data:`MISSED_MOST` times in a row, the adviser is on a break.
    Raises :class:`ContactUnknown`, :class:`NotYours`, :class:`NotPossible`.
    """
    contact = locked(contact_id)
    require(contact, "decline", State.OFFERED)
    require_adviser(contact, adviser_id)
    moment = now or timezone.now()
    missed = _missed(adviser_id) + 1
    state = Work.BREAK if missed >= MISSED_MOST else Work.READY
    set_state(adviser_id, state, moment, missed=0 if state == Work.BREAK else missed)
    _wait_again(contact, moment, without=adviser_id)
    matching.next_for(adviser_id, moment)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def give_back(contact_id: int, *, now: datetime | None = None) -> Contact:
    """The adviser's page is gone: the customer waits again with the place kept; again: no more.

    Raises :class:`ContactUnknown`, :class:`NotPossible` where the contact has ended.
    """
    contact = locked(contact_id)
    if contact.state != State.WAITING:
        require(contact, "give_back", State.OFFERED, State.TALKING)
        moment = now or timezone.now()
        set_state(contact.adviser_id, Work.BREAK, moment, missed=0)
        _wait_again(contact, moment, without=contact.adviser_id)
        contact.refresh_from_db()
    return contact


@transaction.atomic
def finish(contact_id: int, *, now: datetime | None = None) -> Contact:
    """The talk is over: one served contact more of the day's demand, counted once, on any channel.

    The adviser finishes notes for a while. Raises :class:`ContactUnknown`, :class:`NotPossible`.
    """
    contact = locked(contact_id)
    if contact.state != State.ANSWERED:
        require(contact, "finish", State.TALKING)
        _answered(contact, now or timezone.now())
    return contact


@transaction.atomic
def abandon(contact_id: int, *, now: datetime | None = None) -> Contact:
    """The customer hangs up: gave up while waiting; was answered when in contact already.

    Once ended, it stays as it is. Raises :class:`ContactUnknown`.
    """
    contact = locked(contact_id)
    moment = now or timezone.now()
    if contact.state == State.TALKING:
        _answered(contact, moment)
    elif contact.state in Contact.OPEN:
        _leave(contact, State.ABANDONED, moment)
    return contact


@transaction.atomic
def unreached(contact_id: int, *, now: datetime | None = None) -> Contact:
    """A callback was not answered: this try ends as abandoned, nothing is counted as served.

    The request lives on, and its next try enters the pool anew.
    Raises :class:`ContactUnknown`, :class:`NotPossible`.
    """
    contact = locked(contact_id)
    if contact.state != State.ABANDONED:
        require(contact, "unreached", State.TALKING)
        moment = now or timezone.now()
        _end(contact, State.ABANDONED, moment)
        set_state(contact.adviser_id, Work.WRAP_UP, moment, wrap_until=moment + WRAP_UP)
        tell(contact)
    return contact


@transaction.atomic
def to_callback(
    contact_id: int, request: CallbackRequest, *, now: datetime | None = None
) -> Contact:
    """The customer takes a callback instead of waiting on; the request has the contact's place.

    Raises :class:`ContactUnknown`, :class:`NotPossible` once somebody answers or it has ended.
    """
    contact = locked(contact_id)
    if contact.state == State.CALLBACK and contact.callback_id == request.pk:
        return contact
    require(contact, "to_callback", State.WAITING, State.OFFERED)
    contact.callback = request
    _leave(contact, State.CALLBACK, now or timezone.now())
    later = CallbackRequest.objects.filter(pk=request.pk, entered_at__gt=contact.entered_at)
    later.update(entered_at=contact.entered_at)
    return contact


def heard(contact_id: int, *, now: datetime | None = None) -> bool:
    """The customer's page is there; false when the contact has ended."""
    rows = Contact.objects.filter(pk=contact_id, state__in=Contact.OPEN)
    return bool(rows.update(seen_at=now or timezone.now()))


@transaction.atomic
def offer_to(adviser_id: int, *, now: datetime | None = None) -> Contact | None:
    """What a ready adviser is offered next; ``None`` when nobody who fits waits."""
    take_pool()
    return matching.next_for(adviser_id, now or timezone.now())


def _check(channel: str, service: str, language: str) -> None:
    register = offerings.current()
    known = service in register.services and language in register.languages
    if not known or channel not in Channel.values:
        raise ServiceUnknown


def _known(key: str, callback: CallbackRequest | None) -> Contact | None:
    if contact := Contact.objects.filter(key=key).first():
        return contact
    if callback is None:
        return None
    return Contact.objects.filter(callback=callback, state__in=Contact.OPEN).first()


def _hash(caller: str) -> str:
    if not caller:
        return ""
    return salted_hmac("palveluverkko.contact.caller", caller, algorithm="sha256").hexdigest()


def _called_before(hashed: str, now: datetime) -> bool:
    return Contact.objects.filter(caller=hashed, came_at__gt=now - REDIAL).exists()


def _missed(adviser_id: int) -> int:
    rows = AdviserState.objects.filter(adviser_id=adviser_id).values_list("missed", flat=True)
    return rows.first() or 0


def _wait_again(contact: Contact, now: datetime, without: int | None) -> None:
    """Back in the queue; another adviser is offered it at once where one is ready."""
    had = contact.adviser_id
    contact.state, contact.adviser, contact.offered_at = State.WAITING, None, None
    contact.save(update_fields=["state", "adviser", "offered_at"])
    tell(contact, had)
    matching.place(contact.pk, now, without=without)


def _leave(contact: Contact, state: Contact.State, now: datetime) -> None:
    """Out of the queue; whoever was being offered it is ready for the next one."""
    had = contact.adviser_id if contact.state == State.OFFERED else None
    contact.adviser = None
    _end(contact, state, now)
    tell(contact, had)
    if had is not None:
        set_state(had, Work.READY, now)
        matching.next_for(had, now)


def _answered(contact: Contact, now: datetime) -> None:
    _end(contact, State.ANSWERED, now)
    count_served(contact)
    set_state(contact.adviser_id, Work.WRAP_UP, now, wrap_until=now + WRAP_UP)
    tell(contact)


def _end(contact: Contact, state: Contact.State, now: datetime) -> None:
    contact.state, contact.ended_at = state, max(now, contact.came_at)
    contact.save(update_fields=["state", "ended_at", "adviser", "callback"])
