"""Other places and ways in which the same service can be had, each with its next free times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from palveluverkko.booking import offerings, queries
from palveluverkko.booking.free_days import free_days
from palveluverkko.booking.models import MODES_AT_POINTS
from palveluverkko.booking.outlets import VIDEO, outlet_of
from palveluverkko.web.portal import register
from palveluverkko.web.portal.booking import offered, words
from palveluverkko.web.portal.booking.asked import Choice
from palveluverkko.web.portal.booking.days import Day, by_day
from palveluverkko.web.texts import in_language

NEIGHBOURS = 3
TIMES_EACH = 3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``title``: place, way or language; ``days``: empty where no time is known to be free."""

    choice: Choice
    title: str
    way: str
    days: tuple[Day, ...]


def elsewhere(choice: Choice, now: datetime) -> list[Elsewhere]:
    """By video and phone, in another way at the same point, and at the nearest other points."""
    known = register.current()
    here = known.points.get(choice.point)
    found = [replace(choice, mode=mode) for mode in offered.remote_modes()]
    if here is not None:
        today = now.astimezone(ZoneInfo(here.timetable.timezone)).date()
        found += [
            replace(choice, mode=mode)
            for mode in MODES_AT_POINTS
            if offered.gives(here, choice.service, mode, today)
        ]
        near = offered.neighbours(here, choice.service, known, today, NEIGHBOURS)
        found += [replace(choice, point=point, mode=mode) for point, mode in near]
    others = [c for c in found if (c.at, c.mode) != (choice.at, choice.mode)]
    expected = [outlet_of(c.at, c.mode) for c in others]
    free_days(choice.service).expect([VIDEO, *expected], {c.mode for c in others})
    return [_with_times(c, known, now) for c in others]


def in_other_languages(choice: Choice, now: datetime) -> list[Elsewhere]:
    """The same meeting in the other languages in which there are times."""
    known = register.current()
    others = [replace(choice, language=code) for code in offered.languages()]
    found = [_with_times(c, known, now) for c in others if c.language != choice.language]
    return [
        replace(other, title=words.language(other.choice.language)) for other in found if other.days
    ]


def _with_times(choice: Choice, known: register.Register, now: datetime) -> Elsewhere:
    times = queries.free_times(
        choice.at, choice.mode, choice.service, choice.language, limit=TIMES_EACH, now=now
    )
    zone = ZoneInfo(offerings.current().zone_of(choice.at))
    way = words.way(choice.mode)
    point = known.points.get(choice.at or "")
    title = in_language(point.names) if point else way
    return Elsewhere(choice, title, way if point else "", tuple(by_day(times, zone)))
