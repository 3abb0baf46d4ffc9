"""The register as PTV service-location channels, with our extension for what PTV lacks."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import override
from pyproj import Transformer

from palveluverkko.network.exchange.csv_format import clock
from palveluverkko.network.exchange.grouping import PointRows, by_point
from palveluverkko.network.exchange.json_source import EXTENSION, table_rows, write_document
from palveluverkko.network.exchange.ptv.hours import WEEKDAYS, hour_rows
from palveluverkko.network.exchange.ptv.read import WHOLE_TABLES, point_fields
from palveluverkko.network.exchange.ptv.shapes import Channel, ServiceHour
from palveluverkko.network.exchange.records import (
    ExceptionRecord,
    HoursRecord,
    MunicipalityRecord,
    PointRecord,
    RegisterBundle,
    ServiceRecord,
)
from palveluverkko.network.exchange.residue import Fields, json_row, residue, without_empty
from palveluverkko.network.exchange.seasons import dates_on
from palveluverkko.network.models import ModeChoices
from palveluverkko.snapshot.model import PointKind

LANGUAGES = ("fi", "sv", "en")
MAX_DESCRIPTION, MAX_STREET = 2500, 100
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "palveluverkko")
_TO_PLANE = Transformer.from_crs("EPSG:4326", "EPSG:3067", always_xy=True)
_NUMBERED = re.compile(r"(\D*\S) (\d\S*(?: \S{1,2}){0,2})")


def write(bundle: RegisterBundle, target: Path, on: date | None = None) -> None:
    """Writes a page of channels; ``on`` chooses which year's season is shown (default: today)."""
    channels = [channel(rows, bundle, on or date.today()) for rows in by_point(bundle)]
    document = {
        "pageNumber": 1,
        "pageSize": len(channels),
        "pageCount": 1,
        "itemList": channels,
        EXTENSION: table_rows(bundle, WHOLE_TABLES),
    }
    write_document(document, target)


def channel(rows: PointRows, bundle: RegisterBundle, on: date) -> Fields:
    """One ``ServiceLocation`` with its extension: what :func:`point_fields` does not read back."""
    services = {s.code: s for s in bundle.services}
    municipalities = {m.code: m for m in bundle.municipalities}
    document = _standard(rows, municipalities.get(rows.point.municipality))
    document["serviceHours"] = _hours(rows, None, on)
    document["services"] = [_connection(rows, code, services, on) for code in rows.services]
    read_back = point_fields(Channel.model_validate(document))
    extension: Fields = {"point": residue(json_row(rows.point), read_back)}
    extension["agreements"] = [_row(a, ("point",)) for a in rows.agreements]
    document[EXTENSION] = extension
    return document


def _standard(rows: PointRows, municipality: MunicipalityRecord | None) -> Fields:
    point = rows.point
    names = _localized({lang: getattr(point, f"name_{lang}") for lang in LANGUAGES}, "Name")
    notes = {lang: getattr(point, f"notes_{lang}")[:MAX_DESCRIPTION] for lang in LANGUAGES}
    return {
        "id": _id("channel", point.id),
        "sourceId": point.id,
        "serviceChannelType": "ServiceLocation",
        "serviceChannelNames": names,
        "serviceChannelDescriptions": _localized(notes, "Description"),
        "areaType": "LimitedType",
        "areaMunicipalities": [_municipality(point.municipality, municipality)],
        "languages": list(point.languages),
        "availableLanguages": [item["language"] for item in names],
        "phoneNumbers": _phones(point),
        "supportEmails": [{"language": "fi", "value": point.email}] if point.email else [],
        "addresses": [_address(point, municipality)],
        "isVisibleForAll": True,
        "publishingStatus": "Published",
    }


def _localized(texts: Mapping[str, str], kind: str | None = None) -> list[Fields]:
    return [
        {"language": language, "value": text, **({"type": kind} if kind else {})}
        for language, text in texts.items()
        if text
    ]


def _municipality(code: str, known: MunicipalityRecord | None) -> Fields:
    names = {"fi": known.name_fi, "sv": known.name_sv} if known else {}
    return {"code": code, "name": _localized(names)}


def _address(point: PointRecord, municipality: MunicipalityRecord | None) -> Fields:
    street, number = _street(point)
    north, east = _plane(point.lat, point.lon)
    sentences = [
        {"sentence": [{"language": "fi", "value": line}]}
        for line in point.accessibility.split("\n")
        if line
    ]
    group = {"sentenceGroup": [], "sentences": sentences}
    entrance = {"name": [], "isMainEntrance": True, "accessibilitySentences": [group]}
    return {
        "type": "Location",
        "subType": "Single",
        "country": "FI",
        "streetAddress": {
            "street": street,
            "streetNumber": number,
            "postalCode": point.postal_code,
            "postOffice": _localized({"fi": point.post_office}),
            "municipality": _municipality(point.municipality, municipality),
            "latitude": north,
            "longitude": east,
            "coordinateState": "EnteredByUser",
        },
        "entrances": [entrance] if sentences else [],
    }


def _street(point: PointRecord) -> tuple[list[Fields], str | None]:
    """Street by language and the house number, where all languages have the same one."""
    whole = {
        lang: text
        for lang, text in (("fi", point.street_address_fi), ("sv", point.street_address_sv))
        if text
    }
    parts = {lang: _NUMBERED.fullmatch(text) for lang, text in whole.items()}
    numbers = {found[2] if found else None for found in parts.values()}
    if len(numbers) == 1 and (number := next(iter(numbers))):
        whole = {lang: found[1] for lang, found in parts.items() if found}
        return _localized({k: v[:MAX_STREET] for k, v in whole.items()}), number
    return _localized({k: v[:MAX_STREET] for k, v in whole.items()}), None


@lru_cache(maxsize=4096)
def _plane(lat: float, lon: float) -> tuple[str | None, str | None]:
    """ETRS-TM35FIN northing and easting as PTV writes them; nothing far outside its plane."""
    east, north = _TO_PLANE.transform(lon, lat)
    if not (abs(east) < 1e8 and abs(north) < 1e8):
        return None, None
    return f"{north:.3f}", f"{east:.3f}"


def _phones(point: PointRecord) -> list[Fields]:
    if not point.phone:
        return []
    prefix, separator, rest = point.phone.partition(" ")
    own = {"type": "Phone", "language": "fi"}
    if separator and prefix.startswith("+"):
        numbered = {"prefixNumber": prefix, "number": rest, "isFinnishServiceNumber": False}
        return [{**own, **numbered}]
    return [{**own, "prefixNumber": None, "number": point.phone, "isFinnishServiceNumber": True}]


def _connection(
    rows: PointRows, code: str, services: Mapping[str, ServiceRecord], on: date
) -> Fields:
    service = services.get(code)
    offers = [_row(o, ("point", "service")) for o in rows.offers if o.service == code]
    return {
        "service": {"id": _id("service", code), "name": service.name_fi if service else code},
        "serviceHours": _hours(rows, code, on),
        "isASTIConnection": rows.point.kind == PointKind.JOINT_SERVICE_POINT,
        EXTENSION: {"code": code, "offers": offers},
    }


def _row(record: Any, without: Iterable[str]) -> Fields:
    return {k: v for k, v in without_empty(json_row(record)).items() if k not in without}


def _hours(rows: PointRows, service: str | None, on: date) -> list[Fields]:
    until = rows.point.valid_until
    entries = [_remembered(_weekly(group, on, until), group[0]) for group in rows.weekly(service)]
    entries += [_remembered(_exceptional(row), row) for row in rows.special(service)]
    for number, entry in enumerate(entries):
        entry["orderNumber"] = number
    return entries


def _remembered(entry: Fields, record: HoursRecord | ExceptionRecord) -> Fields:
    """The entry with an extension for what reading it alone gets wrong."""
    (read_back, *_) = hour_rows(ServiceHour.model_validate(entry), record.service, "")
    held = json_row(record)
    kept = residue(
        {name: held[name] for name in held if name != "point"},
        read_back.fields,
    )
    return {**entry, EXTENSION: kept} if kept else entry


def _weekly(group: list[HoursRecord], on: date, point_until: date | None) -> Fields:
    row = group[0]
    first, last = dates_on(row, on, point_until)
    information = _mode_names(row.mode) if row.mode not in ("", ModeChoices.APPOINTMENT) else []
    return {
        "serviceHourType": "OverMidnight" if row.overnight else "DaysOfTheWeek",
        **_dates(first, last),
        "isClosed": False,
        "isAlwaysOpen": False,
        "isReservation": row.mode == ModeChoices.APPOINTMENT,
        "additionalInformation": information,
        "openingHour": [
            {
                "dayFrom": WEEKDAYS[r.weekday],
                "dayTo": WEEKDAYS[(r.weekday + 1) % 7] if r.overnight else None,
                "from": clock(r.opens),
                "to": clock(r.closes),
                "order": order,
            }
            for order, r in enumerate(group)
        ],
    }


def _mode_names(mode: str) -> list[Fields]:
    """The mode in words, for readers of the standard part."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(ModeChoices(mode).label)
    return _localized(found)


def _exceptional(row: ExceptionRecord) -> Fields:
    opening = []
    if row.opens is not None and row.closes is not None:
        opening = [{"from": clock(row.opens), "to": clock(row.closes), "order": 0}]
    reasons = {"fi": row.reason_fi, "sv": row.reason_sv, "en": row.reason_en}
    return {
        "serviceHourType": "Exceptional",
        **_dates(row.first, row.last),
        "isClosed": row.closed,
        "isAlwaysOpen": False,
        "isReservation": row.mode == ModeChoices.APPOINTMENT,
        "additionalInformation": _localized(reasons),
        "openingHour": opening,
    }


def _dates(first: date | None, last: date | None) -> Fields:
    return {
        "validFrom": f"{first.isoformat()}T00:00:00" if first else None,
        "validTo": f"{last.isoformat()}T00:00:00" if last else None,
        "validForNow": first is None and last is None,
    }


def _id(kind: str, key: str) -> str:
    return str(uuid.uuid5(_IDS, f"{kind}:{key}"))
