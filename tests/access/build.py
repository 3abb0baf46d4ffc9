"""Small snapshots for the access tests: the least that matters, and random networks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import strategies as st

from palveluverkko.access.model import SubstitutionRules, TravelModel
from palveluverkko.measuring.model import PointDemand, WeekTally
from palveluverkko.snapshot.model import (
    Agreement,
    Areas,
    DemandWeeks,
    Mode,
    Municipality,
    Offer,
    Point,
    PointKind,
    RemoteChannel,
    Service,
    Snapshot,
    TravelTable,
)
from palveluverkko.snapshot.values import Estimate, Unknown

DAY = date(2018, 6, 1)
SERVICES = ("family", "general", "identification")
WEEK = (0, 1, 2, 3, 4)
ALL = frozenset(SERVICES)


def point(id, lat, lon, weekdays=WEEK, services=SERVICES, kind=PointKind.SERVICE_POINT, **more):
    offers = more.pop("offers", tuple(Offer(s, Mode.WALK_IN, tuple(weekdays)) for s in services))
    return Point(
        id=id,
        name=id.upper(),
        kind=kind,
        municipality=more.pop("municipality", "001"),
        lat=lat,
        lon=lon,
        regular_weekdays=tuple(weekdays),
        open_weekdays=tuple(weekdays),
        weekly_open_minutes=60 * len(weekdays),
        offers=offers,
        **more,
    )


def joint(id, lat, lon, weekdays=WEEK, services=SERVICES, room=True, until=None):
    return point(
        id,
        lat,
        lon,
        weekdays,
        kind=PointKind.JOINT_SERVICE_POINT,
        offers=tuple(Offer(s, Mode.VIDEO_ROOM, tuple(weekdays)) for s in services),
        agreement=Agreement("host", date(2017, 1, 1), until, 90, room),
    )


def areas(rows, strata=None, municipalities=None):
    """Areas from (lat, lon, residents)."""
    lat, lon, residents = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    ids = tuple(f"a{i:03d}" for i in range(len(rows)))
    return Areas(
        ids=ids,
        names=ids,
        municipalities=municipalities or ("001",) * len(rows),
        lat=lat,
        lon=lon,
        residents=residents,
        strata=strata or {},
    )


def snapshot(points, places, mix=None, channels=None, travel=None):
    number = len(points)
    weeks = np.zeros((number, 1), dtype=np.int32)
    if mix is None:
        mix = np.ones((number, len(SERVICES)), dtype=np.int64)
    if channels is None:
        channels = (RemoteChannel("phone", 10_000.0, 5_000.0, False),)
    return Snapshot(
        as_of=DAY,
        agency="test",
        points=tuple(points),
        areas=places,
        municipalities=(
            Municipality("001", "A", "A", "A", "fi", "urban", None),
            Municipality("002", "B", "B", "B", "fi", "rural", None),
        ),
        services=tuple(Service(s, s == "identification") for s in SERVICES),
        channels=tuple(channels),
        demand=DemandWeeks(
            first_monday=date(2018, 5, 21),
            visits=weeks,
            slots=weeks,
            open_minutes=weeks,
            status=weeks.astype(np.uint8),
            services=SERVICES,
            service_visits=np.asarray(mix, dtype=np.int64),
        ),
        travel=travel,
    )


def demand(visits, capacity=None):
    """Demand of one point; ``None`` visits are unknown."""
    figure = (
        Unknown("demand.too_few_weeks")
        if visits is None
        else Estimate(float(visits), 0.0, float(visits), 20, "test")
    )
    return PointDemand(
        observed=figure,
        effective=figure,
        weeks=WeekTally(52, 0, 0, 0),
        capped_weeks=0,
        utilisation=None,
        capacity_per_week=capacity,
        trend_per_year=Unknown("demand.too_few_weeks"),
        change=None,
    )


def rules(**more):
    base = SubstitutionRules(
        minutes=45.0,
        minimum_share=0.95,
        same_weekdays=True,
        meets={"neighbour": ALL, "video_room": ALL, "phone": frozenset({"family", "general"})},
        shift={"neighbour": 0.6, "video_room": 0.2, "phone": 0.2},
        travel=TravelModel(),
    )
    return replace(base, **more)


@st.composite
def networks(draw, tables=True):
    """Random small networks with shared places, empty areas, and perhaps imported times.

    Everything comes from one drawn seed except sizes and switches, so that examples shrink.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    number, count = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    points = []
    for i in range(number):
        lat, lon = 61.0 + rng.uniform(0, 1.2), 24.0 + rng.uniform(0, 2.4)
        if points and rng.random() < 0.3:
            lat, lon = points[-1].lat, points[-1].lon
        weekdays = tuple(d for d in WEEK if rng.random() < 0.75)
        services = tuple(s for s in SERVICES if rng.random() < 0.8)
        if rng.random() < 0.3:
            points.append(joint(f"p{i}", lat, lon, weekdays, services, bool(rng.random() < 0.7)))
        else:
            kind = PointKind.POP_UP_POINT if rng.random() < 0.15 else PointKind.SERVICE_POINT
            points.append(point(f"p{i}", lat, lon, weekdays, services, kind))
    rows = [
        (61.0 + rng.uniform(0, 1.2), 24.0 + rng.uniform(0, 2.4), float(rng.integers(0, 500)))
        for _ in range(count)
    ]
    travel = None
    if tables and draw(st.booleans()):
        pairs = int(rng.integers(0, number * count + 1))
        minutes = rng.uniform(0, 120, pairs).astype(np.float32)
        minutes[rng.random(pairs) < 0.1] = np.nan
        travel = TravelTable(
            area=rng.integers(0, count, pairs).astype(np.int32),
            point=rng.integers(0, number, pairs).astype(np.int32),
            minutes=minutes,
            source="test",
            complete=draw(st.booleans()),
        )
    mix = rng.integers(0, 50, (number, len(SERVICES)))
    places = areas(rows, municipalities=tuple(rng.choice(["001", "002"], count).tolist()))
    return snapshot(points, places, mix, travel=travel)
