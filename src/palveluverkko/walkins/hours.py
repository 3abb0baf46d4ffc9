"""When a point serves walk-ins, and what day it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.calendar import Interval, Timetable, open_intervals
from palveluverkko.network.errors import PointUnknown
from palveluverkko.network.models import ModeChoices, ServiceOffer, valid_on
from palveluverkko.network.queries import timetables

WALK_IN = ModeChoices.WALK_IN.value
LOOK_AHEAD_DAYS = 31


@dataclass(frozen=True, slots=True)
class WalkInHours:
    """One point's walk-in service at one moment. ``day`` is the point's own date.

    ``services`` are those it gives to walk-ins that day. ``closes_at`` is the end of the hours
    that run now for the service asked about, ``None`` while it is closed; ``opens_at`` the next
    beginning after now, as far as a month ahead.
    """

    day: date
    zone: ZoneInfo
    services: tuple[str, ...]
    closes_at: datetime | None
    opens_at: datetime | None


def walk_in_hours(point_id: str, service: str | None, now: datetime) -> WalkInHours:
    """For one service, or for any where none is given. Raises :class:`PointUnknown`."""
    timetable = _timetable(point_id)
    zone = ZoneInfo(timetable.timezone)
    day = now.astimezone(zone).date()
    offers = ServiceOffer.objects.filter(valid_on(day), point_id=point_id, mode=WALK_IN)
    given = offers.order_by("service__position", "service_id").values_list("service_id", flat=True)
    return WalkInHours(
        day=day,
        zone=zone,
        services=tuple(dict.fromkeys(given)) if timetable.valid.holds_on(day) else (),
        closes_at=_closes_at(timetable, day, service, now),
        opens_at=_opens_at(timetable, day, service, now),
    )


def local_day(point_id: str, now: datetime) -> date:
    """The point's own date at ``now``. Raises :class:`PointUnknown`."""
    return now.astimezone(ZoneInfo(_timetable(point_id).timezone)).date()


def _timetable(point_id: str) -> Timetable:
    found = timetables([point_id])
    if point_id not in found:
        raise PointUnknown(point_id)
    return found[point_id]


def _intervals(timetable: Timetable, day: date, service: str | None) -> tuple[Interval, ...]:
    return open_intervals(timetable, day, service, WALK_IN)


def _closes_at(
    timetable: Timetable, day: date, service: str | None, now: datetime
) -> datetime | None:
    # Hours past midnight belong to the day before.
    for one in (day - timedelta(days=1), day):
        for interval in _intervals(timetable, one, service):
            if interval.start <= now < interval.end:
                return interval.end
    return None


def _opens_at(
    timetable: Timetable, day: date, service: str | None, now: datetime
) -> datetime | None:
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        for interval in _intervals(timetable, day + timedelta(days=ahead), service):
            if interval.start > now:
                return interval.start
    return None
