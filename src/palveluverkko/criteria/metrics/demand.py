"""Metrics of demand and load, per point and ISO week."""

from __future__ import annotations

from palveluverkko.criteria.metrics.registry import metric
from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import PointSubject
from palveluverkko.snapshot.values import Figure, Unknown


@metric("weekly_visits", "point", "visits/week", options=("period", "basis"), sentence="demand")
def weekly_visits(subject: PointSubject, criterion: Criterion) -> Figure:
    """Visits let in."""
    return subject.demand_in(criterion).observed


@metric(
    "effective_weekly_visits",
    "point",
    "visits/week",
    options=("period", "basis"),
    sentence="demand",
)
def effective_weekly_visits(subject: PointSubject, criterion: Criterion) -> Figure:
    """Visits that would come if capacity did not cap them."""
    return subject.demand_in(criterion).effective


@metric("utilisation", "point", "%", options=("period",), sentence="load")
def utilisation(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """Visits as a percentage of bookable times."""
    share = subject.demand_in(criterion).utilisation
    return Unknown("demand.slots_unknown") if share is None else 100.0 * share


@metric("capacity_per_week", "point", "visits/week", options=("period",))
def capacity_per_week(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """Mean bookable times a week."""
    capacity = subject.demand_in(criterion).capacity_per_week
    return Unknown("demand.slots_unknown") if capacity is None else capacity


@metric("trend_per_year", "point", "%/year", options=("period", "basis"))
def trend_per_year(subject: PointSubject, criterion: Criterion) -> Figure:
    """Change of the season-adjusted level, per cent a year."""
    return subject.demand_in(criterion).trend_per_year
