"""Making weeks of days: counts, reports and timetables into rows of ``PointWeek``.

A week becomes a row when it is over. How its status comes about: docs/methods/weeks.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from django.db import transaction
from django.db.models import Max, Min, OuterRef, Subquery, Sum

from palveluverkko.calendar import Timetable, iso_monday
from palveluverkko.demand.clock import last_finished_monday, today
from palveluverkko.demand.databases import IsoMonday
from palveluverkko.demand.models import DailyVisits, DayReport, PointWeek
from palveluverkko.demand.store import Upsert
from palveluverkko.demand.timetable_weeks import week_minutes
from palveluverkko.measuring.weeks import week_status
from palveluverkko.network import revision
from palveluverkko.network.models import ServicePoint
from palveluverkko.network.queries import timetables

CHUNK = 16  # points at a time: small sorts in the database, little memory here
WEEK = timedelta(weeks=1)
FIELDS = (
    "point_id",
    "monday",
    "status",
    "visits",
    "slots",
    "open_minutes",
    "days_open",
    "days_reported",
    "by_service",
)
Touched = Mapping[str, tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Span:
    """The finished weeks of a point that are to be made."""

    first: date
    last: date

    @property
    def mondays(self) -> list[date]:
        return [self.first + i * WEEK for i in range((self.last - self.first).days // 7 + 1)]


def rebuild_weeks(point_ids: Sequence[str] | None = None, *, touched: Touched | None = None) -> int:
    """Make the weeks of some or all points from their days; how many rows were written.

    ``touched`` limits each point to the weeks of a first and last day (and those since its newest
    row). Without it a point's rows are made anew from its first report to its newest; for all
    points to the newest report of any, so that a point that fell silent shows missing weeks.
    """
    written = 0
    with transaction.atomic():
        ids = _locked(point_ids)
        frontier = None if point_ids is not None else _newest_report(ids)
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            spans = _spans(chunk, touched, frontier)
            if touched is None:
                PointWeek.objects.filter(point_id__in=chunk).delete()
            written += _write(spans)
        if written or touched is None:
            revision.bump()
    return written


def points_behind() -> dict[str, tuple[date, date]]:
    """Points that lack the newest week that is over, as ``touched`` for :func:`rebuild_weeks`.

    The newest week is that of the newest report of any point: one that fell silent lacks weeks.
    """
    bounds = _report_bounds(list(ServicePoint.objects.values_list("id", flat=True)))
    if not bounds:
        return {}
    newest = max(last for _first, last in bounds.values())
    monday = min(iso_monday(newest), last_finished_monday(today()))
    rows = PointWeek.objects.order_by().values_list("point_id").annotate(Max("monday"))
    made = dict(rows)
    return {p: (monday, monday) for p in bounds if p not in made or made[p] < monday}


def _locked(point_ids: Sequence[str] | None) -> list[str]:
    """The points, held so that two changes of one week cannot each miss the other's count.

    Callers have written their counts before; taking the lock first could end in a deadlock with
    an import that holds the rows of the same counts.
    """
    points = ServicePoint.objects.select_for_update(no_key=True).order_by("id")
    if point_ids is not None:
        points = points.filter(id__in=point_ids)
    return list(points.values_list("id", flat=True))


def _newest_report(ids: Sequence[str]) -> date | None:
    """The newest day of any point. One index look-up a point; a plain maximum reads the table."""
    own = _report_bounds(ids)
    return max((newest for _oldest, newest in own.values()), default=None)


def _report_bounds(ids: Sequence[str]) -> dict[str, tuple[date, date]]:
    bounds: dict[str, tuple[date, date]] = {}
    for model in (DailyVisits, DayReport):
        of_point = model._default_manager.filter(point_id=OuterRef("pk")).order_by()
        one = of_point.values("point_id")
        found = ServicePoint.objects.filter(id__in=ids).values_list(
            "id",
            Subquery(one.annotate(m=Min("date")).values("m")),
            Subquery(one.annotate(m=Max("date")).values("m")),
        )
        for point, oldest, newest in found:
            if oldest is not None:
                a, b = bounds.get(point, (oldest, newest))
                bounds[point] = (min(a, oldest), max(b, newest))
    return bounds


def _spans(ids: Sequence[str], touched: Touched | None, frontier: date | None) -> dict[str, Span]:
    finished = last_finished_monday(today())
    rows = PointWeek.objects.filter(point_id__in=ids).order_by()
    newest = dict(rows.values_list("point_id").annotate(Max("monday")))
    reported = _report_bounds([i for i in ids if touched is None or i not in newest])
    days = touched if touched is not None else reported
    validity = ServicePoint.objects.filter(id__in=ids).values_list(
        "id", "valid_from", "valid_until"
    )
    spans = {}
    for point, opens, ends in validity:
        if point not in days:
            continue
        first, last = (iso_monday(day) for day in days[point])
        if touched is not None:
            behind = newest[point] + WEEK if point in newest else iso_monday(reported[point][0])
            first = min(first, behind)
        else:
            last = max(last, newest.get(point, last), iso_monday(frontier or last))
        if opens is not None:
            first = max(first, iso_monday(opens))
        last = min(last, finished, iso_monday(ends) if ends is not None else last)
        if first <= last:
            spans[point] = Span(first, last)
    return spans


def _write(spans: Mapping[str, Span]) -> int:
    if not spans:
        return 0
    counts, reported = _counts(spans), _reported_days(spans)
    reports = _reports(spans)
    timetable_of = timetables(list(spans))
    rows = [
        row
        for point, span in spans.items()
        for row in _rows(
            point, span, timetable_of[point], counts[point], reported[point], reports[point]
        )
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    writer = Upsert(PointWeek, FIELDS, keys=2)
    writer.write(frame)
    writer.finish()
    return frame.height


_SCHEMA = {
    **dict.fromkeys(FIELDS, pl.Int64),
    "point_id": pl.String,
    "monday": pl.String,
    "by_service": pl.String,
}


def _bounds(spans: Mapping[str, Span]) -> tuple[date, date]:
    return (
        min(s.first for s in spans.values()),
        max(s.last for s in spans.values()) + timedelta(days=6),
    )


def _counts(spans: Mapping[str, Span]) -> defaultdict[str, dict[str, dict[str, int]]]:
    """Visits by point, Monday (ISO text) and service."""
    found: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    sums = (
        DailyVisits.objects.filter(point_id__in=list(spans), date__range=_bounds(spans))
        .annotate(monday=IsoMonday("date"))
        .order_by()
        .values_list("point_id", "monday", "service_id")
        .annotate(total=Sum("visits"))
    )
    for point, monday, service, total in sums:
        found[point].setdefault(monday, {})[service] = total
    return found


def _reported_days(spans: Mapping[str, Span]) -> defaultdict[str, list[date]]:
    """Days with a count: a count is a report."""
    found: defaultdict[str, list[date]] = defaultdict(list)
    days = DailyVisits.objects.filter(point_id__in=list(spans), date__range=_bounds(spans))
    for point, day in days.order_by().values_list("point_id", "date").distinct():
        found[point].append(day)
    return found


Report = tuple[date, int | None, int | None]


def _reports(spans: Mapping[str, Span]) -> defaultdict[str, list[Report]]:
    found: defaultdict[str, list[Report]] = defaultdict(list)
    rows = DayReport.objects.filter(point_id__in=list(spans), date__range=_bounds(spans))
    for point, day, minutes, slots in rows.values_list("point_id", "date", "open_minutes", "slots"):
        found[point].append((day, minutes, slots))
    return found


def _rows(
    point: str,
    span: Span,
    timetable: Timetable,
    counts: Mapping[str, Mapping[str, int]],
    counted_days: Sequence[date],
    reports: Sequence[Report],
) -> Iterator[tuple[object, ...]]:
    mondays = span.mondays
    plan = week_minutes(timetable, mondays)
    size = len(mondays) * 7
    reported = np.zeros(size, dtype=bool)
    slots = np.full(size, -1, dtype=np.int64)
    minutes = plan.open.astype(np.int64).ravel()
    origin = span.first.toordinal()
    for day in counted_days:
        if 0 <= (i := day.toordinal() - origin) < size:
            reported[i] = True
    for day, open_minutes, day_slots in reports:
        if 0 <= (i := day.toordinal() - origin) < size:
            reported[i] = True
            minutes[i] = minutes[i] if open_minutes is None else open_minutes
            slots[i] = -1 if day_slots is None else day_slots
    is_open = plan.open > 0
    weekly = slots.reshape(-1, 7)
    unknown_slots = np.where(is_open, weekly, 0).min(axis=1) < 0
    slot_sums = np.maximum(weekly, 0).sum(axis=1).tolist()
    status = week_status(plan.regular, plan.open, reported.reshape(-1, 7)).tolist()
    open_sums = minutes.reshape(-1, 7).sum(axis=1).tolist()
    days_open = is_open.sum(axis=1).tolist()
    days_reported = (is_open & reported.reshape(-1, 7)).sum(axis=1).tolist()
    for i, monday in enumerate(mondays):
        text = monday.isoformat()
        services = counts.get(text, {})
        yield (
            point,
            text,
            status[i],
            sum(services.values()),
            slot_sums[i] if days_open[i] and not unknown_slots[i] else None,
            open_sums[i],
            days_open[i],
            days_reported[i],
            json.dumps(services, sort_keys=True),
        )
