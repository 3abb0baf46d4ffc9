"""Opening times as an OSM ``opening_hours`` string, read and written through a library.

``opening-hours-py`` parses and evaluates; this module only translates. Whatever a weekly row or a
season cannot hold becomes dated exceptions inside the horizon, so that both sides are open at the
same times on every day of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import OpeningHours, State

from palveluverkko.calendar.holidays import HolidayCalendar
from palveluverkko.calendar.intervals import open_intervals
from palveluverkko.calendar.timetable import ExceptionHours, Season, Timetable, WeeklyHours

# The library exports its error class without declaring it in its stubs (2.1.4).
ParserError: type[Exception] = opening_hours.ParserError  # type: ignore[attr-defined]

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Times = tuple[tuple[time, time], ...]  # local; an end at or before its begin is on the next day
Pattern = dict[int, Times]

_TIMES = re.compile(r"^(\d\d:\d\d-\d\d:\d\d)(,\d\d:\d\d-\d\d:\d\d)*$")
_SEASON = re.compile(r"^([A-Z][a-z]{2}) (\d+)-([A-Z][a-z]{2}) (\d+)$")
_WEEKDAYS = re.compile(r"^(Mo|Tu|We|Th|Fr|Sa|Su)([-,](Mo|Tu|We|Th|Fr|Sa|Su))*$")


class OsmHoursInvalid(ValueError):
    """Not an ``opening_hours`` string; carries the string and the library's explanation."""

    def __init__(self, text: str, why: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not a valid opening_hours value: {why}")


def write_osm(
    timetable: Timetable,
    first: date,
    last: date,
    service: str | None = None,
    mode: str | None = None,
) -> str:
    """The timetable from ``first`` to ``last`` (included) as an ``opening_hours`` string.

    Weekly hours and seasons in force on ``first`` are written as such; every other day that
    differs, by the library's own evaluation, as a dated rule.
    """
    country = timetable.holidays.country if timetable.holidays else None
    rules = _weekly_rules(timetable, first, service, mode)
    if country:
        rules.append("PH closed")
    text = "; ".join(rules) or "closed"
    theirs = _evaluated(text, country, first, last)
    for day in _days(first, last):
        ours = local_times(timetable, day, service, mode)
        if ours != theirs.get(day, ()):
            text += f"; {_date(day)} {_times(ours)}"
    return str(OpeningHours(text, country=country, auto_timezone=False))


def read_osm(
    text: str,
    first: date,
    last: date,
    timezone: str = "Europe/Helsinki",
    holidays: HolidayCalendar | None = None,
) -> Timetable:
    """The timetable of an ``opening_hours`` string, exact from ``first`` to ``last`` (included).

    Weekly rules and yearly seasons keep their form; holidays are ``holidays``' own; everything
    else (``Mo[1]``, sun times, ``easter -2 days``) becomes dated exceptions. Raises
    :class:`OsmHoursInvalid`.
    """
    country = holidays.country if holidays else None
    try:
        canonical = str(OpeningHours(text, country=country, auto_timezone=False))
    except (ParserError, SyntaxError) as error:
        raise OsmHoursInvalid(text, str(error)) from error
    timetable = Timetable(_weekly_rows(canonical), (), timezone, holidays)
    theirs = _evaluated(canonical, country, first, last)
    wrong = [
        (day, theirs.get(day, ()))
        for day in _days(first, last)
        if local_times(timetable, day) != theirs.get(day, ())
    ]
    exceptions = tuple(e for day, times in wrong for e in _exceptions(day, times))
    return Timetable(timetable.weekly, exceptions, timezone, holidays)


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


def _evaluated(text: str, country: str | None, first: date, last: date) -> dict[date, Times]:
    """What the library says is open, by the day on which each interval begins."""
    hours = OpeningHours(text, country=country, auto_timezone=False)
    found: dict[date, list[tuple[time, time]]] = {}
    begin = datetime.combine(first - timedelta(days=1), time())
    end = datetime.combine(last + timedelta(days=2), time())
    for start, until, state, _comment in hours.intervals(begin, end):
        if state == State.OPEN:
            found.setdefault(start.date(), []).append((start.time(), until.time()))
    return {day: tuple(times) for day, times in found.items()}


def _weekly_rules(
    timetable: Timetable, day: date, service: str | None, mode: str | None
) -> list[str]:
    """Rules of the weekly rows in force on ``day``, the seasons behind the base."""
    rows = [
        row
        for row in timetable.weekly
        if row.valid.holds_on(day)
        and (service is None or row.service in (None, service))
        and (mode is None or row.mode in (None, mode))
    ]
    rules = []
    seasons = {row.season for row in rows if row.season is not None}
    for season in (None, *sorted(seasons, key=lambda s: (s.first, s.last))):
        pattern: Pattern = {}
        for weekday in range(7):
            times = sorted(
                {(r.opens, r.closes) for r in rows if r.season == season and r.weekday == weekday}
            )
            pattern[weekday] = tuple(times)
        prefix = f"{_month_day(season.first)}-{_month_day(season.last)} " if season else ""
        rules += [
            f"{prefix}{weekdays} {_times(times)}"
            for weekdays, times in _grouped(pattern)
            if times or season
        ]
    return rules


def _grouped(pattern: Pattern) -> list[tuple[str, Times]]:
    by_times: dict[Times, list[int]] = {}
    for weekday, times in sorted(pattern.items()):
        by_times.setdefault(times, []).append(weekday)
    return [(_ranges(days), times) for times, days in by_times.items()]


def _ranges(weekdays: list[int]) -> str:
    """``[0, 1, 2, 4]`` as ``Mo-We,Fr``."""
    runs: list[list[int]] = []
    for weekday in weekdays:
        if runs and runs[-1][-1] == weekday - 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )


def _times(times: Times) -> str:
    return ",".join(f"{a:%H:%M}-{_end(b)}" for a, b in times) or "closed"


def _end(closes: time) -> str:
    return "24:00" if closes == time() else f"{closes:%H:%M}"


def _date(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day}"


def _month_day(text: str) -> str:
    return f"{MONTHS[int(text[:2]) - 1]} {int(text[3:])}"


def _weekly_rows(canonical: str) -> tuple[WeeklyHours, ...]:
    """Rows for the rules that weekly hours and seasons can hold; the others are left to the
    evaluation. Later rules replace earlier ones on their weekdays, as the format says."""
    base: Pattern = {}
    seasons: dict[Season, Pattern] = {}
    for rule in canonical.split(";"):
        season, weekdays, times = _parsed(rule.strip())
        if times is None:
            continue
        target = base if season is None else seasons.setdefault(season, {})
        target.update(dict.fromkeys(weekdays, times))
    rows = _rows(base, None)
    for season, pattern in seasons.items():
        rows += _rows(base | pattern, season)
    return tuple(rows)


def _rows(pattern: Mapping[int, Times], season: Season | None) -> list[WeeklyHours]:
    return [
        WeeklyHours(weekday, opens, closes, overnight=closes <= opens, season=season)
        for weekday, times in sorted(pattern.items())
        for opens, closes in times
    ]


def _parsed(rule: str) -> tuple[Season | None, tuple[int, ...], Times | None]:
    """Season, weekdays and times of one canonical rule; times are None where it is another kind."""
    words = rule.split(" ")
    last = words[-1]
    if last == "closed":
        times: Times = ()
    elif _TIMES.match(last):
        times = tuple(_span(part) for part in last.split(","))
    else:
        return None, (), None
    selector = words[:-1]
    weekdays = tuple(range(7))
    if selector and _WEEKDAYS.match(selector[-1]):
        weekdays = _weekday_numbers(selector.pop())
    if not selector:
        return None, weekdays, times
    season = _SEASON.match(" ".join(selector))
    if season is None:
        return None, (), None
    first, last_day = season.group(1, 2), season.group(3, 4)
    return Season(_number(*first), _number(*last_day)), weekdays, times


def _span(part: str) -> tuple[time, time]:
    opens, closes = part.split("-")
    hour = int(closes[:2])
    return time.fromisoformat(opens), time(hour % 24, int(closes[3:]))


def _number(month: str, day: str) -> str:
    return f"{MONTHS.index(month) + 1:02d}-{int(day):02d}"


def _weekday_numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in text.split(","):
        ends = [DAYS.index(name) for name in part.split("-")]
        span = (ends[-1] - ends[0]) % 7
        numbers += [(ends[0] + i) % 7 for i in range(span + 1)]
    return tuple(numbers)


def _exceptions(day: date, times: Times) -> list[ExceptionHours]:
    if not times:
        return [ExceptionHours(day, day, closed=True)]
    return [
        ExceptionHours(day, day, False, opens, closes, overnight=closes <= opens)
        for opens, closes in times
    ]
