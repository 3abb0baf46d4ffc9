"""Demand's background work."""

from __future__ import annotations

from palveluverkko.demand.services import finish_weeks
from palveluverkko.messages.jobs import periodic


@periodic(seconds=3600)
def finish_ended_weeks() -> None:
    """Make the weeks that have ended, also of points that sent nothing."""
    finish_weeks()
