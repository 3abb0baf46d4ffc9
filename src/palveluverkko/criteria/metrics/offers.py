"""Metrics of what a point offers and when it is open, from the regular timetable."""

from __future__ import annotations

from palveluverkko.criteria.metrics.registry import metric
from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import PointSubject
from palveluverkko.snapshot.values import Unknown


@metric("opening_days", "point", "days/week")
def opening_days(subject: PointSubject, criterion: Criterion) -> float:
    """Weekdays in the regular timetable."""
    return float(len(subject.point.regular_weekdays))


@metric("weekly_open_hours", "point", "h/week")
def weekly_open_hours(subject: PointSubject, criterion: Criterion) -> float:
    """Regular opening hours a week."""
    return subject.point.weekly_open_minutes / 60.0


@metric("hours_per_opening_day", "point", "h/day")
def hours_per_opening_day(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """Regular opening hours a week divided by the regular opening days."""
    days = len(subject.point.regular_weekdays)
    return subject.point.weekly_open_minutes / 60.0 / days if days else Unknown("opening.no_days")


@metric("services_offered", "point", "%", options=("services",))
def services_offered(subject: PointSubject, criterion: Criterion) -> float | Unknown:
    """Percentage of a bundle of services that the point offers; the bundle: all by default."""
    bundle = set(criterion.services or subject.services)
    if not bundle:
        return Unknown("offers.no_services")
    offered = {offer.service for offer in subject.point.offers}
    return 100.0 * len(bundle & offered) / len(bundle)


@metric("trained_staff", "point", "people")
def trained_staff(subject: PointSubject, criterion: Criterion) -> Unknown:
    """Trained people at the point. The register does not record them: always unknown."""
    return Unknown("offers.staff_not_recorded")
