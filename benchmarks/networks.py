"""Synthetic snapshots of any size in memory: the example network side by side with its copies.

Each copy lies on its own patch of the globe, so that a larger network is a larger country and not
a denser one. Copies are numbered in the ids, and their counts are drawn anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from palveluverkko.example.build import build_network, demand_history
from palveluverkko.example.records import Network, PointHistory, PointRecord
from palveluverkko.example.rhythm import FIRST_DAY, all_days, open_days, weekday_of
from palveluverkko.snapshot.model import (
    Agreement,
    Areas,
    DemandWeeks,
    Municipality,
    Offer,
    Point,
    RemoteChannel,
    Service,
    Snapshot,
    WeekStatus,
)

AS_OF = date(2018, 6, 1)
LAST_MONDAY = date(2018, 5, 21)
MAX_WEEKS = (LAST_MONDAY - FIRST_DAY).days // 7 + 1
COLUMNS, LON_STEP, LAT_STEP = 30, 12.0, -11.0
MAX_FACTOR = COLUMNS * 4
MIX_WEEKS = 52


def scaled_snapshot(factor: int, weeks: int = MAX_WEEKS) -> Snapshot:
    """A snapshot of 1 June 2018 with ``factor`` × (318 points, 3,024 areas), without a database.

    ``factor`` 1 to 120; ``weeks`` 1 to 261, the last ones before the week of the as-of date. Ids
    begin with the copy's number. The same arguments give the same bytes.
    """
    if not (1 <= factor <= MAX_FACTOR and 1 <= weeks <= MAX_WEEKS):
        raise ValueError(f"factor 1 to {MAX_FACTOR} and weeks 1 to {MAX_WEEKS}, please")
    network = build_network()
    base = _base_demand()
    copies = range(factor)
    return Snapshot(
        as_of=AS_OF,
        agency="kela",
        points=tuple(_copied(p, c) for c in copies for p in _base_points()),
        areas=_areas(network, factor),
        municipalities=tuple(
            Municipality(
                code=f"{c:03}-{t.code}",
                name_fi=t.name_fi,
                name_sv=t.name_sv,
                name_en=t.name_en,
                language_status=t.language_status,
                urbanity=t.urbanity,
                population=t.population,
            )
            for c in copies
            for t in network.towns
        ),
        services=tuple(
            Service(s.code, s.requires_official)
            for s in sorted(network.services, key=lambda s: s.code)
        ),
        channels=tuple(
            RemoteChannel(
                c.code,
                c.capacity_per_week and c.capacity_per_week * factor,
                c.load_per_week and c.load_per_week * factor,
                c.synthetic,
            )
            for c in sorted(network.channels, key=lambda c: c.code)
        ),
        demand=_scaled_demand(base, factor, weeks),
    )


def _shift(copy: int) -> tuple[float, float]:
    """Degrees by which a copy's positions move: round the globe, then a row further south."""
    return (copy // COLUMNS) * LAT_STEP, (copy % COLUMNS) * LON_STEP


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


@lru_cache(maxsize=1)
def _base_points() -> tuple[Point, ...]:
    return tuple(_point(p) for p in build_network().points)


def _point(p: PointRecord) -> Point:
    era = p.eras[-1]
    agreement = p.agreements[-1] if p.agreements else None
    return Point(
        id=p.id,
        name=p.name_fi,
        kind=p.kind,
        municipality=p.municipality,
        lat=p.lat,
        lon=p.lon,
        regular_weekdays=era.weekdays,
        open_weekdays=era.weekdays,  # no holiday and no exception in the as-of week
        weekly_open_minutes=era.minutes * len(era.weekdays),
        offers=tuple(
            Offer(o.service, o.mode, era.weekdays)
            for o in sorted(p.offers, key=lambda o: (o.service, o.mode))
            if o.valid_until is None
        ),
        languages=p.languages,
        agreement=agreement
        and Agreement(
            agreement.host,
            agreement.valid_from,
            agreement.valid_until,
            agreement.notice_days,
            agreement.video_room,
        ),
        synthetic=p.synthetic,
    )


def _copied(point: Point, copy: int) -> Point:
    north, east = _shift(copy)
    return replace(
        point,
        id=f"{copy:03}-{point.id}",
        municipality=f"{copy:03}-{point.municipality}",
        lat=point.lat + north,
        lon=_wrapped(point.lon + east),
    )


def _areas(network: Network, factor: int) -> Areas:
    copies = range(factor)
    areas = network.areas
    lat, lon = np.array([a.lat for a in areas]), np.array([a.lon for a in areas])
    residents = np.array([a.residents for a in areas], dtype=np.float64)
    urbanity = {t.code: t.urbanity for t in network.towns}
    kinds = np.array([urbanity[a.municipality] for a in areas])
    return Areas(
        ids=tuple(f"{c:03}-{a.code}" for c in copies for a in areas),
        names=tuple(a.post_office for a in areas) * factor,
        municipalities=tuple(f"{c:03}-{a.municipality}" for c in copies for a in areas),
        lat=np.concatenate([lat + _shift(c)[0] for c in copies]),
        lon=np.concatenate([(lon + _shift(c)[1] + 180.0) % 360.0 - 180.0 for c in copies]),
        residents=np.tile(residents, factor),
        strata={
            name: np.tile(residents * (kinds == name), factor)
            for name in ("rural", "semi_urban", "urban")
        },
    )


@lru_cache(maxsize=1)
def _base_demand() -> DemandWeeks:
    """The example's weeks over the whole history, one row a point."""
    network = build_network()
    histories = {h.point: h for h in demand_history(network)}
    services = tuple(sorted(s.code for s in network.services))
    shape = (len(network.points), MAX_WEEKS)
    visits, slots, minutes = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    status = np.zeros(shape, dtype=np.uint8)
    mix = np.zeros((shape[0], len(services)), dtype=np.int64)
    for i, point in enumerate(network.points):
        history = histories.get(point.id)
        status[i] = _status(point, history)
        if history is None:
            continue
        week = _week_of(history.days)
        for rows, values in (
            (visits, history.visits.sum(axis=1)),
            (slots, history.slots),
            (minutes, history.open_minutes),
        ):
            rows[i] = np.bincount(week, weights=values, minlength=MAX_WEEKS + 1)[:MAX_WEEKS]
        recent = (week >= MAX_WEEKS - MIX_WEEKS) & (week < MAX_WEEKS)
        for column, (service, _mode) in enumerate(history.columns):
            mix[i, services.index(service)] += history.visits[recent, column].sum()
    unknown = status == WeekStatus.MISSING
    visits[unknown] = 0
    slots[unknown] = minutes[unknown] = -1
    return DemandWeeks(FIRST_DAY, visits, slots, minutes, status, services, mix, MIX_WEEKS)


def _week_of(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return (days - np.datetime64(FIRST_DAY, "D")).astype(np.int64) // 7


def _status(point: PointRecord, history: PointHistory | None) -> NDArray[np.uint8]:
    """Complete, shortened by holiday or exception, or missing, week by week."""
    days = all_days()
    regular = np.zeros(len(days), dtype=bool)
    is_open = np.zeros(len(days), dtype=bool)
    for era in point.eras:
        in_force = np.ones(len(days), dtype=bool)
        if era.first:
            in_force &= days >= np.datetime64(era.first)
        if era.last:
            in_force &= days <= np.datetime64(era.last)
        regular |= in_force & np.isin(weekday_of(days), era.weekdays)
        is_open |= open_days(point, era)
    reported = np.zeros(len(days), dtype=bool)
    if history is not None:
        reported = np.isin(days, history.days)

    def any_in_week(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.bincount(_week_of(days), weights=flags, minlength=MAX_WEEKS + 1)[:MAX_WEEKS] > 0

    status = np.full(MAX_WEEKS, WeekStatus.COMPLETE, dtype=np.uint8)
    status[any_in_week(regular & ~is_open)] = WeekStatus.HOLIDAY
    status[~any_in_week(regular)] = WeekStatus.CLOSED
    status[any_in_week(is_open & ~reported)] = WeekStatus.MISSING
    return status


def _scaled_demand(base: DemandWeeks, factor: int, weeks: int) -> DemandWeeks:
    """The base's last weeks, and for every further copy counts drawn anew around the same mean."""
    rng = np.random.default_rng(factor)
    last = slice(MAX_WEEKS - weeks, MAX_WEEKS)
    visits = [base.visits[:, last]]
    visits += [rng.poisson(base.visits[:, last]).astype(np.int32) for _ in range(factor - 1)]
    return DemandWeeks(
        first_monday=LAST_MONDAY - timedelta(weeks=weeks - 1),
        visits=np.concatenate(visits),
        slots=np.tile(base.slots[:, last], (factor, 1)),
        open_minutes=np.tile(base.open_minutes[:, last], (factor, 1)),
        status=np.tile(base.status[:, last], (factor, 1)),
        services=base.services,
        service_visits=np.tile(base.service_visits, (factor, 1)),
        mix_weeks=base.mix_weeks,
    )
