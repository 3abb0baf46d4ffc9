"""Distances to municipalities, against shapely's own reading of the same file."""

from __future__ import annotations

import json
import math

import pytest

from palveluverkko.network.boundaries import (
    boundaries,
    boundary_distance_km,
    boundary_file,
    distance_km,
)


def test_a_position_inside_its_municipality_is_at_no_distance() -> None:
    assert boundary_distance_km("091", 60.17, 24.94) == 0
    assert boundary_distance_km("635", 61.338, 24.268) == 0


def test_distances_outside_are_those_on_the_ground() -> None:
    # From Tampere's centre to Helsinki's boundary: at least to its nearest corner, less than
    # to its centre.
    found = boundary_distance_km("091", 61.498, 23.761)
    assert found is not None
    assert 130 < found < distance_km(61.498, 23.761, 60.17, 24.94)


def test_distance_to_the_boundary_is_the_least_geodesic_distance_to_its_corners() -> None:
    # Oracle: every quantised corner decoded by hand, ellipsoidal distances, no projection.
    topology = json.loads(boundary_file().read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    item = next(
        g for g in topology["objects"]["munis"]["geometries"] if g["properties"]["id"] == "635"
    )
    corners = []
    for index in (i for ring in item["arcs"] for i in ring):
        x = y = 0
        for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            corners.append((y * sy + ty, x * sx + tx))
    for lat, lon in ((61.498, 23.761), (60.9, 24.9), (62.0, 25.5)):
        least = min(distance_km(lat, lon, *corner) for corner in corners)
        found = boundary_distance_km("635", lat, lon)
        assert found is not None
        # An edge between corners may be nearer than both of them, never by more than its length.
        assert least - 6 <= found <= least * 1.001


def test_the_municipalities_cover_finland() -> None:
    shapes = boundaries(boundary_file())
    assert len(shapes) == 310
    assert sum(s.area for s in shapes.values()) / 1e6 == pytest.approx(338_000, rel=0.01)


def test_no_boundary_is_unknown_and_not_zero() -> None:
    assert boundary_distance_km("911", 63.678, 28.815) is None


def test_the_other_side_of_the_world_is_far_and_no_crash() -> None:
    found = boundary_distance_km("091", -60.0, -155.0)
    assert found is not None
    assert found > 1_000 or math.isinf(found)
