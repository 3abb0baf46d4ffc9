"""How much demand each point has: drawn from the seed, calibrated to the known totals."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from palveluverkko.example.agency import SERVICE_SHARES
from palveluverkko.example.facts import read_measures
from palveluverkko.example.placement import Placement, Site
from palveluverkko.example.records import Era, PointRecord, Profile
from palveluverkko.example.rhythm import (
    LEVEL_DATE,
    WEEKDAY_WEIGHT,
    expected_visits,
    national_level,
)
from palveluverkko.example.roles import Role
from palveluverkko.snapshot.model import PointKind

# The agency's offices in the capital together see more than 200,000 customers a year
# (Kela 2016): more per resident than elsewhere.
CAPITAL_FACTOR = 1.25
CAPITAL = "091"
# Visits a week per appointment-only day: one adviser's day of half-hour meetings.
APPOINTMENTS_A_DAY = 14


def draw_profiles(
    placement: Placement,
    points: Iterable[PointRecord],
    roles: dict[str, Role],
    residents: dict[str, float],
    rng: np.random.Generator,
) -> dict[str, Profile]:
    """A profile for every service point and every joint point with a video room, by id."""
    by_id = {p.id: p for p in points}
    weekly = _reported(placement.sites, by_id, roles, residents, rng)
    for site in placement.sites:
        if site.id not in weekly and site.id not in placement.five_day:
            weekly[site.id] = _part_time(
                by_id[site.id].eras[-1], roles[site.id], residents[site.id], rng
            )
    weekly |= _five_day(placement, by_id, residents, weekly, rng)
    profiles = {}
    for site in placement.sites:
        point, role = by_id[site.id], roles[site.id]
        slots = _slots(point.eras[-1], role, weekly[site.id], rng)
        profiles[site.id] = _profile(point, role.value, weekly[site.id], slots, rng)
    for site in placement.joint:
        if site.id in placement.video:
            visits = float(np.clip(rng.lognormal(1.5, 0.6), 1.0, 16.0))
            slots = [int(rng.integers(6, 11))] * 5
            profiles[site.id] = _profile(by_id[site.id], "video_room", visits, slots, rng)
    return profiles


def _profile(
    point: PointRecord, role: str, weekly: float, slots: list[int], rng: np.random.Generator
) -> Profile:
    shares = np.array(SERVICE_SHARES)
    if point.kind is PointKind.JOINT_SERVICE_POINT:
        shares[0] = 0.0  # nobody is identified in person over a video link
    drawn = rng.dirichlet(np.maximum(shares * 60, 1e-9))
    return Profile(point.id, role, weekly, tuple(slots), tuple(float(x) for x in drawn))


def _reported(
    sites: tuple[Site, ...],
    points: dict[str, PointRecord],
    roles: dict[str, Role],
    residents: dict[str, float],
    rng: np.random.Generator,
) -> dict[str, float]:
    """Visits of points that news tells of: below 100 a week, most below 20, some about 3.

    The fewer residents have the point as their nearest, the fewer the visits.
    """
    weekly = {
        s.id: s.report.visits_per_week for s in sites if s.report and s.report.visits_per_week
    }
    one_day = [s.id for s in sites if roles[s.id] is Role.KNOWN_ONE_DAY]
    one_day.sort(key=lambda i: residents[i])
    about_three = [3.0] * 3
    below_twenty = sorted(float(x) for x in rng.uniform(5, 17, size=len(one_day) - 3))
    weekly |= dict(zip(one_day, about_three + below_twenty, strict=True))
    others = sorted((s.id for s in sites if roles[s.id] is Role.KNOWN), key=lambda i: residents[i])
    weekly |= dict(
        zip(others, sorted(float(x) for x in rng.uniform(21, 42, size=len(others))), strict=True)
    )
    assert all(len(points[i].eras[-1].weekdays) <= 2 for i in weekly)
    return weekly


def _part_time(era: Era, role: Role, residents: float, rng: np.random.Generator) -> float:
    days = len(era.weekdays)
    if role is Role.TINY:
        return float(rng.uniform(3, 18))
    if role is Role.CAPPED:
        return float(days * rng.uniform(10, APPOINTMENTS_A_DAY))
    visits = 38 * (residents / 10_000) ** 0.8 * days**0.5 * rng.lognormal(0, 0.5)
    if role in (Role.OVERLOADED, Role.FALLING, Role.RISING):
        return float(np.clip(visits, 110, 320))
    if era.by_appointment_only:
        return float(np.clip(visits, 5, 0.75 * APPOINTMENTS_A_DAY * days))
    return float(np.clip(visits, 21, 85 * days))


def _five_day(
    placement: Placement,
    points: dict[str, PointRecord],
    residents: dict[str, float],
    part_time: dict[str, float],
    rng: np.random.Generator,
) -> dict[str, float]:
    """What is left of the national total, shared by nearest residents and chance."""
    sites = [s for s in placement.sites if s.id in placement.five_day]
    raw = {
        s.id: residents[s.id] ** 0.9
        * rng.lognormal(0, 0.25)
        * (CAPITAL_FACTOR if s.town.code == CAPITAL else 1.0)
        for s in sites
    }
    total = read_measures()[("visits", 2015)] * national_level(LEVEL_DATE)
    rest = total - sum(expected_visits(points[i], v) for i, v in part_time.items())
    scale = rest / sum(expected_visits(points[i], v) for i, v in raw.items())
    return {i: v * scale for i, v in raw.items()}


def _slots(era: Era, role: Role, weekly: float, rng: np.random.Generator) -> list[int]:
    """Customers that can be served, by weekday; more on the days on which more come."""
    if role in (Role.KNOWN, Role.KNOWN_ONE_DAY, Role.REPORTED):
        ratio = rng.uniform(2.2, 2.8)
    elif role is Role.CAPPED:
        ratio = 1.0  # what would come is above it, see the history
    elif role is Role.OVERLOADED:
        ratio = 0.97
    elif role is Role.NEARLY_FULL:
        ratio = rng.uniform(1.06, 1.10)
    elif role is Role.RISING:
        ratio = 2.2
    elif len(era.weekdays) == 5:
        ratio = rng.uniform(1.18, 1.45)
    else:
        ratio = rng.uniform(1.4, 2.2)
    weights = [WEEKDAY_WEIGHT[d] if d in era.weekdays else 0.0 for d in range(5)]
    slots = [weekly * ratio * w / sum(weights) for w in weights]
    least = 6 if role is not Role.CAPPED else 1
    return [max(least, math.ceil(s)) if s else 0 for s in slots]
