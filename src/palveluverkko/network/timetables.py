"""The register's rows of hours and exceptions as the calendar's timetables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from palveluverkko.calendar import (
    ExceptionHours,
    HolidayCalendar,
    Season,
    Timetable,
    Validity,
    WeeklyHours,
)
from palveluverkko.network.models import Agency, OpeningException, OpeningHours, ServicePoint

DEFAULT_TIMEZONE = "Europe/Helsinki"


def holiday_calendar(agency: Agency | None) -> HolidayCalendar | None:
    """The days on which the agency's points are shut unless an exception opens them."""
    if agency is None:
        return None
    return HolidayCalendar(
        country=agency.country,
        subdivision=agency.subdivision,
        categories=tuple(agency.closed_categories),
        closed_days=tuple(agency.closed_days),
    )


def timetables(point_ids: Iterable[str] | None = None) -> dict[str, Timetable]:
    """Timetables by point id; all points where no ids are given. Four queries, however many."""
    agency = Agency.objects.order_by("code").first()
    holidays = holiday_calendar(agency)
    default_zone = agency.timezone if agency else DEFAULT_TIMEZONE
    points = ServicePoint.objects.values_list("id", "timezone", "valid_from", "valid_until")
    hours = OpeningHours.objects.order_by("point_id", "pk")
    exceptions = OpeningException.objects.order_by("point_id", "pk")
    if point_ids is not None:
        ids = list(point_ids)
        points = points.filter(pk__in=ids)
        hours = hours.filter(point_id__in=ids)
        exceptions = exceptions.filter(point_id__in=ids)
    weekly: dict[str, list[WeeklyHours]] = defaultdict(list)
    for row in hours:
        weekly[row.point_id].append(weekly_hours(row))
    special: dict[str, list[ExceptionHours]] = defaultdict(list)
    for exception in exceptions:
        special[exception.point_id].append(exception_hours(exception))
    return {
        point: Timetable(
            weekly=tuple(weekly[point]),
            exceptions=tuple(special[point]),
            timezone=zone or default_zone,
            holidays=holidays,
            valid=Validity(since, until),
        )
        for point, zone, since, until in points
    }


def weekly_hours(row: OpeningHours) -> WeeklyHours:
    """One row of the register as the calendar knows it."""
    return WeeklyHours(
        weekday=row.weekday,
        opens=row.opens,
        closes=row.closes,
        overnight=row.overnight,
        service=row.service_id,
        mode=row.mode or None,
        valid=Validity(row.valid_from, row.valid_until),
        season=Season(row.season_from, row.season_until) if row.season_from else None,
    )


def exception_hours(row: OpeningException) -> ExceptionHours:
    """One exception of the register as the calendar knows it."""
    return ExceptionHours(
        first=row.first,
        last=row.last,
        closed=row.closed,
        opens=row.opens,
        closes=row.closes,
        overnight=row.overnight,
        service=row.service_id,
        mode=row.mode or None,
        reason=row.reason_fi or row.reason_sv or row.reason_en,
    )
