"""A time has become free: the waiting list is woken, as a promise that no crash can lose."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from palveluverkko.booking.models import WaitingEntry
from palveluverkko.booking.outlets import outlet_of
from palveluverkko.messages.promises import promise

KIND = "offer-freed-time"


def wake_waiting_list(point: str | None, mode: str, start: datetime) -> None:
    """Owe it to those who wait to be offered what has become free around ``start``."""
    now = timezone.now()
    waits = WaitingEntry.objects.filter(point=point, mode=mode, state=WaitingEntry.State.WAITING)
    if start > now and waits.exists():
        ref = f"{outlet_of(point, mode)}|{mode}|{start.isoformat()}"
        promise(kind=KIND, ref=ref, due_at=now, key=f"{KIND}:{uuid4().hex}")
