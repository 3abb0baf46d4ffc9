"""The table of metrics: a new figure for policies is one new function with one decorator.

A metric answers for a *point*, for an *area* (which areas are too far), for a *group* (the areas
of a municipality that are too far) or for a *share* of residents (of the nation, or of every
municipality). The level decides what the function gets and gives:

========  =========================================  =========================
level     arguments                                  answer
========  =========================================  =========================
point     ``PointSubject``, ``Criterion``            ``Figure``, float or bool
area      ``Country``, ``Criterion``                 ``Coverage``
group     ``AreaGroup``, ``Criterion``               float
share     ``Country``, ``Criterion``                 ``Coverage``
========  =========================================  =========================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Level = Literal["point", "area", "group", "share"]
F = TypeVar("F", bound=Callable[..., Any])
COMPARISONS = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Metric:
    """What a policy may say with a metric, and how it is computed.

    ``options`` are the extra keys that a criterion of this metric may have, ``required`` those it
    must have. ``substitution``: the figure needs the answer of who would take over the visits.
    ``sentence`` selects the family of sentences in which the figure is told.
    """

    name: str
    level: Level
    unit: str
    compute: Callable[..., Any]
    operators: frozenset[str] = COMPARISONS
    options: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    substitution: bool = False
    sentence: str = "metric"

    @property
    def boolean(self) -> bool:
        return self.operators == frozenset({"is"})

    @property
    def aggregations(self) -> tuple[str, ...]:
        return {
            "point": ("point",),
            "area": ("area",),
            "group": ("municipality",),
            "share": ("nation", "municipality"),
        }[self.level]


METRICS: dict[str, Metric] = {}


def metric(
    name: str,
    level: Level,
    unit: str,
    *,
    operators: frozenset[str] = COMPARISONS,
    options: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    substitution: bool = False,
    sentence: str = "metric",
) -> Callable[[F], F]:
    """Register the decorated function as the metric ``name``."""

    def register(function: F) -> F:
        if name in METRICS:
            raise ValueError(f"metric {name} is registered twice")
        METRICS[name] = Metric(
            name,
            level,
            unit,
            function,
            operators,
            frozenset(options) | frozenset(required),
            frozenset(required),
            substitution,
            sentence,
        )
        return function

    return register
