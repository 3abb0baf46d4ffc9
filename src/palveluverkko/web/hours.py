"""Opening hours for a page: the regular week, and the coming days that differ from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.calendar import Interval, Timetable, open_intervals, regular_intervals
from palveluverkko.network.models import OpeningException, OpeningHours, ServicePoint, valid_on
from palveluverkko.web.labels import WEEKDAY, label
from palveluverkko.web.texts import in_language

AHEAD_DAYS = 56


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One opening interval of a weekday. ``what``: the service or way it is limited to."""

    times: str
    what: str
    season: str


@dataclass(frozen=True, slots=True)
class WeekdayHours:
    name: str
    lines: tuple[HoursLine, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A day with other hours than its weekday has, and why."""

    day: date
    weekday: str
    times: str
    why: str


def regular_week(point: ServicePoint, day: date) -> list[WeekdayHours]:
    """The weekly hours in force on ``day``, weekday by weekday; days without hours are closed."""
    found: dict[int, list[HoursLine]] = defaultdict(list)
    rows = OpeningHours.objects.filter(valid_on(day), point=point).select_related("service")
    for row in rows.order_by("weekday", "opens"):
        found[row.weekday].append(_line(row))
    last = max([4, *found])
    return [
        WeekdayHours(str(WEEKDAY[number]), tuple(found.get(number, ())))
        for number in range(last + 1)
    ]


def _line(row: OpeningHours) -> HoursLine:
    limits = [row.service.name if row.service else "", label("mode", row.mode) if row.mode else ""]
    season = ""
    if row.season_from:
        season = _("from %(first)s to %(last)s") % {
            "first": _month_day(row.season_from),
            "last": _month_day(row.season_until),
        }
    return HoursLine(
        times=f"{time_format(row.opens, 'TIME_FORMAT')}–{time_format(row.closes, 'TIME_FORMAT')}",
        what=", ".join(limit for limit in limits if limit),
        season=season,
    )


def _month_day(text: str) -> str:
    month, day = text.split("-")
    leap_year = 2000  # has every day that a season may begin or end on
    return date_format(date(leap_year, int(month), int(day)), "MONTH_DAY_FORMAT")


def deviations(
    timetable: Timetable, point: ServicePoint, first: date, days: int = AHEAD_DAYS
) -> list[Deviation]:
    """The days from ``first`` on whose hours differ from the regular ones."""
    reasons = _exception_reasons(point, first, first + timedelta(days=days))
    result = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        now, usual = open_intervals(timetable, day), regular_intervals(timetable, day)
        if now != usual:
            holiday = (
                timetable.holidays.name_on(day, get_language()) if timetable.holidays else None
            )
            why = reasons.get(day) or holiday or ""
            result.append(
                Deviation(day, str(WEEKDAY[day.weekday()]), _times(now, timetable.timezone), why)
            )
    return result


def _times(intervals: Sequence[Interval], zone: str) -> str:
    if not intervals:
        return _("closed")
    local = ZoneInfo(zone)
    return ", ".join(
        f"{time_format(i.start.astimezone(local), 'TIME_FORMAT')}–"
        f"{time_format(i.end.astimezone(local), 'TIME_FORMAT')}"
        for i in intervals
    )


def _exception_reasons(point: ServicePoint, first: date, last: date) -> dict[date, str]:
    rows: Iterable[OpeningException] = OpeningException.objects.filter(
        point=point, first__lte=last, last__gte=first
    )
    reasons: dict[date, str] = {}
    for row in rows:
        text = _reason(row)
        day = max(row.first, first)
        while day <= min(row.last, last):
            reasons.setdefault(day, text)
            day += timedelta(days=1)
    return reasons


def _reason(row: OpeningException) -> str:
    return in_language({"fi": row.reason_fi, "sv": row.reason_sv, "en": row.reason_en})
