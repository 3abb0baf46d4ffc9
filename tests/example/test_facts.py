"""The public facts as they are shipped: residents, sources, and words that are not there."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from palveluverkko.example.build import build_network
from palveluverkko.example.facts import boundaries, read_facts, read_measures

OFFICIAL_POPULATION = 5_517_919


def test_residents_of_postal_areas_add_up_to_each_municipality_and_the_country() -> None:
    facts = read_facts()
    residents = Counter[str]()
    for area in facts.areas:
        residents[area.municipality] += area.residents
    assert residents.total() == OFFICIAL_POPULATION
    for town in facts.towns:
        assert residents[town.code] == (town.population or 0), town.name_fi


def test_scaling_keeps_shares_within_one_person() -> None:
    helsinki = [a for a in read_facts().areas if a.municipality == "091"]
    kamppi = next(a for a in helsinki if a.code == "00100")
    assert kamppi.residents == pytest.approx(18_030 * 648_042 / 658_457, rel=0.02)


def test_merged_municipalities_point_at_one_that_has_their_residents() -> None:
    towns = read_facts().town
    merged = [t for t in towns.values() if t.population is None]
    assert {t.name_fi for t in merged} == {"Honkajoki", "Valtimo"}
    assert all(t.merged_into and towns[t.merged_into].population for t in merged)


def test_every_municipality_with_residents_has_a_boundary() -> None:
    ids = {g["properties"]["id"] for g in boundaries()["objects"]["munis"]["geometries"]}
    assert {t.code for t in read_facts().towns if t.population} <= ids


@pytest.mark.parametrize("word", ["clos", "sulje", "lakkau"])
def test_no_fact_says_what_becomes_of_a_point(word: str) -> None:
    for path in files("palveluverkko.example").joinpath("data").iterdir():
        assert word not in path.read_text(encoding="utf-8").lower(), path.name


def test_reported_points_carry_their_source() -> None:
    facts = read_facts()
    assert len(facts.known) == 13
    assert all(k.source for k in facts.known)
    named = {k.name for k in facts.known}
    points = [p for p in build_network().points if p.name_fi in named]
    assert all("2018" in p.source for p in points)


def test_counts_of_the_facts_are_those_of_the_network() -> None:
    measures = read_measures()
    assert measures[("service points", 2018)] == 180
    assert measures[("service points open every weekday", 2018)] == 56
    assert measures[("service points open 1-4 days a week", 2018)] == 124
    assert measures[("joint service points with the agency present", 2018)] == 138
