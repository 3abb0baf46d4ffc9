"""Calling back: an adviser takes a due request, and tells how the call went.

A request is taken by a conditional update, beside constraints that allow one open attempt of a
request and one call of an adviser. A page that dies gives the request back when its lease is over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.contact import callback_notices as notices
from palveluverkko.contact import pooled, rescheduling, seats, windows
from palveluverkko.contact.callback_errors import (
    AlreadyTaken,
    LaterImpossible,
    NotForYou,
    NotOpenAnyMore,
    RequestUnknown,
    StillCalling,
)
from palveluverkko.contact.callbacks import close, leave_pool, locked
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest, CallbackWindow
from palveluverkko.contact.rows import take_pool
from palveluverkko.contact.windows import Window, can_serve

State, Outcome = CallbackRequest.State, CallbackAttempt.Outcome
LEASE = timedelta(minutes=3)  # the desk's page says every few seconds that it is there
UNANSWERED = (Outcome.NO_ANSWER, Outcome.BUSY)
LATER_AT_MOST = timedelta(days=14)
LATER_SPAN = timedelta(hours=1)


def claim(request_id: int, adviser_id: int, *, now: datetime | None = None) -> CallbackAttempt:
    """The adviser calls this customer now; pressed twice, the same attempt.

    Raises :class:`RequestUnknown`, :class:`NotForYou`, :class:`AlreadyTaken` where a colleague was
    quicker, and :class:`StillCalling` where the adviser is in another contact.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        take_pool()
        request = CallbackRequest.objects.filter(pk=request_id).first()
        if request is None:
            raise RequestUnknown
        mine = request.tries.filter(adviser_id=adviser_id, ended_at=None).first()
        if mine is not None:
            return mine
        adviser = Resource.objects.filter(pk=adviser_id, kind=Resource.Kind.ADVISER).first()
        if adviser is None or not can_serve(adviser, request):
            raise NotForYou
        _take(request_id, adviser_id, moment)
        pooled.take(request, adviser_id, moment)
        return CallbackAttempt.objects.create(
            request=request,
            number=request.tries.count() + 1,
            adviser=adviser,
            started_at=moment,
        )


def heard(adviser_id: int, *, now: datetime | None = None) -> bool:
    """The adviser's page is there; false where the adviser calls nobody."""
    return bool(all_heard([adviser_id], now=now))


def all_heard(adviser_ids: Collection[int], *, now: datetime | None = None) -> int:
    """These advisers' pages are there; how many of them call somebody."""
    rows = CallbackRequest.objects.filter(state=State.CALLING, claimed_by__in=adviser_ids)
    return rows.update(claimed_until=(now or timezone.now()) + LEASE)


def finish(
    attempt_id: int,
    outcome: str,
    *,
    later: datetime | None = None,
    now: datetime | None = None,
) -> CallbackRequest:
    """How the call went; the same outcome again changes nothing.

    ``later``: when to call again, with the outcome ``later``. Raises :class:`RequestUnknown`,
    :class:`NotOpenAnyMore` where the attempt was given up and a colleague has gone on, and
    :class:`LaterImpossible`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        found = CallbackAttempt.objects.filter(pk=attempt_id).first()
        if found is None or outcome not in Outcome.values or outcome == Outcome.LOST:
            raise RequestUnknown
        request = locked(found.request_id)
        attempt = CallbackAttempt.objects.get(pk=attempt_id)
        if attempt.outcome == outcome:
            return request
        _require_open(request, attempt)
        if outcome == Outcome.LATER:
            later = _checked_later(later, moment)
        attempt.ended_at, attempt.outcome = max(moment, attempt.started_at), outcome
        attempt.save(update_fields=["ended_at", "outcome"])
        _settle(request, attempt, later, moment)
        request.save()
        return request


def give_up(request_id: int, *, now: datetime | None = None) -> CallbackRequest:
    """A manager ends a request whose number takes no text messages, after the last try.

    Raises :class:`RequestUnknown` and :class:`NotOpenAnyMore`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        request = locked(request_id)
        if request.state == State.UNREACHED:
            return request
        if request.state != State.OPEN or request.attempts < settings.CALLBACK_TRIES:
            raise NotOpenAnyMore(request.state)
        leave_pool(request, moment)
        close(request, State.UNREACHED, moment)
        request.save()
        return request


def give_back_lost(now: datetime | None = None) -> int:
    """Requests whose adviser's page has died are due again; it does not count as a try."""
    moment = now or timezone.now()
    over = CallbackRequest.objects.filter(state=State.CALLING, claimed_until__lt=moment)
    returned = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            request = locked(pk)
            if request.state != State.CALLING or _is_heard(request, moment):
                continue
            request.tries.filter(ended_at=None).update(ended_at=moment, outcome=Outcome.LOST)
            pooled.give_back(request, moment)
            request.state, request.claimed_by, request.claimed_until = State.OPEN, None, None
            request.save()
            returned += 1
    return returned


def _take(request_id: int, adviser_id: int, now: datetime) -> None:
    due = CallbackRequest.objects.filter(pk=request_id, state=State.OPEN, next_attempt_at__lte=now)
    try:
        with transaction.atomic():
            taken = due.update(
                state=State.CALLING, claimed_by_id=adviser_id, claimed_until=now + LEASE
            )
    except IntegrityError as busy:
        raise StillCalling from busy
    if not taken:
        raise AlreadyTaken


def _is_heard(request: CallbackRequest, now: datetime) -> bool:
    return request.claimed_until is not None and request.claimed_until >= now


def _require_open(request: CallbackRequest, attempt: CallbackAttempt) -> None:
    """Open still; or given up as lost by a page that has come back before anybody called again."""
    if attempt.ended_at is None and request.state == State.CALLING:
        return
    last = request.tries.order_by("number").last()
    if attempt.outcome != Outcome.LOST or request.state != State.OPEN or attempt != last:
        raise NotOpenAnyMore(request.state)


def _settle(
    request: CallbackRequest, attempt: CallbackAttempt, later: datetime | None, now: datetime
) -> None:
    request.claimed_by, request.claimed_until, request.state = None, None, State.OPEN
    if attempt.outcome == Outcome.SERVED:
        pooled.served(request, attempt.adviser_id, now)
        close(request, State.SERVED, now)
        return
    pooled.unreached(request, attempt.adviser_id, now)
    if attempt.outcome == Outcome.WRONG_NUMBER:
        # No message: it would reach somebody else. The customer's page tells what to do.
        close(request, State.UNREACHED, now)
    elif attempt.outcome == Outcome.LATER and later is not None:
        _call_later(request, later, now)
    else:
        _unanswered(request, now)


def _unanswered(request: CallbackRequest, now: datetime) -> None:
    """Again, until the last try; then the customer is told how to go on.

    Who cannot be told is called on, once in each window, until a manager gives up.
    """
    request.attempts += 1
    if request.attempts < settings.CALLBACK_TRIES or not notices.can_be_told(request):
        rescheduling.try_again(request, now)
        return
    close(request, State.UNREACHED, now)
    request.version += 1
    notices.tell(request, "unreached", now)


def _call_later(request: CallbackRequest, later: datetime, now: datetime) -> None:
    """At the time that the customer asked for on the phone; the tries begin anew."""
    notices.withdraw_times(request)
    seats.leave(request)
    last = request.windows.order_by("-position").values_list("position", flat=True).first()
    span = Window(later, later + LATER_SPAN)
    request.windows.filter(start=later).delete()
    CallbackWindow.objects.create(
        request=request,
        position=0 if last is None else last + 1,
        start=span.start,
        end=span.end,
    )
    seats.aim(request, span, now)
    request.soon, request.attempts = False, 0
    request.version += 1
    notices.tell(request, "later", now)
    notices.promise_times(request, now)


def _checked_later(later: datetime | None, now: datetime) -> datetime:
    if later is None or not now <= later <= now + LATER_AT_MOST:
        raise LaterImpossible
    if not windows.FIRST_HOUR <= later.astimezone(windows.zone()).hour < windows.LAST_HOUR:
        raise LaterImpossible
    return later
