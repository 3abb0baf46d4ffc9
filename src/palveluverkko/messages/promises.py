"""Promises: what is owed to a person at a time, done once by whichever worker is first.

An attempt is counted and the next one set before the handler runs; the handler then runs in one
transaction with the mark that it is done. A process killed anywhere leaves the promise due.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from palveluverkko.messages.backoff import wait_after
from palveluverkko.messages.clock import clock_of
from palveluverkko.messages.models import Promise, PromiseState
from palveluverkko.messages.waking import wake_after_commit

Handler = Callable[[str], None]

logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register what keeps promises of ``kind``; it gets the promise's ``ref``.

    It must be quick (on SQLite everybody waits for it) and change nothing but the database;
    messages go through the outbox.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"two handlers for promises of kind {kind!r}")
        _handlers[kind] = handler
        return handler

    return register


def known_kinds() -> frozenset[str]:
    return frozenset(_handlers)


def promise(*, kind: str, ref: str, due_at: datetime, key: str) -> Promise:
    """Owe ``kind`` to ``ref`` from ``due_at`` on, in the caller's transaction.

    The same ``key`` gives the first promise, also one that was kept or withdrawn; a new time
    needs a new key.
    """
    content = {"kind": kind, "ref": ref, "due_at": due_at, "next_attempt_at": due_at}
    made, new = Promise.objects.get_or_create(key=key, defaults=content)
    if new and due_at <= timezone.now():
        wake_after_commit()
    return made


def withdraw(*, key: str) -> bool:
    """Owe it no more; false if it was kept already, or never made."""
    due = Promise.objects.filter(key=key, state=PromiseState.DUE)
    return bool(due.update(state=PromiseState.WITHDRAWN, done_at=timezone.now()))


def is_due(*, key: str) -> bool:
    """Whether the promise is still to be kept."""
    return Promise.objects.filter(key=key, state=PromiseState.DUE).exists()


def run_due(
    now: datetime | None = None,
    limit: int = 100,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Keep the promises whose time has come; how many were kept.

    A kind without a handler stays due: a newer version may know it. What fails is tried again
    with growing waits, and is told by ``queries.failures`` until it is kept.
    """
    clock = clock_of(now)
    due = Promise.objects.filter(
        state=PromiseState.DUE, next_attempt_at__lte=clock(), kind__in=list(_handlers)
    )
    kept = 0
    for found in due.order_by("next_attempt_at", "pk")[:limit]:
        if not go_on():
            break
        kept += _attempt(found, clock())
    return kept


def _attempt(found: Promise, at: datetime) -> bool:
    """Count the attempt first, so that a handler that kills its process cannot do so at once."""
    number = found.attempts + 1
    mine = Promise.objects.filter(pk=found.pk, state=PromiseState.DUE, attempts=found.attempts)
    if not mine.update(attempts=F("attempts") + 1, next_attempt_at=at + wait_after(number)):
        return False  # another worker was faster, or it was withdrawn
    try:
        return _keep(found, number, at)
    except Exception as error:  # whatever a handler raises: it is told to people, and retried
        logger.exception("Promise %s (%s) failed", found.pk, found.kind)
        Promise.objects.filter(pk=found.pk).update(last_error=_last_lines(error))
        return False


def _keep(found: Promise, number: int, at: datetime) -> bool:
    with transaction.atomic():
        mine = Promise.objects.filter(pk=found.pk, state=PromiseState.DUE, attempts=number)
        if not mine.update(state=PromiseState.DONE, done_at=at, last_error=""):
            return False
        _handlers[found.kind](found.ref)
    return True


def _last_lines(error: Exception) -> str:
    return "".join(traceback.format_exception_only(error))[-2000:].strip()
