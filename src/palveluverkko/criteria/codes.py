"""Every reason code that an assessment can hold, in one table; each has a sentence per language."""

from __future__ import annotations

from palveluverkko.criteria.comparing import RELATION
from palveluverkko.criteria.metrics import METRICS

FIXED = (
    "metric.holds",
    "metric.fails",
    "metric.unknown",
    "demand.capacity_limited",
    "demand.capacity_unknown",
    "demand.missing_weeks",
    "needs.met",
    "needs.not_met",
    "needs.receiver_full",
    "needs.unknown",
    "needs.unknown_needs",
    "needs.receiver_unknown",
    "far.unreachable",
    "municipalities.all",
    "municipalities.below",
    "rule.none_for_kind",
    "rule.none_for_points",
    "rule.keep",
    "rule.may_be_replaced",
    "rule.not_permitted",
    "rule.capacity_limited",
    "rule.unknown",
    "rule.add_day",
    "rule.add_pop_up",
    "rule.add_point",
    "rule.required_true",
    "rule.required_false",
    "rule.required_unknown",
    "rule.procedure_true",
    "rule.procedure_false",
    "rule.procedure_unknown",
    "rule.points_required",
    "policy.not_in_force",
    "policy.expired",
    "policy.unknown_services",
    "parity.agreement_ends",
    "parity.relies_on",
    "parity.needs_at_once",
    "parity.full_at_once",
    "parity.unknown_at_once",
    "together.met",
    "together.not_met",
    "together.unknown",
)
# Why there is no figure: the codes of ``Unknown``.
WHY = (
    "demand.not_measured",
    "demand.too_few_weeks",
    "demand.slots_unknown",
    "demand.trend_too_short",
    "demand.trend_not_estimable",
    "demand.season_too_short",
    "access.stratum_unknown",
    "access.stratum_empty",
    "access.no_residents",
    "access.not_own_point",
    "access.catchment_empty",
    "access.offers_unknown",
    "access.mix_unknown",
    "access.capacity_unknown",
    "access.channel_unknown",
    "access.demand_unknown",
    "opening.no_days",
    "offers.no_services",
    "offers.staff_not_recorded",
    "needs.unknown",
    "needs.not_computed",
)
WITH_INTERVAL = ("demand", "metric")


def all_codes() -> frozenset[str]:
    """Codes of the fixed findings, and those that comparing each family of figures can give."""
    compared = set()
    for metric in METRICS.values():
        if metric.boolean:
            continue
        for operator in metric.operators:
            verdicts = (True,) if metric.level == "area" else (True, False)
            compared |= {f"{metric.sentence}.{RELATION[operator, v]}" for v in verdicts}
    compared |= {
        f"{family}.{end}" for family in WITH_INTERVAL for end in ("uncertain", "not_proven")
    }
    return frozenset(FIXED) | compared
