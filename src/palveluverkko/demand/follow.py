"""What follows when counts or timetables change: the weeks of the points, then their findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from django.db import transaction
from django.db.models import Max

from palveluverkko.demand.models import PointFinding, PointWeek
from palveluverkko.demand.monitor import update_findings
from palveluverkko.demand.weeks import rebuild_weeks


@dataclass
class Touched:
    """The points that were spoken of, each with its first and last day."""

    days: dict[str, tuple[date, date]] = field(default_factory=dict)

    def add(self, frame: pl.DataFrame) -> None:
        """Note the rows of a frame with the columns ``point`` and ``day``."""
        spans = frame.group_by("point").agg(
            pl.col("day").min().alias("first"), pl.col("day").max().alias("last")
        )
        for point, first, last in spans.iter_rows():
            a, b = self.days.get(point, (first, last))
            self.days[point] = (min(a, first), max(b, last))


def follow(touched: Touched) -> int:
    """Remake the weeks of what was touched and, if any was over, the findings of its points.

    Returns the number of weeks written. Call it in the transaction that wrote the counts.
    """
    weeks = rebuild_weeks(list(touched.days), touched=touched.days)
    if weeks:
        update_findings(list(touched.days))
    return weeks


def follow_timetables(since: Mapping[str, date], **_signal: object) -> None:
    """Remake the weeks and findings of points whose opening times have changed.

    ``since`` is the first affected day by point; points without a week that late are left alone.
    """
    newest = PointWeek.objects.filter(point_id__in=list(since)).order_by()
    ids = [
        point
        for point, monday in newest.values_list("point_id").annotate(Max("monday"))
        if monday + timedelta(days=6) >= since[point]
    ]
    if not ids:
        return
    with transaction.atomic():
        rebuild_weeks(ids)
        update_findings(ids)
        # A finding on weeks that are no more would be one on nothing.
        PointFinding.objects.filter(point_id__in=ids, point__weeks__isnull=True).delete()
