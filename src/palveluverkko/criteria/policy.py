"""A policy as the engine uses it: who decided what, its criteria, its rules, its assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from palveluverkko.access.model import SubstitutionRules, TravelModel
from palveluverkko.criteria.logic import Expression
from palveluverkko.criteria.model import Outcome
from palveluverkko.measuring.model import Window
from palveluverkko.snapshot.model import PointKind

Texts = Mapping[str, str]
Operator = Literal["<", "<=", ">", ">=", "is"]
Basis = Literal["estimate", "upper", "lower"]
Aggregation = Literal["point", "area", "municipality", "nation"]


class Role(StrEnum):
    """Which half of a rule a criterion belongs to."""

    TRIGGER = "trigger"  # what sets the rule off, for example low demand
    SAFEGUARD = "safeguard"  # what must hold besides, for example needs met


class Action(StrEnum):
    """What a rule does where its condition holds."""

    MAY_BE_REPLACED = "may_be_replaced"
    ADD_DAY = "add_day"
    ADD_POP_UP = "add_pop_up"
    ADD_POINT = "add_point"
    REQUIRE = "require"
    FORBID = "forbid"
    TRIGGER_PROCEDURE = "trigger_procedure"


OPENING = {
    Action.ADD_DAY: Outcome.ADD_DAY,
    Action.ADD_POP_UP: Outcome.ADD_POP_UP,
    Action.ADD_POINT: Outcome.ADD_POINT,
}


@dataclass(frozen=True, slots=True)
class Period:
    """The weeks that a demand criterion looks at.

    A week is unseen when it is missing or ran at capacity. ``unseen_week_factor``: how many times
    the busiest reported week the demand of an unseen one may have been; low demand is not proven
    where unseen weeks that busy would have lifted it to the threshold. ``None``: any number is
    possible, so one unseen week is enough. ``capped_share``: share of weeks at capacity from
    which the count tells nothing about demand.
    """

    window: Window = field(default_factory=Window)
    unseen_week_factor: float | None = None
    capped_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Criterion:
    """One figure compared with one threshold.

    ``within`` is the distance or time of a share metric, in the metric's own unit; ``stratum``
    whose residents count; ``kinds`` which points serve them; ``services`` a bundle of services.
    """

    id: str
    title: Texts
    metric: str
    operator: Operator
    threshold: float | bool
    unit: str
    aggregation: Aggregation
    role: Role
    basis: Basis
    period: Period
    within: float | None
    stratum: str
    kinds: frozenset[PointKind]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows where ``when`` holds, for points of ``kinds``."""

    id: str
    title: Texts
    kinds: frozenset[PointKind]
    when: Expression
    action: Action


@dataclass(frozen=True, slots=True)
class Policy:
    """A dated policy. ``hash``: SHA-256 (hex) of its content, whatever its layout and comments.

    ``provenance`` names, for every parameter of substitution, its source, or ``None`` where the
    parameter is this project's assumption and not part of the decision.
    """

    id: str
    hash: str
    title: Texts
    decided_by: Texts
    decided: str
    valid_from: date
    valid_until: date | None
    country: str
    sources: tuple[str, ...]
    notes: Texts
    assumptions: tuple[Texts, ...]
    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    substitution: SubstitutionRules | None
    provenance: Mapping[str, str | None]
    travel: TravelModel
    window: Window

    def criterion(self, wanted: str) -> Criterion:
        return next(c for c in self.criteria if c.id == wanted)

    def in_force(self, day: date) -> bool:
        """Whether the policy was valid on ``day`` (both ends included)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
