"""Rules on every action: its step, who may do it, and whether all is said that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from palveluverkko.caseflow.guards.registry import GUARDS, guard, no
from palveluverkko.caseflow.model import CaseFacts, OpinionRequest, PointChange, Role
from palveluverkko.caseflow.rules import Refusal, Rules, Weight
from palveluverkko.caseflow.steps import STEPS, Action, Name, missing

W = Weight


@guard("step_in_order", "step.not_in_this_state", on=Name)
def step_in_order(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Nothing skips a step."""
    states = STEPS[action.name].leads
    if facts.state not in states:
        yield no("step.not_in_this_state", state=facts.state, open_in=tuple(states))


@guard("right_role", "role.may_not", "role.other_municipality", on=Name)
def right_role(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Everybody does what their role does; a municipality speaks for itself only."""
    actor, roles = action.actor, STEPS[action.name].roles
    if actor.role not in roles:
        yield no("role.may_not", role=actor.role, roles=tuple(sorted(roles)))
    if actor.role is not Role.MUNICIPALITY:
        return
    spoken_for = _spoken_for(facts, action)
    if spoken_for is not None and spoken_for != actor.municipality:
        yield no("role.other_municipality", spoken_for, municipality=actor.municipality)


def _spoken_for(facts: CaseFacts, action: Action) -> str | None:
    if action.opinion is not None:
        return action.opinion.municipality
    found = find_request(facts, action.request)
    return found.municipality if found else None


@guard("said_what_is_needed", "action.incomplete", on=Name)
def said_what_is_needed(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    for name in missing(action):
        yield no("action.incomplete", name, field=name)


@guard(
    "points_stand",
    "points.none",
    "points.twice",
    "points.unknown",
    "points.last",
    "points.no_municipality",
    on=(
        Name.ADD_POINT,
        Name.CHANGE_POINT,
        Name.TAKE_OUT_POINT,
        Name.REQUEST_OPINIONS,
        Name.GO_ON_UNHEARD,
        Name.SIGN,
    ),
)
def points_stand(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A case is about one point or more, each of them once; the last is not taken out."""
    known = [p.point for p in facts.points]
    if action.name is Name.ADD_POINT:
        if action.added is not None and action.added.point in known:
            yield no("points.twice", action.added.point)
        return
    if action.name in (Name.CHANGE_POINT, Name.TAKE_OUT_POINT):
        if action.point is not None and action.point not in known:
            yield no("points.unknown", action.point)
        if action.name is Name.TAKE_OUT_POINT and len(known) == 1:
            yield no("points.last", known[0])
        return
    if not known:
        yield no("points.none")
    for point in sorted({p for p in known if known.count(p) > 1}):
        yield no("points.twice", point)
    for one in facts.points:
        if facts.municipality(one.municipality) is None:
            yield no("points.no_municipality", one.point, municipality=one.municipality)


@guard(
    "override_of_something",
    "override.no_such_rule",
    "override.nothing_to_set_aside",
    on=(Name.OVERRIDE,),
)
def override_of_something(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Only a refusal that stands now, and that its rule lets be overridden, can be set aside.

    An action is judged without what its doer would fill in, so the refusals of a form's content
    (a short deadline) are judged by the rule and code alone.
    """
    rule = GUARDS.get(action.rule or "")
    if rule is None or action.of not in rule.on or action.code not in rule.codes:
        yield no("override.no_such_rule", action.rule or "", of=action.of, refusal=action.code)
        return
    tried = Action(action.of, action.actor)
    standing = rule.refusals(facts, tried, rules)
    if not any(
        r.may_override and r.code == action.code and r.subject == action.subject for r in standing
    ):
        yield no("override.nothing_to_set_aside", action.rule or "", refusal=action.code)


@guard(
    "policy_of_the_case",
    "policy.changed",
    "policy.none_now",
    on=(Name.REQUEST_OPINIONS, Name.GO_ON_UNHEARD, Name.SIGN, Name.ANNOUNCE),
)
def policy_of_the_case(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """The case keeps the policy that it began under, and says so when another is in force."""
    now, kept = facts.policy_now, facts.policy
    if now is None:
        yield no("policy.none_now", kept.id, W.WARNING, kept=kept.id)
    elif now != kept:
        yield no(
            "policy.changed",
            kept.id,
            W.WARNING,
            kept=kept.id,
            kept_hash=kept.hash,
            now=now.id,
            now_hash=now.hash,
        )


def find_request(facts: CaseFacts, id: str | None) -> OpinionRequest | None:
    return next((r for r in facts.requests if r.id == id), None)


def to_be_heard(facts: CaseFacts, rules: Rules) -> tuple[PointChange, ...]:
    """The points on which their municipality must be heard."""
    return tuple(p for p in facts.points if p.change in rules.hearing_for)
