"""One search over every channel: points near a place, and service without travelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from palveluverkko.access.model import TravelModel
from palveluverkko.access.travel import great_circle_km
from palveluverkko.network.models import RemoteChannel
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.opening import Intervals, Opening, intervals_on, opening_of
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.portal.times import FreeTime, free_times
from palveluverkko.web.texts import in_language

AT_POINT = frozenset({"walk_in", "appointment"})
AT_SCREEN = frozenset({"video_room"})
MODES: Mapping[str, frozenset[str]] = {
    "": AT_POINT | AT_SCREEN,
    "point": AT_POINT,
    "video": AT_SCREEN,
    "phone": frozenset(),
}
_PHONE = (("phone", "phone"), ("call_now", "phone"))
_VIDEO = (("video", "video"),)
REMOTE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "": (*_PHONE, *_VIDEO),
    "point": (),
    "video": _VIDEO,
    "phone": _PHONE,
}
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
    times: tuple[FreeTime, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteOffer:
    """Service without travelling: ``video``, ``phone`` (a scheduled call) or ``call_now``."""

    code: str
    times: tuple[FreeTime, ...] = ()


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
        fitting = sorted(
            (_opened(offer, asked, now) for offer in fitting), key=lambda o: _earliest(o, now)
        )
        first = fitting[:most]
    else:
        first = [_opened(offer, asked, now) for offer in fitting[:most]]
    times = free_times(asked, [offer.point.id for offer in first], now)
    return Offers(
        points=tuple(replace(offer, times=times.get(offer.point.id, ())) for offer in first),
        total=len(fitting),
        remote=tuple(
            replace(offer, times=times.get(offer.code, ())) for offer in _remote(asked.way)
        ),
    )


def nearest_offers(
    point: KnownPoint, register: Register, now: datetime, most: int
) -> tuple[PointOffer, ...]:
    """The points in force that are nearest to ``point``, without itself."""
    fitting = [o for o in _fitting(Asked(), register, now) if o.point.id != point.id]
    offers = _with_distance(fitting, point.lat, point.lon)
    return tuple(_opened(offer, Asked(), now) for offer in offers[:most])


def _fitting(asked: Asked, register: Register, now: datetime) -> list[PointOffer]:
    """The points that fit, nearest first; without a place by name."""
    fitting = []
    for point in register.points.values():
        if asked.language and asked.language not in point.languages:
            continue
        offer = _offer_on(point, _day(point, asked.day, now), asked)
        if offer is not None and asked.day:
            hours = intervals_on(point, asked.day, asked.service, frozenset(offer.modes))
            hours = tuple(interval for interval in hours if interval.end > now)
            offer = replace(offer, hours=hours) if hours else None
        if offer is not None:
            fitting.append(offer)
    if asked.place is None:
        return sorted(fitting, key=lambda offer: in_language(offer.point.names).casefold())
    return _with_distance(fitting, asked.place.lat, asked.place.lon)


def _offer_on(point: KnownPoint, day: date, asked: Asked) -> PointOffer | None:
    """The point if it gives the service in the way asked for, on ``day``."""
    given = {mode: None for code, mode in point.pairs_on(day) if asked.service in ("", code)}
    modes = tuple(mode for mode in given if mode in MODES[asked.way])
    # Of some points the register does not say what they give: they fit whoever asks for nothing.
    silent = not point.given and not asked.service and not asked.way
    if modes or (silent and point.timetable.valid.holds_on(day)):
        return PointOffer(point, modes, None, None, Opening())
    return None


def _day(point: KnownPoint, day: date | None, now: datetime) -> date:
    return day or now.astimezone(ZoneInfo(point.timetable.timezone)).date()


def _with_distance(offers: Sequence[PointOffer], lat: float, lon: float) -> list[PointOffer]:
    km = great_circle_km(lat, lon, [o.point.lat for o in offers], [o.point.lon for o in offers])
    minutes = _TRAVEL.minutes(km)
    return [
        replace(offers[i], km=float(km[i]), minutes=float(minutes[i]))
        for i in np.argsort(km, kind="stable")
    ]


def _opened(offer: PointOffer, asked: Asked, now: datetime) -> PointOffer:
    opening = opening_of(offer.point, now, asked.service, frozenset(offer.modes))
    return replace(offer, opening=opening)


def _earliest(offer: PointOffer, now: datetime) -> datetime:
    """When the service can be had first: on the day asked for, now, or at the next opening."""
    if offer.hours:
        return max(offer.hours[0].start, now)
    if offer.opening.until is not None:
        return now
    return offer.opening.next.start if offer.opening.next else _LAST


def _remote(way: str) -> list[RemoteOffer]:
    """The nationwide channels of the register in that way; by phone at once and at a set time."""
    channels = set(RemoteChannel.objects.values_list("code", flat=True))
    return [RemoteOffer(code) for code, channel in REMOTE[way] if channel in channels]
