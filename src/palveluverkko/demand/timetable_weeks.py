"""A timetable's weeks in minutes, evaluated once for each kind of week that it has.

Five years of a point are 261 weeks, but only some twenty differ: by the rows in force, holidays,
exceptions and changes of the clock. Only those are put to the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from palveluverkko.calendar import (
    HolidayCalendar,
    Season,
    Timetable,
    Validity,
    minutes_of,
    open_minutes,
    regular_intervals,
)

Days = NDArray[np.int64]  # proleptic ordinals
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WeekMinutes:
    """Minutes per day, Monday first, of shape ``(W, 7)``, before and after exceptions."""

    regular: NDArray[np.int32]
    open: NDArray[np.int32]


def week_minutes(timetable: Timetable, mondays: Sequence[date]) -> WeekMinutes:
    """What the timetable says of the weeks that begin on ``mondays``."""
    if not mondays:
        empty = np.zeros((0, 7), dtype=np.int32)
        return WeekMinutes(empty, empty)
    days = np.array([m.toordinal() for m in mondays], dtype=np.int64)[:, None] + np.arange(7)
    signature = _signature(timetable, days.ravel()).reshape(len(mondays), -1)
    _kinds, first, kind = np.unique(signature, axis=0, return_index=True, return_inverse=True)
    kind = kind.ravel()
    regular = np.zeros((len(first), 7), dtype=np.int32)
    is_open = np.zeros((len(first), 7), dtype=np.int32)
    for i, week in enumerate(first):
        for weekday in range(7):
            day = mondays[week] + timedelta(days=weekday)
            regular[i, weekday] = minutes_of(regular_intervals(timetable, day))
            is_open[i, weekday] = open_minutes(timetable, day)
    if not timetable.weekly:
        # A pop-up whose stops are announced as exceptions: those are its ordinary hours.
        regular = is_open
    return WeekMinutes(regular[kind], is_open[kind])


def _signature(timetable: Timetable, days: Days) -> NDArray[np.uint8]:
    """Bytes per day: days of the same weekday with the same bytes have the same hours."""
    shifts = np.array([_clock_shift(timetable.timezone, int(d)) for d in days])
    masks = [_within(timetable.valid, days), shifts > 0, shifts < 0]
    for row in timetable.weekly:
        masks.append(_within(row.valid, days))
        if row.season is not None:
            masks.append(np.array([_in_season(row.season, int(d)) for d in days]))
    masks += [
        (days >= exception.first.toordinal()) & (days <= exception.last.toordinal())
        for exception in timetable.exceptions
        if exception.last.toordinal() >= days[0] and exception.first.toordinal() <= days[-1]
    ]
    if timetable.holidays is not None:
        holidays = timetable.holidays
        masks.append(np.array([_is_holiday(holidays, int(d)) for d in days]))
    return np.packbits(np.stack(masks, axis=1), axis=1)


def _within(valid: Validity, days: Days) -> Mask:
    inside = np.ones(len(days), dtype=bool)
    if valid.start is not None:
        inside &= days >= valid.start.toordinal()
    if valid.end is not None:
        inside &= days <= valid.end.toordinal()
    return inside


@lru_cache(maxsize=100_000)
def _in_season(season: Season, ordinal: int) -> bool:
    return season.holds_on(date.fromordinal(ordinal))


@lru_cache(maxsize=200_000)
def _is_holiday(holidays: HolidayCalendar, ordinal: int) -> bool:
    return holidays.name_on(date.fromordinal(ordinal)) is not None


@lru_cache(maxsize=50_000)
def _clock_shift(zone: str, ordinal: int) -> float:
    """Seconds that the clock moves on this day or the next (hours may run past midnight)."""
    start = datetime.combine(date.fromordinal(ordinal), datetime.min.time(), ZoneInfo(zone))
    later = (start.astimezone(UTC) + timedelta(hours=48)).astimezone(start.tzinfo)
    before, after = start.utcoffset(), later.utcoffset()
    return 0.0 if before is None or after is None else (after - before).total_seconds()
