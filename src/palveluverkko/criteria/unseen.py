"""Weeks that nobody counted in full, and whether they could have made a low count a high one.

Every test here can only be switched on, never off, by an added visit; see
docs/decisions/010-low-demand-basis.md. An interval does not have this property: a visit added to
a quiet week makes the weeks more alike and may lower the interval's upper end.
"""

from __future__ import annotations

from dataclasses import dataclass

from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import WeekFacts
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.model import Mode, Point


@dataclass(frozen=True, slots=True)
class UnseenWeeks:
    """``needed``: visits that each unseen week must have had for demand not to be low.

    ``unsettled``: they may have been that many. ``mostly_full``: capacity is the main cause.
    """

    missing: int
    full: int
    needed: float
    busiest: float
    unsettled: bool
    mostly_full: bool


def unseen_weeks(criterion: Criterion, demand: PointDemand, facts: WeekFacts) -> UnseenWeeks:
    """Weigh the missing and the full weeks of a point whose count is low.

    With f visits in the weeks seen in full, and u unseen ones of n in all, the mean reaches the
    threshold T when every unseen week had x visits: (f + u·x) / n = T.
    """
    missing, full = demand.weeks.missing, demand.capped_weeks
    if criterion.metric != "effective_weekly_visits":
        full = 0  # the policy asks for what was let in
    usable = demand.weeks.complete
    if criterion.period.window.holiday_weeks == "include":
        usable += demand.weeks.holiday
    if missing + full == 0 or usable == 0:
        return UnseenWeeks(missing, full, float("inf"), facts.busiest, False, False)
    period = criterion.period
    everything = float(criterion.threshold) * (usable + missing)
    needed = (everything - facts.free_visits) / (missing + full)
    factor = period.unseen_week_factor
    possible = factor is None or needed <= factor * facts.busiest
    hidden = full > 0 and missing + full >= period.capped_share * (usable + missing)
    return UnseenWeeks(
        missing=missing,
        full=full,
        needed=needed,
        busiest=facts.busiest,
        unsettled=possible or hidden,
        mostly_full=full >= missing or full >= period.capped_share * usable,
    )


def capacity_unknown(demand: PointDemand, point: Point) -> bool:
    """By appointment only, and nobody recorded that any time could be booked.

    Such a point may have been full every week; few visits say nothing about who wanted to come.
    Nor does a reported capacity of zero: nobody could book, whoever wanted to.
    """
    modes = {offer.mode for offer in point.offers} - {Mode.VIDEO_ROOM}
    return not demand.capacity_per_week and modes == {Mode.APPOINTMENT}
