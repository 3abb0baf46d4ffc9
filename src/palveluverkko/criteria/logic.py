"""Three-valued logic (Kleene's strong logic) over the criteria that a rule joins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from palveluverkko.criteria.model import Verdict


@dataclass(frozen=True, slots=True)
class Is:
    """One criterion, by its id."""

    criterion: str


@dataclass(frozen=True, slots=True)
class All:
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: Expression


Expression = Is | All | AnyOf | Not
VerdictOf = Callable[[str], Verdict]


def negate(verdict: Verdict) -> Verdict:
    """True and false change places; unknown stays unknown."""
    if verdict is Verdict.UNKNOWN:
        return verdict
    return Verdict.FALSE if verdict is Verdict.TRUE else Verdict.TRUE


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """False if any is false, else unknown if any is unknown, else true."""
    found = set(verdicts)
    if Verdict.FALSE in found:
        return Verdict.FALSE
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.TRUE


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """True if any is true, else unknown if any is unknown, else false."""
    return negate(all_of(negate(v) for v in verdicts))


def evaluate(expression: Expression, verdict_of: VerdictOf) -> Verdict:
    """The expression's verdict, given every criterion's."""
    match expression:
        case Is(criterion):
            return verdict_of(criterion)
        case All(items):
            return all_of(evaluate(item, verdict_of) for item in items)
        case AnyOf(items):
            return any_of(evaluate(item, verdict_of) for item in items)
        case Not(item):
            return negate(evaluate(item, verdict_of))


def best_case(expression: Expression, verdict_of: VerdictOf, waived: Collection[str]) -> Verdict:
    """The verdict if every ``waived`` criterion came out as the expression would like it.

    With the safeguards waived this is the verdict of the trigger half of a rule: whether the rule
    would act if nothing but the trigger counted.
    """
    return _best(expression, verdict_of, waived, wished=True)


def _best(
    expression: Expression, verdict_of: VerdictOf, waived: Collection[str], wished: bool
) -> Verdict:
    match expression:
        case Is(criterion):
            if criterion in waived:
                return Verdict.TRUE if wished else Verdict.FALSE
            return verdict_of(criterion)
        case All(items):
            return all_of(_best(item, verdict_of, waived, wished) for item in items)
        case AnyOf(items):
            return any_of(_best(item, verdict_of, waived, wished) for item in items)
        case Not(item):
            return negate(_best(item, verdict_of, waived, not wished))


def criteria_in(expression: Expression) -> tuple[str, ...]:
    """Ids of the criteria in an expression, in order, each once."""
    match expression:
        case Is(criterion):
            return (criterion,)
        case All(items) | AnyOf(items):
            return tuple(dict.fromkeys(c for item in items for c in criteria_in(item)))
        case Not(item):
            return criteria_in(item)


def in_the_way(expression: Expression, verdict_of: VerdictOf) -> tuple[str, ...]:
    """Criteria that keep the expression from being true: those behind a false or unknown part."""
    if evaluate(expression, verdict_of) is Verdict.TRUE:
        return ()
    match expression:
        case All(items) | AnyOf(items):
            return tuple(dict.fromkeys(c for item in items for c in in_the_way(item, verdict_of)))
        case _:
            return criteria_in(expression)
