"""When a point is open on a day: weekly rows, then seasons, holidays and exceptions over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.calendar.timetable import ExceptionHours, Interval, Timetable, WeeklyHours

Key = tuple[str | None, str | None]
Times = tuple[time, time, bool]
_SECOND = timedelta(seconds=1)


def open_intervals(
    timetable: Timetable, day: date, service: str | None = None, mode: str | None = None
) -> tuple[Interval, ...]:
    """When the point serves on ``day``, in UTC, sorted, without overlaps.

    With ``service`` or ``mode``: when that one is served; without: when anything is. An exception
    overrides the rows of its own service and mode; one without them overrides every row that has
    no exception of its own. A holiday closes what no exception opens. An interval past midnight
    belongs to the day on which it begins.
    """
    return _intervals(timetable, day, service, mode, ordinary=False)


def regular_intervals(
    timetable: Timetable, day: date, service: str | None = None, mode: str | None = None
) -> tuple[Interval, ...]:
    """As :func:`open_intervals`, but by weekly rows and seasons alone."""
    return _intervals(timetable, day, service, mode, ordinary=True)


def open_minutes(
    timetable: Timetable, day: date, service: str | None = None, mode: str | None = None
) -> int:
    """Minutes served on ``day``; elapsed time, so a DST night has an hour more or less."""
    return minutes_of(open_intervals(timetable, day, service, mode))


def minutes_of(intervals: Iterable[Interval]) -> int:
    return sum(int((i.end - i.start).total_seconds()) // 60 for i in intervals)


def regular_weekdays(timetable: Timetable, day: date) -> tuple[int, ...]:
    """Weekdays (0 is Monday) of the ISO week of ``day`` with regular hours."""
    return tuple(d.weekday() for d in iso_week(day) if regular_intervals(timetable, d))


def open_weekdays(timetable: Timetable, day: date) -> tuple[int, ...]:
    """Weekdays of the ISO week of ``day`` on which the point serves, after exceptions."""
    return tuple(d.weekday() for d in iso_week(day) if open_intervals(timetable, d))


def iso_monday(day: date) -> date:
    """The Monday of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def iso_week(day: date) -> tuple[date, ...]:
    """The seven days of the ISO week of ``day``."""
    monday = iso_monday(day)
    return tuple(monday + timedelta(days=i) for i in range(7))


def _intervals(
    timetable: Timetable, day: date, service: str | None, mode: str | None, *, ordinary: bool
) -> tuple[Interval, ...]:
    if not timetable.valid.holds_on(day):
        return ()
    weekly = _weekly(timetable.weekly, day)
    exceptions = [] if ordinary else [e for e in timetable.exceptions if e.holds_on(day)]
    shut = (
        not ordinary
        and timetable.holidays is not None
        and timetable.holidays.name_on(day) is not None
    )
    named = [*weekly, *((e.service, e.mode) for e in exceptions)]
    times: set[Times] = set()
    for one in _concrete(service, (k[0] for k in named)):
        for way in _concrete(mode, (k[1] for k in named)):
            replaced = _exception_times(exceptions, one, way)
            if replaced is not None:
                times.update(replaced)
            elif not shut:
                times.update(
                    t for key, rows in weekly.items() if _serves(key, one, way) for t in rows
                )
    zone = ZoneInfo(timetable.timezone)
    found = (_in_utc(t, day, zone) for t in times)
    return _merged([i for i in found if i is not None])


def _concrete(wanted: str | None, named: Iterable[str | None]) -> set[str]:
    """What to look at: the one asked for, or each one named and one that is named nowhere."""
    return {wanted} if wanted is not None else {n for n in named if n is not None} | {""}


def _serves(key: Key, service: str, mode: str) -> bool:
    return key[0] in (None, service) and key[1] in (None, mode)


def _weekly(rows: Sequence[WeeklyHours], day: date) -> dict[Key, list[Times]]:
    """The rows in force on ``day`` by service and mode; a season's rows replace the others.

    A season replaces on each of its days, also on weekdays for which it has no row: summer hours
    on Tuesdays alone mean that the point is shut on the other days of the summer.
    """
    base: dict[Key, list[Times]] = {}
    seasonal: dict[Key, list[Times]] = {}
    for row in rows:
        if not row.valid.holds_on(day):
            continue
        if row.season is not None and not row.season.holds_on(day):
            continue
        target = base if row.season is None else seasonal
        times = target.setdefault((row.service, row.mode), [])
        if row.weekday == day.weekday():
            times.append((row.opens, row.closes, row.overnight))
    return base | seasonal


def _exception_times(
    exceptions: Sequence[ExceptionHours], service: str, mode: str
) -> list[Times] | None:
    """Hours of the most specific exceptions for this service and mode; ``None``: there are none."""
    fitting = [e for e in exceptions if _serves((e.service, e.mode), service, mode)]
    if not fitting:
        return None
    most = max((e.service is not None, e.mode is not None) for e in fitting)
    return [
        (e.opens, e.closes, e.overnight)
        for e in fitting
        if (e.service is not None, e.mode is not None) == most
        and not e.closed
        and e.opens is not None
        and e.closes is not None
    ]


def _in_utc(times: Times, day: date, zone: ZoneInfo) -> Interval | None:
    """Local times on ``day`` as UTC; an interval that the spring change empties is left out."""
    opens, closes, overnight = times
    last = day + timedelta(days=1) if overnight else day
    start = _instant(datetime.combine(day, opens), zone)
    end = _instant(datetime.combine(last, closes), zone)
    return Interval(start, end) if start < end else None


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time in UTC. One that comes twice in autumn is the first of the two; one that
    the spring change skips is the instant of the change, when the clock first shows a later time.
    """
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    # By PEP 495 fold=1 lands before the change and fold=0 behind it: search between them.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), instant
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)
