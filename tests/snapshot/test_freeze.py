"""A frozen snapshot comes back as it was, and its hash tells every change."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.snapshot.freeze import data_hash, from_bytes, stored_hash, to_bytes
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

POINT = Point(
    id="aanekoski",
    name="Äänekoski ŋ",
    kind=PointKind.JOINT_SERVICE_POINT,
    municipality="992",
    lat=62.6,
    lon=25.7,
    regular_weekdays=(0, 2),
    open_weekdays=(0,),
    weekly_open_minutes=600,
    offers=(Offer("pension", Mode.VIDEO_ROOM, (0, 2)),),
    languages=("fi", "sv"),
    agreement=Agreement("Äänekosken kaupunki", date(2015, 1, 1), None, 180, True),
    synthetic=("opening_hours",),
)


def snapshot(points: int = 2, weeks: int = 3, travel: bool = True) -> Snapshot:
    shape = (points, weeks)
    return Snapshot(
        as_of=date(2018, 6, 1),
        agency="kela",
        points=tuple(replace(POINT, id=f"p{i}") for i in range(points)),
        areas=Areas(
            ids=("44100", "44200"),
            names=("Äänekoski", "Suolahti"),
            municipalities=("992", "992"),
            lat=np.array([62.6, 62.57]),
            lon=np.array([25.7, 25.84]),
            residents=np.array([9000.0, 4000.5]),
            strata={"rural": np.array([0.0, 4000.5])},
        ),
        municipalities=(Municipality("992", "Äänekoski", "", "", "fi", "semi_urban", None),),
        services=(Service("pension", False),),
        channels=(RemoteChannel("phone", None, 28_000.0, True),),
        demand=DemandWeeks(
            first_monday=date(2018, 5, 7),
            visits=np.arange(points * weeks, dtype=np.int32).reshape(shape),
            slots=np.full(shape, -1, dtype=np.int32),
            open_minutes=np.full(shape, 600, dtype=np.int32),
            status=np.zeros(shape, dtype=np.uint8),
            services=("pension",),
            service_visits=np.full((points, 1), 7, dtype=np.int64),
        ),
        travel=TravelTable(
            area=np.array([0], dtype=np.int32),
            point=np.array([1], dtype=np.int32),
            minutes=np.array([12.5], dtype=np.float32),
            source="r5py",
        )
        if travel
        else None,
    )


@given(st.integers(0, 4), st.integers(0, 5), st.booleans())
def test_a_snapshot_comes_back_with_the_same_hash_and_bytes(
    points: int, weeks: int, travel: bool
) -> None:
    frozen = snapshot(points, weeks, travel)
    back = from_bytes(to_bytes(frozen))
    assert data_hash(back) == data_hash(frozen) == stored_hash(to_bytes(frozen))
    assert to_bytes(back) == to_bytes(frozen)
    assert back.points == frozen.points
    np.testing.assert_array_equal(back.demand.visits, frozen.demand.visits)


def test_the_records_come_back_with_their_types() -> None:
    point = from_bytes(to_bytes(snapshot())).points[0]
    assert point == replace(POINT, id="p0")
    assert isinstance(point.kind, PointKind)
    assert isinstance(point.offers[0].mode, Mode)


@pytest.mark.parametrize(
    "changed",
    [
        replace(snapshot(), as_of=date(2018, 6, 2)),
        replace(snapshot(), points=(replace(POINT, id="p0"), replace(POINT, id="p1", lat=62.7))),
        replace(snapshot(), demand=replace(snapshot().demand, mix_weeks=51)),
        replace(snapshot(), travel=None),
    ],
    ids=["day", "position", "weeks", "travel"],
)
def test_every_change_changes_the_hash(changed: Snapshot) -> None:
    assert data_hash(changed) != data_hash(snapshot())


def test_one_more_visit_changes_the_hash() -> None:
    changed = snapshot()
    before = data_hash(changed)
    changed.demand.visits[1, 2] += 1
    assert data_hash(changed) != before
