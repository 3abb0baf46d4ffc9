"""What will change at a point: it ends or begins, its hours or its services change from a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palveluverkko.calendar import Season
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.texts import in_language

AHEAD_DAYS = 120
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """A change and the day on which it is first felt; ``ended``: the point serves no more."""

    day: date
    text: str
    ended: bool = False


def notices(point: KnownPoint, register: Register, today: date) -> tuple[Notice, ...]:
    """The changes of the coming months, soonest first."""
    found = [*_life(point, today), *_services(point, register, today), *_hours(point, today)]
    unique = {(notice.day, notice.text): notice for notice in found}
    return tuple(sorted(unique.values(), key=lambda notice: (notice.day, notice.text)))


def ended(point: KnownPoint, today: date) -> bool:
    until = point.timetable.valid.end
    return until is not None and until < today


def _soon(day: date | None, today: date) -> bool:
    return day is not None and today < day <= today + timedelta(days=AHEAD_DAYS)


def _life(point: KnownPoint, today: date) -> Iterator[Notice]:
    since, until = point.timetable.valid.start, point.timetable.valid.end
    if since is not None and since > today:
        yield Notice(since, _("The point opens on %(day)s.") % {"day": _date(since)})
    if until is None:
        return
    if until < today:
        text = _("The point has closed for good. Its last day was %(day)s.")
        yield Notice(until, text % {"day": _date(until)}, ended=True)
    else:
        text = _("The point closes for good. Its last day is %(day)s.")
        yield Notice(until, text % {"day": _date(until)})


def _services(point: KnownPoint, register: Register, today: date) -> Iterator[Notice]:
    """Services that begin or end; a change of way or of row is none."""
    edges = {g.valid.start for g in point.given} | {
        g.valid.end + _ONE for g in point.given if g.valid.end
    }
    for day in edges:
        if day is None or not _soon(day, today) or not point.timetable.valid.holds_on(day):
            continue
        before = {code for code, _mode in point.pairs_on(day - _ONE)}
        after = {code for code, _mode in point.pairs_on(day)}
        for code in register.services:
            name = in_language(register.services[code])
            if code in after - before and before:
                text = _("%(service)s is given here from %(day)s.")
                yield Notice(day, text % {"service": name, "day": _date(day)})
            if code in before - after:
                text = _("%(service)s is given here for the last time on %(day)s.")
                yield Notice(day, text % {"service": name, "day": _date(day - _ONE)})


def _hours(point: KnownPoint, today: date) -> Iterator[Notice]:
    rows = point.timetable.weekly
    edges = {row.valid.start for row in rows} | {
        row.valid.end + _ONE for row in rows if row.valid.end
    }
    for day in edges:
        if day is not None and _soon(day, today) and point.timetable.valid.holds_on(day):
            text = _("Opening hours change from %(day)s.")
            yield Notice(day, text % {"day": _date(day)})
    for season in {row.season for row in rows if row.season}:
        first = _next(season, today)
        if first is not None and _soon(first, today):
            text = _("Other opening hours from %(first)s to %(last)s.")
            yield Notice(first, text % {"first": _date(first), "last": _date(_last(season, first))})


def _next(season: Season, today: date) -> date | None:
    """The first day of the season's next turn within the days looked ahead."""
    for offset in range(1, AHEAD_DAYS + 1):
        day = today + timedelta(days=offset)
        if season.holds_on(day) and not season.holds_on(day - _ONE):
            return day
    return None


def _last(season: Season, first: date) -> date:
    day = first
    while season.holds_on(day + _ONE) and day - first < timedelta(days=366):
        day += _ONE
    return day


def _date(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
