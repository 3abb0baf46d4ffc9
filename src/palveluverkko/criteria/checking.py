"""What the shape alone cannot tell: whether a policy's criteria and rules make sense together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from palveluverkko.criteria.logic import All, AnyOf, Expression, Is, Not, criteria_in
from palveluverkko.criteria.metrics import METRICS, Metric
from palveluverkko.criteria.policy import OPENING, Action, Role
from palveluverkko.criteria.schema import CriterionPart, RulePart
from palveluverkko.criteria.suggest import one_of

Report = Callable[[str, object, str], None]  # key, found, expected
OPTIONS = {"period", "basis", "within", "stratum", "kinds", "services"}


def check_criterion(part: CriterionPart, key: str, report: Report) -> None:
    """A criterion against its metric: unit, operator, threshold, aggregation and extra keys."""
    metric = METRICS[part.metric]
    if part.operator not in metric.operators:
        report(f"{key}.operator", part.operator, one_of(metric.operators, part.operator))
    if isinstance(part.threshold, bool) is not metric.boolean:
        report(
            f"{key}.threshold", part.threshold, "true or false" if metric.boolean else "a number"
        )
    if part.unit != metric.unit:
        report(f"{key}.unit", part.unit, f'"{metric.unit}", the unit of {metric.name}')
    if part.aggregation not in metric.aggregations:
        report(
            f"{key}.aggregation", part.aggregation, one_of(metric.aggregations, part.aggregation)
        )
    _check_options(part, metric, key, report)
    if part.period and part.period.minimum_weeks > part.period.weeks:
        report(f"{key}.period.minimum_weeks", part.period.minimum_weeks,
               f"at most period.weeks, which is {part.period.weeks}")  # fmt: skip


def _check_options(part: CriterionPart, metric: Metric, key: str, report: Report) -> None:
    given = part.model_fields_set & OPTIONS
    for name in sorted(given - metric.options):
        report(f"{key}.{name}", getattr(part, name), f"no such key for the metric {metric.name}")
    for name in sorted(metric.required - given):
        report(f"{key}.{name}", "nothing", f"this key, which the metric {metric.name} needs")


def parse_when(raw: object, key: str, known: Mapping[str, object], report: Report) -> Expression:
    """The condition of a rule: a criterion's id, or a table with one of all, any, not."""
    if isinstance(raw, str):
        if raw not in known:
            report(key, raw, f"the id of a criterion: {one_of(known, raw)}")
        return Is(raw)
    if isinstance(raw, dict) and len(raw) == 1:
        word, content = next(iter(raw.items()))
        if word == "not":
            return Not(parse_when(content, f"{key}.not", known, report))
        if word in ("all", "any") and isinstance(content, list) and content:
            items = tuple(
                parse_when(item, f"{key}.{word}[{n}]", known, report)
                for n, item in enumerate(content, start=1)
            )
            return All(items) if word == "all" else AnyOf(items)
    report(
        key, raw, "a criterion's id, { all = […] }, { any = […] } or { not = … }, lists not empty"
    )
    return All(())


def check_rule(
    part: RulePart,
    when: Expression,
    key: str,
    criteria: Mapping[str, CriterionPart],
    report: Report,
) -> None:
    """A rule against its criteria: one kind of subject, and a trigger where a point may go."""
    names = criteria_in(when)
    if not names or not all(name in criteria for name in names):
        return  # told already; what is built on a broken criterion cannot be judged
    used = [criteria[name] for name in names]
    metrics = [METRICS[c.metric] for c in used]
    levels = {m.level for m in metrics}
    if len(levels) > 1 and levels & {"point", "share"}:
        report(f"{key}.when", _ids(used), "criteria of one kind only: points, areas, or shares")
    if levels == {"group"}:
        report(
            f"{key}.when",
            _ids(used),
            'a criterion of aggregation "area" too, such as nearest_minutes',
        )
    if part.action in (Action.MAY_BE_REPLACED, Action.ADD_DAY, Action.FORBID) and levels - {
        "point"
    }:
        report(f"{key}.action", part.action.value, "criteria of points in this rule's condition")
    if part.action in OPENING and "share" in levels:
        report(f"{key}.action", part.action.value, "criteria of points or areas in the condition")
    if part.action in (Action.REQUIRE, Action.TRIGGER_PROCEDURE) and levels & {"area", "group"}:
        report(f"{key}.action", part.action.value, "criteria of points or shares in the condition")
    if part.action is Action.MAY_BE_REPLACED and not any(c.role is Role.TRIGGER for c in used):
        report(f"{key}.when", _ids(used), 'at least one criterion with role = "trigger"')


def check_substitution(
    raw: Mapping[str, Any], criteria: Iterable[CriterionPart], report: Report
) -> None:
    """Criteria about substitutes need the section; a share for the web needs a source.

    Looked at in the file as it stands, so that it is told along with errors of shape.
    """
    asking = [c.id for c in criteria if METRICS[c.metric].substitution]
    if asking and "substitution" not in raw:
        report("substitution", "nothing", f"this section, which {', '.join(asking)} needs")
    online = _at(raw, "substitution", "shift", "online")
    share = _at(online, "value")
    if isinstance(share, (int, float)) and share > 0 and not _at(online, "source"):
        report(
            "substitution.shift.online.source",
            "nothing",
            f"a source for the share of {share:g} per cent (or a share of 0)",
        )


def _at(raw: object, *path: str) -> object:
    """What lies under nested keys; ``None`` where the path ends early."""
    for key in path:
        raw = raw.get(key) if isinstance(raw, Mapping) else None
    return raw


def check_unique(names: Iterable[str], section: str, report: Report) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            report(section, f"{name} ({times} times)", "every id once")


def _ids(parts: Iterable[CriterionPart]) -> str:
    return ", ".join(p.id for p in parts)
