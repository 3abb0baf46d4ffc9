"""How far places are apart: great circles on the mean sphere, and imported travel times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from palveluverkko.snapshot.model import TravelTable

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid (IUGG)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def great_circle_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Great-circle distance in km between positions in WGS 84 degrees (haversine; broadcasts)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_phi = (phi2 - phi1) / 2.0
    half_lambda = (np.radians(lon2) - np.radians(lon1)) / 2.0
    a = np.sin(half_phi) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_lambda) ** 2
    km: Floats = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0)))
    return km


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Positions as unit vectors, shape ``(N, 3)``: near on the sphere is near in space."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def chord_to_km(chord: ArrayLike) -> Floats:
    """Great-circle km for the straight distance between two unit vectors; ``inf`` stays."""
    chord = np.asarray(chord, dtype=np.float64)
    km: Floats = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
    return np.where(np.isfinite(chord), km, np.inf)


@dataclass(frozen=True, slots=True)
class TableByArea:
    """A travel table sorted by area: the pairs of area ``a`` are ``start[a]:start[a + 1]``.

    Of several times for a pair the shortest stays; a time that is not a number (as r5py writes
    for what it cannot reach) means unreachable.
    """

    start: Ints
    point: Ints
    minutes: Floats
    complete: bool

    @classmethod
    def of(cls, table: TravelTable, areas: int) -> TableByArea:
        minutes = np.nan_to_num(table.minutes.astype(np.float64), nan=np.inf, posinf=np.inf)
        order = np.lexsort((minutes, table.point, table.area))
        area = table.area[order].astype(np.int64)
        point = table.point[order].astype(np.int64)
        first = np.ones(len(order), dtype=bool)
        first[1:] = (area[1:] != area[:-1]) | (point[1:] != point[:-1])
        start = np.searchsorted(area[first], np.arange(areas + 1))
        return cls(start.astype(np.int64), point[first], minutes[order][first], table.complete)

    def counts(self, areas: Ints) -> Ints:
        """How many pairs the table holds for each of ``areas``."""
        return self.start[areas + 1] - self.start[areas]

    def pairs(self, areas: Ints) -> tuple[Ints, Ints, Floats]:
        """All pairs of ``areas`` as (row in ``areas``, point, minutes)."""
        counts = self.counts(areas)
        row = np.repeat(np.arange(len(areas)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        at = self.start[areas][row] + within
        return row, self.point[at], self.minutes[at]
