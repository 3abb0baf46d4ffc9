"""Which share of the residents has a point within reach, on any day or on all five weekdays."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from palveluverkko.access.catchment import points_of
from palveluverkko.access.model import Coverage, CoverageArea, TravelModel
from palveluverkko.access.nearest import Reach
from palveluverkko.access.personal import MONDAY_TO_FRIDAY, personal_weekdays
from palveluverkko.access.travel import Floats, Ints
from palveluverkko.snapshot.model import PointKind, Snapshot
from palveluverkko.snapshot.values import Unknown

URBANITIES = frozenset({"urban", "semi_urban", "rural"})


def coverage(
    snapshot: Snapshot,
    *,
    minutes: float | None,
    km: float | None,
    stratum: str,
    kinds: frozenset[PointKind],
    travel: TravelModel,
) -> Coverage:
    """Share of a stratum's residents with a point of ``kinds`` within ``minutes`` or road ``km``.

    Exactly one limit is given; reaching it exactly counts. Points count that serve regularly on
    the as-of date (a joint point: with an agreement in force). ``stratum`` is ``all``, a key of
    ``areas.strata``, or ``urban``, ``semi_urban``, ``rural`` by the municipality's class. A
    stratum nobody recorded gives ``Unknown("access.stratum_unknown")``, one without people
    ``Unknown("access.stratum_empty")``. Kilometres are always great circle × detour.
    Raises ``ValueError`` unless exactly one of the limits is given.
    """
    if (minutes is None) == (km is None):
        raise ValueError("coverage needs exactly one of minutes and km")
    people = stratum_residents(snapshot, stratum)
    if isinstance(people, Unknown):
        return Coverage(share=people, residents=0.0, by_municipality={}, uncovered=())
    reach = Reach(snapshot, travel)
    areas, points = np.arange(len(snapshot.areas)), points_of(snapshot, kinds)
    time = reach.nearest(areas, points, 1).minutes[:, 0]
    road = reach.nearest_road_km(areas, points)
    limit, measured = (minutes, time) if minutes is not None else (km, road)
    within = measured <= np.float64(limit or 0.0)
    return _coverage(snapshot, people, within, np.zeros(len(areas)), time, road)


def five_day_access(
    snapshot: Snapshot, minutes: float, travel: TravelModel, without: Collection[int] = ()
) -> Coverage:
    """Share of residents who reach personal service within ``minutes`` on each of Monday-Friday.

    Personal service is an own point (service point or pop-up) on its regular weekdays, or a joint
    point's video room on its weekdays. Different points may serve on different weekdays.
    ``without``: indices of points to leave out. An uncovered area's ``share`` is the share of the
    five weekdays that it reaches; its ``minutes`` and ``km`` are those of the worst weekday.
    """
    reach = Reach(snapshot, travel)
    areas = np.arange(len(snapshot.areas))
    reached, worst, road = np.zeros(len(areas)), np.zeros(len(areas)), np.zeros(len(areas))
    for points in weekday_points(snapshot, without):
        time = reach.nearest(areas, points, 1).minutes[:, 0]
        reached += time <= minutes
        worst = np.maximum(worst, time)
        road = np.maximum(road, reach.nearest_road_km(areas, points))
    days = len(MONDAY_TO_FRIDAY)
    people = snapshot.areas.residents
    return _coverage(snapshot, people, reached == days, reached / days, worst, road)


def weekday_points(snapshot: Snapshot, without: Collection[int] = ()) -> list[Ints]:
    """Indices of the points with personal service on Monday, Tuesday, ... Friday."""
    gone = set(without)
    weekdays = [personal_weekdays(point, snapshot.as_of) for point in snapshot.points]
    return [
        np.array([i for i, d in enumerate(weekdays) if day in d and i not in gone], dtype=np.int64)
        for day in MONDAY_TO_FRIDAY
    ]


def stratum_residents(snapshot: Snapshot, stratum: str) -> Floats | Unknown:
    """Residents of a stratum in every area, shape ``(A,)``; Unknown where nobody counted them."""
    areas = snapshot.areas
    if stratum in areas.strata:
        people: Floats = np.asarray(areas.strata[stratum], dtype=np.float64)
    elif stratum == "all":
        people = areas.residents
    elif stratum in URBANITIES:
        urbanity = {m.code: m.urbanity for m in snapshot.municipalities}
        classes = np.array([urbanity.get(code, "unknown") for code in areas.municipalities])
        if not np.isin(classes, list(URBANITIES)).any():
            return Unknown("access.stratum_unknown", {"stratum": stratum})
        people = np.where(classes == stratum, areas.residents, 0.0)
    else:
        return Unknown("access.stratum_unknown", {"stratum": stratum})
    uncounted = int(np.isnan(people).sum())
    if uncounted:
        return Unknown("access.stratum_unknown", {"stratum": stratum, "areas": uncounted})
    if people.sum() <= 0:
        return Unknown("access.stratum_empty", {"stratum": stratum})
    return people


def _coverage(
    snapshot: Snapshot,
    people: Floats,
    within: NDArray[np.bool_],
    share: Floats,
    minutes: Floats,
    km: Floats,
) -> Coverage:
    areas = snapshot.areas
    total = float(people.sum())
    reached = np.where(within, people, 0.0)
    codes, place = np.unique(np.array(areas.municipalities, dtype=str), return_inverse=True)
    everyone = np.bincount(place, weights=people, minlength=len(codes))
    served = np.bincount(place, weights=reached, minlength=len(codes))
    wanting = np.nonzero(~within & (people > 0))[0]
    uncovered = [
        CoverageArea(
            id=areas.ids[i],
            name=areas.names[i],
            municipality=areas.municipalities[i],
            residents=float(people[i]),
            share=float(share[i]),
            minutes=float(minutes[i]),
            km=float(km[i]),
        )
        for i in wanting
    ]
    return Coverage(
        share=float(reached.sum() / total)
        if total > 0
        else Unknown("access.stratum_empty", {"stratum": "all"}),
        residents=total,
        by_municipality={
            str(code): float(s / e)
            for code, s, e in zip(codes, served, everyone, strict=True)
            if e > 0
        },
        uncovered=tuple(sorted(uncovered, key=lambda a: (-a.residents, a.id))),
    )
