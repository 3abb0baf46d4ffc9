"""What an assessment says: an outcome with reasons for every point and area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from palveluverkko.access.model import Substitution
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.values import Figure


class Outcome(StrEnum):
    KEEP = "keep"
    MAY_BE_REPLACED = "may_be_replaced"
    NOT_PERMITTED = "not_permitted"
    CAPACITY_LIMITED = "capacity_limited"
    UNKNOWN = "unknown"
    ADD_DAY = "add_day"
    ADD_POP_UP = "add_pop_up"
    ADD_POINT = "add_point"


class Verdict(StrEnum):
    """Three-valued: unknown is its own answer and never passes."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion's answer on one subject, with all that a reader needs to check it.

    ``code`` selects the sentence (see ``palveluverkko.decisions.reasons``), ``values`` fill it in.
    ``figure`` in ``unit``, compared by ``operator`` with ``threshold``; ``data`` says what lies
    behind the figure (weeks used, dates, need classes, receivers).
    """

    code: str
    criterion: str
    verdict: Verdict
    figure: Figure | float | None = None
    unit: str = ""
    operator: str = ""
    threshold: float | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PointResult:
    """A point's outcome. ``proposals`` are further actions (a capped point may earn a day).

    ``demand`` and ``substitution`` are the measurements behind it; ``substitution`` is None where
    no rule asked for it.
    """

    point: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    failing: tuple[str, ...]
    proposals: tuple[Outcome, ...]
    demand: PointDemand
    substitution: Substitution | None


@dataclass(frozen=True, slots=True)
class AreaResult:
    """A population area, municipality, or the whole country, with what the policy asks there."""

    level: str  # area | municipality | region | nation
    id: str
    name: str
    municipality: str
    lat: float | None
    lon: float | None
    residents: float
    outcome: Outcome
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer of one policy on one snapshot."""

    policy: str
    policy_hash: str
    points: tuple[PointResult, ...]
    areas: tuple[AreaResult, ...]
    checks: tuple[Reason, ...]  # national or per-district criteria that hold or fail as a whole
