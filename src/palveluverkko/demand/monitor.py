"""Continuous monitoring: when counts change, the findings of the points concerned, no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from palveluverkko.demand.models import PointFinding, PointWeek
from palveluverkko.demand.plain import to_plain
from palveluverkko.demand.queries import demand_weeks
from palveluverkko.measuring import measure
from palveluverkko.measuring.model import Window
from palveluverkko.network.models import Service

HISTORY_WEEKS = 261  # five years: enough for season, trend and change
CHUNK = 500  # points measured together


def update_findings(point_ids: Sequence[str] | None = None, window: Window | None = None) -> int:
    """Measure the points again up to their own newest week; how many findings were written.

    Each point is measured from its own weeks alone, so that an update of one point gives what a
    recomputation of all would give. Points without weeks have no finding.
    """
    services = list(Service.objects.order_by("code").values_list("code", flat=True))
    weeks = PointWeek.objects.order_by()
    if point_ids is not None:
        weeks = weeks.filter(point_id__in=point_ids)
    by_end: defaultdict[date, list[str]] = defaultdict(list)
    for point, newest in weeks.values_list("point_id").annotate(Max("monday")):
        by_end[newest].append(point)
    written = 0
    with transaction.atomic():
        for newest, ids in sorted(by_end.items()):
            for start in range(0, len(ids), CHUNK):
                chunk = sorted(ids)[start : start + CHUNK]
                written += _measure(chunk, newest, services, window or Window())
    return written


def _measure(ids: list[str], newest: date, services: list[str], window: Window) -> int:
    demands = measure(demand_weeks(ids, newest, HISTORY_WEEKS, services), window)
    findings = [
        PointFinding(
            point_id=point,
            up_to=newest,
            demand=to_plain(demand),
            direction=demand.change.direction if demand.change else "",
            since=demand.change.since if demand.change else None,
            updated_at=timezone.now(),
        )
        for point, demand in zip(ids, demands, strict=True)
    ]
    PointFinding.objects.bulk_create(
        findings,
        update_conflicts=True,
        unique_fields=["point"],
        update_fields=["up_to", "updated_at", "demand", "direction", "since"],
    )
    return len(findings)
