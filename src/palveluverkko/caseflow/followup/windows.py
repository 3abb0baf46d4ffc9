"""Which weeks are before and after a change, and whether enough of them are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from palveluverkko.calendar import iso_monday
from palveluverkko.caseflow.followup.changes import Changes, Flags, Windows
from palveluverkko.caseflow.followup.matching import YEAR
from palveluverkko.caseflow.followup.model import Change, FollowUpRule, Look
from palveluverkko.snapshot.values import Unknown

_MONTHS = 12


def weeks_after(look: Look) -> int:
    """Whole weeks of a look: 3 months are 13, 6 are 26, 12 are 52."""
    return round(look.months * YEAR / _MONTHS)


def windows(
    first_monday: date, weeks: int, change: Change, look: Look, rule: FollowUpRule
) -> Windows | Unknown:
    """The weeks after and the same weeks of earlier years, in a series of ``weeks`` weeks.

    Unknown where the weeks after have not all been, or fewer than half of a window lie before.
    """
    start, length = _first_week(first_monday, change.effective), weeks_after(look)
    if start + length > weeks:
        ends = first_monday + timedelta(weeks=start + length)
        return Unknown("follow_up.too_early", {"known_from": ends.isoformat()})
    after, before = np.zeros(weeks, dtype=np.bool_), np.zeros(weeks, dtype=np.bool_)
    after[start : start + length] = True
    for year in range(1, rule.years + 1):
        first = start - year * YEAR
        before[max(0, first) : max(0, first + length)] = True
    before[weeks_known_before(first_monday, change) :] = False
    if before.sum() < length / 2:
        return Unknown("follow_up.no_weeks_before", {"weeks": int(before.sum()), "needed": length})
    return Windows(before, after)


def weeks_known_before(first_monday: date, change: Change) -> int:
    """How many weeks ended before the week of the announcement."""
    until = min(change.announced, change.effective)
    return max(0, (iso_monday(until) - first_monday).days // 7)


def enough_weeks(changes: Changes, rule: FollowUpRule) -> Flags:
    """Which rows know enough weeks of both windows."""
    least = np.minimum(changes.share_before, changes.share_after)
    return np.asarray(least >= rule.least_weeks)


def weeks_missing(changes: Changes, row: int, rule: FollowUpRule) -> Unknown | None:
    """Why a row's weeks do not do, or ``None``."""
    if enough_weeks(changes, rule)[row]:
        return None
    shares = {"before": changes.share_before[row], "after": changes.share_after[row]}
    return Unknown("follow_up.weeks_missing", {k: float(v) for k, v in shares.items()})


def _first_week(first_monday: date, effective: date) -> int:
    """The first whole week in which the change was in effect."""
    monday = iso_monday(effective)
    begun = monday if monday == effective else monday + timedelta(weeks=1)
    return (begun - first_monday).days // 7
