"""What a metric is asked about: a point, the country, or a municipality's areas out of reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from palveluverkko.access.model import (
    Coverage,
    CoverageArea,
    Substitution,
    SubstitutionRules,
    TravelModel,
)
from palveluverkko.criteria.policy import Criterion
from palveluverkko.measuring.model import PointDemand, Window
from palveluverkko.snapshot.model import DemandWeeks, Point, PointKind, Snapshot


class Measure(Protocol):
    def __call__(
        self, weeks: DemandWeeks, window: Window, changes: bool = True
    ) -> tuple[PointDemand, ...]: ...


class Substitute(Protocol):
    def __call__(
        self,
        snapshot: Snapshot,
        demand: Sequence[PointDemand],
        rules: SubstitutionRules,
        candidates: Sequence[int],
    ) -> tuple[Substitution, ...]: ...


class Cover(Protocol):
    def __call__(
        self,
        snapshot: Snapshot,
        *,
        minutes: float | None,
        km: float | None,
        stratum: str,
        kinds: frozenset[PointKind],
        travel: TravelModel,
    ) -> Coverage: ...


class FiveDays(Protocol):
    def __call__(self, snapshot: Snapshot, minutes: float, travel: TravelModel) -> Coverage: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """The measurements that criteria rest on; other ones can be put in to try a rule alone."""

    measure: Measure
    substitute: Substitute
    together: Substitute
    coverage: Cover
    five_day_access: FiveDays


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """``busiest``: the most visits, or bookable times, of any reported week of the window.

    ``free_visits``: visits of all the usable weeks that did not run at capacity.
    """

    busiest: float
    free_visits: float


@dataclass(frozen=True, slots=True)
class PointSubject:
    """One point with its demand, and what its weeks show, by window."""

    point: Point
    demand: Mapping[Window, PointDemand]
    weeks: Mapping[Window, WeekFacts]
    services: tuple[str, ...]
    substitution_rules: SubstitutionRules | None = None
    substitution: Substitution | None = None

    def demand_in(self, criterion: Criterion) -> PointDemand:
        return self.demand[criterion.period.window]


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The areas of one municipality that a criterion finds too far from a point."""

    municipality: str
    areas: tuple[CoverageArea, ...]


@dataclass(slots=True)
class Country:
    """The whole network and its residents, with coverage computed once per question."""

    snapshot: Snapshot
    travel: TravelModel
    tools: Tools
    _known: dict[tuple[object, ...], Coverage] = field(default_factory=dict)

    def coverage(
        self, criterion: Criterion, *, minutes: float | None = None, km: float | None = None
    ) -> Coverage:
        key = (minutes, km, criterion.stratum, criterion.kinds)
        if key not in self._known:
            self._known[key] = self.tools.coverage(
                self.snapshot,
                minutes=minutes,
                km=km,
                stratum=criterion.stratum,
                kinds=criterion.kinds,
                travel=self.travel,
            )
        return self._known[key]

    def five_day_access(self, criterion: Criterion) -> Coverage:
        key = ("five days", criterion.within)
        if key not in self._known:
            self._known[key] = self.tools.five_day_access(
                self.snapshot, float(criterion.within or 0.0), self.travel
            )
        return self._known[key]
