"""One figure against one threshold: the verdict, and which fact it states."""

from __future__ import annotations

import operator as op
from collections.abc import Callable

from palveluverkko.criteria.model import Verdict
from palveluverkko.criteria.policy import Basis
from palveluverkko.snapshot.values import Estimate, Figure, Unknown

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
}
# What holds when "figure OPERATOR threshold" is true, and what when it is false.
RELATION = {
    ("<", True): "below",
    ("<", False): "at_least",
    ("<=", True): "at_most",
    ("<=", False): "above",
    (">", True): "above",
    (">", False): "at_most",
    (">=", True): "at_least",
    (">=", False): "below",
}
# An estimator that iterates may stop a hair from the exact mean; 100 must not become 99.999999999.
DECIMALS = 6


def compared_value(figure: Figure | float, basis: Basis) -> float | None:
    """The number that is compared: the estimate or an end of its interval; None if unknown."""
    if isinstance(figure, Unknown):
        return None
    if not isinstance(figure, Estimate):
        return float(figure)
    return {"estimate": figure.value, "upper": figure.high, "lower": figure.low}[basis]


def compare(figure: Figure | float, operator: str, threshold: float, basis: Basis) -> Verdict:
    """Whether ``figure operator threshold`` holds; unknown figures and NaN give unknown."""
    value = compared_value(figure, basis)
    if value is None or value != value:
        return Verdict.UNKNOWN
    holds = COMPARE[operator](round(value, DECIMALS), threshold)
    return Verdict.TRUE if holds else Verdict.FALSE


def relation(operator: str, verdict: Verdict) -> str:
    """``below``, ``at_least``, ``at_most`` or ``above``: the fact that a known verdict states."""
    return RELATION[operator, verdict is Verdict.TRUE]


def straddles(figure: Figure | float, threshold: float) -> bool:
    """Whether the interval has values on both sides, so that the answer is not certain."""
    return (
        isinstance(figure, Estimate)
        and figure.low < threshold <= figure.high
        and figure.low < figure.high
    )
