"""What measuring says of one point: demand let in, demand that would come, trend and change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from palveluverkko.snapshot.values import Figure


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks that count: ``weeks`` ISO weeks that end before ``as_of``'s own week.

    ``holiday_weeks`` is ``leave_out`` (default: a shortened week is not a normal week's demand)
    or ``include``. Fewer usable weeks than ``minimum_weeks`` give ``Unknown``.
    """

    weeks: int = 52
    minimum_weeks: int = 8
    holiday_weeks: Literal["leave_out", "include"] = "leave_out"


@dataclass(frozen=True, slots=True)
class WeekTally:
    """How many weeks of the window were what. They add up to the window's length."""

    complete: int
    holiday: int
    closed: int
    missing: int


@dataclass(frozen=True, slots=True)
class Change:
    """A lasting change that the monitor found: ``falling`` or ``rising`` since about ``since``."""

    direction: Literal["falling", "rising"]
    since: date
    statistic: float
    limit: float


@dataclass(frozen=True, slots=True)
class PointDemand:
    """Demand of one point over a window, visits per ISO week.

    ``observed``: visits let in. ``effective``: what would come if capacity did not cap it.
    ``utilisation``: visits ÷ bookable slots over the usable weeks whose slots are known, else
    ``None``. ``capped_weeks``: usable weeks at or above the capped share. ``capacity_per_week``:
    mean bookable slots over usable weeks, ``None`` unknown. ``trend_per_year``: change of the
    season-adjusted level in per cent a year.
    """

    observed: Figure
    effective: Figure
    weeks: WeekTally
    capped_weeks: int
    utilisation: float | None
    capacity_per_week: float | None
    trend_per_year: Figure
    change: Change | None
