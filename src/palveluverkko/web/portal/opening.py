"""When a point serves: service by service on a day, and whether it is open at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from palveluverkko.calendar import Interval, Timetable, open_intervals, regular_intervals
from palveluverkko.web.portal.register import KnownPoint

Pair = tuple[str, str]
Intervals = tuple[Interval, ...]
AHEAD_DAYS = 60
_OF_DAY = {True: regular_intervals, False: open_intervals}


@dataclass(frozen=True, slots=True)
class Served:
    """Hours on a day and the services with their ways that keep them; none: all that is done."""

    intervals: Intervals
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """Open until an instant (UTC), or closed with the next opening; neither: none is known."""

    until: datetime | None = None
    next: Interval | None = None


def served_on(point: KnownPoint, day: date, *, regular: bool = False) -> tuple[Served, ...]:
    """The point's hours on ``day``, services with the same hours together; closed ones too.

    With ``regular``: by the weekly hours and seasons alone, without exceptions and holidays.
    """
    pairs = point.pairs_on(day)
    hours = _hours(point.timetable, day, regular)
    if not pairs:
        intervals = _OF_DAY[regular](point.timetable, day)
        return (Served(intervals, ()),) if intervals else ()
    together: dict[Intervals, list[Pair]] = {}
    for pair in pairs:
        together.setdefault(hours(pair), []).append(pair)
    return tuple(Served(intervals, tuple(kept)) for intervals, kept in together.items())


@lru_cache(maxsize=16_384)
def intervals_on(
    point: KnownPoint, day: date, service: str = "", modes: frozenset[str] = frozenset()
) -> Intervals:
    """When the point gives ``service`` (any, if empty) in one of ``modes`` (any, if empty).

    A point of which no services are registered serves in its opening hours. Kept, for a search in
    the order of waiting asks every point of the network.
    """
    if not point.given and not service:
        return open_intervals(point.timetable, day)
    pairs = [
        pair
        for pair in point.pairs_on(day)
        if (not service or pair[0] == service) and (not modes or pair[1] in modes)
    ]
    hours = _hours(point.timetable, day, regular=False)
    return _union(hours(pair) for pair in pairs)


def opening_of(
    point: KnownPoint, now: datetime, service: str = "", modes: frozenset[str] = frozenset()
) -> Opening:
    """Whether the service is given now, or when next within :data:`AHEAD_DAYS`."""
    today = now.astimezone(ZoneInfo(point.timetable.timezone)).date()
    for offset in range(-1, AHEAD_DAYS):  # hours past midnight belong to the day before
        for interval in intervals_on(point, today + timedelta(days=offset), service, modes):
            if interval.start <= now < interval.end:
                return Opening(until=interval.end)
            if interval.start > now:
                return Opening(next=interval)
    return Opening()


def _hours(timetable: Timetable, day: date, regular: bool) -> Callable[[Pair], Intervals]:
    """The hours of a pair on ``day``; those that no row names are looked up once for all."""
    named = [(row.service, row.mode) for row in timetable.weekly]
    named += [(exception.service, exception.mode) for exception in timetable.exceptions]
    services, modes = {service for service, _mode in named}, {mode for _service, mode in named}
    found: dict[Pair, Intervals] = {}

    def hours(pair: Pair) -> Intervals:
        key = (pair[0] if pair[0] in services else "", pair[1] if pair[1] in modes else "")
        if key not in found:
            found[key] = _OF_DAY[regular](timetable, day, *key)
        return found[key]

    return hours


def _union(several: Iterable[Intervals]) -> Intervals:
    """Intervals of several ways of service in one row, touching ones together."""
    merged: list[Interval] = []
    for interval in sorted({interval for intervals in several for interval in intervals}):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def local(instant: datetime, point: KnownPoint) -> datetime:
    """An instant on the point's own clock."""
    return instant.astimezone(ZoneInfo(point.timetable.timezone))


def ends_earlier(now: Sequence[Interval], usual: Sequence[Interval]) -> bool:
    """Whether the only difference from the usual hours is that the day ends sooner."""
    if not now or not usual or now[-1].end >= usual[-1].end:
        return False
    return [*now[:-1], now[-1].start] == [*usual[: len(now) - 1], usual[len(now) - 1].start]
