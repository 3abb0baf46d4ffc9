"""How far a point's residents travel, and whether they are served on five days: before, after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palveluverkko.access.coverage import weekday_points
from palveluverkko.access.model import Journey
from palveluverkko.access.nearest import Nearest, Reach
from palveluverkko.access.travel import Floats, Ints
from palveluverkko.snapshot.model import Snapshot

BANDS = (10.0, 20.0, 30.0, 45.0, 60.0, 90.0, float("inf"))


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Nearest personal service of some areas on Monday to Friday, before and after."""

    before: Sequence[Nearest]
    after: Sequence[Nearest]

    @classmethod
    def of(cls, snapshot: Snapshot, reach: Reach, areas: Ints, gone: frozenset[int]) -> Weekdays:
        # Two sites are enough: at most one of them is the point itself alone.
        before = [reach.nearest(areas, points, 2) for points in weekday_points(snapshot)]
        if not gone:
            return cls(before, before)
        return cls(
            before, [reach.nearest(areas, points, 2) for points in weekday_points(snapshot, gone)]
        )

    def shares(
        self, areas: Ints, residents: Floats, minutes: float, without: int
    ) -> tuple[float, float]:
        """Share of residents served within ``minutes`` on all five days, before and after."""
        return (
            _five_day_share(self.before, areas, residents, minutes, -1),
            _five_day_share(self.after, areas, residents, minutes, without),
        )


def _five_day_share(
    days: Sequence[Nearest], areas: Ints, residents: Floats, minutes: float, without: int
) -> float:
    every_day = np.ones(len(areas), dtype=bool)
    for nearest in days:
        every_day &= nearest.at(areas, without)[1].min(axis=1, initial=np.inf) <= minutes
    return float(residents[every_day].sum() / residents.sum())


def quantile(minutes: Floats, residents: Floats, share: float) -> float:
    """The least travel time within which at least ``share`` of the residents travel."""
    order = np.argsort(minutes, kind="stable")
    cumulated = np.cumsum(residents[order])
    wanted = share * cumulated[-1] * (1.0 - 1e-12)  # rounding must not push it one area on
    return float(minutes[order][np.searchsorted(cumulated, wanted)])


def journey(before: Floats, after: Floats, residents: Floats) -> Journey:
    """Travel times of residents by area, to the nearest own point with and without the point.

    Arrays of one length; minutes may be ``inf``. Areas without residents do not count.
    """
    lived_in = residents > 0
    before, after, residents = before[lived_in], after[lived_in], residents[lived_in]
    edges = np.array(BANDS[:-1])
    bands = len(BANDS)
    was = np.bincount(np.searchsorted(edges, before), weights=residents, minlength=bands)
    will = np.bincount(np.searchsorted(edges, after), weights=residents, minlength=bands)
    return Journey(
        residents=float(residents.sum()),
        median_before=quantile(before, residents, 0.5),
        median_after=quantile(after, residents, 0.5),
        p90_before=quantile(before, residents, 0.9),
        p90_after=quantile(after, residents, 0.9),
        longest_after=float(after.max()),
        histogram=tuple(
            (upper, float(b), float(a)) for upper, b, a in zip(BANDS, was, will, strict=True)
        ),
    )
