"""Free times of the points and channels in a search's answer, each a link to its booking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from palveluverkko.availability import ANY
from palveluverkko.booking import queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.web.portal import words
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.elsewhere import address_if_known
from palveluverkko.web.portal.register import KnownPoint, Register

EACH = 3  # times on a card: today's choice, not the whole calendar
AT_POINT: Mapping[str, tuple[str, ...]] = {
    "": ("appointment", "video_room"),
    "point": ("appointment",),
    "video": ("video_room",),
    "phone": (),
}
REMOTE: Mapping[str, tuple[str, ...]] = {
    "": ("video", "phone"),
    "point": (),
    "video": ("video",),
    "phone": ("phone",),
}


@dataclass(frozen=True, slots=True)
class BookableTime:
    """A time that can be booked: its beginning (UTC), its zone (IANA) and where it is booked."""

    start: datetime
    mode: str
    timezone: str
    url: str

    @property
    def local(self) -> datetime:
        return self.start.astimezone(ZoneInfo(self.timezone))

    @property
    def day(self) -> str:
        """The day on the clock of the place, and where the customer sits if not at a desk."""
        day = words.weekday_and_date(self.local.date())
        return _("%(day)s, in the video room") % {"day": day} if self.mode == "video_room" else day

    @property
    def clock(self) -> str:
        return words.clock(self.local)


Times = Mapping[str, tuple[BookableTime, ...]]


def times_at(
    points: Iterable[KnownPoint], asked: Asked, register: Register, now: datetime
) -> Times:
    """The next free times by point id; a point without any, or none that is known, is left out.

    Without a service there are none: how long a meeting takes depends on it.
    """
    found: dict[str, list[FreeTime]] = defaultdict(list)
    if asked.service:
        for zone, ids in _by_zone(points).items():
            for mode in AT_POINT[asked.way]:
                times = _next(ids, mode, asked, zone, now)
                for point, moments in times.items():
                    found[str(point)] += moments
    return {
        point: _links(times, asked, register.points[point].timetable.timezone)
        for point, times in found.items()
    }


def remote_times(asked: Asked, register: Register, now: datetime) -> Times:
    """The next free times by ``video`` and by ``phone``, on the agency's clock."""
    if not asked.service:
        return {}
    return {
        mode: _links(times, asked, register.timezone)
        for mode in REMOTE[asked.way]
        for times in _next([None], mode, asked, register.timezone, now).values()
    }


def earliest_at(asked: Asked, register: Register, now: datetime, most: int) -> dict[str, datetime]:
    """The first free time of those points that have the ``most`` earliest ones."""
    found: dict[str, datetime] = {}
    if asked.service:
        start, end = _day(asked, register.timezone)
        for mode in AT_POINT[asked.way]:
            for free in queries.earliest(
                mode, asked.service, _language(asked), start=start, end=end, limit=most, now=now
            ):
                if free.point is not None:
                    found[free.point] = min(free.start, found.get(free.point, free.start))
    return found


def _next(
    outlets: list[str | None], mode: str, asked: Asked, zone: str, now: datetime
) -> dict[str | None, list[FreeTime]]:
    start, end = _day(asked, zone)
    return queries.next_free(
        outlets, mode, asked.service, _language(asked), start=start, end=end, each=EACH, now=now
    )


def _by_zone(points: Iterable[KnownPoint]) -> dict[str, list[str | None]]:
    """Point ids by time zone: a day begins at another instant in another zone."""
    zones: dict[str, list[str | None]] = defaultdict(list)
    for point in points:
        zones[point.timetable.timezone].append(point.id)
    return zones


def _day(asked: Asked, zone: str) -> tuple[datetime | None, datetime | None]:
    """The bounds of the day asked for in ``zone``; open where any day will do."""
    if asked.day is None:
        return None, None
    local = ZoneInfo(zone)
    begin = datetime.combine(asked.day, time(), local)
    return begin, datetime.combine(asked.day + timedelta(days=1), time(), local)


def _language(asked: Asked) -> str:
    return asked.language or ANY


def _links(times: list[FreeTime], asked: Asked, zone: str) -> tuple[BookableTime, ...]:
    soonest = sorted(times, key=lambda free: free.start)[:EACH]
    return tuple(BookableTime(t.start, t.mode, zone, _url(t, asked, zone)) for t in soonest)


def _url(free: FreeTime, asked: Asked, zone: str) -> str:
    """The booking's first page with all that is chosen, from the time's own day on."""
    day = free.start.astimezone(ZoneInfo(zone)).date()
    chosen = {
        "point": free.point or "",
        "mode": free.mode,
        "service": asked.service,
        "language": asked.language,
        "since": day.isoformat(),
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{address_if_known('book-start')}?{query}"
