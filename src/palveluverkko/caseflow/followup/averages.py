"""Whether a weekly average rose after a change: waits at a receiver, journeys of customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from palveluverkko.caseflow.followup import pool
from palveluverkko.caseflow.followup.changes import Changes, average_changes
from palveluverkko.caseflow.followup.matching import YEAR, Features, most_alike, row_means
from palveluverkko.caseflow.followup.model import (
    Change,
    Compared,
    Floats,
    FollowUp,
    FollowUpRule,
    Look,
    Verdict,
)
from palveluverkko.caseflow.followup.placebo import Difference
from palveluverkko.caseflow.followup.windows import (
    enough_weeks,
    weeks_known_before,
    weeks_missing,
    windows,
)
from palveluverkko.snapshot.values import Unknown


def follow_average(
    first_monday: date,
    averages: Mapping[str, Floats],
    change: Change,
    look: Look,
    rule: FollowUpRule,
    *,
    concern: float,
    touched: frozenset[str] = frozenset(),
) -> FollowUp:
    """Whether a weekly average of ``change.area`` (the code of a point or an area) rose.

    ``averages``: one figure a week by code, NaN not known, in any unit (minutes, say). ``concern``
    in the same unit: the rise that must be ruled out before "no rise" may be said. Alike are those
    with a like level, and trend where there are 104 weeks before. ``touched``: codes that stand
    for nobody, because the change or another one befell them.

    Raises ``ValueError`` where the code has no series.
    """
    codes = list(averages)
    if change.area not in averages:
        raise ValueError(f"No series of {change.area}")
    table, target = np.array([averages[code] for code in codes]), codes.index(change.area)
    spans = windows(first_monday, table.shape[1], change, look, rule)
    if isinstance(spans, Unknown):
        return _unknown(look, spans)
    changes = average_changes(table, spans)
    why = weeks_missing(changes, target, rule)
    if why is not None:
        return _unknown(look, why)
    out = np.array([code in touched for code in codes])
    candidates = enough_weeks(changes, rule) & np.isfinite(changes.change) & ~out
    candidates[target] = False
    compared = level_and_trend(table[:, : weeks_known_before(first_monday, change)])
    alike = most_alike(compared, target, candidates, rule.pool, rule.limit)
    few = pool.too_few(alike, rule)
    found = None if few else pool.compare(changes, target, alike)
    result = (
        _unknown(look, few) if found is None else _answered(look, changes, target, found, concern)
    )
    return replace(
        result,
        matched=() if found is None else pool.matched(codes, alike, found),
        left_out=pool.left_out(codes, target, out, candidates, alike),
        features=pool.names_used(compared, target),
    )


def level_and_trend(averages: Floats) -> Features:
    """Mean before, and its change over the last 52 weeks where there are 104."""
    found = {"level": row_means(averages)}
    if averages.shape[1] >= 2 * YEAR:
        last, earlier = averages[:, -YEAR:], averages[:, -2 * YEAR : -YEAR]
        found["trend"] = row_means(last) - row_means(earlier)
    return Features(tuple(found), np.column_stack(list(found.values())))


def _unknown(look: Look, why: Unknown | None) -> FollowUp:
    return FollowUp(look, Verdict.UNKNOWN, why or Unknown("follow_up.not_compared"), why=why)


def _answered(
    look: Look, changes: Changes, target: int, found: Difference, concern: float
) -> FollowUp:
    level = 1 - 2 * look.false_rate
    low, high = found.interval(level)
    after = float(changes.after[target])
    total = Compared(
        before=float(changes.before[target]),
        after=after,
        expected=after - found.value,
        effect=found.value,
        low=low,
        high=high,
        level=level,
        spread=found.spread,
        rank=found.high_rank,
    )
    if low > 0:
        return FollowUp(look, Verdict.RISE_FOUND, total)
    if high < concern:
        return FollowUp(look, Verdict.NO_RISE_FOUND, total)
    why = Unknown("follow_up.too_wide", {"low": low, "high": high})
    return FollowUp(look, Verdict.UNKNOWN, total, why=why)
