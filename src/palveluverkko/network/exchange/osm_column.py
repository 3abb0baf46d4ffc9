"""Opening times of a bundle's points as OSM strings: information beside the rows, never read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from palveluverkko.calendar import ExceptionHours, HolidayCalendar, Season, Timetable, Validity
from palveluverkko.calendar import WeeklyHours as Weekly
from palveluverkko.calendar.osm import write_osm
from palveluverkko.network.exchange.grouping import PointRows, by_point
from palveluverkko.network.exchange.records import AgencyRecord, RegisterBundle

HORIZON = timedelta(days=28)


def opening_hours(bundle: RegisterBundle, first: date) -> Mapping[str, str]:
    """``opening_hours`` by point id, true from ``first`` for four weeks."""
    agency = bundle.agencies[0] if bundle.agencies else None
    return {
        rows.point.id: write_osm(_timetable(rows, agency), first, first + HORIZON)
        for rows in by_point(bundle)
    }


def _timetable(rows: PointRows, agency: AgencyRecord | None) -> Timetable:
    holidays = None
    if agency is not None:
        holidays = HolidayCalendar(
            agency.country, agency.subdivision, agency.closed_categories, agency.closed_days
        )
    return Timetable(
        weekly=tuple(
            Weekly(
                h.weekday,
                h.opens,
                h.closes,
                h.overnight,
                h.service,
                h.mode or None,
                Validity(h.valid_from, h.valid_until),
                Season(h.season_from, h.season_until) if h.season_from else None,
            )
            for h in rows.hours
        ),
        exceptions=tuple(
            ExceptionHours(
                e.first,
                e.last,
                e.closed,
                e.opens,
                e.closes,
                e.overnight,
                e.service,
                e.mode or None,
                e.reason_fi,
            )
            for e in rows.exceptions
        ),
        timezone=rows.point.timezone or (agency.timezone if agency else "Europe/Helsinki"),
        holidays=holidays,
        valid=Validity(rows.point.valid_from, rows.point.valid_until),
    )
