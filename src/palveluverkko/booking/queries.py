"""What pages and other parts may ask of bookings: free times, and one booking by its link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from palveluverkko.availability import ANY, Mask, Window, unpack
from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.free_days import Day, FreeDays, computed, days_from, free_days
from palveluverkko.booking.models import BookingMode, FreeDay, StaleDay
from palveluverkko.booking.outlets import VIDEO, outlet_of
from palveluverkko.booking.terms import TermsBook

PAGE = 60  # rows read at once while looking for the soonest
WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Free times are looked for from ``start`` up to, not including, ``end`` (UTC)."""

    start: datetime
    end: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last UTC day on which a start can lie."""
        return (
            self.start.astimezone(UTC).date(),
            (self.end - timedelta(microseconds=1)).astimezone(UTC).date(),
        )


def bookable_span(
    service: str,
    mode: str,
    start: datetime | None = None,
    end: datetime | None = None,
    now: datetime | None = None,
    terms: TermsBook | None = None,
) -> Span:
    """From ``start`` to ``end`` as far as lead time and horizon let a customer book."""
    moment = now or timezone.now()
    found = (terms or TermsBook.load()).of(service, mode)
    soonest = moment + timedelta(minutes=found.lead_minutes)
    latest = moment + timedelta(days=found.horizon_days)
    return Span(max(start or soonest, soonest), min(end or latest, latest))


def free_times(
    point: str | None,
    mode: str,
    service: str,
    language: str = ANY,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 100,
    now: datetime | None = None,
) -> list[FreeTime]:
    """The next times at which the service can begin there, soonest first, at most ``limit``.

    ``language``: one that the adviser must speak; any by default.
    """
    found = next_free([point], mode, service, language, start=start, end=end, each=limit, now=now)
    return found.get(point, [])


def next_free(
    points: Sequence[str | None],
    mode: str,
    service: str,
    language: str = ANY,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    each: int = 3,
    now: datetime | None = None,
) -> dict[str | None, list[FreeTime]]:
    """The next ``each`` free times of every point given; points without any are left out.

    A week is read, and where it is not enough the weeks to the horizon: the cost follows what is
    shown, and two questions cost less than many small ones.
    """
    read = free_days(service)
    span = bookable_span(service, mode, start, end, now)
    offered = offerings.current().offered
    # A point without the service would be looked for until the horizon.
    giving = [p for p in points if p is None or service in offered.get((p, mode), ())]
    wanted = {outlet_of(p, mode): p for p in giving}
    result: dict[str | None, list[FreeTime]] = defaultdict(list)
    step, begin = WEEK, span.start
    while begin < span.end and wanted:
        until = min(begin + timedelta(days=step), span.end)
        for outlet, moments in _starts(read, wanted, mode, language, Span(begin, until)).items():
            point = wanted[outlet]
            room = each - len(result[point])
            result[point] += [FreeTime(m, mode, point) for m in islice(moments, room)]
        wanted = {o: p for o, p in wanted.items() if len(result[p]) < each}
        begin, step = until, step * 8
    return {point: found for point, found in result.items() if found}


def earliest(
    mode: str,
    service: str,
    language: str = ANY,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 20,
    now: datetime | None = None,
) -> list[FreeTime]:
    """The first free time of each point of the whole network, soonest first; the first ``limit``.

    Reads only as many days as are needed to fill ``limit``, and of those only the outlets that
    may be among the first.
    """
    span = bookable_span(service, mode, start, end, now)
    found: dict[str, datetime] = {}
    step, begin = 1, span.start
    while begin < span.end and len(found) < limit:
        until = min(begin + timedelta(days=step), span.end)
        first = _first_starts(mode, service, language, Span(begin, until), limit)
        found = first | found
        begin, step = until, step * 2
    soonest = sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[:limit]
    return [FreeTime(m, mode, None if o in outlets.POOLS else o) for o, m in soonest]


def is_free(point: str | None, mode: str, service: str, language: str, start: datetime) -> bool:
    """Whether the projection shows this very start as free."""
    end = start + timedelta(minutes=1)
    return bool(free_times(point, mode, service, language, start=start, end=end, limit=1))


def _first_starts(
    mode: str, service: str, language: str, span: Span, limit: int
) -> dict[str, datetime]:
    """The first start of outlets in ``span``: at least of the ``limit`` soonest ones.

    Rows come by their first start in any language, which is never later than the one looked for:
    when that of the next row is behind the ``limit`` soonest starts, nothing sooner can follow.
    """
    pool = None
    days = list(days_from(*span.days))
    if mode == BookingMode.VIDEO_ROOM:
        video = free_days(service).masks([VIDEO], mode, *span.days)
        pool = {day: masks for (_outlet, day), masks in video.items()}
        days = [d for d in days if pool.get(d, {}).get(language)]
    if not days:
        return {}
    stale = set(StaleDay.objects.filter(day__in=days).values_list("outlet", "day"))
    found: dict[str, datetime] = {}

    def look(outlet: str, day: date, masks: Day) -> None:
        mask = masks.get(language, 0) if pool is None else masks.get(ANY, 0) & pool[day][language]
        moments = (m for m in Window(day).moments(mask) if m >= span.start)
        start = next(moments, span.end)
        if start < min(span.end, found.get(outlet, span.end)):
            found[outlet] = start

    for (outlet, day, _mode), starts in computed(stale, [mode], service).items():
        if outlet not in outlets.POOLS or pool is None:
            look(outlet, day, unpack(starts))
    for page in _by_first_start(mode, service, language if pool is None else ANY, days, span):
        for outlet, day, starts, first in page:
            fresh = (outlet, day) not in stale and (outlet not in outlets.POOLS or pool is None)
            if fresh and first < found.get(outlet, span.end):
                look(outlet, day, unpack(starts))
        soonest = sorted((start, outlet) for outlet, start in found.items())[:limit]
        outlet, _day, _starts, first = page[-1]
        if len(soonest) == limit and (first, outlet) > soonest[-1]:
            break
    return found


def _by_first_start(
    mode: str, service: str, language: str, days: Sequence[date], span: Span
) -> Iterator[list[tuple[str, date, str, datetime]]]:
    """Rows with the language, by first start and outlet, a page at a time."""
    rows = FreeDay.objects.filter(
        mode=mode,
        service=service,
        day__in=days,
        last_start__gte=span.start,
        first_start__lt=span.end,
    ).order_by("first_start", "outlet")
    if language != ANY:
        rows = rows.filter(starts__contains=f'"{language}"')
    behind = Q()
    while page := list(
        rows.filter(behind).values_list("outlet", "day", "starts", "first_start")[:PAGE]
    ):
        yield page
        outlet, _day, _starts, first = page[-1]
        behind = Q(first_start__gte=first) & (Q(first_start__gt=first) | Q(outlet__gt=outlet))


def _starts(
    read: FreeDays, wanted: Iterable[str], mode: str, language: str, span: Span
) -> dict[str, Iterator[datetime]]:
    """Starts by outlet in ``span``, in order; without those of outlets that have none there."""
    first, last = span.days
    room = mode == BookingMode.VIDEO_ROOM
    days = read.masks([*wanted, VIDEO] if room else wanted, mode, first, last)
    found: dict[str, list[tuple[date, Mask]]] = defaultdict(list)
    for (outlet, day), masks in days.items():
        mask = masks.get(ANY if room else language, 0)
        if room:
            mask &= days.get((VIDEO, day), {}).get(language, 0)
        if mask and not (room and outlet == VIDEO):
            found[outlet].append((day, mask))
    return {outlet: _moments(parts, span) for outlet, parts in found.items()}


def _moments(parts: Iterable[tuple[date, Mask]], span: Span) -> Iterator[datetime]:
    for day, mask in sorted(parts):
        for moment in Window(day).moments(mask):
            if moment >= span.end:
                return
            if moment >= span.start:
                yield moment
