"""A policy as tables a reader can follow: criteria, rules, parameters with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palveluverkko.criteria.logic import All, AnyOf, Expression, Is, Not, criteria_in
from palveluverkko.criteria.policy import Action, Criterion, Policy, Role
from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.web import figures, places
from palveluverkko.web.labels import label
from palveluverkko.web.texts import in_language

METRIC = {
    "weekly_visits": gettext_lazy("Visits a week"),
    "effective_weekly_visits": gettext_lazy("Visits a week that would come without a cap"),
    "utilisation": gettext_lazy("Share of bookable times in use"),
    "capacity_per_week": gettext_lazy("Bookable times a week"),
    "trend_per_year": gettext_lazy("Change of demand in a year"),
    "opening_days": gettext_lazy("Opening days a week"),
    "weekly_open_hours": gettext_lazy("Opening hours a week"),
    "hours_per_opening_day": gettext_lazy("Opening hours on an opening day"),
    "services_offered": gettext_lazy("Services offered"),
    "trained_staff": gettext_lazy("Trained staff"),
    "needs_met": gettext_lazy("Every need can be met in another way"),
    "five_day_access_after": gettext_lazy("Five-day access afterwards"),
    "longest_minutes_after": gettext_lazy("Longest journey afterwards"),
    "share_within_minutes": gettext_lazy("Residents within a travel time"),
    "share_within_km": gettext_lazy("Residents within a distance"),
    "share_within_miles": gettext_lazy("Residents within a distance"),
    "five_day_access": gettext_lazy("Residents with service on five weekdays"),
    "nearest_minutes": gettext_lazy("Travel time to the nearest point"),
    "nearest_km": gettext_lazy("Distance to the nearest point"),
    "uncovered_residents": gettext_lazy("Residents out of reach"),
}

UNIT = {
    "visits/week": gettext_lazy("visits a week"),
    "days/week": gettext_lazy("days a week"),
    "h/week": gettext_lazy("hours a week"),
    "h/day": gettext_lazy("hours a day"),
    "%": gettext_lazy("per cent"),
    "%/year": gettext_lazy("per cent a year"),
    "min": gettext_lazy("minutes"),
    "km": gettext_lazy("kilometres"),
    "people": gettext_lazy("people"),
    "residents": gettext_lazy("residents"),
}

ROLE = {
    Role.TRIGGER: gettext_lazy("Trigger"),
    Role.SAFEGUARD: gettext_lazy("Safeguard"),
}

ACTION = {
    Action.MAY_BE_REPLACED: gettext_lazy("The point may be replaced"),
    Action.ADD_DAY: gettext_lazy("An opening day is added"),
    Action.ADD_POP_UP: gettext_lazy("A pop-up point is added"),
    Action.ADD_POINT: gettext_lazy("A point is added"),
    Action.REQUIRE: gettext_lazy("It must hold"),
    Action.FORBID: gettext_lazy("It must not happen"),
    Action.TRIGGER_PROCEDURE: gettext_lazy("A procedure begins"),
}

AGGREGATION = {
    "point": gettext_lazy("Each point"),
    "area": gettext_lazy("Each population area"),
    "municipality": gettext_lazy("Each municipality"),
    "nation": gettext_lazy("The whole country"),
}


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion, in the words of the table."""

    id: str
    title: str
    metric: str
    where: str
    comparison: str
    period: str
    role: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    title: str
    when: str
    action: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter of substitution. ``source`` is empty where it is an assumption."""

    name: str
    value: str
    source: str


def policy_tables(file: PolicyFile) -> dict[str, Any]:
    """The tables of a policy's page."""
    policy = file.policy
    return {
        "criteria": [_criterion(policy, c) for c in policy.criteria],
        "rules": [_rule(policy, rule) for rule in policy.rules],
        "parameters": _parameters(policy),
        "assumptions": [in_language(text) for text in policy.assumptions],
    }


def _criterion(policy: Policy, criterion: Criterion) -> CriterionLine:
    used = {k for r in policy.rules if criterion.id in criteria_in(r.when) for k in r.kinds}
    kinds = ", ".join(
        sorted(label("kinds", k.value) for k in criterion.kinds if not used or k in used)
    )
    place = str(AGGREGATION[criterion.aggregation])
    return CriterionLine(
        id=criterion.id,
        title=in_language(criterion.title),
        metric=str(METRIC.get(criterion.metric, criterion.metric)),
        where=f"{place} ({kinds})" if kinds else place,
        comparison=_comparison(criterion),
        period=_period(criterion),
        role=str(ROLE[criterion.role]),
    )


def _comparison(criterion: Criterion) -> str:
    if isinstance(criterion.threshold, bool):
        return _("yes") if criterion.threshold else _("no")
    sign = {"<=": "≤", ">=": "≥"}.get(criterion.operator, criterion.operator)
    unit = UNIT.get(criterion.unit, criterion.unit)
    decimals = 0 if float(criterion.threshold).is_integer() else 1
    return f"{sign} {figures.number(criterion.threshold, decimals)} {unit}".strip()


def _period(criterion: Criterion) -> str:
    if "visits" not in criterion.unit and criterion.metric != "utilisation":
        return ""
    window = criterion.period.window
    return _("%(weeks)s weeks before the day, at least %(minimum)s of them usable") % {
        "weeks": window.weeks,
        "minimum": window.minimum_weeks,
    }


def _rule(policy: Policy, rule: Any) -> RuleLine:
    return RuleLine(
        title=in_language(rule.title),
        when=_expression(policy, rule.when),
        action=str(ACTION[rule.action]),
        kinds=tuple(sorted(label("kinds", kind.value) for kind in rule.kinds)),
    )


def _expression(policy: Policy, expression: Expression) -> str:
    """The rule's condition as a sentence of criteria's titles."""
    match expression:
        case Is(criterion):
            return _("“%(title)s”") % {"title": in_language(policy.criterion(criterion).title)}
        case All(items):
            return _(" and ").join(_part(policy, item) for item in items)
        case AnyOf(items):
            return _(" or ").join(_part(policy, item) for item in items)
        case Not(item):
            return _("not %(condition)s") % {"condition": _part(policy, item)}


def _part(policy: Policy, expression: Expression) -> str:
    text = _expression(policy, expression)
    return f"({text})" if isinstance(expression, (All, AnyOf)) else text


def _parameters(policy: Policy) -> list[ParameterLine]:
    rules = policy.substitution
    if rules is None:
        return []
    values: dict[str, tuple[str, str]] = {
        "minutes": (
            _("Longest travel time to a substitute, minutes"),
            figures.number(rules.minutes),
        ),
        "minimum_share": (
            _("Share of residents who must have a substitute"),
            figures.share(rules.minimum_share),
        ),
        "same_weekdays": (
            _("A neighbour must be open on the same weekdays"),
            _("yes") if rules.same_weekdays else _("no"),
        ),
        "full": (_("Load at which a receiver is full"), figures.share(rules.full)),
        "meets": (_("Needs that a channel can complete"), _meets(rules.meets)),
        "shift": (_("Where visits go"), _shift(rules.shift)),
    }
    return [
        ParameterLine(name, value, policy.provenance.get(key) or "")
        for key, (name, value) in values.items()
    ]


def _meets(meets: Mapping[str, frozenset[str]]) -> str:
    names = places.services()
    return "; ".join(
        f"{label('channel', channel)}: {', '.join(sorted(names.get(n, n) for n in needs))}"
        for channel, needs in meets.items()
        if needs
    )


def _shift(shift: Mapping[str, float]) -> str:
    return "; ".join(
        f"{label('channel', channel)} {figures.share(value)}"
        for channel, value in shift.items()
        if value
    )
