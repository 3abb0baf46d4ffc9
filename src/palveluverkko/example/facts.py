"""The public facts in ``data/`` as plain records; the only reader of those files."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

BOUNDARIES = "municipality_boundaries_2020.topo.json"
POPULATION_YEAR = 2018

_LANGUAGE = {
    "Monolingual Finnish-speaking municipality": "fi",
    "Monolingual Swedish-speaking municipality": "sv",
    "Bilingual municipality with Finnish-speaking majority": "bilingual_fi",
    "Bilingual municipality with Swedish-speaking majority": "bilingual_sv",
}
_URBANITY = {
    "Urban municipalities": "urban",
    "Semi-urban municipalities": "semi_urban",
    "Rural municipalities": "rural",
}


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality. ``population`` is None where ``merged_into`` holds the residents."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    region_code: str
    region_fi: str
    region_sv: str
    language_status: str
    urbanity: str
    population: int | None
    lat: float
    lon: float
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class PostalArea:
    """A postal area with its residents scaled to :data:`POPULATION_YEAR`."""

    code: str
    post_office: str
    municipality: str
    residents: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A service point of June 2018 that news names, with what was reported about it.

    ``weekdays`` and ``since`` are None, and ``by_appointment_only`` False, where unreported.
    """

    name: str
    municipality: str
    postal_code: str
    lat: float
    lon: float
    weekdays: tuple[int, ...] | None
    by_appointment_only: bool
    since: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """News on whether a municipality had an own point in June 2018, and its demand if told."""

    municipality: str
    own_point: bool
    weekdays: tuple[int, ...] | None
    visits_per_week: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts. ``towns`` and ``areas`` are sorted by code, the others as in their files."""

    towns: tuple[Town, ...]
    areas: tuple[PostalArea, ...]
    known: tuple[KnownPoint, ...]
    reports: tuple[Report, ...]

    @property
    def town(self) -> dict[str, Town]:
        return {t.code: t for t in self.towns}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("palveluverkko.example").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _weekdays(text: str) -> tuple[int, ...] | None:
    return tuple(int(d) for d in text.split(";")) if text else None


def _towns() -> Iterator[Town]:
    for row in _rows("municipalities.csv"):
        yield Town(
            code=row["code"],
            name_fi=row["name_fi"],
            name_sv=row["name_sv"],
            name_en=row["name_en"],
            region_code=row["region_code"],
            region_fi=row["region_fi"],
            region_sv=row["region_sv"],
            language_status=_LANGUAGE[row["language_en"]],
            urbanity=_URBANITY[row["urbanity_en"]],
            population=int(row["population_2018"]) if row["population_2018"] else None,
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            merged_into=row["merged_into"] or None,
        )


def _areas() -> Iterator[PostalArea]:
    """Postal areas that have a position, residents still those of 2022."""
    for row in _rows("postal_areas.csv"):
        if row["lat"] and row["municipality_code"]:
            yield PostalArea(
                code=row["postal_code"],
                post_office=row["name"],
                municipality=row["municipality_code"],
                residents=int(row["population_2022"]),
                lat=float(row["lat"]),
                lon=float(row["lon"]),
            )


def _scaled(areas: list[PostalArea], total: int) -> Iterator[PostalArea]:
    """One municipality's areas, their residents scaled to ``total`` by largest remainders."""
    before = sum(a.residents for a in areas)
    exact = [a.residents * total / before for a in areas]
    whole = [int(x) for x in exact]
    by_remainder = sorted(range(len(areas)), key=lambda i: (whole[i] - exact[i], areas[i].code))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    for area, residents in zip(areas, whole, strict=True):
        yield replace(area, residents=residents)


def _known() -> Iterator[KnownPoint]:
    for row in _rows("known_points_2018.csv"):
        yield KnownPoint(
            name=row["name"],
            municipality=row["municipality_code"],
            postal_code=row["postal_code"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            weekdays=_weekdays(row["weekdays"]),
            by_appointment_only=row["by_appointment_only"] == "yes",
            since=date.fromisoformat(row["since"]) if row["since"] else None,
            source=row["source"],
        )


def _reports() -> Iterator[Report]:
    for row in _rows("other_reports_2018.csv"):
        visits = row["visits_per_week"]
        yield Report(
            municipality=row["municipality_code"],
            own_point=row["own_point"] == "yes",
            weekdays=_weekdays(row["weekdays"]),
            visits_per_week=float(visits) if visits else None,
            source=row["source"],
        )


@cache
def read_facts() -> Facts:
    """The facts as records, residents by postal area scaled from 2022 to 2018 by municipality.

    The residents of a municipality's areas add up to its population of 2018, so those at unknown
    addresses are spread over its areas; areas without a position are left out.
    """
    towns = sorted(_towns(), key=lambda t: t.code)
    by_town: dict[str, list[PostalArea]] = defaultdict(list)
    for area in _areas():
        by_town[area.municipality].append(area)
    areas = [
        scaled
        for town in towns
        if town.population is not None
        for scaled in _scaled(by_town[town.code], town.population)
    ]
    return Facts(
        towns=tuple(towns),
        areas=tuple(sorted(areas, key=lambda a: a.code)),
        known=tuple(_known()),
        reports=tuple(_reports()),
    )


def read_measures() -> dict[tuple[str, int], float]:
    """``facts.csv``: figure by measure and year."""
    return {(r["measure"], int(r["year"])): float(r["value"]) for r in _rows("facts.csv")}


def boundaries() -> dict[str, Any]:
    """The municipalities' boundaries of 2020 as TopoJSON, object ``munis``, ids as codes."""
    path = files("palveluverkko.example").joinpath("data", BOUNDARIES)
    topology: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return topology
