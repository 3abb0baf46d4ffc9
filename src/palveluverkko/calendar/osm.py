"""Opening times as an OSM ``opening_hours`` string, read and written through a library.

``opening-hours-py`` parses and evaluates; this module only translates. Whatever a weekly row or a
season cannot hold becomes dated exceptions inside the horizon, so that both sides are open at the
same times on every day of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import OpeningHours, State

from palveluverkko.calendar.holidays import HolidayCalendar
from palveluverkko.calendar.intervals import open_intervals
from palveluverkko.calendar.osm_rules import (
    Spans,
    Times,
    cut_at_midnight,
    date_text,
    patterns_on,
    read_patterns,
    rows_of,
    rules_of,
    spans_text,
)
from palveluverkko.calendar.timetable import ExceptionHours, Timetable

# The library exports its error class without declaring it in its stubs (2.1.4).
ParserError: type[Exception] = opening_hours.ParserError  # type: ignore[attr-defined]

Coverage = Mapping[date, Spans]
_DAY = timedelta(days=1)


class OsmHoursInvalid(ValueError):
    """Not an ``opening_hours`` string; carries the string and the library's explanation."""

    def __init__(self, text: str, why: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not a valid opening_hours value: {why}")


class OsmHoursUnproven(ValueError):
    """No string was found that the library evaluates as the timetable does."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} does not evaluate as the timetable it was written from")


def write_osm(
    timetable: Timetable,
    first: date,
    last: date,
    service: str | None = None,
    mode: str | None = None,
) -> str:
    """The timetable from ``first`` to ``last`` (included) as an ``opening_hours`` string.

    Weekly hours and seasons in force on ``first`` are written as such; every other day that
    differs, by the library's own evaluation, as a dated rule. The evaluation of the result is
    what the timetable says on every day, or :class:`OsmHoursUnproven` is raised.
    """
    country = timetable.holidays.country if timetable.holidays else None
    ours = _covered(timetable, first, last, service, mode)
    patterns = patterns_on(timetable, first, service, mode)
    # A dated rule does not reliably stop the night that ran into its day. Where nights and
    # dated rules meet, the nights are therefore written as two parts.
    for parts in (patterns, [(season, cut_at_midnight(p)) for season, p in patterns]):
        rules = rules_of(parts) + (["PH closed"] if country else [])
        text = "; ".join(rules) or "closed"
        differing = _differing(ours, _evaluated(text, country, first, last))
        dated = "".join(f"; {date_text(d)} {spans_text(ours.get(d, ()))}" for d in differing)
        if not _differing(ours, _evaluated(text + dated, country, first, last)):
            return str(OpeningHours(text + dated, country=country, auto_timezone=False))
    raise OsmHoursUnproven(text + dated)


def read_osm(
    text: str,
    first: date,
    last: date,
    timezone: str = "Europe/Helsinki",
    holidays: HolidayCalendar | None = None,
) -> Timetable:
    """The timetable of an ``opening_hours`` string, exact from ``first`` to ``last`` (included).

    Weekly rules and yearly seasons keep their form; holidays are ``holidays``' own; everything
    else (``Mo[1]``, sun times, ``easter -2 days``) becomes dated exceptions. Where those meet
    hours past midnight, the night is held as two parts. Raises :class:`OsmHoursInvalid`.
    """
    country = holidays.country if holidays else None
    try:
        canonical = str(OpeningHours(text, country=country, auto_timezone=False))
    except (ParserError, SyntaxError) as error:
        raise OsmHoursInvalid(text, str(error)) from error
    theirs = _evaluated(canonical, country, first, last)
    patterns = read_patterns(canonical)
    nights = _begun(canonical, country, first, last)
    for parts, begun in (
        (patterns, nights),
        ([(s, cut_at_midnight(p)) for s, p in patterns], None),
    ):
        rows = tuple(row for season, pattern in parts for row in rows_of(pattern, season))
        timetable = Timetable(rows, (), timezone, holidays)
        if begun is None:
            days = _differing(theirs, _covered(timetable, first, last))
            dated = [(day, _as_times(theirs.get(day, ()))) for day in days]
        else:
            dated = [
                (day, begun.get(day, ()))
                for day in _days(first, last)
                if local_times(timetable, day) != begun.get(day, ())
            ]
        exceptions = tuple(e for day, times in dated for e in _exceptions(day, times))
        timetable = Timetable(rows, exceptions, timezone, holidays)
        if not _differing(theirs, _covered(timetable, first, last)):
            break
    return timetable


def local_times(
    timetable: Timetable, day: date, service: str | None = None, mode: str | None = None
) -> Times:
    """The intervals that begin on ``day`` in the point's local time."""
    zone = ZoneInfo(timetable.timezone)
    return tuple(
        (i.start.astimezone(zone).time(), i.end.astimezone(zone).time())
        for i in open_intervals(timetable, day, service, mode)
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))


def _covered(
    timetable: Timetable,
    first: date,
    last: date,
    service: str | None = None,
    mode: str | None = None,
) -> Coverage:
    """What is open by the timetable on each calendar day, with the night before."""
    zone = ZoneInfo(timetable.timezone)
    return _by_day(
        (
            (i.start.astimezone(zone).replace(tzinfo=None), i.end.astimezone(zone))
            for day in _days(first - timedelta(days=1), last)
            for i in open_intervals(timetable, day, service, mode)
        ),
        first,
        last,
    )


def _evaluated(text: str, country: str | None, first: date, last: date) -> Coverage:
    """What the library says is open on each calendar day."""
    hours = OpeningHours(text, country=country, auto_timezone=False)
    begin, end = datetime.combine(first, time()), datetime.combine(last, time()) + _DAY
    return _by_day(
        (
            (start, until)
            for start, until, state, _comment in hours.intervals(begin, end)
            if state == State.OPEN
        ),
        first,
        last,
    )


def _begun(text: str, country: str | None, first: date, last: date) -> Mapping[date, Times]:
    """The library's intervals by the day on which each begins, nights whole."""
    hours = OpeningHours(text, country=country, auto_timezone=False)
    found: dict[date, list[tuple[time, time]]] = {}
    begin, end = datetime.combine(first, time()) - _DAY, datetime.combine(last, time()) + 2 * _DAY
    for start, until, state, _comment in hours.intervals(begin, end):
        if state == State.OPEN:
            found.setdefault(start.date(), []).append((start.time(), until.time()))
    return {day: tuple(times) for day, times in found.items()}


def _by_day(intervals: Iterable[tuple[datetime, datetime]], first: date, last: date) -> Coverage:
    """Wall-clock intervals cut at midnight, as merged minutes of each day."""
    found: dict[date, list[tuple[int, int]]] = {}
    for start, until in intervals:
        end = until.replace(tzinfo=None)
        while start < end:
            midnight = datetime.combine(start.date(), time()) + _DAY
            stop = min(end, midnight)
            closes = 24 * 60 if stop == midnight else _minute(stop)
            if first <= start.date() <= last:
                found.setdefault(start.date(), []).append((_minute(start), closes))
            start = stop
    return {day: _merged(spans) for day, spans in found.items()}


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _merged(spans: list[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _differing(one: Coverage, other: Coverage) -> list[date]:
    return sorted(d for d in one.keys() | other.keys() if one.get(d, ()) != other.get(d, ()))


def _exceptions(day: date, times: Times) -> list[ExceptionHours]:
    if not times:
        return [ExceptionHours(day, day, closed=True)]
    return [
        ExceptionHours(day, day, False, opens, closes, overnight=closes <= opens)
        for opens, closes in times
    ]


def _as_times(spans: Spans) -> Times:
    return tuple((time(a // 60, a % 60), time(b // 60 % 24, b % 60)) for a, b in spans)
