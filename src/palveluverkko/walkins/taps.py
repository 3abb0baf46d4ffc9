"""The taps of a point's tally page: what was counted today, and the last one to take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from palveluverkko.walkins.models import Tally


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap that counts."""

    key: str
    service: str
    at: datetime


def last_tap(point_id: str, day: date) -> Tap | None:
    """The newest tap of the day that was not taken back."""
    rows = Tally.objects.filter(point_id=point_id, day=day, taken_back_at=None)
    newest = rows.order_by("-at", "-pk").first()
    return None if newest is None else Tap(newest.key, newest.service_id, newest.at)
