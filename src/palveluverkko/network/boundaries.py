"""How far a position is from its municipality, by the boundaries of a TopoJSON file.

The file is ``settings.MUNICIPALITY_BOUNDARIES``, by default the example's boundaries of 2020
(Statistics Finland, 1:4.5 million). Distances are planar in ETRS-TM35FIN (EPSG:3067), whose scale
error inside Finland is under 0.1 %.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from pyproj import Geod, Transformer
from shapely import MultiPolygon, Point, Polygon, make_valid, prepare
from shapely.geometry.base import BaseGeometry

OBJECT = "munis"
DEFAULT = (
    Path(__file__).resolve().parents[1] / "example/data/municipality_boundaries_2020.topo.json"
)

_TO_PLANE = Transformer.from_crs("EPSG:4326", "EPSG:3067", always_xy=True)
_GEOD = Geod(ellps="WGS84")

Ring = Sequence[tuple[float, float]]


def boundary_distance_km(municipality: str, lat: float, lon: float) -> float | None:
    """Kilometres from the position to the municipality; 0 inside it.

    ``None`` where the municipality's boundary is not known (no file, or merged since).
    """
    boundary = boundaries(boundary_file()).get(municipality)
    if boundary is None:
        return None
    x, y = _TO_PLANE.transform(lon, lat)
    if not (math.isfinite(x) and math.isfinite(y)):  # so far that the projection ends
        return math.inf
    return float(boundary.distance(Point(x, y))) / 1000


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Geodesic distance in kilometres on the WGS 84 ellipsoid."""
    return float(_GEOD.inv(lon, lat, other_lon, other_lat)[2]) / 1000


def boundary_file() -> Path:
    return Path(getattr(settings, "MUNICIPALITY_BOUNDARIES", None) or DEFAULT)


@lru_cache(maxsize=2)
def boundaries(path: Path) -> Mapping[str, BaseGeometry]:
    """Municipality code -> area in EPSG:3067, metres. An absent file knows no boundary."""
    if not path.exists():
        return {}
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    found: dict[str, BaseGeometry] = {}
    for item in topology["objects"][OBJECT]["geometries"]:
        polygons = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
        shape: BaseGeometry = MultiPolygon([_polygon(rings, arcs) for rings in polygons])
        # Simplified rings may touch themselves; distances need a valid shape.
        shape = shape if shape.is_valid else make_valid(shape)
        prepare(shape)
        found[str(item["properties"]["id"])] = shape
    return found


def _arcs(topology: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Every arc's positions: quantised ones are running sums of steps (TopoJSON, 2.1.3-2.1.4)."""
    transform = topology.get("transform")
    decoded = []
    for arc in topology["arcs"]:
        positions = np.asarray([step[:2] for step in arc], dtype=float)
        if transform:
            positions = positions.cumsum(axis=0) * transform["scale"] + transform["translate"]
        x, y = _TO_PLANE.transform(positions[:, 0], positions[:, 1])
        decoded.append(list(zip(x.tolist(), y.tolist(), strict=True)))
    return decoded


def _polygon(rings: Sequence[Sequence[int]], arcs: Sequence[Ring]) -> Polygon:
    shell, *holes = [_ring(ring, arcs) for ring in rings]
    return Polygon(shell, holes)


def _ring(indices: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Arcs joined end to end; ``~i`` is arc ``i`` backwards."""
    joined: list[tuple[float, float]] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        joined.extend(arc[1:] if joined else arc)
    return joined
