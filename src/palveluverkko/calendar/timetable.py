"""The types of a point's timetable: weekly rows, seasons, exceptions, validity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from palveluverkko.calendar.holidays import HolidayCalendar


@dataclass(frozen=True, slots=True)
class Validity:
    """Days from ``start`` to ``end``, both included; ``None`` is open-ended."""

    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = Validity()


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, ``MM-DD`` to ``MM-DD``, both included; may pass the year's end."""

    first: str
    last: str

    def holds_on(self, day: date) -> bool:
        month_day = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open on ``weekday`` (0 is Monday) from ``opens`` to ``closes``, local time.

    ``overnight``: ``closes`` is on the next day. No ``service``: every service; no ``mode``: every
    mode. Inside its ``season`` a row replaces rows without a season of the same service and mode.
    """

    weekday: int
    opens: time
    closes: time
    overnight: bool = False
    service: str | None = None
    mode: str | None = None
    valid: Validity = ALWAYS
    season: Season | None = None


@dataclass(frozen=True, slots=True)
class ExceptionHours:
    """What differs from ``first`` to ``last``: closed, or open at these hours instead."""

    first: date
    last: date
    closed: bool
    opens: time | None = None
    closes: time | None = None
    overnight: bool = False
    service: str | None = None
    mode: str | None = None
    reason: str = ""

    def holds_on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Timetable:
    """All that decides when a point is open. ``timezone`` is an IANA name."""

    weekly: tuple[WeeklyHours, ...] = ()
    exceptions: tuple[ExceptionHours, ...] = ()
    timezone: str = "Europe/Helsinki"
    holidays: HolidayCalendar | None = None
    valid: Validity = field(default=ALWAYS)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from ``start`` to ``end``: aware, in UTC, ``start < end``."""

    start: datetime
    end: datetime
