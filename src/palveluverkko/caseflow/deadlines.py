"""Days that count: working days in a place's own calendar, deadlines, what warns about them."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from palveluverkko.calendar import HolidayCalendar, Season
from palveluverkko.caseflow.model import Opinion, OpinionRequest

ONE_DAY = timedelta(days=1)


def is_working_day(day: date, calendar: HolidayCalendar) -> bool:
    """Monday to Friday, and no day on which the offices of the place are shut, eves included."""
    return day.weekday() < 5 and calendar.name_on(day) is None


def working_days(first: date, last: date, calendar: HolidayCalendar) -> Iterator[date]:
    """The working days from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        if is_working_day(day, calendar):
            yield day
        day += ONE_DAY


def deadline(sent: date, days: int, calendar: HolidayCalendar) -> date:
    """The last day to answer: the ``days``-th working day after ``sent``.

    The day of sending does not count, and the last day is always a working day, as in the
    Finnish act on computing statutory time limits (150/1930).
    """
    if days < 1:
        raise ValueError(f"at least one working day, not {days}")
    day, left = sent, days
    while left:
        day += ONE_DAY
        if is_working_day(day, calendar):
            left -= 1
    return day


@dataclass(frozen=True, slots=True)
class PeriodWarning:
    """``working_days`` of the time to answer fall into ``period``, and perhaps its last day."""

    period: str
    working_days: int
    ends_inside: bool


def period_warnings(
    sent: date,
    due: date,
    calendar: HolidayCalendar,
    periods: tuple[tuple[str, Season], ...],
) -> tuple[PeriodWarning, ...]:
    """The parts of the year, such as July and Christmas, that take from the time to answer."""
    days = list(working_days(sent + ONE_DAY, due, calendar))
    found = []
    for name, season in periods:
        inside = sum(season.holds_on(day) for day in days)
        ends = season.holds_on(due)
        if inside or ends:
            found.append(PeriodWarning(name, inside, ends))
    return tuple(found)


def is_late(opinion: Opinion, request: OpinionRequest | None) -> bool:
    """It came after the last day, extensions included. Unasked opinions are never late."""
    return request is not None and opinion.received > request.due


def months_after(day: date, count: int) -> date:
    """The same day of the month ``count`` months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
