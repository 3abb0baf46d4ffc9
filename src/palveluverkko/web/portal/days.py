"""A point's coming days: hours service by service, and what differs from the usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from palveluverkko.network.models import OpeningException
from palveluverkko.web.portal import words
from palveluverkko.web.portal.opening import (
    Intervals,
    Pair,
    Served,
    ends_earlier,
    local,
    served_on,
)
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.texts import in_language

SHOWN_DAYS = 14
AHEAD_DAYS = 60

Reasons = Mapping[date, str]


@dataclass(frozen=True, slots=True)
class Line:
    """Hours, and the services that keep them; no services where all do."""

    times: str
    services: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day as shown: its hours, and why they are not the usual ones."""

    day: date
    name: str
    lines: tuple[Line, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """A day that differs, in sentences."""

    day: date
    name: str
    sentences: tuple[str, ...]
    why: str


def coming_days(
    point: KnownPoint, register: Register, first: date, reasons: Reasons
) -> tuple[Day, ...]:
    """Today and the days after it, closed ones too."""
    return tuple(
        _day(point, register, first + timedelta(days=offset), reasons)
        for offset in range(SHOWN_DAYS)
    )


def _day(point: KnownPoint, register: Register, day: date, reasons: Reasons) -> Day:
    everything = point.pairs_on(day)
    lines = tuple(
        Line(
            words.times(served.intervals, point), words.services(served.pairs, everything, register)
        )
        for served in sorted(served_on(point, day), key=lambda served: served.intervals)
        if served.intervals
    )
    return Day(day, words.weekday_and_date(day), lines, _why(point, day, reasons))


def deviations(
    point: KnownPoint, register: Register, first: date, reasons: Reasons
) -> tuple[Deviation, ...]:
    """The coming days whose hours are not the weekday's usual ones."""
    found = []
    for offset in range(AHEAD_DAYS):
        day = first + timedelta(days=offset)
        sentences = _sentences(point, register, day) if _may_differ(point, day) else ()
        if sentences:
            why = _why(point, day, reasons)
            found.append(Deviation(day, words.weekday_and_date(day), sentences, why))
    return tuple(found)


def _may_differ(point: KnownPoint, day: date) -> bool:
    timetable = point.timetable
    if any(exception.holds_on(day) for exception in timetable.exceptions):
        return True
    return timetable.holidays is not None and timetable.holidays.name_on(day) is not None


def _sentences(point: KnownPoint, register: Register, day: date) -> tuple[str, ...]:
    """What differs on ``day``, services with the same difference in one sentence."""
    now, usual = _by_pair(served_on(point, day)), _by_pair(served_on(point, day, regular=True))
    pairs = point.pairs_on(day) or tuple({**now, **usual})
    together: dict[tuple[Intervals, Intervals], list[Pair]] = {}
    for pair in pairs:
        change = (now.get(pair, ()), usual.get(pair, ()))
        if change[0] != change[1]:
            together.setdefault(change, []).append(pair)
    if together and not any(now.values()):
        return (_("Closed."),)
    return tuple(
        _sentence(point, change, words.services(changed, pairs, register))
        for change, changed in together.items()
    )


def _by_pair(several: Sequence[Served]) -> dict[Pair, Intervals]:
    """Hours by service and way; of a point without registered services under no name."""
    return {pair: s.intervals for s in several for pair in (s.pairs or (("", ""),))}


def _sentence(point: KnownPoint, change: tuple[Intervals, Intervals], services: str) -> str:
    now, usual = change
    if not now:
        return _("Not served: %(services)s.") % {"services": services}
    if ends_earlier(now, usual):
        end = words.clock(local(now[-1].end, point))
        if services:
            return _("Ends earlier than usual, at %(time)s: %(services)s.") % {
                "time": end,
                "services": services,
            }
        return _("Closes earlier than usual, at %(time)s.") % {"time": end}
    if services:
        return _("Other hours than usual, %(times)s: %(services)s.") % {
            "times": words.times(now, point),
            "services": services,
        }
    return _("Other hours than usual: %(times)s.") % {"times": words.times(now, point)}


def _why(point: KnownPoint, day: date, reasons: Reasons) -> str:
    return reasons.get(day) or words.holiday(point, day)


def reasons_of(point: KnownPoint, first: date) -> Reasons:
    """Why days from ``first`` on differ, in the page's language, as the point's staff wrote it."""
    last = first + timedelta(days=AHEAD_DAYS)
    rows = OpeningException.objects.filter(point_id=point.id, first__lte=last, last__gte=first)
    reasons: dict[date, str] = {}
    for row in rows:
        text = in_language({"fi": row.reason_fi, "sv": row.reason_sv, "en": row.reason_en})
        day = max(row.first, first)
        while text and day <= min(row.last, last):
            reasons.setdefault(day, text)
            day += timedelta(days=1)
    return reasons
