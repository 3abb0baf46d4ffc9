"""Free times by day, on the clock of the place where the meeting is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from palveluverkko.booking import offerings, queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.seating import seatings
from palveluverkko.web.portal.booking.asked import Choice
from palveluverkko.web.portal.words import clock, weekday_and_date

DAYS_SHOWN = 5
MOST_READ = 400
# Times with an interpreter or a second adviser are looked up one by one, which costs more.
MOST_LOOKED_UP = 40


@dataclass(frozen=True, slots=True)
class Start:
    """A time to choose: ``value`` as forms send it (UTC), ``clock`` as people read it."""

    value: str
    clock: str


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    starts: tuple[Start, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """The next days with free times. ``later``: the day from which more can be shown, or None."""

    days: tuple[Day, ...]
    later: date | None
    zone_note: str

    @property
    def any(self) -> bool:
        return bool(self.days)


def free_days(choice: Choice, now: datetime, since: date | None = None) -> Times:
    """Days with times that can be booked as chosen, from ``since`` on."""
    zone = ZoneInfo(offerings.current().zone_of(choice.at))
    start = datetime.combine(since, time(), zone) if since else None
    found = queries.free_times(
        choice.at,
        choice.mode,
        choice.service,
        choice.language,
        start=start,
        limit=MOST_LOOKED_UP if choice.needs_more else MOST_READ,
        now=now,
    )
    read_all = len(found) < (MOST_LOOKED_UP if choice.needs_more else MOST_READ)
    if choice.needs_more:
        last = found[-1].start.astimezone(zone).date() if found else None
        found = [t for t in found if next(seatings(choice.wish(t.start)), None)]
        days = by_day(found, zone)
        later = None if read_all or last is None else last + timedelta(days=1)
        return Times(tuple(days), later, zone_note(zone))
    dates = list(dict.fromkeys(t.start.astimezone(zone).date() for t in found))
    shown = [t for t in found if t.start.astimezone(zone).date() in dates[:DAYS_SHOWN]]
    later = dates[DAYS_SHOWN] if len(dates) > DAYS_SHOWN else None
    return Times(tuple(by_day(shown, zone)), later, zone_note(zone))


def by_day(times: Iterable[FreeTime], zone: ZoneInfo) -> list[Day]:
    """Times grouped by their local day, in order."""
    local = sorted(t.start.astimezone(zone) for t in times)
    return [
        Day(weekday_and_date(day), tuple(Start(value_of(s), clock(s)) for s in starts))
        for day, starts in groupby(local, key=lambda start: start.date())
    ]


def zone_note(zone: ZoneInfo) -> str:
    """A warning where the clock there is not the agency's."""
    if zone.key == offerings.current().zone:
        return ""
    return _("Times are the point's local time (%(zone)s).") % {"zone": zone.key}


def value_of(start: datetime) -> str:
    """A time as our forms send it."""
    return start.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%MZ")


def start_of(value: str) -> datetime | None:
    """The time that a form sent; None for anything that is not one of ours."""
    try:
        found = datetime.strptime(value, "%Y-%m-%dT%H:%MZ")
    except ValueError:
        return None
    # Far beyond any calendar, arithmetic with times overflows.
    return found.replace(tzinfo=ZoneInfo("UTC")) if 2000 <= found.year < 2200 else None


def at_the_same_place(times: Sequence[FreeTime], choice: Choice) -> list[Day]:
    """Free times that an error carries, as days to choose from."""
    zone = ZoneInfo(offerings.current().zone_of(choice.at))
    return by_day(times, zone)
