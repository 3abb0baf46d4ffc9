"""How long to wait before something that failed is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
JITTER = 0.25


def wait_after(attempts: int, chance: float | None = None) -> timedelta:
    """The wait after ``attempts`` failures: doubling from ``FIRST`` up to ``LONGEST``.

    Up to a quarter is taken off by chance (``chance`` in [0, 1) for tests), so that all that
    failed in one outage do not come back in the same second.
    """
    doublings = min(max(attempts, 1) - 1, 20)
    whole = min(FIRST * (1 << doublings), LONGEST)
    drawn = random.random() if chance is None else chance
    return whole * (1 - JITTER * drawn)
