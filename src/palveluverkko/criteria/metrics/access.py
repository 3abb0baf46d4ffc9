"""Metrics of access: who takes over, who is within reach, who is too far."""

from __future__ import annotations

from palveluverkko.access.model import Coverage
from palveluverkko.criteria.metrics.registry import metric
from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import AreaGroup, Country, PointSubject
from palveluverkko.snapshot.values import Unknown

KM_PER_MILE = 1.609344
REACH = ("stratum", "kinds")
AT_LEAST = frozenset({">=", ">"})
FARTHER = frozenset({">"})


@metric("needs_met", "point", "", operators=frozenset({"is"}), substitution=True, sentence="needs")
def needs_met(subject: PointSubject, criterion: Criterion) -> bool | Unknown:
    """Whether other channels meet every need class and no receiver is pushed over capacity."""
    if subject.substitution is None or subject.substitution.needs_met is None:
        return Unknown("needs.unknown")
    return subject.substitution.needs_met


@metric("five_day_access_after", "point", "%", substitution=True)
def five_day_access_after(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """Percentage of the point's residents with service on five weekdays if the point ended."""
    found = subject.substitution
    if found is None or found.five_day_after is None:
        return Unknown("access.no_residents")
    return 100.0 * found.five_day_after


@metric("longest_minutes_after", "point", "min", substitution=True)
def longest_minutes_after(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """The longest journey of the point's residents to personal service if the point ended."""
    found = subject.substitution
    if found is None or found.journey is None:
        return Unknown("access.no_residents")
    return found.journey.longest_after


@metric("share_within_minutes", "share", "%", options=REACH, required=("within",),
        operators=AT_LEAST, sentence="share_minutes")  # fmt: skip
def share_within_minutes(country: Country, criterion: Criterion) -> Coverage:
    """Percentage of a stratum's residents with a point within so many minutes."""
    return country.coverage(criterion, minutes=criterion.within)


@metric("share_within_km", "share", "%", options=REACH, required=("within",),
        operators=AT_LEAST, sentence="share_km")  # fmt: skip
def share_within_km(country: Country, criterion: Criterion) -> Coverage:
    """Percentage of a stratum's residents with a point within so many kilometres."""
    return country.coverage(criterion, km=criterion.within)


@metric("share_within_miles", "share", "%", options=REACH, required=("within",),
        operators=AT_LEAST, sentence="share_miles")  # fmt: skip
def share_within_miles(country: Country, criterion: Criterion) -> Coverage:
    """Percentage of a stratum's residents with a point within so many miles."""
    return country.coverage(criterion, km=KM_PER_MILE * (criterion.within or 0.0))


@metric("five_day_access", "share", "%", required=("within",), operators=AT_LEAST,
        sentence="share_five_days")  # fmt: skip
def five_day_access(country: Country, criterion: Criterion) -> Coverage:
    """Percentage of residents with personal service within so many minutes on five weekdays."""
    return country.five_day_access(criterion)


@metric("nearest_minutes", "area", "min", options=REACH, operators=FARTHER, sentence="far_minutes")
def nearest_minutes(country: Country, criterion: Criterion) -> Coverage:
    """Minutes from an area to its nearest point; the areas beyond the threshold."""
    return country.coverage(criterion, minutes=float(criterion.threshold))


@metric("nearest_km", "area", "km", options=REACH, operators=FARTHER, sentence="far_km")
def nearest_km(country: Country, criterion: Criterion) -> Coverage:
    """Kilometres from an area to its nearest point; the areas beyond the threshold."""
    return country.coverage(criterion, km=float(criterion.threshold))


@metric("uncovered_residents", "group", "residents")
def uncovered_residents(group: AreaGroup, criterion: Criterion) -> float:
    """Residents of a municipality's areas that are too far."""
    return sum(area.residents for area in group.areas)
