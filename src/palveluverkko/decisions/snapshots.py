"""The register and the weeks of demand as one frozen snapshot of a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from palveluverkko.calendar import (
    Timetable,
    minutes_of,
    open_weekdays,
    regular_intervals,
)
from palveluverkko.demand.queries import demand_weeks
from palveluverkko.network.models import (
    Agency,
    Area,
    JointAgreement,
    Municipality,
    Named,
    RemoteChannel,
    Service,
    ServiceOffer,
    ServicePoint,
    TravelTime,
    valid_on,
)
from palveluverkko.network.queries import points_in_force, timetables
from palveluverkko.snapshot import model

HISTORY_WEEKS = 261  # five years: enough for season, trend and the monitor


def last_full_week(as_of: date) -> date:
    """The Monday of the last ISO week that was over before ``as_of``'s own week began."""
    return as_of - timedelta(days=as_of.weekday() + 7)


def build_snapshot(
    as_of: date, weeks: int = HISTORY_WEEKS, transport: str = "car"
) -> model.Snapshot:
    """All that an assessment on ``as_of`` may look at, from the database as it is now."""
    rows = list(points_in_force(as_of).order_by("id"))
    ids = [row.id for row in rows]
    services = tuple(
        model.Service(row.code, row.requires_official, _names(row))
        for row in Service.objects.order_by("code")
    )
    areas = _areas()
    agency = Agency.objects.order_by("code").first()
    return model.Snapshot(
        as_of=as_of,
        agency=agency.code if agency else "",
        points=_points(rows, as_of),
        areas=areas,
        municipalities=tuple(_municipality(m) for m in Municipality.objects.order_by("code")),
        services=services,
        channels=tuple(
            model.RemoteChannel(c.code, c.capacity_per_week, c.load_per_week, c.synthetic)
            for c in RemoteChannel.objects.order_by("code")
        ),
        demand=demand_weeks(ids, last_full_week(as_of), weeks, [s.code for s in services]),
        travel=_travel(areas.ids, ids, transport),
    )


def _points(rows: list[ServicePoint], as_of: date) -> tuple[model.Point, ...]:
    timetable_of = timetables([row.id for row in rows])
    offers = defaultdict(list)
    for point, service, mode in (
        ServiceOffer.objects.filter(valid_on(as_of))
        .order_by("point_id", "service_id", "mode")
        .values_list("point_id", "service_id", "mode")
        .distinct()
    ):
        offers[point].append((service, model.Mode(mode)))
    agreements: dict[str, JointAgreement] = {}
    for agreement in JointAgreement.objects.filter(valid_on(as_of)).order_by("valid_from", "host"):
        agreements[agreement.point_id] = agreement
    return tuple(
        _point(row, as_of, timetable_of[row.id], offers[row.id], agreements.get(row.id))
        for row in rows
    )


def _point(
    row: ServicePoint,
    as_of: date,
    timetable: Timetable,
    offered: Iterable[tuple[str, model.Mode]],
    agreement: JointAgreement | None,
) -> model.Point:
    monday = as_of - timedelta(days=as_of.weekday())
    week = [monday + timedelta(days=i) for i in range(7)]
    minutes = [minutes_of(regular_intervals(timetable, day)) for day in week]
    return model.Point(
        id=row.id,
        name=row.name_fi or row.name_sv or row.name_en,
        kind=model.PointKind(row.kind),
        municipality=row.municipality_id,
        lat=row.lat,
        lon=row.lon,
        regular_weekdays=tuple(i for i, m in enumerate(minutes) if m),
        open_weekdays=open_weekdays(timetable, as_of),
        weekly_open_minutes=sum(minutes),
        offers=tuple(
            model.Offer(service, mode, _weekdays(timetable, week, service, mode))
            for service, mode in offered
        ),
        languages=tuple(row.languages),
        agreement=None
        if agreement is None
        else model.Agreement(
            host=agreement.host,
            since=agreement.valid_from or date.min,
            until=agreement.valid_until,
            notice_days=agreement.notice_days,
            video_room=agreement.video_room,
        ),
        synthetic=tuple(row.synthetic),
        names=_names(row),
    )


def _names(row: Named) -> dict[str, str]:
    return {"fi": row.name_fi, "sv": row.name_sv, "en": row.name_en}


def _weekdays(
    timetable: Timetable, week: list[date], service: str, mode: model.Mode
) -> tuple[int, ...]:
    return tuple(
        day.weekday() for day in week if regular_intervals(timetable, day, service, mode.value)
    )


def _areas() -> model.Areas:
    rows = list(
        Area.objects.order_by("code").values_list(
            "code", "name", "municipality_id", "lat", "lon", "residents", "strata"
        )
    )
    strata: dict[str, np.ndarray] = {}
    for i, row in enumerate(rows):
        for name, residents in row[6].items():
            # An area where nobody counted the stratum is unknown there, not empty of it.
            strata.setdefault(name, np.full(len(rows), np.nan))[i] = residents
    return model.Areas(
        ids=tuple(r[0] for r in rows),
        names=tuple(r[1] for r in rows),
        municipalities=tuple(r[2] for r in rows),
        lat=np.array([r[3] for r in rows], dtype=np.float64),
        lon=np.array([r[4] for r in rows], dtype=np.float64),
        residents=np.array([r[5] for r in rows], dtype=np.float64),
        strata=strata,
    )


def _municipality(row: Municipality) -> model.Municipality:
    return model.Municipality(
        code=row.code,
        name_fi=row.name_fi,
        name_sv=row.name_sv,
        name_en=row.name_en,
        language_status=row.language_status,
        urbanity=row.urbanity,
        population=row.population,
    )


def _travel(areas: tuple[str, ...], points: list[str], transport: str) -> model.TravelTable | None:
    """The imported table, if any. Its pairs replace the model's; the model answers for others."""
    area_index = {code: i for i, code in enumerate(areas)}
    point_index = {code: i for i, code in enumerate(points)}
    found = [
        (area_index[a], point_index[p], minutes)
        for a, p, minutes in TravelTime.objects.filter(transport=transport)
        .order_by("area_id", "point_id")
        .values_list("area_id", "point_id", "minutes")
        .iterator(chunk_size=100_000)
        if p in point_index
    ]
    if not found:
        return None
    sources = TravelTime.objects.filter(transport=transport).values_list("source", flat=True)
    area, point, minutes = zip(*found, strict=True)
    return model.TravelTable(
        area=np.array(area, dtype=np.int32),
        point=np.array(point, dtype=np.int32),
        minutes=np.array(minutes, dtype=np.float32),
        source="; ".join(sorted(set(sources.distinct()))),
    )
