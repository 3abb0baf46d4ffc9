"""What pages, programs and assessments ask of demand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Max, Sum

from palveluverkko.demand.models import DailyVisits, DayReport, PointFinding, PointWeek
from palveluverkko.demand.plain import from_plain
from palveluverkko.measuring.model import PointDemand
from palveluverkko.network.models import ServicePoint
from palveluverkko.snapshot.model import DemandWeeks, WeekStatus

CHUNK = 500  # points per query: bounds the rows in memory, whatever the network's size
MIX_WEEKS = 52
PROFILE_WEEKS = 52
COUNTED = (WeekStatus.COMPLETE, WeekStatus.HOLIDAY)


def demand_weeks(
    point_ids: Sequence[str], last_monday: date, weeks: int, services: Sequence[str]
) -> DemandWeeks:
    """The ``weeks`` ISO weeks up to ``last_monday`` of the points, in the order given.

    A week without a row is ``CLOSED`` outside the point's validity and ``MISSING`` inside it.
    """
    first = last_monday - timedelta(weeks=weeks - 1)
    shape = (len(point_ids), weeks)
    found = DemandWeeks(
        first_monday=first,
        visits=np.zeros(shape, dtype=np.int32),
        slots=np.full(shape, -1, dtype=np.int32),
        open_minutes=np.full(shape, -1, dtype=np.int32),
        status=np.full(shape, WeekStatus.MISSING, dtype=np.uint8),
        services=tuple(services),
        service_visits=np.zeros((len(point_ids), len(services)), dtype=np.int64),
        mix_weeks=min(MIX_WEEKS, weeks),
    )
    row_of = {point: i for i, point in enumerate(point_ids)}
    for start in range(0, len(point_ids), CHUNK):
        chunk = list(point_ids[start : start + CHUNK])
        _mark_outside_validity(found, row_of, chunk)
        _fill_weeks(found, row_of, chunk, last_monday)
        _fill_services(found, row_of, chunk, last_monday)
    return found


def _mark_outside_validity(
    found: DemandWeeks, row_of: Mapping[str, int], chunk: Sequence[str]
) -> None:
    weeks = found.status.shape[1]
    validity = ServicePoint.objects.filter(id__in=chunk).values_list(
        "id", "valid_from", "valid_until"
    )
    for point, opens, ends in validity:
        status = found.status[row_of[point]]
        if opens is not None:
            status[: min(max((opens - found.first_monday).days // 7, 0), weeks)] = WeekStatus.CLOSED
        if ends is not None:
            status[max((ends - found.first_monday).days // 7 + 1, 0) :] = WeekStatus.CLOSED


def _select(columns: str, chunk: Sequence[str], first: date, last: date) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them: Django's converters would take most of the time here."""
    marks = ", ".join(["%s"] * len(chunk))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {PointWeek._meta.db_table} "
            f"WHERE point_id IN ({marks}) AND monday BETWEEN %s AND %s",
            [*chunk, first.isoformat(), last.isoformat()],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _fill_weeks(
    found: DemandWeeks, row_of: Mapping[str, int], chunk: Sequence[str], last: date
) -> None:
    # As text: SQLite's driver would call Django's converter for every date.
    columns = "point_id, CAST(monday AS text), status, visits, slots, open_minutes"
    rows = _select(columns, chunk, found.first_monday, last)
    if not rows:
        return
    week_of = {monday.isoformat(): i for i, monday in enumerate(found.mondays)}
    points, mondays, status, visits, slots, minutes = zip(*rows, strict=True)
    at = ([row_of[str(p)] for p in points], [week_of[m] for m in mondays])
    found.status[at] = status
    counted = np.isin(found.status[at], COUNTED)
    found.visits[at] = np.where(counted, np.array(visits, dtype=np.int32), 0)
    found.slots[at] = [-1 if s is None else s for s in slots]
    found.open_minutes[at] = [-1 if m is None else m for m in minutes]


def _fill_services(
    found: DemandWeeks, row_of: Mapping[str, int], chunk: Sequence[str], last: date
) -> None:
    column_of = {service: i for i, service in enumerate(found.services)}
    first = max(last - timedelta(weeks=found.mix_weeks - 1), found.first_monday)
    for point, status, content in _select("point_id, status, by_service", chunk, first, last):
        if status in COUNTED:
            by_service = json.loads(content) if isinstance(content, str) else content
            for service, visits in by_service.items():
                if service in column_of:
                    found.service_visits[row_of[str(point)], column_of[service]] += visits


@dataclass(frozen=True, slots=True)
class WeekRecord:
    """One week of one point. ``visits`` is None where they are unknown or the point was closed."""

    monday: date
    status: WeekStatus
    visits: int | None
    slots: int | None = None
    open_minutes: int | None = None
    days_open: int | None = None
    days_reported: int = 0
    by_service: Mapping[str, int] = field(default_factory=dict)


def weekly_series(point_id: str, last_monday: date, weeks: int) -> list[WeekRecord]:
    """The point's last ``weeks`` weeks, oldest first, each with a record."""
    rows = {
        row.monday: row
        for row in PointWeek.objects.filter(
            point_id=point_id,
            monday__range=(last_monday - timedelta(weeks=weeks - 1), last_monday),
        )
    }
    # Weeks without a row have their status from the same rule as in an assessment.
    frame = demand_weeks([point_id], last_monday, weeks, [])
    records = []
    for i, monday in enumerate(frame.mondays):
        status = WeekStatus(int(frame.status[0, i]))
        if (row := rows.get(monday)) is None:
            records.append(WeekRecord(monday, status, None))
            continue
        records.append(
            WeekRecord(
                monday=monday,
                status=status,
                visits=row.visits if status in COUNTED else None,
                slots=row.slots,
                open_minutes=row.open_minutes,
                days_open=row.days_open,
                days_reported=row.days_reported,
                by_service=row.by_service,
            )
        )
    return records


def reported_days(point_ids: Sequence[str], since: date) -> set[tuple[str, date]]:
    """Points and days, from ``since`` on, that a day report says were kept."""
    rows = DayReport.objects.filter(point_id__in=point_ids, date__gte=since)
    return set(rows.values_list("point_id", "date"))


def newest_week(point_id: str | None = None) -> date | None:
    """The Monday of the newest finished week that has a row, of one point or of any."""
    weeks = PointWeek.objects.order_by()
    if point_id is not None:
        weeks = weeks.filter(point_id=point_id)
    newest: date | None = weeks.aggregate(m=Max("monday"))["m"]
    return newest


def daily_profile(point_id: str, until: date | None = None) -> tuple[float | None, ...]:
    """Mean visits per reported day by weekday, Monday first, over the year up to ``until``.

    None for a weekday on which nothing was reported. ``until`` defaults to the newest count.
    """
    counts = DailyVisits.objects.filter(point_id=point_id).order_by()
    last = until or counts.aggregate(m=Max("date"))["m"]
    if last is None:
        return (None,) * 7
    first = last - timedelta(weeks=PROFILE_WEEKS)
    totals, days = np.zeros(7), np.zeros(7)
    daily = counts.filter(date__gt=first, date__lte=last).values_list("date")
    for day, visits in daily.annotate(Sum("visits")):
        totals[day.weekday()] += visits
        days[day.weekday()] += 1
    return tuple(float(t / n) if n else None for t, n in zip(totals, days, strict=True))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the monitor holds on a point: its demand up to the week of ``up_to``."""

    point: str
    up_to: date
    demand: PointDemand


def findings(point_ids: Sequence[str] | None = None) -> dict[str, Finding]:
    """The monitor's findings by point; points without counts have none."""
    rows = PointFinding.objects.all()
    if point_ids is not None:
        rows = rows.filter(point_id__in=point_ids)
    return {row.point_id: Finding(row.point_id, row.up_to, from_plain(row.demand)) for row in rows}
