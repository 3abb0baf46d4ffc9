"""Opening hours and distances in words, on the point's own clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.calendar import Interval
from palveluverkko.network.addresses import post_office_in
from palveluverkko.web import figures
from palveluverkko.web.labels import WEEKDAY, label
from palveluverkko.web.portal.booking.words import language
from palveluverkko.web.portal.opening import Opening, Pair, local
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.texts import in_language

_MONTH_DAY = re.compile(r"\d\d-\d\d")


def clock(instant: datetime) -> str:
    """A local time of day as the language writes it."""
    return time_format(instant, "TIME_FORMAT")


def times(intervals: Sequence[Interval], point: KnownPoint) -> str:
    """ "9.00–12.00, 13.00–16.00", or that the point is closed."""
    if not intervals:
        return _("closed")
    return ", ".join(
        f"{clock(local(i.start, point))}–{clock(local(i.end, point))}" for i in intervals
    )


def weekday_and_date(day: date) -> str:
    return f"{WEEKDAY[day.weekday()]} {date_format(day, 'SHORT_DATE_FORMAT')}"


def opening(found: Opening, point: KnownPoint, now: datetime) -> str:
    """Whether the point serves now, and until when or from when."""
    if found.until is not None:
        return _("Open now until %(time)s.") % {"time": clock(local(found.until, point))}
    if found.next is None:
        return _("No opening hours are known for the next 60 days.")
    start, today = local(found.next.start, point), local(now, point).date()
    if start.date() == today:
        return _("Opens today at %(time)s.") % {"time": clock(start)}
    if start.date() == today + timedelta(days=1):
        return _("Closed now. Opens tomorrow at %(time)s.") % {"time": clock(start)}
    return _("Closed now. Next open: %(day)s at %(time)s.") % {
        "day": weekday_and_date(start.date()),
        "time": clock(start),
    }


def distance(km: float, minutes: float) -> str:
    """Straight-line distance and the travel model's minutes, rounded to what they are worth."""
    if km < 1:
        return _("Less than 1 km away.")
    rounded = max(5, 5 * round(minutes / 5))
    return _("About %(km)s km away in a straight line, about %(minutes)s min by car.") % {
        "km": figures.number(km),
        "minutes": figures.number(rounded),
    }


def address(point: KnownPoint) -> str:
    """Street, postal code and post office, as far as the register has them; else the town."""
    street = in_language({k: v for k, v in point.addresses.items() if v} or "")
    office = post_office_in((get_language() or "fi")[:2], point.post_office, point.towns)
    post = " ".join(part for part in (point.postal_code, office) if part)
    return ", ".join(part for part in (street, post) if part) or in_language(point.towns)


def languages(point: KnownPoint) -> str:
    return ", ".join(language(code) for code in point.languages)


def services(pairs: Iterable[Pair], everything: Sequence[Pair], register: Register) -> str:
    """The services of ``pairs``; the ways beside them only where a service has others too.

    Empty where ``pairs`` are all that the point gives on the day.
    """
    some = set(pairs)
    if some == set(everything):
        return ""
    ways: dict[str, list[str]] = {}
    for code, mode in everything:
        if (code, mode) in some:
            ways.setdefault(code, []).append(mode)
    whole = {code: [m for c, m in everything if c == code] for code in ways}
    if (
        set(ways) == {code for code, _mode in everything}
        and len(set(map(tuple, ways.values()))) == 1
    ):
        return ", ".join(label("mode", mode) for mode in next(iter(ways.values())))
    return ", ".join(
        name if ways[code] == whole[code] else f"{name} ({_ways(ways[code])})"
        for code in ways
        for name in [in_language(register.services[code])]
    )


def _ways(modes: Iterable[str]) -> str:
    return ", ".join(label("mode", mode) for mode in modes)


def holiday(point: KnownPoint, day: date) -> str:
    """The name of a day on which the agency is shut; empty on an ordinary day."""
    calendar = point.timetable.holidays
    name = calendar.name_on(day, (get_language() or "fi")[:2]) if calendar else None
    if name is None:
        return ""
    return _("The agency is closed on this day.") if _MONTH_DAY.fullmatch(name) else name
