"""Weekly demand of one point for its chart and for the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.demand.privacy import SMALL, is_small
from palveluverkko.demand.queries import WeekRecord, weekly_series
from palveluverkko.measuring import CAPPED
from palveluverkko.snapshot.model import WeekStatus
from palveluverkko.web import figures
from palveluverkko.web.labels import label

SHOWN_WEEKS = 156
YEAR = 52

KINDS = {
    WeekStatus.COMPLETE: "complete",
    WeekStatus.HOLIDAY: "holiday",
    WeekStatus.CLOSED: "closed",
    WeekStatus.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class ChartWeek:
    """A week as shown. ``visits`` is None where unknown or withheld; ``text`` says which."""

    monday: date
    kind: str
    kind_label: str
    visits: int | None
    withheld: bool
    text: str
    slots: int | None


def chart_weeks(point_id: str, as_of: date, staff: bool) -> list[ChartWeek]:
    """The weeks that ended before ``as_of``'s own week, oldest first.

    From the first known one, or the last year's first where that is earlier: a year without
    reports is what the reader must see.
    """
    last = as_of - timedelta(days=as_of.weekday() + 7)
    weeks = [_week(record, staff) for record in weekly_series(point_id, last, SHOWN_WEEKS)]
    known = [i for i, week in enumerate(weeks) if week.kind in ("complete", "holiday", "capped")]
    return weeks[min(known[0], SHOWN_WEEKS - YEAR) :] if known else []


def _week(record: WeekRecord, staff: bool) -> ChartWeek:
    kind = KINDS[record.status]
    if record.visits is not None and record.slots and kind == "complete":
        kind = "capped" if record.visits / record.slots >= CAPPED else kind
    withheld = not staff and is_small(record.visits)
    visits = None if withheld else record.visits
    text = "–" if record.visits is None else figures.visits(visits, withheld)
    if visits is not None:
        text = figures.number(visits)
    return ChartWeek(record.monday, kind, label("week", kind), visits, withheld, text, record.slots)


def chart_data(
    weeks: Sequence[ChartWeek], point: Mapping[str, Any], as_of: date, window: int
) -> dict[str, Any]:
    """What the chart's script needs; withheld figures are not in it."""
    low, high = point["interval"] or (None, None)
    return {
        "language": get_language(),
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "visits": week.visits,
                "withheld": week.withheld,
                "kind": week.kind,
            }
            for week in weeks
        ],
        "estimate": point["weekly_visits"],
        "low": low,
        "high": high,
        "window_from": (as_of - timedelta(weeks=window + 1)).isoformat(),
        "small": SMALL,
        "threshold": demand_threshold(point["reasons"]),
        "texts": {
            "week": _("Week from"),
            "visits": _("Visits"),
            "estimate": _("Estimate"),
            "threshold": _("Threshold"),
        },
    }


def demand_threshold(reasons: Sequence[Mapping[str, Any]]) -> float | None:
    """The threshold of the criterion on weekly visits, if the policy has one."""
    for reason in reasons:
        if "visits" in reason["unit"] and reason["threshold"] is not None:
            return float(reason["threshold"])
    return None
