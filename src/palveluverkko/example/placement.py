"""The rule of placement: where the example network's points are, from public facts alone.

Written out in docs/example-network.md. There is no chance in it: the same facts give the same
places. News tells thirteen points and a few municipalities; the rest is plausible, not known.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from palveluverkko.example.facts import Facts, KnownPoint, PostalArea, Report, Town

SERVICE_POINTS = 180
FIVE_DAY_POINTS = 56
JOINT_POINTS = 138
VIDEO_MUNICIPALITIES = 60
# Joint points in municipalities that also have an own, part-time point.
JOINT_BESIDE_OWN = 30

# A municipality of this size plausibly had an own point in 2018 ...
PLAUSIBLE_POPULATION = 7_000
# ... and a smaller one too, if it lies this far from every other point.
REMOTE_POPULATION = 1_000
REMOTE_KM = 55.0
ALAND_REGION = "21"
# Åland runs its own services; the agency has an office in Mariehamn only.
ALAND_WITH_POINT = "478"


@dataclass(frozen=True, slots=True)
class Site:
    """A service point's place. ``known`` and ``report`` hold what news told about it."""

    id: str
    town: Town
    label: str  # what tells it from the municipality's other points; empty for the first
    area: PostalArea
    lat: float
    lon: float
    known: KnownPoint | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """All places, in the order of the rule; ``five_day`` and ``video`` hold ids."""

    sites: tuple[Site, ...]
    five_day: frozenset[str]
    joint: tuple[Site, ...]
    video: frozenset[str]


def place(facts: Facts) -> Placement:
    """The places of 180 service points (56 of them open five weekdays) and 138 joint points."""
    sites = _service_sites(facts)
    five_day = _five_day(sites)
    joint = _joint_sites(facts, sites, five_day)
    return Placement(sites, five_day, joint, _video(joint, sites, five_day))


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula on a sphere of 6,371 km."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = (
        math.sin((p2 - p1) / 2) ** 2
        + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(a))


def slug(name: str) -> str:
    """``name`` as an id: small ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def plausible_towns(facts: Facts) -> tuple[Town, ...]:
    """Municipalities that plausibly had an own point in June 2018, most populous first."""
    ranked = _ranked(facts)
    told = {r.municipality: r.own_point for r in facts.reports}
    told.update({k.municipality: True for k in facts.known})
    able = [t for t in ranked if told.get(t.code, True) and _served_here(t)]
    chosen = [t for t in able if t.code in told or (t.population or 0) >= PLAUSIBLE_POPULATION]
    for town in able:
        if town not in chosen and (town.population or 0) >= REMOTE_POPULATION:
            away = min(distance_km(town.lat, town.lon, c.lat, c.lon) for c in chosen)
            if away > REMOTE_KM:
                chosen.append(town)
    return tuple(t for t in ranked if t in chosen)


def _ranked(facts: Facts) -> list[Town]:
    """Municipalities with residents, most populous first; merged ones have none of their own."""
    towns = [t for t in facts.towns if t.population is not None]
    return sorted(towns, key=lambda t: (-(t.population or 0), t.code))


def _served_here(town: Town) -> bool:
    return town.region_code != ALAND_REGION or town.code == ALAND_WITH_POINT


def _service_sites(facts: Facts) -> tuple[Site, ...]:
    """First points of every plausible municipality, then known second ones, then extra ones."""
    reports = {r.municipality: r for r in facts.reports if r.own_point}
    known_first = {
        k.municipality: k for k in facts.known if k.name == facts.town[k.municipality].name_fi
    }
    sites = []
    for town in plausible_towns(facts):
        known = known_first.get(town.code)
        site = (
            _known_site(facts, known) if known else _first_site(facts, town, reports.get(town.code))
        )
        sites.append(site)
    sites += [_known_site(facts, k) for k in facts.known if k not in known_first.values()]
    while len(sites) < SERVICE_POINTS:
        sites.append(_extra_site(facts, sites))
    return tuple(sites)


def _areas_of(facts: Facts, town: Town) -> list[PostalArea]:
    return [a for a in facts.areas if a.municipality == town.code]


def _first_site(facts: Facts, town: Town, report: Report | None = None) -> Site:
    """At the central locality, with the postal code of the nearest area that has residents."""
    area = min(
        (a for a in _areas_of(facts, town) if a.residents),
        key=lambda a: (distance_km(town.lat, town.lon, a.lat, a.lon), a.code),
    )
    return Site(slug(town.name_fi), town, "", area, town.lat, town.lon, report=report)


def _known_site(facts: Facts, known: KnownPoint) -> Site:
    town = facts.town[known.municipality]
    area = next(a for a in facts.areas if a.code == known.postal_code)
    label = "" if known.name == town.name_fi else known.name
    return Site(slug(known.name), town, label, area, known.lat, known.lon, known=known)


def _extra_site(facts: Facts, sites: list[Site]) -> Site:
    """The next point of the municipality with most residents per point.

    It goes to the postal area with the greatest residents × distance to the municipality's
    nearest point: populous and spread apart.
    """
    points = Counter(s.town.code for s in sites)
    town = max(
        (facts.town[code] for code in points),
        key=lambda t: ((t.population or 0) / points[t.code], t.code),
    )
    own = [s for s in sites if s.town.code == town.code]

    def worth(area: PostalArea) -> tuple[float, str]:
        nearest = min(distance_km(area.lat, area.lon, s.lat, s.lon) for s in own)
        return area.residents * nearest, area.code

    area = max(_areas_of(facts, town), key=worth)
    return Site(f"{slug(town.name_fi)}-{area.code}", town, area.code, area, area.lat, area.lon)


def _five_day(sites: tuple[Site, ...]) -> frozenset[str]:
    """The largest first point of every region, then the points with most residents per point.

    Points of which news tells that they were not open every weekday are not among them.
    """
    points = Counter(s.town.code for s in sites)
    free = [s for s in sites if s.known is None and s.report is None]
    order = sorted(free, key=lambda s: (-(s.town.population or 0) / points[s.town.code], s.id))
    first_of_region: dict[str, Site] = {}
    for site in free:
        first_of_region.setdefault(site.town.region_code, site)
    chosen = [s.id for s in first_of_region.values()]
    chosen += [s.id for s in order if s.id not in chosen]
    return frozenset(chosen[:FIVE_DAY_POINTS])


def _joint_sites(
    facts: Facts, sites: tuple[Site, ...], five_day: frozenset[str]
) -> tuple[Site, ...]:
    """Municipalities without an own point first (most populous first), then those whose own
    points are open fewer than five weekdays (least populous first)."""
    own = {s.town.code for s in sites}
    every_day = {s.town.code for s in sites if s.id in five_day}
    towns = [t for t in _ranked(facts) if _served_here(t)]
    without = [t for t in towns if t.code not in own]
    part_time = [t for t in reversed(towns) if t.code in own - every_day]
    chosen = (without[: JOINT_POINTS - JOINT_BESIDE_OWN] + part_time)[:JOINT_POINTS]
    firsts = [_first_site(facts, t) for t in chosen]
    return tuple(Site(f"{s.id}-joint", s.town, "", s.area, s.lat, s.lon) for s in firsts)


def _video(
    joint: tuple[Site, ...], sites: tuple[Site, ...], five_day: frozenset[str]
) -> frozenset[str]:
    """Joint points with a video room: most residents × km to the nearest five-day point."""
    daily = [s for s in sites if s.id in five_day]

    def worth(site: Site) -> tuple[float, str]:
        away = min(distance_km(site.lat, site.lon, d.lat, d.lon) for d in daily)
        return -away * (site.town.population or 0), site.id

    return frozenset(s.id for s in sorted(joint, key=worth)[:VIDEO_MUNICIPALITIES])
