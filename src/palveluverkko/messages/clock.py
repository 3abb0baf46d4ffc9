"""What time it is: the real time, or one that a test holds still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

Clock = Callable[[], datetime]


def clock_of(now: datetime | None) -> Clock:
    """The real clock unless ``now`` is given. A long round must not reckon with its beginning."""
    return timezone.now if now is None else lambda: now
