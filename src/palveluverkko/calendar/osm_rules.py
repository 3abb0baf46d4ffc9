"""Weekly rules of an OSM ``opening_hours`` string: between rows of hours and text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time

from palveluverkko.calendar.timetable import Season, Timetable, WeeklyHours

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Times = tuple[tuple[time, time], ...]  # local; an end at or before its begin is on the next day
Pattern = dict[int, Times]
Patterns = list[tuple[Season | None, Pattern]]
Spans = tuple[tuple[int, int], ...]  # minutes of one calendar day, 0 to 1,440, merged
WHOLE_DAY: Times = ((time(), time()),)

_TIMES = re.compile(r"^(\d\d:\d\d-\d\d:\d\d)(,\d\d:\d\d-\d\d:\d\d)*$")
_SEASON = re.compile(r"^([A-Z][a-z]{2}) (\d+)-([A-Z][a-z]{2}) (\d+)$")
_WEEKDAYS = re.compile(r"^(Mo|Tu|We|Th|Fr|Sa|Su)([-,](Mo|Tu|We|Th|Fr|Sa|Su))*$")


def patterns_on(timetable: Timetable, day: date, service: str | None, mode: str | None) -> Patterns:
    """The weeks of the rows in force on ``day``, the seasons behind the base."""
    rows = [
        row
        for row in timetable.weekly
        if row.valid.holds_on(day)
        and (service is None or row.service in (None, service))
        and (mode is None or row.mode in (None, mode))
    ]
    seasons = {row.season for row in rows if row.season is not None}
    patterns: Patterns = []
    for season in (None, *sorted(seasons, key=lambda s: (s.first, s.last))):
        pattern: Pattern = {}
        for weekday in range(7):
            pattern[weekday] = tuple(
                sorted(
                    {
                        (r.opens, r.closes)
                        for r in rows
                        if r.season == season and r.weekday == weekday
                    }
                )
            )
        patterns.append((season, pattern))
    return patterns


def cut_at_midnight(pattern: Pattern) -> Pattern:
    """The same week with every night cut at midnight."""
    whole = time()
    cut: dict[int, set[tuple[time, time]]] = {weekday: set() for weekday in pattern}
    for weekday, times in pattern.items():
        for opens, closes in times:
            if closes > opens:
                cut[weekday].add((opens, closes))
                continue
            cut[weekday].add((opens, whole))
            if closes != whole:
                cut.setdefault((weekday + 1) % 7, set()).add((whole, closes))
    return {weekday: tuple(sorted(times)) for weekday, times in cut.items()}


def rules_of(patterns: Patterns) -> list[str]:
    rules = []
    for season, pattern in patterns:
        prefix = f"{_month_day(season.first)}-{_month_day(season.last)} " if season else ""
        rules += [
            f"{prefix}{weekdays} {_times(times)}"
            for weekdays, times in _grouped(pattern)
            if times or season
        ]
    return rules


def spans_text(spans: Spans) -> str:
    return (
        ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in spans)
        or "closed"
    )


def date_text(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day}"


def rows_of(pattern: Mapping[int, Times], season: Season | None) -> list[WeeklyHours]:
    return [
        WeeklyHours(weekday, opens, closes, overnight=closes <= opens, season=season)
        for weekday, times in sorted(pattern.items())
        for opens, closes in times
    ]


def read_patterns(canonical: str) -> Patterns:
    """The rules that weekly hours and seasons can hold; the others are left to the evaluation.
    Later rules replace earlier ones on their weekdays, as the format says."""
    base: Pattern = {}
    seasons: dict[Season, Pattern] = {}
    for rule in canonical.split(";"):
        season, weekdays, times = _parsed(rule.strip())
        if times is None:
            continue
        target = base if season is None else seasons.setdefault(season, {})
        target.update(dict.fromkeys(weekdays, times))
    return [(None, base), *((season, base | pattern) for season, pattern in seasons.items())]


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


def _month_day(text: str) -> str:
    return f"{MONTHS[int(text[:2]) - 1]} {int(text[3:])}"


def _parsed(rule: str) -> tuple[Season | None, tuple[int, ...], Times | None]:
    """Season, weekdays and times of one canonical rule; times are None where it is another kind."""
    words = rule.split(" ")
    last = words[-1]
    if rule == "24/7":
        return None, tuple(range(7)), WHOLE_DAY
    if _WEEKDAYS.match(rule):  # the library's short form of whole days
        return None, _weekday_numbers(rule), WHOLE_DAY
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
