"""The register as HSDS 3 organizations, with attributes for what HSDS lacks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import langcodes

from palveluverkko.network.exchange.csv_format import clock
from palveluverkko.network.exchange.grouping import PointRows, by_point
from palveluverkko.network.exchange.hsds.read import SCHEME, WHOLE_TABLES, location_fields
from palveluverkko.network.exchange.hsds.schedules import DAYS, schedule_rows
from palveluverkko.network.exchange.hsds.shapes import Location, Schedule
from palveluverkko.network.exchange.json_source import EXTENSION, table_rows, write_document
from palveluverkko.network.exchange.records import (
    AgencyRecord,
    ExceptionRecord,
    HoursRecord,
    PointRecord,
    RegisterBundle,
)
from palveluverkko.network.exchange.residue import Fields, json_row, residue, without_empty
from palveluverkko.network.exchange.seasons import dates_on

_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "palveluverkko:hsds")


def write(bundle: RegisterBundle, target: Path, on: date | None = None) -> None:
    """Writes a list of organizations: the agency with all locations, and any other agencies.

    ``on`` chooses which year's season is shown (default: today).
    """
    day = on or date.today()
    points = by_point(bundle)
    first, *others = bundle.agencies or (None,)
    main = _organization(first)
    main["locations"] = [_location(rows, bundle, day) for rows in points]
    main["services"] = _services(bundle, points, day)
    main["attributes"] = [
        attribute(main["id"], "organization", rows, f"{EXTENSION}.{name}")
        for name, rows in table_rows(bundle, WHOLE_TABLES).items()
    ]
    write_document([main, *(_organization(agency) for agency in others)], target)


def attribute(link: str, entity: str, value: object, label: str = EXTENSION) -> Fields:
    """An HSDS attribute whose value is JSON text."""
    return {
        "id": _id("attribute", f"{link}:{label}"),
        "link_id": link,
        "link_entity": entity,
        "label": label,
        "value": json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False),
    }


def _organization(agency: AgencyRecord | None) -> Fields:
    key = agency.code if agency else ""
    name = agency.name_fi if agency else SCHEME
    identifier = {
        "id": _id("identifier", key),
        "identifier_scheme": SCHEME,
        "identifier_type": "Agency code",
        "identifier": key,
    }
    return {
        "id": _id("organization", key),
        "name": name,
        "description": name,
        "organization_identifiers": [identifier] if agency else [],
    }


def _location(rows: PointRows, bundle: RegisterBundle, on: date) -> Fields:
    point = rows.point
    key = _id("location", point.id)
    names = {m.code: m.name_fi for m in bundle.municipalities}
    agency = bundle.agencies[0] if bundle.agencies else None
    document = _standard(point, key, names.get(point.municipality, ""), agency)
    document["schedules"] = _schedules(rows, None, key, on)
    extension: Fields = {
        "point": residue(json_row(point), location_fields(Location.model_validate(document)))
    }
    extension["agreements"] = [_row(a, ("point",)) for a in rows.agreements]
    document["attributes"] = [attribute(key, "location", extension)]
    return without_empty(document)


def _standard(
    point: PointRecord, key: str, municipality: str, agency: AgencyRecord | None
) -> Fields:
    address = {
        "id": _id("address", point.id),
        "address_1": point.street_address_fi,
        "city": point.post_office or municipality,
        "region": municipality,
        "state_province": "",
        "postal_code": point.postal_code,
        "country": agency.country if agency else "FI",
        "address_type": "physical",
    }
    return {
        "id": key,
        "location_type": "physical",
        "name": point.name_fi,
        "alternate_name": point.name_sv or None,
        "description": point.notes_fi or None,
        "latitude": point.lat,
        "longitude": point.lon,
        "external_identifier": point.id,
        "external_identifier_type": SCHEME,
        "addresses": [address],
        "languages": [_language(point.id, code) for code in point.languages],
        "phones": _listed(point.phone, "number", _id("phone", point.id)),
        "contacts": _listed(point.email, "email", _id("contact", point.id)),
        "accessibility": _listed(point.accessibility, "description", _id("access", point.id)),
    }


def _listed(value: str, name: str, key: str) -> list[Fields]:
    return [{"id": key, name: value}] if value else []


def _language(point: str, code: str) -> Fields:
    return {
        "id": _id("language", f"{point}:{code}"),
        "name": langcodes.Language.get(code).to_tag(),
        "code": code,
    }


def _services(bundle: RegisterBundle, points: Iterable[PointRows], on: date) -> list[Fields]:
    names = {s.code: s.name_fi for s in bundle.services}
    named = [*names, *(code for rows in points for code in rows.services)]
    return [_service(code, names.get(code, code), points, on) for code in dict.fromkeys(named)]


def _service(code: str, name: str, points: Iterable[PointRows], on: date) -> Fields:
    key = _id("service", code)
    return {
        "id": key,
        "name": name,
        "status": "active",
        "service_at_locations": [_link(rows, code, on) for rows in points if code in rows.services],
        "attributes": [attribute(key, "service", code)],
    }


def _link(rows: PointRows, code: str, on: date) -> Fields:
    key = _id("service_at_location", f"{rows.point.id}:{code}")
    offers = [_row(o, ("point", "service")) for o in rows.offers if o.service == code]
    return {
        "id": key,
        "location": {
            "id": _id("location", rows.point.id),
            "location_type": "physical",
            "name": rows.point.name_fi,
        },
        "schedules": _schedules(rows, code, key, on),
        "attributes": [attribute(key, "service_at_location", {"offers": offers})],
    }


def _row(record: Any, without: Iterable[str]) -> Fields:
    return {k: v for k, v in without_empty(json_row(record)).items() if k not in without}


def _schedules(rows: PointRows, service: str | None, key: str, on: date) -> list[Fields]:
    until = rows.point.valid_until
    drafts: list[tuple[Fields, HoursRecord | ExceptionRecord]] = [
        (part, group[0])
        for whole in rows.weekly(service)
        for group in _same_times(whole)
        for part in [_weekly(group, on, until)]
    ]
    drafts += [(_special(row), row) for row in rows.special(service)]
    return [
        _remembered({"id": _id("schedule", f"{key}:{i}"), **draft}, record)
        for i, (draft, record) in enumerate(drafts)
    ]


def _same_times(rows: list[HoursRecord]) -> list[list[HoursRecord]]:
    """Weekly rows of one group split so that each part has one pair of times."""
    parts: dict[tuple[Any, Any], list[HoursRecord]] = {}
    for row in rows:
        parts.setdefault((row.opens, row.closes), []).append(row)
    return list(parts.values())


def _weekly(group: list[HoursRecord], on: date, point_until: date | None) -> Fields:
    row = group[0]
    first, last = dates_on(row, on, point_until)
    return without_empty(
        {
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[r.weekday] for r in group),
            "wkst": "MO",
            "valid_from": first.isoformat() if first else None,
            "valid_to": last.isoformat() if last else None,
            "opens_at": clock(row.opens),
            "closes_at": clock(row.closes),
            "attending_type": row.mode or None,
        }
    )


def _special(row: ExceptionRecord) -> Fields:
    return without_empty(
        {
            "dtstart": row.first.isoformat(),
            "until": row.last.isoformat(),
            "opens_at": clock(row.opens) if row.opens else None,
            "closes_at": clock(row.closes) if row.closes else None,
            "description": row.reason_fi or None,
            "attending_type": row.mode or None,
        }
    )


def _remembered(schedule: Mapping[str, Any], record: HoursRecord | ExceptionRecord) -> Fields:
    """The schedule with an attribute for what reading it alone gets wrong."""
    (_, fields), *_ = schedule_rows(Schedule.model_validate(schedule), record.service)
    held = {name: value for name, value in json_row(record).items() if name != "point"}
    kept = residue(held, fields)
    if not kept:
        return dict(schedule)
    return {**schedule, "attributes": [attribute(schedule["id"], "schedule", kept)]}


def _id(kind: str, key: str) -> str:
    return str(uuid.uuid5(_IDS, f"{kind}:{key}"))
