"""One search over every channel: points near a place, and service without travelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from palveluverkko.access.model import TravelModel
from palveluverkko.access.travel import Floats, great_circle_km
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.opening import Intervals, Opening, intervals_on, opening_of
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.portal.times import (
    BookableTime,
    earliest_at,
    expect_times,
    remote_times,
    times_at,
)
from palveluverkko.web.texts import in_language

AT_POINT = frozenset({"walk_in", "appointment"})
AT_SCREEN = frozenset({"video_room"})
WALK_IN = frozenset({"walk_in"})
MODES: Mapping[str, frozenset[str]] = {
    "": AT_POINT | AT_SCREEN,
    "point": AT_POINT,
    "video": AT_SCREEN,
    "phone": frozenset(),
}
CALL_NOW = "call_now"
_PHONE = (("phone", "phone"), (CALL_NOW, "phone"))
_VIDEO = (("video", "video"),)
REMOTE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "": (*_PHONE, *_VIDEO),
    "point": (),
    "video": _VIDEO,
    "phone": _PHONE,
}
SPARE = 20  # earliest points beyond those shown: some do not fit the rest of the search
_LAST = datetime.max.replace(tzinfo=UTC)
_TRAVEL = TravelModel()


@dataclass(frozen=True, slots=True)
class PointOffer:
    """A point that gives what was asked. ``km`` by straight line, ``minutes`` by car: estimates.

    ``hours``: on the day asked for, empty without one; ``modes``: ways of the service asked for.
    """

    point: KnownPoint
    modes: tuple[str, ...]
    km: float | None
    minutes: float | None
    opening: Opening
    hours: Intervals = ()
    times: tuple[BookableTime, ...] = ()

    @property
    def bookable(self) -> bool:
        """Whether any of its ways takes bookings at all."""
        return bool(set(self.modes) - WALK_IN)


@dataclass(frozen=True, slots=True)
class RemoteOffer:
    """Service without travelling: ``video``, ``phone`` (a scheduled call) or ``call_now``."""

    code: str
    bookable: bool
    times: tuple[BookableTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """What answers a search. ``total`` points fit; ``points`` are the first of them."""

    points: tuple[PointOffer, ...]
    total: int
    remote: tuple[RemoteOffer, ...]


def offers_for(asked: Asked, register: Register, now: datetime, most: int) -> Offers:
    """The first ``most`` points that give what was asked, and the remote channels."""
    fitting = _fitting(asked, register, now)
    if asked.sort == "earliest":
        first = _earliest(fitting, asked, register, now, most)
    else:
        first = fitting[:most]
    if asked.place is not None:
        first = _with_distance(first, asked.place.lat, asked.place.lon)
    points = [offer.point for offer in first]
    expect_times(points, asked)
    times = times_at(points, asked, register, now)
    remote = remote_times(asked, register, now)
    return Offers(
        points=tuple(
            replace(_opened(offer, asked, now), times=times.get(offer.point.id, ()))
            for offer in first
        ),
        total=len(fitting),
        remote=tuple(
            replace(o, times=remote.get(o.code, ())) for o in _remote(asked.way, register)
        ),
    )


def nearest_offers(
    point: KnownPoint, register: Register, now: datetime, most: int
) -> tuple[PointOffer, ...]:
    """The points in force that are nearest to ``point``, without itself."""
    fitting = [o for o in _fitting(Asked(), register, now) if o.point.id != point.id]
    nearest = _nearest_first(fitting, point.lat, point.lon)[:most]
    offers = _with_distance(nearest, point.lat, point.lon)
    return tuple(_opened(offer, Asked(), now) for offer in offers)


def _fitting(asked: Asked, register: Register, now: datetime) -> list[PointOffer]:
    """The points that fit, nearest first; without a place by name."""
    fitting = []
    for point in register.points.values():
        offer = _offer_on(point, _day(point, asked.day, now), asked)
        if offer is not None and asked.day:
            hours = intervals_on(point, asked.day, asked.service, frozenset(offer.modes))
            hours = tuple(interval for interval in hours if interval.end > now)
            offer = replace(offer, hours=hours) if hours else None
        if offer is not None:
            fitting.append(offer)
    if asked.place is None:
        return sorted(fitting, key=lambda offer: in_language(offer.point.names).casefold())
    return _nearest_first(fitting, asked.place.lat, asked.place.lon)


def _offer_on(point: KnownPoint, day: date, asked: Asked) -> PointOffer | None:
    """The point if it gives the service in the way asked for, on ``day``."""
    given = point.modes_on(day, asked.service)
    wanted = MODES[asked.way]
    if asked.language and asked.language not in point.languages:
        wanted &= AT_SCREEN  # there the adviser's languages count, who is elsewhere
    modes = tuple(mode for mode in given if mode in wanted)
    # Of some points the register does not say what they give: they fit whoever asks for nothing.
    silent = not (point.given or asked.service or asked.way or asked.language)
    if modes or (silent and point.timetable.valid.holds_on(day)):
        return PointOffer(point, modes, None, None, Opening())
    return None


def _day(point: KnownPoint, day: date | None, now: datetime) -> date:
    return day or now.astimezone(ZoneInfo(point.timetable.timezone)).date()


def _nearest_first(offers: Sequence[PointOffer], lat: float, lon: float) -> list[PointOffer]:
    return [offers[i] for i in np.argsort(_km(offers, lat, lon), kind="stable")]


def _with_distance(offers: Sequence[PointOffer], lat: float, lon: float) -> list[PointOffer]:
    km = _km(offers, lat, lon)
    minutes = _TRAVEL.minutes(km)
    return [
        replace(offer, km=float(km[i]), minutes=float(minutes[i])) for i, offer in enumerate(offers)
    ]


def _km(offers: Sequence[PointOffer], lat: float, lon: float) -> Floats:
    return great_circle_km(lat, lon, [o.point.lat for o in offers], [o.point.lon for o in offers])


def _opened(offer: PointOffer, asked: Asked, now: datetime) -> PointOffer:
    opening = opening_of(offer.point, now, asked.service, frozenset(offer.modes))
    return replace(offer, opening=opening)


def _earliest(
    offers: Sequence[PointOffer], asked: Asked, register: Register, now: datetime, most: int
) -> list[PointOffer]:
    """The ``most`` offers that serve first: at a free time, or at once where one may walk in."""
    free = earliest_at(asked, register, now, most + SPARE)

    def first(offer: PointOffer) -> datetime:
        walk_in = _walk_in(offer, asked, now) if "walk_in" in offer.modes else _LAST
        return min(walk_in, free.get(offer.point.id, _LAST))

    return sorted(offers, key=first)[:most]


def _walk_in(offer: PointOffer, asked: Asked, now: datetime) -> datetime:
    """When one can walk in first, on the day asked for or at all."""
    if asked.day is None:
        opening = opening_of(offer.point, now, asked.service, WALK_IN)
        if opening.until is not None:
            return now
        return opening.next.start if opening.next else _LAST
    hours = intervals_on(offer.point, asked.day, asked.service, WALK_IN)
    return next((max(i.start, now) for i in hours if i.end > now), _LAST)


def _remote(way: str, register: Register) -> list[RemoteOffer]:
    """The nationwide channels of the register in that way; by phone at once and at a set time.

    Nobody can call a number that is not known.
    """
    return [
        RemoteOffer(code, code != CALL_NOW)
        for code, channel in REMOTE[way]
        if channel in register.channels and (code != CALL_NOW or register.phone is not None)
    ]
