"""Reading the network and its weekly demand. Public; small cells are withheld from the public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from palveluverkko.api.auth import sees_small_cells
from palveluverkko.calendar import iso_monday, open_intervals
from palveluverkko.decisions.queries import FIRST_DAY, LAST_DAY
from palveluverkko.demand.clock import last_finished_monday, today
from palveluverkko.demand.privacy import is_small
from palveluverkko.demand.queries import WeekRecord, newest_week, weekly_series
from palveluverkko.network.models import ServicePoint, valid_on
from palveluverkko.network.queries import points_in_force, timetables

router = Router(tags=["points"])
MOST_WEEKS = 530  # ten years
AskedDay = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY)]


class Names(Schema):
    fi: str
    sv: str
    en: str


class PointOut(Schema):
    """A point of the network. ``synthetic`` names the fields whose content is generated."""

    id: str
    kind: str
    name: Names
    municipality: str
    lat: float
    lon: float
    valid_from: date | None
    valid_until: date | None
    languages: list[str]
    synthetic: list[str]


class ServiceOut(Schema):
    service: str
    mode: str


class OpeningDay(Schema):
    """A day's opening hours, as local times with their offset from UTC."""

    date: date
    hours: list[tuple[str, str]]


class PointDetail(PointOut):
    street_address: Names
    postal_code: str
    post_office: str
    phone: str
    email: str
    services: list[ServiceOut]
    opening_days: list[OpeningDay]


class WeekOut(Schema):
    """One ISO week. ``visits`` is null when unknown, closed, or ``suppressed`` (fewer than 5)."""

    monday: date
    status: str
    visits: int | None
    suppressed: bool
    slots: int | None
    open_minutes: int | None
    days_open: int | None
    days_reported: int
    by_service: dict[str, int] | None


@router.get("/points", response=list[PointOut], summary="The points in force on a day")
def points(request: HttpRequest, on: AskedDay = None) -> list[dict[str, Any]]:
    return [_point(p) for p in points_in_force(on or today()).order_by("id")]


@router.get("/points/{point_id}", response=PointDetail, summary="A point and its next seven days")
def point(request: HttpRequest, point_id: str, on: AskedDay = None) -> dict[str, Any]:
    found = get_object_or_404(ServicePoint, pk=point_id)
    day = on or today()
    timetable = timetables([point_id])[point_id]
    zone = ZoneInfo(timetable.timezone)
    offers = found.offers.filter(valid_on(day)).order_by("service_id", "mode")
    week = [day + timedelta(days=i) for i in range(7)]
    return {
        **_point(found),
        "street_address": {
            "fi": found.street_address_fi,
            "sv": found.street_address_sv,
            "en": "",
        },
        "postal_code": found.postal_code,
        "post_office": found.post_office,
        "phone": found.phone,
        "email": found.email,
        "services": [
            {"service": s, "mode": m}
            for s, m in offers.values_list("service_id", "mode").distinct()
        ],
        "opening_days": [
            {
                "date": d,
                "hours": [
                    (i.start.astimezone(zone).isoformat(), i.end.astimezone(zone).isoformat())
                    for i in open_intervals(timetable, d)
                ],
            }
            for d in week
        ],
    }


@router.get("/points/{point_id}/weeks", response=list[WeekOut], summary="Weekly demand of a point")
def weeks(
    request: HttpRequest,
    point_id: str,
    weeks: Annotated[int, Query(ge=1, le=MOST_WEEKS)] = 52,
    last: AskedDay = None,
) -> list[dict[str, Any]]:
    """``last``: any day of the last week wanted; by default the newest week that has counts."""
    get_object_or_404(ServicePoint, pk=point_id)
    final = iso_monday(last) if last else newest_week(point_id) or last_finished_monday(today())
    staff = sees_small_cells(request)
    return [_week(record, staff) for record in weekly_series(point_id, final, weeks)]


def _point(found: ServicePoint) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind,
        "name": {"fi": found.name_fi, "sv": found.name_sv, "en": found.name_en},
        "municipality": found.municipality_id,
        "lat": found.lat,
        "lon": found.lon,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "languages": found.languages,
        "synthetic": found.synthetic,
    }


def _week(record: WeekRecord, staff: bool) -> dict[str, Any]:
    """Visits by service are for staff only: their parts could be subtracted from the whole."""
    suppressed = not staff and is_small(record.visits)
    return {
        "monday": record.monday,
        "status": record.status.name.lower(),
        "visits": None if suppressed else record.visits,
        "suppressed": suppressed,
        "slots": record.slots,
        "open_minutes": record.open_minutes,
        "days_open": record.days_open,
        "days_reported": record.days_reported,
        "by_service": dict(record.by_service) if staff else None,
    }
