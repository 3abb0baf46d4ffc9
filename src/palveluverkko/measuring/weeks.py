"""Which status a week has: complete, shortened by holidays, closed, or missing reports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palveluverkko.snapshot.model import WeekStatus

HOLIDAY_SHARE = 0.25  # a week that loses more of its regular minutes than this is not ordinary


def week_status(
    regular_minutes: NDArray[np.int32],
    open_minutes: NDArray[np.int32],
    reported: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """What the counts of each week mean, as :class:`WeekStatus` values of shape ``(N,)``.

    All inputs have shape ``(N, 7)``, Monday first: minutes of the regular timetable, minutes after
    exceptions and holidays, and whether the day was reported. The first that holds, as in
    docs/methods/weeks.md:

    - ``CLOSED``: no regular opening day, or every regular day was closed by a published exception
      or holiday;
    - ``MISSING``: a day that was open has no report;
    - ``HOLIDAY``: a holiday or exception took away a whole regular day, or more than
      ``HOLIDAY_SHARE`` of the regular minutes (a longer day does not make up for a shorter one);
    - ``COMPLETE`` otherwise.
    """
    regular = regular_minutes > 0
    is_open = open_minutes > 0
    closed = ~(regular & is_open).any(axis=1)
    missing = (is_open & ~reported).any(axis=1)
    lost_day = (regular & ~is_open).any(axis=1)
    lost = np.maximum(regular_minutes - open_minutes, 0).sum(axis=1, dtype=np.int64)
    shortened = lost > HOLIDAY_SHARE * regular_minutes.sum(axis=1, dtype=np.int64)
    status = np.select(
        [closed, missing, lost_day | shortened],
        [WeekStatus.CLOSED, WeekStatus.MISSING, WeekStatus.HOLIDAY],
        WeekStatus.COMPLETE,
    )
    return status.astype(np.uint8)
