"""The rule of placement: known counts and names, every plausible municipality before any second."""

from __future__ import annotations

from collections import Counter

import pytest
from pyproj import Geod

from palveluverkko.example.build import build_network
from palveluverkko.example.facts import Facts, read_facts
from palveluverkko.example.placement import (
    Placement,
    distance_km,
    place,
    plausible_towns,
    slug,
)
from palveluverkko.network.boundaries import boundary_distance_km
from palveluverkko.snapshot.model import PointKind


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts()


@pytest.fixture(scope="module")
def placement(facts: Facts) -> Placement:
    return place(facts)


def test_the_network_has_the_reported_counts() -> None:
    points = build_network().points
    own = [p for p in points if p.kind is PointKind.SERVICE_POINT]
    joint = [p for p in points if p.kind is PointKind.JOINT_SERVICE_POINT]
    days = Counter(len(p.eras[-1].weekdays) for p in own)
    assert len(own) == 180
    assert days[5] == 56
    assert days[1] + days[2] + days[3] + days[4] == 124
    assert len(joint) == 138
    video = {p.municipality for p in joint if p.agreements[-1].video_room}
    assert len(video) == 60


def test_the_thirteen_reported_points_are_among_the_part_time_ones(facts: Facts) -> None:
    part_time = {
        (p.name_fi, p.municipality, p.postal_code): p
        for p in build_network().points
        if p.kind is PointKind.SERVICE_POINT and len(p.eras[-1].weekdays) < 5
    }
    reported = {(k.name, k.municipality, k.postal_code): k for k in facts.known}
    assert len(reported) == 13
    assert reported.keys() <= part_time.keys()
    for key, known in reported.items():
        point = part_time[key]
        assert (point.lat, point.lon) == (known.lat, known.lon)
        assert "location_choice" not in point.synthetic


def test_ids_are_unique_and_readable() -> None:
    ids = [p.id for p in build_network().points]
    assert len(set(ids)) == len(ids) == 318
    assert {"helsinki", "helsinki-00940", "joutsa", "joutsa-joint"} <= set(ids)
    assert slug("Jämijärvi – Åbo") == "jamijarvi-abo"


def test_every_plausible_municipality_has_a_point_before_any_has_a_second(
    facts: Facts, placement: Placement
) -> None:
    plausible = [t.code for t in plausible_towns(facts)]
    firsts = [s.town.code for s in placement.sites[: len(plausible)]]
    assert firsts == plausible
    assert len(set(firsts)) == len(firsts)
    assert {s.town.code for s in placement.sites} == set(plausible)


def test_a_plausible_municipality_is_reported_large_or_remote(facts: Facts) -> None:
    told = {r.municipality: r.own_point for r in facts.reports}
    told |= {k.municipality: True for k in facts.known}
    plausible = {t.code for t in plausible_towns(facts)}
    for town in facts.towns:
        if told.get(town.code) is not None:
            assert (town.code in plausible) == told[town.code], town.name_fi
        elif town.code in plausible:
            others = [t for t in facts.towns if t.code in plausible - {town.code}]
            near = min(distance_km(town.lat, town.lon, t.lat, t.lon) for t in others)
            assert (town.population or 0) >= 7_000 or near > 55, town.name_fi
        elif (town.population or 0) >= 7_000:
            pytest.fail(f"{town.name_fi} was left out")


def test_large_cities_have_several_points_in_proportion(placement: Placement) -> None:
    points = Counter(s.town.name_fi for s in placement.sites)
    assert points["Helsinki"] >= 6
    assert points["Helsinki"] > points["Espoo"] >= points["Oulu"] >= 2
    assert points["Kuopio"] >= 2
    assert points["Joensuu"] >= 2


def test_the_order_of_points_of_a_city_follows_the_rule_of_residents_times_distance(
    facts: Facts, placement: Placement
) -> None:
    """Brute force over the postal areas of the capital, one extra point after the other."""
    own = [s for s in placement.sites if s.town.code == "091"]
    areas = [a for a in facts.areas if a.municipality == "091"]
    for i in range(1, len(own)):
        worth = {
            a.code: a.residents * min(distance_km(a.lat, a.lon, s.lat, s.lon) for s in own[:i])
            for a in areas
        }
        assert own[i].area.code == max(worth, key=lambda code: worth[code])


def test_merged_municipalities_and_aland_outside_mariehamn_have_no_point(
    placement: Placement,
) -> None:
    codes = {s.town.code for s in placement.sites + placement.joint}
    assert not codes & {"099", "911"}
    assert {s.town.code for s in placement.sites if s.town.region_code == "21"} == {"478"}
    assert not [s for s in placement.joint if s.town.region_code == "21"]


def test_joint_points_are_first_where_there_is_no_own_point(placement: Placement) -> None:
    own = {s.town.code for s in placement.sites}
    every_day = {s.town.code for s in placement.sites if s.id in placement.five_day}
    beside = [s for s in placement.joint if s.town.code in own]
    assert len(beside) == 30
    assert not [s for s in beside if s.town.code in every_day]
    assert len({s.town.code for s in placement.joint}) == 138


def test_every_region_has_a_point_open_five_weekdays(facts: Facts, placement: Placement) -> None:
    regions = {s.town.region_code for s in placement.sites if s.id in placement.five_day}
    assert regions == {t.region_code for t in facts.towns}


def test_every_position_is_in_its_municipality_within_20_km() -> None:
    for point in build_network().points:
        away = boundary_distance_km(point.municipality, point.lat, point.lon)
        assert away is not None
        assert away < 20, point.id


def test_distance_agrees_with_the_geodesic() -> None:
    metres = Geod(ellps="WGS84").inv(24.95, 60.17, 25.47, 65.01)[2]
    assert distance_km(60.17, 24.95, 65.01, 25.47) == pytest.approx(metres / 1000, rel=0.005)
