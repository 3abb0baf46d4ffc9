"""Where each rule stands under its name, and what all of them say about one action."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from palveluverkko.caseflow.model import CaseFacts, Override
from palveluverkko.caseflow.rules import Refusal, Rules, Weight
from palveluverkko.caseflow.steps import Action, Name

Judge = Callable[[CaseFacts, Action, Rules], Iterable[Refusal]]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named rule. ``codes`` are all that it may answer; it is asked ``on`` these actions."""

    name: str
    on: frozenset[Name]
    codes: tuple[str, ...]
    judge: Judge

    def refusals(self, facts: CaseFacts, action: Action, rules: Rules) -> tuple[Refusal, ...]:
        if action.name not in self.on:
            return ()
        return tuple(replace(r, rule=self.name) for r in self.judge(facts, action, rules))


GUARDS: dict[str, Guard] = {}


def guard(name: str, *codes: str, on: Iterable[Name]) -> Callable[[Judge], Judge]:
    def enter(judge: Judge) -> Judge:
        if name in GUARDS:
            raise ValueError(f"two rules named {name}")
        GUARDS[name] = Guard(name, frozenset(on), codes, judge)
        return judge

    return enter


def no(code: str, subject: str = "", weight: Weight = Weight.ALWAYS, **values: object) -> Refusal:
    """A refusal without its rule's name, which the guard writes in."""
    return Refusal("", code, subject, weight, values)


@dataclass(frozen=True, slots=True)
class Check:
    """``blocking`` must be empty for the action; ``overridden`` was set aside with a reason."""

    blocking: tuple[Refusal, ...]
    overridden: tuple[tuple[Refusal, Override], ...]
    warnings: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        return not self.blocking


def check(facts: CaseFacts, action: Action, rules: Rules) -> Check:
    """Every rule's answer; warnings and what was overridden do not stop the action."""
    blocking, overridden, warnings = [], [], []
    for one in GUARDS.values():
        for refusal in one.refusals(facts, action, rules):
            if refusal.weight is Weight.WARNING:
                warnings.append(refusal)
            elif found := _override(facts, action, refusal):
                overridden.append((refusal, found))
            else:
                blocking.append(refusal)
    return Check(tuple(blocking), tuple(overridden), tuple(warnings))


def refusals(facts: CaseFacts, action: Action, rules: Rules) -> tuple[Refusal, ...]:
    """All that stands in the way of ``action``; empty when it may be done."""
    return check(facts, action, rules).blocking


def _override(facts: CaseFacts, action: Action, refusal: Refusal) -> Override | None:
    if not refusal.may_override:
        return None
    for o in facts.overrides:
        same = (o.action, o.rule, o.code, o.subject) == (
            action.name.value,
            refusal.rule,
            refusal.code,
            refusal.subject,
        )
        if same and o.reason.strip():
            return o
    return None
