"""Daily visits of every point, generated from the seed: a count model over the rhythm.

Counts are Poisson around a mean that two gamma factors shake, one for the week and one for the
day, which makes them over-dispersed (negative binomial within a week). Each point has a random
stream of its own, so its history depends on the seed and its id alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from palveluverkko.example.agency import SERVICES
from palveluverkko.example.records import Network, PointHistory, PointRecord, Profile
from palveluverkko.example.register import VIDEO_SINCE
from palveluverkko.example.rhythm import LAST_DAY, all_days, mean_by_day, open_days, weekday_of
from palveluverkko.example.roles import Role
from palveluverkko.snapshot.model import Mode, PointKind

YEARS = 5
WEEK_SHAPE = 60.0  # gamma shape of the week's factor: standard deviation 13 %
DAY_SHAPE = 40.0
# What would come to a capped point, relative to its slots: so much that no week has room left and
# the counts alone cannot tell how much more would come.
CAPPED_FACTOR = 5.0
FALLING = (date(2018, 1, 8), 0.50)
RISING = (date(2018, 2, 5), 1.70)
GAP_WEEKS = 7
BARELY_REPORTED_SINCE = date(2018, 4, 16)


def demand_history(network: Network, years: float = YEARS) -> Iterator[PointHistory]:
    """The history of every point that reports, in the order of ``network.points``.

    ``years`` (at most five) are counted back from 31 May 2018; fewer give the tail of the same
    days, never other numbers.
    """
    last = np.datetime64(LAST_DAY)
    since = last - np.timedelta64(round(365.25 * years), "D") if years < YEARS else None
    for point in network.points:
        profile = network.profiles.get(point.id)
        if profile is not None:
            history = _history(point, profile, network.seed)
            yield history if since is None else _tail(history, since)


def _tail(history: PointHistory, since: np.datetime64) -> PointHistory:
    keep = history.days > since
    return PointHistory(
        history.point,
        history.days[keep],
        history.open_minutes[keep],
        history.slots[keep],
        history.booked[keep],
        history.columns,
        history.visits[keep],
    )


def _history(point: PointRecord, profile: Profile, seed: int) -> PointHistory:
    rng = np.random.default_rng([seed, zlib.crc32(point.id.encode())])
    days = all_days()
    demand = _demand(point, profile, rng)
    slots = np.array([*profile.slots_per_day, 0, 0])[weekday_of(days)]
    minutes = np.zeros(len(days), dtype=np.int64)
    booked_only = np.zeros(len(days), dtype=bool)
    for era in point.eras:
        is_open = open_days(point, era)
        minutes += is_open * era.minutes
        booked_only |= is_open & era.by_appointment_only
        # Before the present hours there were other weekdays, served as on the busiest now.
        slots = np.where(is_open & (slots == 0), max(profile.slots_per_day), slots)
    if point.kind is PointKind.JOINT_SERVICE_POINT:
        booked_only[:] = True
    served = np.where(booked_only, np.minimum(demand, slots), demand)
    reported = (minutes > 0) & _reported(point, profile, rng)
    columns, visits = _by_service(point, profile, served, booked_only, rng)
    by_appointment = [i for i, (_, mode) in enumerate(columns) if mode is not Mode.WALK_IN]
    kept = visits[:, by_appointment].sum(axis=1)
    # A few people book and stay away; the time cannot be given to another.
    booked = np.minimum(np.maximum(slots, kept), kept + rng.binomial(kept, 0.05))
    return PointHistory(
        point.id,
        days[reported],
        minutes[reported],
        slots[reported].astype(np.int64),
        booked[reported],
        columns,
        visits[reported],
    )


def _demand(point: PointRecord, profile: Profile, rng: np.random.Generator) -> NDArray[np.int64]:
    """Who would come each day, whether or not there is room."""
    days = all_days()
    mean = mean_by_day(point, profile.visits_per_week)
    if profile.role == Role.CAPPED:
        mean = mean * CAPPED_FACTOR
    for role, (since, factor) in ((Role.FALLING, FALLING), (Role.RISING, RISING)):
        if profile.role == role:
            mean = np.where(days >= np.datetime64(since), mean * factor, mean)
    weeks = (days - days[0]).astype(np.int64) // 7
    week_factor = rng.gamma(WEEK_SHAPE, 1 / WEEK_SHAPE, size=weeks[-1] + 1)[weeks]
    day_factor = rng.gamma(DAY_SHAPE, 1 / DAY_SHAPE, size=len(days))
    counts: NDArray[np.int64] = rng.poisson(mean * week_factor * day_factor)
    return counts


def _reported(point: PointRecord, profile: Profile, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which days reached the records: all, but for the points whose role says otherwise."""
    days = all_days()
    if profile.role == Role.BARELY_REPORTED:
        return days >= np.datetime64(BARELY_REPORTED_SINCE)
    if profile.role == Role.GAP:
        first = np.datetime64("2017-09-04") + np.timedelta64(7 * int(rng.integers(20)), "D")
        return (days < first) | (days >= first + np.timedelta64(7 * GAP_WEEKS, "D"))
    if point.kind is PointKind.JOINT_SERVICE_POINT:
        return days >= np.datetime64(VIDEO_SINCE)
    return np.ones(len(days), dtype=bool)


def _by_service(
    point: PointRecord,
    profile: Profile,
    served: NDArray[np.int64],
    booked_only: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[tuple[tuple[str, Mode], ...], NDArray[np.int64]]:
    """The day's visits divided over services by the point's shares, and over their modes."""
    codes = [s.code for s in SERVICES]
    by_service = rng.multinomial(served, profile.service_shares)
    counts: dict[tuple[str, Mode], NDArray[np.int64]] = {}
    for i, code in enumerate(codes):
        modes = {o.mode for o in point.offers if o.service == code}
        if Mode.VIDEO_ROOM in modes:
            counts[code, Mode.VIDEO_ROOM] = by_service[:, i]
        elif len(modes) == 1:
            counts[code, next(iter(modes))] = by_service[:, i]
        elif len(point.eras) > 1:
            counts[code, Mode.APPOINTMENT] = by_service[:, i] * booked_only
            counts[code, Mode.WALK_IN] = by_service[:, i] * ~booked_only
        elif modes:
            booked = rng.binomial(by_service[:, i], 0.3)
            counts[code, Mode.APPOINTMENT] = booked
            counts[code, Mode.WALK_IN] = by_service[:, i] - booked
    return tuple(counts), np.stack(list(counts.values()), axis=1)
