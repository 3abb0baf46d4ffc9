"""Whose point it is: the residents of every area belong to their nearest personal service."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from palveluverkko.access.model import TravelModel
from palveluverkko.access.nearest import NEAREST, Nearest, Reach, tied
from palveluverkko.access.personal import OWN, serves
from palveluverkko.access.travel import Floats, Ints
from palveluverkko.snapshot.model import PointKind, Snapshot


@dataclass(frozen=True, slots=True)
class Catchments:
    """Every point's areas, with the share of their residents that belongs to it.

    Kept by site: points at one position have the same areas and split them evenly. ``share`` is
    what one member gets. Shares of an area add up to 1 over all points, unless nothing can be
    reached from it.
    """

    start: Ints
    area: Ints
    share: Floats
    nearest: Nearest

    def of(self, point: int) -> tuple[Ints, Floats]:
        """Areas (indices, ascending) of a point and the share of their residents it serves."""
        site = self.nearest.sites.site_of[point]
        if site < 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        rows = slice(self.start[site], self.start[site + 1])
        return self.area[rows], self.share[rows]


def points_of(snapshot: Snapshot, kinds: Collection[PointKind]) -> Ints:
    """Indices of the points of some kinds that regularly serve people on the as-of date."""
    return np.array(
        [
            i
            for i, point in enumerate(snapshot.points)
            if point.kind in kinds and serves(point, snapshot.as_of)
        ],
        dtype=np.int64,
    )


def catchments(
    snapshot: Snapshot, travel: TravelModel, kinds: Collection[PointKind] = OWN
) -> Catchments:
    """The catchment of every point of ``kinds`` (the agency's own, unless a policy adds more)."""
    return catchments_of(Reach(snapshot, travel), points_of(snapshot, kinds), snapshot)


def catchments_of(reach: Reach, points: Ints, snapshot: Snapshot) -> Catchments:
    """As :func:`catchments`, with the travel times and points already at hand."""
    nearest = reach.nearest(np.arange(len(snapshot.areas)), points, NEAREST)
    sites = nearest.sites
    tie = tied(nearest.minutes)
    row, column = np.nonzero(tie)
    site = nearest.site[row, column]
    # Ties are split evenly between points, not sites: two points at one place count twice.
    claimants = np.bincount(row, weights=sites.sizes[site], minlength=len(snapshot.areas))
    order = np.lexsort((row, site))
    area, site = row[order].astype(np.int64), site[order]
    start = np.searchsorted(site, np.arange(len(sites) + 1)).astype(np.int64)
    return Catchments(start, area, 1.0 / claimants[area], nearest)
