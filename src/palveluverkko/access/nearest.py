"""Nearest points of every area by travel time, without ever holding points × areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from palveluverkko.access.model import TravelModel
from palveluverkko.access.travel import Floats, Ints, TableByArea, chord_to_km, unit_vectors
from palveluverkko.snapshot.model import Snapshot

TIE_MINUTES = 1e-9  # times closer than this are equal: far above rounding, far below a second
NEAREST = 4  # sites kept per area: the nearest, one that may drop out, and room for ties
_CHUNK = 2_000_000  # candidate pairs held at once


@dataclass(frozen=True, slots=True)
class Sites:
    """Points grouped by what cannot be told apart by travel time: those at one position.

    The members of site ``s`` are ``points[start[s]:start[s + 1]]`` (indices into the snapshot);
    ``sole[s]`` is the only member, or -1 where there are several; ``site_of[point]`` is -1 for
    points that are not among them.
    """

    points: Ints
    start: Ints
    sole: Ints
    site_of: Ints
    xyz: Floats

    def __len__(self) -> int:
        return len(self.sole)

    @property
    def sizes(self) -> Ints:
        return np.diff(self.start)

    def members(self, site: int) -> Ints:
        return self.points[self.start[site] : self.start[site + 1]]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest sites of ``areas`` (sorted, unique), nearest first.

    ``site`` and ``minutes`` have shape ``(len(areas), k)``; -1 and ``inf`` where there is none.
    """

    sites: Sites
    areas: Ints
    site: Ints
    minutes: Floats

    def at(self, areas: Ints, without: int = -1) -> tuple[Ints, Floats]:
        """Sites and minutes for some of the areas, as if the point ``without`` did not exist."""
        rows = np.searchsorted(self.areas, areas)
        site = self.site[rows]
        minutes = self.minutes[rows]
        if without >= 0 and len(self.sites):
            minutes = np.where(self.sites.sole[site] == without, np.inf, minutes)
        return site, minutes


def tied(minutes: Floats) -> NDArray[np.bool_]:
    """Which of each row's entries are equally near as the row's nearest reachable one."""
    best = minutes.min(axis=1, initial=np.inf)
    result: NDArray[np.bool_] = np.isfinite(minutes) & (minutes <= best[:, None] + TIE_MINUTES)
    return result


class Reach:
    """Travel times between a snapshot's areas and points: the model, and the imported table.

    Built once per question; every look-up costs about the areas asked × log(points).
    """

    def __init__(self, snapshot: Snapshot, travel: TravelModel) -> None:
        self.travel = travel
        self._areas = unit_vectors(snapshot.areas.lat, snapshot.areas.lon)
        lat = np.array([p.lat for p in snapshot.points], dtype=np.float64)
        lon = np.array([p.lon for p in snapshot.points], dtype=np.float64)
        self._points = unit_vectors(lat, lon)
        self._table: TableByArea | None = None
        own_times = np.full(len(lat), -1.0)
        if snapshot.travel is not None:
            self._table = TableByArea.of(snapshot.travel, len(snapshot.areas))
            # A point with imported times shares its times with no other point.
            own_times[self._table.point] = self._table.point
        places = np.column_stack([lat, lon, own_times])
        self._place = np.unique(places, axis=0, return_inverse=True)[1].reshape(-1)

    def sites(self, points: Ints) -> Sites:
        """The points (indices into the snapshot) grouped into sites."""
        place, inverse = np.unique(self._place[points], return_inverse=True)
        order = np.argsort(inverse, kind="stable")
        members = points[order]
        start = np.searchsorted(inverse[order], np.arange(len(place) + 1)).astype(np.int64)
        first = members[start[:-1]]
        sole = np.where(np.diff(start) == 1, first, -1)
        site_of = np.full(len(self._points), -1, dtype=np.int64)
        site_of[points] = inverse
        return Sites(members, start, sole, site_of, self._points[first])

    def nearest(self, areas: Ints, points: Ints, k: int) -> Nearest:
        """The ``k`` nearest sites of ``points`` for each of ``areas`` (sorted, unique) by minutes.

        Imported times replace the model's for their pairs; with a complete table a pair it lacks
        is unreachable. Exact, ties in the order of the sites.
        """
        sites = self.sites(points)
        site = np.full((len(areas), k), -1, dtype=np.int64)
        minutes = np.full((len(areas), k), np.inf)
        if len(sites):
            tree = cKDTree(sites.xyz)
            for rows, width in self._chunks(areas, k):
                if self._table is None:
                    near, far = self._by_model(tree, areas[rows], k)
                    site[rows, : near.shape[1]], minutes[rows, : near.shape[1]] = near, far
                else:
                    pairs = self._pairs(self._table, tree, sites, areas[rows], width)
                    _fill(site, minutes, rows, pairs)
        return Nearest(sites, areas, site, minutes)

    def nearest_road_km(self, areas: Ints, points: Ints) -> Floats:
        """Road km by the model from each of ``areas`` to the nearest of ``points``."""
        if not len(points):
            return np.full(len(areas), np.inf)
        chord, _ = cKDTree(self._points[points]).query(self._areas[areas], k=1)
        return self.travel.road_km(chord_to_km(chord))

    def _chunks(self, areas: Ints, k: int) -> Iterator[tuple[Ints, int]]:
        """Rows of ``areas`` in pieces, with how many model neighbours each piece needs.

        Every imported pair may push one model neighbour out of the first ``k``; with that many
        more looked at, the first ``k`` after the merge are the right ones.
        """
        counts = np.zeros(len(areas), dtype=np.int64)
        if self._table is not None:
            counts = self._table.counts(areas)
        order = np.argsort(-counts, kind="stable")
        at = 0
        while at < len(order):
            width = k + int(counts[order[at]])
            size = max(1, _CHUNK // width)
            yield order[at : at + size], width
            at += size

    def _by_model(self, tree: cKDTree, areas: Ints, k: int) -> tuple[Ints, Floats]:
        k = min(k, tree.n)
        chord, site = tree.query(self._areas[areas], k=np.arange(1, k + 1))
        near: Ints = np.asarray(site, dtype=np.int64)
        return near, self.travel.minutes(chord_to_km(chord))

    def _pairs(
        self, table: TableByArea, tree: cKDTree, sites: Sites, areas: Ints, width: int
    ) -> tuple[Ints, Ints, Floats]:
        """Candidate pairs (row, site, minutes) of the table and, unless complete, the model."""
        row, point, minutes = table.pairs(areas)
        site = sites.site_of[point]
        row, site, minutes = row[site >= 0], site[site >= 0], minutes[site >= 0]
        if table.complete:
            return row, site, minutes
        near, far = self._by_model(tree, areas, width)
        model_row = np.repeat(np.arange(len(areas)), near.shape[1])
        model_site, model_minutes = near.reshape(-1), far.reshape(-1)
        fresh = ~np.isin(model_row * len(sites) + model_site, row * len(sites) + site)
        return (
            np.concatenate([row, model_row[fresh]]),
            np.concatenate([site, model_site[fresh]]),
            np.concatenate([minutes, model_minutes[fresh]]),
        )


def _fill(site: Ints, minutes: Floats, rows: Ints, pairs: tuple[Ints, Ints, Floats]) -> None:
    """Put each row's nearest pairs into the result, nearest first."""
    row, at, time = pairs
    order = np.lexsort((at, time, row))
    row, at, time = row[order], at[order], time[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    keep = (rank < site.shape[1]) & np.isfinite(time)
    site[rows[row[keep]], rank[keep]] = at[keep]
    minutes[rows[row[keep]], rank[keep]] = time[keep]
