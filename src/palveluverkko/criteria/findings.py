"""One criterion's finding on one point: the verdict with the reasons that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from palveluverkko.criteria import needs, unseen
from palveluverkko.criteria.comparing import compare, relation, straddles
from palveluverkko.criteria.metrics import METRICS, Metric
from palveluverkko.criteria.model import Reason, Verdict
from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import PointSubject
from palveluverkko.snapshot.values import Figure, Unknown


@dataclass(frozen=True, slots=True)
class Finding:
    """``capacity_limited``: the count is low, but only because the point lets no more people in."""

    criterion: Criterion
    verdict: Verdict
    reasons: tuple[Reason, ...]
    capacity_limited: bool = False


def find(criterion: Criterion, subject: PointSubject) -> Finding:
    """What a criterion says of a point."""
    metric = METRICS[criterion.metric]
    figure = metric.compute(subject, criterion)
    if metric.sentence == "needs":
        verdict = _boolean(figure, bool(criterion.threshold))
        return Finding(criterion, verdict, needs.reasons(criterion, verdict, subject))
    if metric.sentence == "demand":
        return _demand(criterion, metric, figure, subject)
    if metric.boolean:
        verdict = _boolean(figure, bool(criterion.threshold))
        code = {Verdict.TRUE: "metric.holds", Verdict.FALSE: "metric.fails"}.get(verdict)
        return Finding(criterion, verdict, (reason(criterion, code, verdict, figure),))
    return compared(criterion, metric, figure, _data(criterion, metric, subject))


def _boolean(figure: bool | Unknown, wanted: bool) -> Verdict:
    if isinstance(figure, Unknown):
        return Verdict.UNKNOWN
    return Verdict.TRUE if figure is wanted else Verdict.FALSE


def compared(
    criterion: Criterion, metric: Metric, figure: Figure | float, data: Mapping[str, Any]
) -> Finding:
    """A figure against the criterion's threshold, told in the metric's family of sentences."""
    limit = float(criterion.threshold)
    verdict = compare(figure, criterion.operator, limit, criterion.basis)
    code = None
    if verdict is not Verdict.UNKNOWN:
        by_estimate = compare(figure, criterion.operator, limit, "estimate")
        fact = relation(criterion.operator, verdict) if verdict is by_estimate else "not_proven"
        code = f"{metric.sentence}.{fact}"
    found = [reason(criterion, code, verdict, figure, data)]
    if verdict is not Verdict.UNKNOWN and straddles(figure, limit):
        found.append(reason(criterion, f"{metric.sentence}.uncertain", verdict, figure, data))
    return Finding(criterion, verdict, tuple(found))


def reason(
    criterion: Criterion,
    code: str | None,
    verdict: Verdict,
    figure: Figure | float | None = None,
    data: Mapping[str, Any] | None = None,
    **values: object,
) -> Reason:
    """A reason of this criterion; without ``code`` it says that there is no figure, and why."""
    why = {}
    if code is None:
        code = "metric.unknown"
        if isinstance(figure, Unknown):
            why = {"why": figure.code, "detail": dict(figure.detail)}
    return Reason(
        code=code,
        criterion=criterion.id,
        verdict=verdict,
        figure=figure,
        unit=criterion.unit,
        operator=criterion.operator,
        threshold=None if isinstance(criterion.threshold, bool) else criterion.threshold,
        values={"title": criterion.title, "within": criterion.within, **why, **values},
        data={"role": criterion.role.value, **(data or {})},
    )


def _data(criterion: Criterion, metric: Metric, subject: PointSubject) -> dict[str, Any]:
    """What lies behind a figure: the weeks, where weeks were counted."""
    if "period" not in metric.options:
        return {}
    demand = subject.demand_in(criterion)
    window = criterion.period.window
    return {
        "weeks": asdict(demand.weeks),
        "window_weeks": window.weeks,
        "holiday_weeks": window.holiday_weeks,
        "capped_weeks": demand.capped_weeks,
        "capacity_per_week": demand.capacity_per_week,
    }


def _demand(criterion: Criterion, metric: Metric, figure: Figure, subject: PointSubject) -> Finding:
    """Low demand has two traps that a plain comparison would walk into: capacity and gaps."""
    data = _data(criterion, metric, subject)
    plain = compared(criterion, metric, figure, data)
    demand = subject.demand_in(criterion)
    limit = float(criterion.threshold)
    seen = compare(demand.observed, criterion.operator, limit, criterion.basis)
    if criterion.operator not in ("<", "<=") or seen is not Verdict.TRUE:
        return plain
    if unseen.capacity_unknown(demand, subject.point):
        shown = reason(criterion, "demand.capacity_unknown", Verdict.UNKNOWN, figure, data)
        return Finding(criterion, Verdict.UNKNOWN, (shown,))
    weeks = unseen.unseen_weeks(criterion, demand, subject.weeks[criterion.period.window])
    if weeks.full and (plain.verdict is Verdict.FALSE or (weeks.unsettled and weeks.mostly_full)):
        shown = reason(
            criterion,
            "demand.capacity_limited",
            Verdict.UNKNOWN,
            figure,
            data,
            observed=demand.observed,
            capacity=demand.capacity_per_week,
            capped_weeks=demand.capped_weeks,
        )
        return Finding(criterion, Verdict.UNKNOWN, (shown,), capacity_limited=True)
    if plain.verdict is Verdict.TRUE and weeks.unsettled:
        shown = reason(
            criterion,
            "demand.missing_weeks",
            Verdict.UNKNOWN,
            figure,
            data,
            missing=weeks.missing,
            capped_weeks=weeks.full,
            needed=weeks.needed,
            busiest=weeks.busiest,
        )
        return Finding(criterion, Verdict.UNKNOWN, (shown,))
    return plain
