"""Delivering: one message at a time is claimed, handed to its adapter, and settled.

Three steps, each its own transaction, so that a process killed anywhere leaves a row that says
how far it came: *queued* (nothing went out), *sending* (perhaps), *sent*. The claim has a lease.
A message whose lease ran out goes out again only through an adapter that takes the same message
twice as one; otherwise it becomes *unclear* and waits for a person.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from palveluverkko.messages.adapters import Adapter, Outgoing, adapter_for, key_of
from palveluverkko.messages.backoff import wait_after
from palveluverkko.messages.clock import Clock, clock_of
from palveluverkko.messages.errors import NotSent, OutcomeUnknown, TryLater
from palveluverkko.messages.models import Channel, Message, State
from palveluverkko.messages.reasons import Why

LEASE = timedelta(minutes=5)  # far beyond every adapter's time limits
MAX_ATTEMPTS = 10  # about four hours of trying

logger = logging.getLogger(__name__)


def deliver_due(
    limit: int = 100,
    now: datetime | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send up to ``limit`` messages whose time has come; how many were attempted.

    ``go_on`` is asked before each, so that a server that stops does not begin another.
    """
    clock = clock_of(now)
    adapters = {channel: adapter_for(channel) for channel in Channel.values}
    _settle_interrupted(adapters, clock())
    attempted = 0
    for pk, channel in _due(clock(), limit):
        if not go_on():
            break
        message = _claim(pk, adapters[channel], clock())
        if message is not None:
            _attempt(message, adapters[channel], clock)
            attempted += 1
    return attempted


def _due(at: datetime, limit: int) -> list[tuple[int, str]]:
    waiting = Q(state=State.QUEUED, next_attempt_at__lte=at)
    interrupted = Q(state=State.SENDING, lease_until__lte=at)
    rows = Message.objects.filter(waiting | interrupted).order_by("next_attempt_at", "pk")
    return list(rows.values_list("pk", "channel")[:limit])


def _settle_interrupted(adapters: dict[str, Adapter], at: datetime) -> None:
    """Make those unclear whose sender vanished, unless it is safe and useful to send them again.

    What counts is the adapter that had the message: settings may have changed since.
    """
    lost = Message.objects.filter(state=State.SENDING, lease_until__lte=at)
    if not lost.exists():
        return
    for channel, adapter in adapters.items():
        rows = lost.filter(channel=channel)
        if adapter.idempotent:
            rows = rows.exclude(adapter=adapter.name, unwanted=False, attempts__lt=MAX_ATTEMPTS)
        rows.update(state=State.UNCLEAR, why=Why.INTERRUPTED)


def _claim(pk: int, adapter: Adapter, at: datetime) -> Message | None:
    """The message, now ours until the lease ends; nothing if another process was faster."""
    free = Q(state=State.QUEUED) | Q(state=State.SENDING, lease_until__lte=at)
    taken = Message.objects.filter(free, pk=pk, next_attempt_at__lte=at).update(
        state=State.SENDING,
        claimed_by=uuid.uuid4().hex,
        adapter=adapter.name,
        lease_until=at + LEASE,
        attempts=F("attempts") + 1,
    )
    return Message.objects.get(pk=pk) if taken else None


def _attempt(message: Message, adapter: Adapter, clock: Clock) -> None:
    try:
        _send(adapter, _outgoing(message))
    except OutcomeUnknown as unknown:
        _settle(message, State.UNCLEAR, Why.INTERRUPTED, unknown.detail, clock())
    except NotSent as failure:
        _fail(message, failure, clock())
    else:
        # An attempt that outlived its lease still knows what came of it.
        mine = Message.objects.filter(
            pk=message.pk,
            claimed_by=message.claimed_by,
            state__in=(State.SENDING, State.UNCLEAR),
        )
        mine.update(state=State.SENT, sent_at=clock(), lease_until=None, why="", last_error="")


def _send(adapter: Adapter, outgoing: Outgoing) -> None:
    """Send; what an adapter did not foresee becomes one of the outcomes it could have told."""
    try:
        adapter.send(outgoing)
    except (NotSent, OutcomeUnknown):
        raise
    except Exception as error:  # one odd message must not keep all others from going out
        logger.exception("The adapter %s failed on a message", adapter.name)
        detail = f"{type(error).__name__}: {error}"
        raise (TryLater if adapter.idempotent else OutcomeUnknown)(detail) from error


def _fail(message: Message, failure: NotSent, at: datetime) -> None:
    """Back into the queue with a wait, or out of it for good."""
    why: Why = failure.why
    wait = wait_after(message.attempts)
    if isinstance(failure, TryLater):
        state = State.QUEUED
        wait = max(wait, failure.after or timedelta())
        if message.attempts >= MAX_ATTEMPTS:
            state, why = State.FAILED, Why.GAVE_UP
    else:
        state = State.FAILED
    if Message.objects.filter(pk=message.pk, unwanted=True).exists():
        state = State.CANCELLED
    if state == State.FAILED:
        logger.warning("Message %s could not be sent: %s", message.pk, why)
    _settle(message, state, why, failure.detail, at + wait)


def _settle(message: Message, state: State, why: Why, detail: str, next_at: datetime) -> None:
    mine = Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by, state=State.SENDING)
    mine.update(
        state=state, why=why, last_error=detail[:2000], next_attempt_at=next_at, lease_until=None
    )


def _outgoing(message: Message) -> Outgoing:
    return Outgoing(
        event=message.event,
        key=key_of(message.event, message.resends),
        resends=message.resends,
        channel=message.channel,
        address=message.address,
        language=message.language,
        subject=message.subject,
        text=message.text,
        created_at=message.created_at,
        enclosures=tuple(
            (e.name, e.content_type, bytes(e.content)) for e in message.enclosures.order_by("pk")
        ),
    )
