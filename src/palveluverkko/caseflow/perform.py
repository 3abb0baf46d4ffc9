"""Do an action: the facts afterwards, or everything that stands in its way.

The records of a case are kept elsewhere; this is what they must agree with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from palveluverkko.caseflow.content import content, proposal
from palveluverkko.caseflow.guards import Check, check
from palveluverkko.caseflow.guards.decision import valid_signatures
from palveluverkko.caseflow.model import (
    Actor,
    Argument,
    CaseFacts,
    Decision,
    FollowUpDone,
    OpinionRequest,
    Override,
    Signature,
    State,
)
from palveluverkko.caseflow.rules import Refusal, Rules
from palveluverkko.caseflow.steps import STEPS, Action, Name


class Refused(Exception):
    """The action may not be done; ``check`` says why, completely."""

    def __init__(self, action: Action, check: Check) -> None:
        self.action, self.check = action, check
        super().__init__(", ".join(f"{r.rule}: {r.code} {r.subject}" for r in check.blocking))


def perform(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    """The facts after ``action``. Raises :class:`Refused`, and changes nothing then."""
    answer = check(facts, action, rules)
    if not answer.allowed:
        raise Refused(action, answer)
    leads = STEPS[action.name].leads[facts.state]
    changed = _EFFECTS.get(action.name, _nothing)(facts, action, rules)
    if len(leads) == 1:
        changed = replace(changed, state=leads[0])
    if facts.decision is not None and changed.state is State.HEARD:
        changed = replace(changed, decision=None, announced=None)
    return changed


def _nothing(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return facts


def _add_point(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    assert action.added is not None
    return replace(facts, points=(*facts.points, action.added))


def _change_point(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    assert action.change is not None
    points = tuple(
        replace(p, change=action.change) if p.point == action.point else p for p in facts.points
    )
    return replace(facts, points=points)


def _take_out_point(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return replace(facts, points=tuple(p for p in facts.points if p.point != action.point))


def _set_effective(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return replace(facts, effective=action.effective)


def _request_opinions(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return replace(facts, requests=(*facts.requests, *(action.requests or ())))


def _record_opinion(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    assert action.opinion is not None
    return replace(facts, opinions=(*facts.opinions, action.opinion))


def _ask_extension(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return _on_request(facts, action, lambda r: replace(r, extension_open=action.until))


def _extend(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return _on_request(
        facts, action, lambda r: replace(r, extended_to=action.until, extension_open=None)
    )


def _refuse_extension(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return _on_request(facts, action, lambda r: replace(r, extension_open=None))


def _on_request(
    facts: CaseFacts, action: Action, change: Callable[[OpinionRequest], OpinionRequest]
) -> CaseFacts:
    requests = tuple(change(r) if r.id == action.request else r for r in facts.requests)
    return replace(facts, requests=requests)


def _answer_argument(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    def answered(a: Argument) -> Argument:
        return replace(a, answer=action.text or "") if a.number == action.number else a

    opinions = tuple(
        replace(o, arguments=tuple(map(answered, o.arguments))) if o.id == action.subject else o
        for o in facts.opinions
    )
    return replace(facts, opinions=opinions)


def _sign(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    """The last signature makes the decision; one before it waits for the others."""
    signed = content(facts)
    signature = Signature(action.actor.name, action.actor.role, facts.today, signed)
    after = replace(facts, signatures=(*facts.signatures, signature))
    if len(valid_signatures(after, signed, rules)) < rules.signatures:
        return after
    decision = Decision(signed, proposal(facts), facts.today)
    return replace(after, state=State.DECIDED, decision=decision)


def _override(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    assert action.of is not None
    entry = Override(
        action=action.of.value,
        rule=action.rule or "",
        code=action.code or "",
        subject=action.subject or "",
        reason=action.text or "",
        by=action.actor.name,
        on=facts.today,
    )
    return replace(facts, overrides=(*facts.overrides, entry))


def _announce(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return replace(facts, announced=facts.today)


def _take_effect(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    return replace(facts, took_effect=facts.today)


def _follow_up(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    assert action.months is not None
    entry = FollowUpDone(action.months, facts.today, bool(action.breach))
    after = replace(facts, follow_ups=(*facts.follow_ups, entry))
    every = set(rules.follow_up_months) <= {f.months for f in after.follow_ups}
    return replace(after, state=State.FOLLOWED) if every else after


def _settle_review(facts: CaseFacts, action: Action, rules: Rules) -> CaseFacts:
    follow_ups = tuple(
        replace(f, review_settled=action.text or "") if f.months == action.months else f
        for f in facts.follow_ups
    )
    return replace(facts, follow_ups=follow_ups)


_EFFECTS: dict[Name, Callable[[CaseFacts, Action, Rules], CaseFacts]] = {
    Name.ADD_POINT: _add_point,
    Name.CHANGE_POINT: _change_point,
    Name.TAKE_OUT_POINT: _take_out_point,
    Name.SET_EFFECTIVE: _set_effective,
    Name.REQUEST_OPINIONS: _request_opinions,
    Name.RECORD_OPINION: _record_opinion,
    Name.ASK_EXTENSION: _ask_extension,
    Name.EXTEND: _extend,
    Name.REFUSE_EXTENSION: _refuse_extension,
    Name.ANSWER_ARGUMENT: _answer_argument,
    Name.SIGN: _sign,
    Name.OVERRIDE: _override,
    Name.ANNOUNCE: _announce,
    Name.TAKE_EFFECT: _take_effect,
    Name.FOLLOW_UP: _follow_up,
    Name.SETTLE_REVIEW: _settle_review,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One action as a page shows it: what is to be filled in, and what still stands in its way."""

    name: Name
    needs: tuple[str, ...]
    blocking: tuple[Refusal, ...]
    overridden: tuple[tuple[Refusal, Override], ...]
    warnings: tuple[Refusal, ...]
    leads: tuple[State, ...]


def next_actions(facts: CaseFacts, actor: Actor, rules: Rules) -> tuple[Offer, ...]:
    """Every action that this state and the actor's role leave open, with what it lacks.

    Judged before anything is filled in; what a form's content breaks shows when it is sent.
    """
    offers = []
    for name, step in STEPS.items():
        if facts.state not in step.leads or actor.role not in step.roles:
            continue
        answer = check(facts, Action(name, actor), rules)
        blocking = tuple(r for r in answer.blocking if r.code != "action.incomplete")
        leads = step.leads[facts.state]
        offers.append(Offer(name, step.needs, blocking, answer.overridden, answer.warnings, leads))
    return tuple(offers)
