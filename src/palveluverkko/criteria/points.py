"""A point's outcome: what the rules say, which half stands in the way, what could be added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from palveluverkko.criteria import needs
from palveluverkko.criteria.findings import Finding, find
from palveluverkko.criteria.logic import best_case, criteria_in, evaluate, in_the_way
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.model import Outcome, PointResult, Reason, Verdict
from palveluverkko.criteria.policy import OPENING, Action, Policy, Role, Rule
from palveluverkko.criteria.subjects import PointSubject

# Where several replacing rules apply, the outcome that goes furthest.
FURTHEST = (
    Outcome.MAY_BE_REPLACED,
    Outcome.UNKNOWN,
    Outcome.CAPACITY_LIMITED,
    Outcome.NOT_PERMITTED,
    Outcome.KEEP,
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one replacing rule says of a point, and the criteria that stand in the way."""

    rule: Rule
    outcome: Outcome
    failing: tuple[str, ...] = ()


class Findings:
    """A point's findings by criterion, each computed once and only when a rule asks."""

    def __init__(self, policy: Policy, subject: PointSubject) -> None:
        self.policy = policy
        self.subject = subject
        self._found: dict[str, Finding] = {}

    def of(self, criterion: str) -> Finding:
        if criterion not in self._found:
            self._found[criterion] = find(self.policy.criterion(criterion), self.subject)
        return self._found[criterion]

    def verdict(self, criterion: str) -> Verdict:
        return self.of(criterion).verdict

    def reasons(self, criteria: Iterable[str]) -> list[Reason]:
        return [reason for criterion in criteria for reason in self.of(criterion).reasons]


def point_rules(policy: Policy) -> list[Rule]:
    """The rules whose criteria are about points."""
    return [rule for rule in policy.rules if _level(policy, rule) == "point"]


def _level(policy: Policy, rule: Rule) -> str:
    return METRICS[policy.criterion(criteria_in(rule.when)[0]).metric].level


def wants_substitution(policy: Policy, subject: PointSubject) -> bool:
    """Whether the answer about substitutes can change anything for this point."""
    findings = Findings(policy, subject)
    for rule in point_rules(policy):
        if subject.point.kind not in rule.kinds:
            continue
        asked = {
            c for c in criteria_in(rule.when) if METRICS[policy.criterion(c).metric].substitution
        }
        if asked and best_case(rule.when, findings.verdict, asked) is not Verdict.FALSE:
            return True
    return False


def point_result(policy: Policy, rules: list[Rule], subject: PointSubject) -> PointResult:
    """The outcome of one point with every reason for it. ``rules``: :func:`point_rules`."""
    findings = Findings(policy, subject)
    mine = [rule for rule in rules if subject.point.kind in rule.kinds]
    ruling, reasons = _replacing(rules, mine, findings)
    added, more = _added(mine, findings)
    outcome = ruling.outcome if ruling else Outcome.KEEP
    if outcome is Outcome.KEEP and added:
        outcome, *added = added
    elif outcome is Outcome.MAY_BE_REPLACED:
        added, more = [], []
    reasons += more + _other(mine, findings)
    return PointResult(
        point=subject.point.id,
        outcome=outcome,
        reasons=tuple({id(r): r for r in reasons}.values()),
        failing=ruling.failing if ruling else (),
        proposals=tuple(added),
        demand=subject.demand[policy.window],
        substitution=subject.substitution,
    )


def _replacing(
    rules: list[Rule], mine: list[Rule], findings: Findings
) -> tuple[Ruling | None, list[Reason]]:
    replacing = [rule for rule in mine if rule.action is Action.MAY_BE_REPLACED]
    if not replacing:
        elsewhere = any(rule.action is Action.MAY_BE_REPLACED for rule in rules)
        code = "rule.none_for_kind" if elsewhere else "rule.none_for_points"
        kind = findings.subject.point.kind.value
        return None, [Reason(code, "", Verdict.FALSE, values={"kind": kind})]
    rulings = [_ruling(rule, findings) for rule in replacing]
    best = min(rulings, key=lambda r: FURTHEST.index(r.outcome))
    best, forbidden = _forbidden(best, mine, findings)
    shown = findings.reasons(c for c in criteria_in(best.rule.when) if _was_asked(c, findings))
    values = {"title": best.rule.title}
    data = {"rule": best.rule.id}
    verdict = _verdict(best.outcome)
    last = Reason(f"rule.{best.outcome.value}", "", verdict, values=values, data=data)
    return best, [*shown, *forbidden, last]


def _verdict(outcome: Outcome) -> Verdict:
    if outcome is Outcome.MAY_BE_REPLACED:
        return Verdict.TRUE
    unsettled = outcome in (Outcome.UNKNOWN, Outcome.CAPACITY_LIMITED)
    return Verdict.UNKNOWN if unsettled else Verdict.FALSE


def _was_asked(criterion: str, findings: Findings) -> bool:
    """A criterion about substitutes is not told of where demand already settled the matter."""
    metric = METRICS[findings.policy.criterion(criterion).metric]
    return not metric.substitution or findings.subject.substitution is not None


def _ruling(rule: Rule, findings: Findings) -> Ruling:
    verdict_of = findings.verdict
    used = criteria_in(rule.when)
    safeguards = {c for c in used if findings.policy.criterion(c).role is Role.SAFEGUARD}
    trigger = best_case(rule.when, verdict_of, safeguards)
    if trigger is Verdict.FALSE:
        return Ruling(rule, Outcome.KEEP)
    whole = evaluate(rule.when, verdict_of)
    if whole is Verdict.TRUE:
        return Ruling(rule, Outcome.MAY_BE_REPLACED)
    blocked = _named(in_the_way(rule.when, verdict_of), findings)
    if trigger is Verdict.UNKNOWN:
        capped = any(findings.of(c).capacity_limited for c in used)
        return Ruling(rule, Outcome.CAPACITY_LIMITED if capped else Outcome.UNKNOWN, blocked)
    if whole is Verdict.FALSE:
        false = [c for c in blocked if ":" in c or verdict_of(c) is not Verdict.UNKNOWN]
        return Ruling(rule, Outcome.NOT_PERMITTED, tuple(false))
    return Ruling(rule, Outcome.UNKNOWN, blocked)


def _named(criteria: Iterable[str], findings: Findings) -> tuple[str, ...]:
    """Criteria in the way, and for needs also the need classes and receivers behind them."""
    named: list[str] = []
    for criterion in criteria:
        named.append(criterion)
        if METRICS[findings.policy.criterion(criterion).metric].sentence == "needs":
            named.extend(needs.failing(findings.subject.substitution))
    return tuple(dict.fromkeys(named))


def _forbidden(ruling: Ruling, mine: list[Rule], findings: Findings) -> tuple[Ruling, list[Reason]]:
    """A forbidding rule takes the permission away; one that is unknown leaves it unknown."""
    reasons: list[Reason] = []
    for rule in mine:
        if rule.action is not Action.FORBID or ruling.outcome is not Outcome.MAY_BE_REPLACED:
            continue
        verdict = evaluate(rule.when, findings.verdict)
        if verdict is Verdict.FALSE:
            continue
        used = criteria_in(rule.when)
        outcome = Outcome.NOT_PERMITTED if verdict is Verdict.TRUE else Outcome.UNKNOWN
        ruling = Ruling(ruling.rule, outcome, used)
        reasons += findings.reasons(used)
    return ruling, reasons


def _added(mine: list[Rule], findings: Findings) -> tuple[list[Outcome], list[Reason]]:
    """What rules would add here, each action once, with the reasons."""
    return _where_true(
        (r for r in mine if r.action in OPENING), findings, lambda r: OPENING[r.action]
    )


def _where_true(
    rules: Iterable[Rule], findings: Findings, outcome_of: Callable[[Rule], Outcome]
) -> tuple[list[Outcome], list[Reason]]:
    outcomes: list[Outcome] = []
    reasons: list[Reason] = []
    for rule in rules:
        outcome = outcome_of(rule)
        if outcome in outcomes or evaluate(rule.when, findings.verdict) is not Verdict.TRUE:
            continue
        outcomes.append(outcome)
        reasons += findings.reasons(criteria_in(rule.when))
        values, data = {"title": rule.title}, {"rule": rule.id}
        reasons.append(Reason(f"rule.{outcome.value}", "", Verdict.TRUE, values=values, data=data))
    return outcomes, reasons


def _other(mine: list[Rule], findings: Findings) -> list[Reason]:
    """Requirements on the point, met or not, and procedures that it sets off."""
    reasons: list[Reason] = []
    for rule in mine:
        verdict = evaluate(rule.when, findings.verdict)
        if rule.action is Action.REQUIRE:
            code = f"rule.required_{verdict.value}"
        elif rule.action is Action.TRIGGER_PROCEDURE and verdict is not Verdict.FALSE:
            code = f"rule.procedure_{verdict.value}"
        else:
            continue
        reasons += findings.reasons(criteria_in(rule.when))
        values, data = {"title": rule.title}, {"rule": rule.id}
        reasons.append(Reason(code, "", verdict, values=values, data=data))
    return reasons
