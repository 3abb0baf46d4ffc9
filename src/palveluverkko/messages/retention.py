"""What the outbox forgets: after some weeks only the event remains, not to whom or what."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from palveluverkko.messages.adapters.files import outbox, unfinished
from palveluverkko.messages.jobs import periodic
from palveluverkko.messages.models import Enclosure, Message, Promise, PromiseState, State

BATCH = 500  # others may write between the batches
DAY_SECONDS = UNFINISHED_SECONDS = 86_400


@periodic(seconds=3600)
def forget_old() -> None:
    """Run hourly; see :func:`forget`."""
    forget()
    sweep_outbox()
    _sweep_unfinished()


def forget(now: datetime | None = None) -> int:
    """Delete addresses, texts and enclosures of messages settled ``MESSAGE_DAYS`` ago; how many.

    The row with its event stays, so that the event can never send a second message. Promises
    that were kept or withdrawn as long ago are deleted.
    """
    at = now or timezone.now()
    before = at - timedelta(days=settings.MESSAGE_DAYS)
    Promise.objects.exclude(state=PromiseState.DUE).filter(done_at__lt=before).delete()
    over = Q(state=State.SENT, sent_at__lt=before) | Q(
        state__in=(State.CANCELLED, State.FAILED, State.UNCLEAR), next_attempt_at__lt=before
    )
    rows = Message.objects.filter(over, forgotten_at=None).order_by("pk")
    forgotten = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Enclosure.objects.filter(message_id__in=batch).delete()
            forgotten += Message.objects.filter(over, pk__in=batch).update(
                address="", subject="", text="", last_error="", forgotten_at=at
            )
    return forgotten


def sweep_outbox(now: float | None = None) -> int:
    """Delete the files of ``HOME/outbox`` after ``MESSAGE_DAYS``; how many.

    Whoever takes them away does so within days. Their messages are settled by then, so that the
    names are not needed any more to know what went out.
    """
    before = (now or time.time()) - settings.MESSAGE_DAYS * DAY_SECONDS
    old = [f for f in outbox().glob("*/*") if f.is_file() and f.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _sweep_unfinished() -> None:
    """Files that a killed process was writing hold texts and addresses as well."""
    if unfinished().is_dir():
        for file in unfinished().iterdir():
            if file.stat().st_mtime < time.time() - UNFINISHED_SECONDS:
                file.unlink(missing_ok=True)
