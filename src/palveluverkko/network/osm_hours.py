"""A point's opening times as an OSM ``opening_hours`` string: told, or set from one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction

from palveluverkko.calendar.osm import read_osm, write_osm
from palveluverkko.network.errors import PointUnknown
from palveluverkko.network.services import HoursChange, OpenTime, add_exception, set_hours
from palveluverkko.network.timetables import timetables

# A string without dates holds for ever, the register's exceptions do not: what weekly hours cannot
# hold (holidays kept, the first Monday of a month) is written out this far ahead.
HORIZON_DAYS = 366


def osm_hours(
    point_id: str, first: date, last: date, service: str | None = None, mode: str | None = None
) -> str:
    """The point's opening times from ``first`` to ``last`` as a string. Raises ``PointUnknown``."""
    found = timetables([point_id])
    if point_id not in found:
        raise PointUnknown(point_id)
    return write_osm(found[point_id], first, last, service, mode)


@transaction.atomic
def set_osm_hours(
    point_id: str, text: str, since: date, horizon_days: int = HORIZON_DAYS
) -> HoursChange:
    """Replace the point's weekly hours from ``since`` on by what ``text`` says.

    Dated rules become exceptions, up to ``horizon_days`` ahead. Raises ``OsmHoursInvalid``,
    ``PointUnknown`` and the errors of :func:`~palveluverkko.network.services.add_exception`.
    """
    found = timetables([point_id])
    if point_id not in found:
        raise PointUnknown(point_id)
    now = found[point_id]
    last = since + timedelta(days=horizon_days)
    wanted = read_osm(text, since, last, now.timezone, now.holidays)
    change = set_hours(point_id, wanted.weekly, since)
    by_day: dict[date, list[OpenTime]] = defaultdict(list)
    for row in wanted.exceptions:
        times = by_day[row.first]
        if not row.closed and row.opens is not None and row.closes is not None:
            times.append(OpenTime(row.opens, row.closes, row.overnight))
    for day, times in sorted(by_day.items()):
        add_exception(point_id, first=day, open_times=times)
    return change
