"""Which generated story each service point tells, drawn from the seed."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from palveluverkko.example.facts import Facts
from palveluverkko.example.placement import Placement, Site


class Role(StrEnum):
    """What a point's generated demand shows. Counts: docs/example-network.md."""

    ORDINARY = "ordinary"
    KNOWN = "known"  # reported: fewer than 100 a week
    KNOWN_ONE_DAY = "known_one_day"  # reported: one day a week by appointment, fewer than 20
    REPORTED = "reported"  # news gives the visits of a week
    TINY = "tiny"  # fewer than 20 a week
    CAPPED = "capped"  # by appointment, nearly every slot taken, more would come
    OVERLOADED = "overloaded"  # walk-in, more visits than capacity
    NEARLY_FULL = "nearly_full"  # five days, little room for others' customers
    GAP = "gap"  # some weeks were not reported
    BARELY_REPORTED = "barely_reported"  # too few weeks to say anything
    FALLING = "falling"
    RISING = "rising"
    SUMMER_BREAK = "summer_break"


PART_TIME_ROLES = {
    Role.CAPPED: 10,
    Role.OVERLOADED: 3,
    Role.TINY: 12,
    Role.GAP: 2,
    Role.BARELY_REPORTED: 1,
    Role.FALLING: 1,
    Role.RISING: 1,
    Role.SUMMER_BREAK: 18,
}
FIVE_DAY_ROLES = {Role.NEARLY_FULL: 5, Role.OVERLOADED: 2}
# News: most of the thirteen were open one day a week by appointment only.
KNOWN_WITH_TWO_DAYS = 4
BUSY_ROLES = (Role.FALLING, Role.RISING, Role.OVERLOADED)
# Fewer than 20 visits a week only below this many residents of the municipality, a busy
# part-time point only above.
TINY_POPULATION = 10_000


def draw_roles(
    placement: Placement, residents: dict[str, float], rng: np.random.Generator
) -> dict[str, Role]:
    """A role for each service point; ``residents`` are those nearest to it, by id."""
    known = sorted((s for s in placement.sites if s.known), key=lambda s: -residents[s.id])
    flexible = [s for s in known if s.known and s.known.weekdays is None]
    roles = {s.id: Role.KNOWN_ONE_DAY for s in known}
    roles |= {s.id: Role.KNOWN for s in flexible[:KNOWN_WITH_TWO_DAYS]}
    for site in placement.sites:
        if site.id not in roles:
            told = site.report is not None and site.report.visits_per_week is not None
            roles[site.id] = Role.REPORTED if told else Role.ORDINARY
    part_time = [s for s in placement.sites if s.id not in placement.five_day]
    daily = [s for s in placement.sites if s.id in placement.five_day]
    for sites, counts in ((part_time, PART_TIME_ROLES), (daily, FIVE_DAY_ROLES)):
        for role, count in counts.items():
            free = [s for s in sites if roles[s.id] is Role.ORDINARY and _suits(s, role)]
            for i in rng.permutation(len(free))[:count]:
                roles[free[i].id] = role
    return roles


def _suits(site: Site, role: Role) -> bool:
    population = site.town.population or 0
    if role in (Role.TINY, Role.SUMMER_BREAK):
        return population < TINY_POPULATION
    return role not in BUSY_ROLES or population >= TINY_POPULATION


def nearest_residents(facts: Facts, sites: tuple[Site, ...]) -> dict[str, float]:
    """Residents who have each service point as their nearest, by great-circle distance."""
    lat, lon = (np.radians([getattr(a, k) for a in facts.areas]) for k in ("lat", "lon"))
    site_lat, site_lon = (np.radians([[getattr(s, k)] for s in sites]) for k in ("lat", "lon"))
    # Half of the haversine formula: it orders points as the distance does.
    half = (
        np.sin((site_lat - lat) / 2) ** 2
        + np.cos(site_lat) * np.cos(lat) * np.sin((site_lon - lon) / 2) ** 2
    )
    sums = np.bincount(
        half.argmin(axis=0), weights=[a.residents for a in facts.areas], minlength=len(sites)
    )
    return {s.id: float(n) for s, n in zip(sites, sums, strict=True)}
