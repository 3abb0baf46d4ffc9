"""Who could stand in for a point: neighbour points and video rooms, by need class and weekday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from palveluverkko.access.catchment import Catchments
from palveluverkko.access.model import SubstitutionRules
from palveluverkko.access.nearest import NEAREST, Nearest, Reach
from palveluverkko.access.personal import face_to_face, serves, video_room
from palveluverkko.access.travel import Ints
from palveluverkko.snapshot.model import PointKind, Snapshot

# What a neighbour must match: need class, weekdays of the point, weekdays of the need class there.
_Demand = tuple[str, frozenset[int], frozenset[int]]


@dataclass(frozen=True, slots=True)
class StandIns:
    """Nearest neighbours and video rooms for the areas of all candidates.

    ``neighbours[(candidate, service)]`` and ``rooms[service]``; look-ups leave the candidate
    itself out through :meth:`Nearest.at`. Where the same points may stand in, it is one object.
    """

    neighbours: Mapping[tuple[int, str], Nearest]
    rooms: Mapping[str, Nearest]


def need_classes(snapshot: Snapshot, point: int) -> tuple[str, ...]:
    """The services that a point offers in any mode, sorted: what its customers come for."""
    return tuple(sorted({offer.service for offer in snapshot.points[point].offers}))


def find_standins(
    snapshot: Snapshot,
    rules: SubstitutionRules,
    reach: Reach,
    catchments: Catchments,
    candidates: Iterable[int],
    gone: frozenset[int],
) -> StandIns:
    """Look up, once for all candidates, who is nearest to each of their areas.

    Candidates that ask for the same set of neighbours share one search tree, and only their own
    areas are looked up, so that the work grows with areas and points, not with their product.
    """
    eligible = _Eligible(snapshot, rules, gone)
    points: dict[bytes, Ints] = {}
    askers: dict[bytes, list[tuple[int, str]]] = {}
    candidates = tuple(candidates)
    for candidate in candidates:
        for service in need_classes(snapshot, candidate):
            key, found = eligible.neighbours(candidate, service)
            points[key] = found
            askers.setdefault(key, []).append((candidate, service))
    neighbours: dict[tuple[int, str], Nearest] = {}
    for key, who in askers.items():
        areas = areas_of(catchments, (candidate for candidate, _ in who))
        nearest = reach.nearest(areas, points[key], NEAREST)
        neighbours.update(dict.fromkeys(who, nearest))
    everyone = areas_of(catchments, candidates)
    services = {service for c in candidates for service in need_classes(snapshot, c)}
    rooms: dict[str, Nearest] = {}
    by_points: dict[bytes, Nearest] = {}
    for service in sorted(services):
        found = eligible.rooms(service)
        key = found.tobytes()
        if key not in by_points:
            by_points[key] = reach.nearest(everyone, found, NEAREST)
        rooms[service] = by_points[key]
    return StandIns(neighbours, rooms)


def areas_of(catchments: Catchments, points: Iterable[int]) -> Ints:
    """All areas of some points, ascending and once each."""
    pieces = [catchments.of(point)[0] for point in points]
    if not pieces:
        return np.zeros(0, dtype=np.int64)
    areas: Ints = np.unique(np.concatenate(pieces))
    return areas


class _Eligible:
    """Sets of points that may stand in, each worked out once."""

    def __init__(self, snapshot: Snapshot, rules: SubstitutionRules, gone: frozenset[int]) -> None:
        self._snapshot = snapshot
        self._rules = rules
        day = snapshot.as_of
        self._given = [face_to_face(p) for p in snapshot.points]
        # A pop-up is temporary: it serves while it lasts, but nobody is sent to it for good.
        self._own = [
            (i, frozenset(p.regular_weekdays), self._given[i])
            for i, p in enumerate(snapshot.points)
            if p.kind is PointKind.SERVICE_POINT and serves(p, day) and i not in gone
        ]
        self._rooms = [
            (i, video_room(p, day)) for i, p in enumerate(snapshot.points) if i not in gone
        ]
        self._known: dict[_Demand, tuple[bytes, Ints]] = {}

    def neighbours(self, candidate: int, service: str) -> tuple[bytes, Ints]:
        """Service points that could do this service for the candidate's people, with a set key.

        The candidate itself may be among them; it is left out at look-up.
        """
        open_on: frozenset[int] = frozenset()
        given_on: frozenset[int] = frozenset()
        if self._rules.same_weekdays:
            point = self._snapshot.points[candidate]
            open_on = frozenset(point.regular_weekdays)
            given_on = self._given[candidate].get(service, frozenset())
        wanted = (service, open_on, given_on)
        if wanted not in self._known:
            points = np.array(
                [
                    i
                    for i, weekdays, services in self._own
                    if service in self._rules.meets.get("neighbour", frozenset())
                    and services.get(service)
                    and open_on <= weekdays
                    and given_on <= services[service]
                ],
                dtype=np.int64,
            )
            self._known[wanted] = (points.tobytes(), points)
        return self._known[wanted]

    def rooms(self, service: str) -> Ints:
        """Joint points whose video room gives the service, if the rules let a room complete it."""
        if service not in self._rules.meets.get("video_room", frozenset()):
            return np.zeros(0, dtype=np.int64)
        return np.array([i for i, given in self._rooms if given.get(service)], dtype=np.int64)
