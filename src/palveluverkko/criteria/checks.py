"""Criteria that hold or fail as a whole: shares of residents, requirements on all points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from palveluverkko.access.model import Coverage
from palveluverkko.criteria.findings import compared, reason
from palveluverkko.criteria.logic import all_of, criteria_in, evaluate
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.model import PointResult, Reason, Verdict
from palveluverkko.criteria.policy import Action, Criterion, Policy, Rule
from palveluverkko.criteria.subjects import Country
from palveluverkko.snapshot.values import Unknown


def checks(policy: Policy, country: Country, points: Sequence[PointResult]) -> tuple[Reason, ...]:
    """The policy's answers about the country as a whole, in the file's order."""
    found = [*_in_force(policy, country), *_unknown_services(policy, country)]
    verdicts: dict[str, Verdict] = {}
    for criterion in policy.criteria:
        if METRICS[criterion.metric].level == "share":
            told = share_reasons(criterion, country)
            verdicts[criterion.id] = told[0].verdict
            found += told
    for rule in policy.rules:
        used = criteria_in(rule.when)
        if rule.action not in (Action.REQUIRE, Action.TRIGGER_PROCEDURE):
            continue
        if all(c in verdicts for c in used):
            verdict = evaluate(rule.when, verdicts.__getitem__)
            kind = "required" if rule.action is Action.REQUIRE else "procedure"
            found.append(_rule_reason(rule, f"rule.{kind}_{verdict.value}", verdict))
        elif rule.action is Action.REQUIRE:
            found.append(_all_points(rule, points))
    return tuple(found)


def _in_force(policy: Policy, country: Country) -> list[Reason]:
    day = country.snapshot.as_of
    if policy.in_force(day):
        return []
    values = {"day": day, "valid_from": policy.valid_from, "valid_until": policy.valid_until}
    code = "policy.not_in_force" if day < policy.valid_from else "policy.expired"
    return [Reason(code, "", Verdict.FALSE, values=values)]


def _unknown_services(policy: Policy, country: Country) -> list[Reason]:
    """Services that the policy names and the register does not have: perhaps a slip of the pen.

    A file alone cannot be held against a register. What is misspelt meets nobody's needs.
    """
    named = {service for criterion in policy.criteria for service in criterion.services}
    if policy.substitution is not None:
        named |= {service for able in policy.substitution.meets.values() for service in able}
    lacking = tuple(sorted(named - {service.code for service in country.snapshot.services}))
    if not lacking:
        return []
    values, data = {"services": ", ".join(lacking)}, {"services": lacking}
    return [Reason("policy.unknown_services", "", Verdict.UNKNOWN, values=values, data=data)]


def _rule_reason(rule: Rule, code: str, verdict: Verdict, **values: object) -> Reason:
    return Reason(code, "", verdict, values={"title": rule.title, **values}, data={"rule": rule.id})


def _all_points(rule: Rule, points: Sequence[PointResult]) -> Reason:
    """A requirement on every point: how many meet it, fail it, or cannot be told."""
    verdicts = [
        reason.verdict
        for point in points
        for reason in point.reasons
        if reason.code.startswith("rule.required_") and reason.data.get("rule") == rule.id
    ]
    count = Counter(verdicts)
    verdict = all_of(verdicts) if verdicts else Verdict.UNKNOWN
    return _rule_reason(
        rule,
        "rule.points_required",
        verdict,
        points=len(verdicts),
        met=count[Verdict.TRUE],
        failed=count[Verdict.FALSE],
        unknown=count[Verdict.UNKNOWN],
    )


def share_reasons(criterion: Criterion, country: Country) -> list[Reason]:
    """A share of residents: of the nation, or the lowest of all municipalities' shares."""
    metric = METRICS[criterion.metric]
    coverage: Coverage = metric.compute(country, criterion)
    data = {"stratum": criterion.stratum, "residents": coverage.residents}
    if isinstance(coverage.share, Unknown):
        return [reason(criterion, None, Verdict.UNKNOWN, coverage.share, data)]
    if criterion.aggregation == "nation":
        percent = 100.0 * coverage.share
        found = compared(criterion, metric, percent, data)
        return list(found.reasons)
    return [_municipalities(criterion, coverage)]


def _municipalities(criterion: Criterion, coverage: Coverage) -> Reason:
    """Every municipality must pass: the mean over all of them says nothing about the worst."""
    metric = METRICS[criterion.metric]
    percent = {code: 100.0 * share for code, share in coverage.by_municipality.items()}
    failing = sorted(
        code
        for code, share in percent.items()
        if compared(criterion, metric, share, {}).verdict is not Verdict.TRUE
    )
    if not percent:
        return reason(criterion, None, Verdict.UNKNOWN, Unknown("access.no_residents"))
    return reason(
        criterion,
        "municipalities.below" if failing else "municipalities.all",
        Verdict.FALSE if failing else Verdict.TRUE,
        min(percent.values()),
        {"stratum": criterion.stratum, "failing": failing},
        count=len(failing),
        municipalities=len(percent),
    )
