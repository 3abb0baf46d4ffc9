"""Free times of the points and channels in a search's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from palveluverkko.web.portal.asked import Asked


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked: its beginning (UTC), its zone (IANA) and where it is booked."""

    start: datetime
    timezone: str
    url: str


def free_times(
    asked: Asked, point_ids: Sequence[str], now: datetime
) -> Mapping[str, tuple[FreeTime, ...]]:
    """The next free times by point id, and by ``video`` and ``phone`` for the remote channels.

    What is not in the answer has no free times that are known, and its card says so.
    """
    return {}
