"""Small cells: a public weekly figure of fewer than five visits could be about known people."""

from __future__ import annotations

SMALL = 5


def is_small(visits: float | None) -> bool:
    """Whether a weekly figure must not be published. Zero tells of nobody and may be shown."""
    return visits is not None and 0 < visits < SMALL
