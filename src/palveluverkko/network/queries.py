"""What other parts may ask of the register, for any past or future day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from palveluverkko.calendar import ExceptionHours, Timetable
from palveluverkko.network.errors import PointUnknown
from palveluverkko.network.models import JointAgreement, ServiceOffer, ServicePoint, valid_on
from palveluverkko.network.timetables import holiday_calendar, timetables

__all__ = ["PointDetail", "holiday_calendar", "point_detail", "points_in_force", "timetables"]


@dataclass(frozen=True, slots=True)
class PointDetail:
    """One point as it stands on ``day``.

    ``offers`` and ``agreements`` are those in force that day, none of them where the point itself
    is not; ``coming_exceptions`` are those that end on the day or later, soonest first.
    """

    point: ServicePoint
    day: date
    in_force: bool
    offers: tuple[ServiceOffer, ...]
    agreements: tuple[JointAgreement, ...]
    timetable: Timetable
    coming_exceptions: tuple[ExceptionHours, ...]


def points_in_force(day: date) -> QuerySet[ServicePoint]:
    """Points of every kind that exist on ``day``."""
    return ServicePoint.objects.filter(valid_on(day))


def point_detail(point_id: str, day: date) -> PointDetail:
    """Everything that the register says about one point on ``day``.

    Raises :class:`PointUnknown` where no such point was ever registered.
    """
    point = ServicePoint.objects.select_related("municipality").filter(pk=point_id).first()
    if point is None:
        raise PointUnknown(point_id)
    timetable = timetables([point_id])[point_id]
    in_force = timetable.valid.holds_on(day)
    offers = point.offers.filter(valid_on(day)).select_related("service") if in_force else ()
    coming = [e for e in timetable.exceptions if e.last >= day]
    return PointDetail(
        point=point,
        day=day,
        in_force=in_force,
        offers=tuple(offers),
        agreements=tuple(point.agreements.filter(valid_on(day))) if in_force else (),
        timetable=timetable,
        coming_exceptions=tuple(sorted(coming, key=lambda e: (e.first, e.last))),
    )
