"""Rules across rows and against the register: keys, references, positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from palveluverkko.network.boundaries import boundary_distance_km, distance_km
from palveluverkko.network.exchange.agency_rules import check_agencies
from palveluverkko.network.exchange.collecting import Collector, Located
from palveluverkko.network.exchange.records import AreaRecord, MunicipalityRecord, PointRecord
from palveluverkko.network.exchange.tables import TABLES

MAX_OUTSIDE_KM = 20.0
MAX_FROM_LOCALITY_KM = 60.0

_UNKNOWN = {
    "municipalities": "unknown_municipality",
    "services": "unknown_service",
    "points": "unknown_point",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already and keeps: codes by table, and the municipalities."""

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    municipalities: tuple[MunicipalityRecord, ...] = ()


def check(found: Collector, known: Known) -> None:
    """Adds to ``found.errors`` every rule that rows break together or against the register.

    A municipality named instead of coded is replaced with its code, where one has that name.
    """
    municipalities = {m.code: m for m in known.municipalities}
    municipalities |= {m.code: m for m in _municipalities(found)}
    _resolve_names(found, municipalities.values())
    _check_keys(found)
    check_agencies(found)
    for name in TABLES:
        _check_references(found, name, known)
    _check_positions(found, municipalities)


def check_alone(found: Collector) -> None:
    """The rules that need nothing but the source: keys that repeat, positions that are far off."""
    _check_keys(found)
    _check_positions(found, {m.code: m for m in _municipalities(found)})


def _municipalities(found: Collector) -> Iterable[MunicipalityRecord]:
    return (r for r in found.records("municipalities") if isinstance(r, MunicipalityRecord))


def _resolve_names(found: Collector, municipalities: Iterable[MunicipalityRecord]) -> None:
    known = tuple(municipalities)
    codes = {m.code for m in known}
    names = {n.casefold(): m.code for m in known for n in (m.name_fi, m.name_sv, m.name_en) if n}
    for table in ("points", "areas"):
        for i, located in enumerate(found.rows[table]):
            record = located.record
            assert isinstance(record, PointRecord | AreaRecord)
            named = record.municipality
            if named not in codes and (code := names.get(named.casefold())):
                record = replace(record, municipality=code)
                found.rows[table][i] = Located(record, located.place)


def _check_keys(found: Collector) -> None:
    for name, table in TABLES.items():
        first: dict[tuple[object, ...], Located] = {}
        for located in found.rows[name]:
            key = table.key_of(located.record)
            earlier = first.setdefault(key, located)
            if earlier is not located:
                column = table.key[0]
                value = getattr(located.record, column)
                row = earlier.place.row
                found.errors.add(located.place, column, value, "duplicate", row=row)


def _check_references(found: Collector, name: str, known: Known) -> None:
    for column, target in TABLES[name].references:
        there = known.codes.get(target, frozenset()) | found.mentioned[target]
        for located in found.rows[name]:
            value = getattr(located.record, column)
            if value is not None and value not in there:
                found.errors.add(located.place, column, value, _UNKNOWN[target])


def _check_positions(found: Collector, municipalities: Mapping[str, MunicipalityRecord]) -> None:
    for located in found.rows["points"]:
        _check_position(found, located, municipalities)


def _check_position(
    found: Collector, located: Located, municipalities: Mapping[str, MunicipalityRecord]
) -> None:
    point = located.record
    assert isinstance(point, PointRecord)
    place = municipalities.get(point.municipality)
    named = place.name_fi if place else point.municipality
    distance, rule, limit = boundary_distance_km(point.municipality, point.lat, point.lon), "", 0.0
    if distance is not None:
        rule, limit = "outside_municipality", MAX_OUTSIDE_KM
    elif place is not None and place.lat is not None and place.lon is not None:
        distance = distance_km(point.lat, point.lon, place.lat, place.lon)
        rule, limit = "far_from_locality", MAX_FROM_LOCALITY_KM
    if distance is not None and distance > limit:
        found.errors.add(
            located.place,
            "lat",
            f"{point.lat}, {point.lon}",
            rule,
            distance=f"{distance:.0f}",
            municipality=named,
            limit=f"{limit:.0f}",
        )
