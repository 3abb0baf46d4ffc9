"""Free times of the points and channels in a search's answer, each a link to its booking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.availability import ANY
from palveluverkko.booking import queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.free_days import free_days
from palveluverkko.booking.outlets import VIDEO, outlet_of
from palveluverkko.web.portal import words
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.booking.words import language
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
    """A time that can be booked: its beginning (UTC), its zone (IANA) and where it is booked.

    ``language``: the adviser's, where it is neither the one asked for nor the page's; else empty.
    """

    start: datetime
    mode: str
    timezone: str
    url: str
    language: str = ""

    @property
    def local(self) -> datetime:
        return self.start.astimezone(ZoneInfo(self.timezone))

    @property
    def day(self) -> str:
        """The day on the clock of the place, and what is special about its times."""
        day = words.weekday_and_date(self.local.date())
        if self.mode == "video_room":
            day = _("%(day)s, in the video room") % {"day": day}
        if self.language:
            facts = {"day": day, "language": language(self.language)}
            return _("%(day)s, language: %(language)s") % facts
        return day

    @property
    def clock(self) -> str:
        return words.clock(self.local)


Times = Mapping[str, tuple[BookableTime, ...]]
Spoken = tuple[FreeTime, str]  # a time, and the language that its adviser speaks


def expect_times(points: Iterable[KnownPoint], asked: Asked) -> None:
    """Say which free times the page is going to ask for, so that they are read together."""
    modes = (*AT_POINT[asked.way], *REMOTE[asked.way])
    pools = [outlet_of(None, mode) for mode in REMOTE[asked.way]]
    if "video_room" in modes:
        pools.append(VIDEO)
    free_days(asked.service).expect([*(point.id for point in points), *pools], modes)


def times_at(
    points: Iterable[KnownPoint], asked: Asked, register: Register, now: datetime
) -> Times:
    """The next free times by point id; a point without any, or none that is known, is left out.

    Without a service there are none: how long a meeting takes depends on it.
    """
    found: dict[str, list[Spoken]] = defaultdict(list)
    if asked.service:
        for zone, ids in _by_zone(points).items():
            for mode in AT_POINT[asked.way]:
                for point, times in _next(ids, mode, asked, register, zone, now).items():
                    found[str(point)] += times
    return {
        point: _links(times, asked, register.points[point].timetable.timezone)
        for point, times in found.items()
    }


def remote_times(asked: Asked, register: Register, now: datetime) -> Times:
    """The next free times by ``video`` and by ``phone``, on the agency's clock."""
    if not asked.service:
        return {}
    zone = register.timezone
    return {
        mode: _links(times, asked, zone)
        for mode in REMOTE[asked.way]
        for times in _next([None], mode, asked, register, zone, now).values()
    }


def earliest_at(asked: Asked, register: Register, now: datetime, most: int) -> dict[str, datetime]:
    """The first free time of those points that have the ``most`` earliest ones."""
    found: dict[str, datetime] = {}
    if asked.service:
        start, end = _day(asked, register.timezone)
        for mode in AT_POINT[asked.way]:
            for free in queries.earliest(
                mode,
                asked.service,
                asked.language or ANY,
                start=start,
                end=end,
                limit=most,
                now=now,
            ):
                if free.point is not None:
                    found[free.point] = min(free.start, found.get(free.point, free.start))
    return found


def _next(
    outlets: list[str | None],
    mode: str,
    asked: Asked,
    register: Register,
    zone: str,
    now: datetime,
) -> dict[str | None, list[Spoken]]:
    """The next times of each outlet in the language asked for; where any will do, in the page's,
    else in the first other language that somebody there speaks.
    """
    start, end = _day(asked, zone)

    def free(among: list[str | None], language: str) -> dict[str | None, list[FreeTime]]:
        return queries.next_free(
            among,
            mode,
            asked.service,
            language,
            start=start,
            end=end,
            each=EACH,
            now=now,
        )

    found: dict[str | None, list[Spoken]] = {}
    missing = outlets
    for number, spoken in enumerate(_languages(asked, register)):
        if number == 1:  # no need to try every language where nobody is free at all
            missing = list(free(missing, ANY))
        if not missing:
            break
        times = free(missing, spoken)
        found |= {outlet: [(t, spoken) for t in several] for outlet, several in times.items()}
        missing = [outlet for outlet in missing if outlet not in found]
    return found


def _languages(asked: Asked, register: Register) -> list[str]:
    if asked.language:
        return [asked.language]
    return list(dict.fromkeys((_page_language(), *register.languages)))


def _page_language() -> str:
    return (get_language() or "fi")[:2]


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


def _links(times: list[Spoken], asked: Asked, zone: str) -> tuple[BookableTime, ...]:
    expected = asked.language or _page_language()
    return tuple(
        BookableTime(
            start=free.start,
            mode=free.mode,
            timezone=zone,
            url=_url(free, language, asked, zone),
            language="" if language == expected else language,
        )
        for free, language in sorted(times, key=lambda spoken: spoken[0].start)[:EACH]
    )


def _url(free: FreeTime, language: str, asked: Asked, zone: str) -> str:
    """The booking's first page with all that is chosen: this time, and others from its day on."""
    chosen = {
        "point": free.point or "",
        "mode": free.mode,
        "service": asked.service,
        "language": language,
        "start": free.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "from": free.start.astimezone(ZoneInfo(zone)).date().isoformat(),
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{reverse('book-start')}?{query}"
