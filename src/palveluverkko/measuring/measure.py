"""The front door of measuring: every point's demand over a window, many points at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from palveluverkko.measuring.censored import capped_weeks, effective_mean
from palveluverkko.measuring.cusum import Found, as_change, find_changes
from palveluverkko.measuring.intervals import Floats, Mask, MeanInterval, mean_interval
from palveluverkko.measuring.intervals import variance_inflation as inflation_of
from palveluverkko.measuring.model import Change, PointDemand, WeekTally, Window
from palveluverkko.measuring.trend import SEASON_WEEKS, TREND_WEEKS, Trends, fit_trends
from palveluverkko.snapshot.model import DemandWeeks, WeekStatus
from palveluverkko.snapshot.values import Estimate, Figure, Unknown

# Points worked on together: their arrays stay within a few tens of megabytes.
CHUNK = 2048


def measure(weeks: DemandWeeks, window: Window, changes: bool = True) -> tuple[PointDemand, ...]:
    """Demand, capacity, trend and change of every point, row by row as in ``weeks``.

    Demand is measured over the last ``window.weeks`` columns; weeks before the first column
    count as missing. Trend and change look at the whole series; a change is told if its alarm
    fell within the window. ``changes=False`` leaves the monitor out (``change`` is None). Visits
    per ISO week; methods and limits in docs/methods/demand.md.
    """
    return tuple(each for chunk in _chunks(weeks) for each in _measure(chunk, window, changes))


def _chunks(weeks: DemandWeeks) -> Iterator[DemandWeeks]:
    for start in range(0, weeks.visits.shape[0], CHUNK):
        rows = slice(start, start + CHUNK)
        yield DemandWeeks(
            weeks.first_monday,
            weeks.visits[rows],
            weeks.slots[rows],
            weeks.open_minutes[rows],
            weeks.status[rows],
            weeks.services,
            weeks.service_visits[rows],
            weeks.mix_weeks,
        )


def usable_weeks(status: NDArray[np.uint8], window: Window) -> Mask:
    """Weeks whose count is an ordinary week's demand, by the window's holiday rule."""
    usable: Mask = status == WeekStatus.COMPLETE
    if window.holiday_weeks == "include":
        usable = usable | (status == WeekStatus.HOLIDAY)
    return usable


@dataclass(frozen=True, slots=True)
class _Measured:
    """One chunk's results, arrays over its points."""

    observed: MeanInterval
    effective: MeanInterval
    tally: NDArray[np.int64]  # (P, 4), columns as WeekStatus
    usable: NDArray[np.int64]
    capped: NDArray[np.int64]
    slots_known: NDArray[np.int64]
    utilisation: Floats
    capacity: Floats
    ever: Mask
    trends: Trends
    trend_weeks: NDArray[np.int64]
    found: Found | None
    mondays: list[date]
    window: Window


def _measure(weeks: DemandWeeks, window: Window, changes: bool) -> Iterator[PointDemand]:
    length = min(window.weeks, weeks.visits.shape[1])
    last = slice(weeks.visits.shape[1] - length, None)
    all_visits = weeks.visits.astype(np.float64)
    visits, status = all_visits[:, last], weeks.status[:, last]
    slots = weeks.slots[:, last].astype(np.float64)
    usable = usable_weeks(status, window)
    inflation = _inflation(visits, usable)
    observed = mean_interval(visits, usable, inflation)
    effective = effective_mean(visits, slots, usable, observed, inflation)
    known = usable & (slots >= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        offered = np.where(known, slots, 0.0).sum(axis=1)
        utilisation = np.where(known, visits, 0.0).sum(axis=1) / offered
        capacity = offered / known.sum(axis=1)
    tally = np.stack([(status == s).sum(axis=1) for s in WeekStatus], axis=1)
    tally[:, WeekStatus.MISSING] += window.weeks - length
    mondays = list(weeks.mondays)
    history = usable_weeks(weeks.status, window)
    complete: Mask = weeks.status == WeekStatus.COMPLETE
    reported = complete | (weeks.status == WeekStatus.HOLIDAY)
    measured = _Measured(
        observed,
        effective,
        tally,
        usable.sum(axis=1),
        capped_weeks(visits, slots, usable).sum(axis=1),
        (known & (slots > 0)).sum(axis=1),
        utilisation,
        capacity,
        reported.any(axis=1) | (weeks.status == WeekStatus.CLOSED).all(axis=1),
        fit_trends(all_visits, history, mondays),
        history.sum(axis=1),
        find_changes(all_visits, complete, mondays) if changes else None,
        mondays,
        window,
    )
    for row in range(weeks.visits.shape[0]):
        yield _point(measured, row)


def _inflation(visits: Floats, usable: Mask) -> Floats:
    count = usable.sum(axis=1)
    mean = np.where(usable, visits, 0.0).sum(axis=1) / np.maximum(count, 1)
    return inflation_of(np.where(usable, visits - mean[:, None], 0.0), usable)


def _point(m: _Measured, row: int) -> PointDemand:
    complete, holiday, closed, missing = (int(n) for n in m.tally[row])
    usable = int(m.usable[row])
    unknown: Unknown | None = None
    if not m.ever[row]:
        unknown = Unknown("demand.not_measured")
    elif usable < max(m.window.minimum_weeks, 1):
        needed = m.window.minimum_weeks
        detail = {"usable": usable, "needed": needed, "missing": missing, "closed": closed}
        unknown = Unknown("demand.too_few_weeks", detail)
    utilisation, capacity = float(m.utilisation[row]), float(m.capacity[row])
    return PointDemand(
        observed=unknown or _estimate(m.observed, row, usable, _observed_method(m, row)),
        effective=unknown or _estimate(m.effective, row, usable, _effective_method(m, row)),
        weeks=WeekTally(complete, holiday, closed, missing),
        capped_weeks=int(m.capped[row]),
        utilisation=utilisation if np.isfinite(utilisation) else None,
        capacity_per_week=capacity if np.isfinite(capacity) else None,
        trend_per_year=_trend(m, row),
        change=_change(m, row),
    )


def _estimate(interval: MeanInterval, row: int, weeks: int, method: str) -> Estimate:
    low, high = float(interval.low[row]), float(interval.high[row])
    return Estimate(float(interval.value[row]), low, high, weeks, method)


def _observed_method(m: _Measured, row: int) -> str:
    return "nb2_mean" if m.observed.value[row] > 0 else "gamma_no_visits"


def _effective_method(m: _Measured, row: int) -> str:
    if m.slots_known[row] == 0:
        return "slots_unknown"
    if m.capped[row] == 0:
        return "never_capped"
    return "always_capped" if m.capped[row] == m.usable[row] else "censored_nb2"


def _trend(m: _Measured, row: int) -> Figure:
    usable = int(m.trend_weeks[row])
    if not m.ever[row]:
        return Unknown("demand.not_measured")
    if usable < TREND_WEEKS:
        return Unknown("demand.trend_too_short", {"usable": usable, "needed": TREND_WEEKS})
    value = float(m.trends.value[row])
    if not np.isfinite(value):
        return Unknown("demand.trend_not_estimable", {"usable": usable})
    method = "quasi_poisson_seasonal" if usable >= SEASON_WEEKS else "quasi_poisson"
    return Estimate(value, float(m.trends.low[row]), float(m.trends.high[row]), usable, method)


def _change(m: _Measured, row: int) -> Change | None:
    found = m.found
    if found is None or found.direction[row] == 0:
        return None
    if found.raised[row] < len(m.mondays) - m.window.weeks:
        return None
    since = m.mondays[0] + timedelta(weeks=int(found.since[row]))
    return as_change(float(found.direction[row]), since, float(found.statistic[row]))
