"""Travel times and nearest points, against the sphere of a geodesy library and full matrices."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.access.catchment import catchments
from palveluverkko.access.model import TravelModel
from palveluverkko.access.nearest import Reach
from palveluverkko.access.travel import chord_to_km, great_circle_km, unit_vectors
from palveluverkko.snapshot.model import PointKind, TravelTable
from tests.access import oracle
from tests.access.build import areas, joint, networks, point, snapshot

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(LAT, LON, LAT, LON)
def test_great_circle_agrees_with_pyproj_on_a_sphere(lat1, lon1, lat2, lon2):
    km = oracle.SPHERE.inv(lon1, lat1, lon2, lat2)[2] / 1000
    assert great_circle_km(lat1, lon1, lat2, lon2) == pytest.approx(km, abs=2e-4)
    a, b = unit_vectors([lat1], [lon1]), unit_vectors([lat2], [lon2])
    assert chord_to_km(np.linalg.norm(a - b)) == pytest.approx(km, abs=2e-3)


def test_helsinki_to_utsjoki_is_about_1080_km():
    assert great_circle_km(60.17, 24.94, 69.91, 27.03) == pytest.approx(1087, abs=5)


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_a_longer_way_never_takes_less_time(one, other):
    model = TravelModel()
    near, far = sorted((one, other))
    assert model.minutes(near) <= model.minutes(far)
    assert model.minutes(near) == pytest.approx(oracle.drive(model, near))


def test_travel_time_by_hand():
    # 20 km straight are 26 road km: 5 at 30 km/h, 15 at 50, 6 at 75, and 5 minutes at the ends.
    assert float(TravelModel().minutes(20.0)) == pytest.approx(10 + 18 + 4.8 + 5)
    assert float(TravelModel().minutes(np.inf)) == np.inf


@given(networks(), st.integers(1, 4))
def test_nearest_points_agree_with_the_full_matrix(network, k):
    minutes, km = oracle.matrices(network, TravelModel())
    reach = Reach(network, TravelModel())
    rows, points = np.arange(len(network.areas)), np.arange(len(network.points))
    found = reach.nearest(rows, points, k)
    np.testing.assert_allclose(reach.nearest_road_km(rows, points), km.min(axis=1), atol=1e-6)
    for area in rows:
        # One representative a site: points at one place have one time.
        expected = sorted(
            min(minutes[area, found.sites.members(s)]) for s in range(len(found.sites))
        )
        expected = [m for m in expected if np.isfinite(m)][:k]
        got = found.minutes[area][np.isfinite(found.minutes[area])]
        np.testing.assert_allclose(got, expected, atol=1e-6)
        for site, time in zip(found.site[area], got, strict=False):
            assert minutes[area, found.sites.members(site)] == pytest.approx(time, abs=1e-6)


@given(networks())
def test_nearest_points_are_the_same_in_pieces(network):
    reach = Reach(network, TravelModel())
    rows, points = np.arange(len(network.areas)), np.arange(len(network.points))
    whole = reach.nearest(rows, points, 2).minutes
    for area in rows:
        alone = reach.nearest(np.array([area]), points, 2).minutes[0]
        np.testing.assert_array_equal(alone, whole[area])


@given(networks())
def test_every_resident_belongs_to_exactly_the_nearest_own_points(network):
    minutes, _ = oracle.matrices(network, TravelModel())
    found = catchments(network, TravelModel())
    belonging = np.zeros(len(network.areas))
    for p in range(len(network.points)):
        rows, share = found.of(p)
        people = np.zeros(len(network.areas))
        people[rows] = share * network.areas.residents[rows]
        np.testing.assert_allclose(people, oracle.residents_of(network, minutes, p), atol=1e-9)
        belonging += people
    reachable = [oracle.nearest(m, oracle.own(network))[0] != [] for m in minutes]
    np.testing.assert_allclose(belonging, np.where(reachable, network.areas.residents, 0.0))


def test_points_at_one_place_share_their_residents_evenly():
    network = snapshot(
        [point("a", 61, 25), point("b", 61, 25), point("c", 63, 25)],
        areas([(61.1, 25, 300), (62.9, 25, 50)]),
    )
    found = catchments(network, TravelModel())
    assert [found.of(i)[1].tolist() for i in range(3)] == [[0.5], [0.5], [1.0]]


def test_joint_points_have_a_catchment_only_where_asked():
    network = snapshot([point("a", 61, 25), joint("b", 62, 25)], areas([(62, 25, 300)]))
    assert catchments(network, TravelModel()).of(1)[0].tolist() == []
    every_kind = catchments(network, TravelModel(), frozenset(PointKind))
    assert every_kind.of(1)[0].tolist() == [0]


def test_an_imported_time_replaces_the_model_for_its_pair_only():
    points = [point("a", 61, 25), point("b", 61, 25.4)]
    places = areas([(61, 25.1, 10), (61, 25.0, 10)])

    def table(complete):
        return TravelTable(
            area=np.array([0], dtype=np.int32),
            point=np.array([1], dtype=np.int32),
            minutes=np.array([3.0], dtype=np.float32),
            source="test",
            complete=complete,
        )

    rows, both = np.array([0, 1]), np.array([0, 1])
    mixed = Reach(snapshot(points, places, travel=table(False)), TravelModel())
    assert mixed.nearest(rows, both, 1).minutes[:, 0].tolist() == [3.0, 5.0]
    complete = Reach(snapshot(points, places, travel=table(True)), TravelModel())
    assert complete.nearest(rows, both, 1).minutes[:, 0].tolist() == [3.0, np.inf]


@settings(max_examples=30)
@given(networks(tables=False))
def test_a_complete_table_of_the_model_changes_nothing(network):
    reach = Reach(network, TravelModel())
    number, count = len(network.areas), len(network.points)
    minutes, _km = oracle.matrices(network, TravelModel())
    grid = np.indices((number, count)).reshape(2, -1).astype(np.int32)
    table = TravelTable(grid[0], grid[1], minutes.reshape(-1).astype(np.float32), "model", True)
    same = Reach(replace(network, travel=table), TravelModel())
    rows, points = np.arange(number), np.arange(count)
    np.testing.assert_allclose(
        same.nearest(rows, points, 1).minutes, reach.nearest(rows, points, 1).minutes, rtol=1e-5
    )


def test_no_matrix_of_points_and_areas_is_ever_held():
    rng = np.random.default_rng(5)
    number, count = 20_000, 4_000
    network = snapshot(
        [
            point(f"p{i}", *at)
            for i, at in enumerate(rng.uniform((60, 22), (66, 30), (count, 2)).tolist())
        ],
        areas(np.column_stack([rng.uniform((60, 22), (66, 30), (number, 2)), np.ones(number)])),
    )
    tracemalloc.start()
    catchments(network, TravelModel())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.05 * number * count * 8
