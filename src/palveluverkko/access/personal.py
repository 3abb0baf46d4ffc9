"""Which points give personal service, on which weekdays, and which have a usable video room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from palveluverkko.snapshot.model import Mode, Point, PointKind

OWN = frozenset({PointKind.SERVICE_POINT, PointKind.POP_UP_POINT})
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


def agreement_in_force(point: Point, day: date) -> bool:
    """Whether a joint point's agreement holds on ``day``; without a record it does not."""
    agreement = point.agreement
    if agreement is None or agreement.since > day:
        return False
    return agreement.until is None or agreement.until >= day


def serves(point: Point, day: date) -> bool:
    """Whether people are regularly served: some weekday, and at a joint point an agreement."""
    if not point.regular_weekdays:
        return False
    return point.kind in OWN or agreement_in_force(point, day)


def face_to_face(point: Point) -> Mapping[str, frozenset[int]]:
    """Services given by a person at the point, with the weekdays of each."""
    weekdays: dict[str, frozenset[int]] = {}
    for offer in point.offers:
        if offer.mode is not Mode.VIDEO_ROOM:
            weekdays[offer.service] = weekdays.get(offer.service, frozenset()) | set(offer.weekdays)
    return weekdays


def video_room(point: Point, day: date) -> Mapping[str, frozenset[int]]:
    """Services given in a joint point's video room, with weekdays; empty without an agreement."""
    if point.kind is not PointKind.JOINT_SERVICE_POINT or not agreement_in_force(point, day):
        return {}
    if point.agreement is None or not point.agreement.video_room:
        return {}
    weekdays: dict[str, frozenset[int]] = {}
    for offer in point.offers:
        if offer.mode is Mode.VIDEO_ROOM and offer.weekdays:
            weekdays[offer.service] = weekdays.get(offer.service, frozenset()) | set(offer.weekdays)
    return weekdays


def personal_weekdays(point: Point, day: date) -> frozenset[int]:
    """Weekdays on which the agency's own people are met: at its own point, or by video room."""
    if point.kind in OWN:
        return frozenset(point.regular_weekdays)
    return frozenset().union(*video_room(point, day).values())
