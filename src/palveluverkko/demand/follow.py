"""What follows when counts have changed: the weeks of the points concerned, then their findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

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
