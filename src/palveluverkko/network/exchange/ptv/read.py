"""PTV service-location channels to rows of the register, ours or anybody's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from pyproj import Transformer

from palveluverkko.network.exchange.collecting import Collector, Place
from palveluverkko.network.exchange.json_source import (
    EXTENSION,
    add_rows,
    documents,
    read_tables,
    shaped,
)
from palveluverkko.network.exchange.ptv.hours import hour_rows
from palveluverkko.network.exchange.ptv.shapes import (
    AddressLocation,
    Channel,
    Connection,
    LanguageItem,
    ServiceHour,
    StreetAddress,
)
from palveluverkko.network.exchange.residue import Fields, restored, without_empty
from palveluverkko.network.exchange.sources import Progress
from palveluverkko.network.exchange.tables import TABLES

# What a channel has no place for: it stands beside the channels.
WHOLE_TABLES = ("agencies", "municipalities", "areas", "services", "channels")
_OWN_TABLES = ("points", "offers", "hours", "exceptions")
_GONE = ("Deleted", "Archived", "Withdrawn", "Removed")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}", re.ASCII)
# ETRS-TM35FIN to WGS 84; PTV's latitude is the northing, its longitude the easting.
_TO_DEGREES = Transformer.from_crs("EPSG:3067", "EPSG:4326", always_xy=True)
_DECIMALS = 6  # of a degree: a decimetre, PTV's own precision


def parse(source: Path, progress: Progress | None = None) -> Collector:
    """Reads every service location of the JSON documents; channels of other types are left out.

    A document is one channel, a list, or a page with ``itemList``.
    """
    found = Collector()
    for file, document in documents(source, found, progress):
        _read_document(file, document, found)
    return found


def _read_document(file: str, document: Any, found: Collector) -> None:
    extension = document.get(EXTENSION) if isinstance(document, dict) else None
    channels = document
    if isinstance(document, dict):
        channels = document.get("itemList", [document])
        # One channel alone carries an extension of its own, not of the document.
        extension = extension if "itemList" in document else None
    if not isinstance(channels, list):
        shape = _("a channel, a list of channels or a page with itemList")
        found.errors.add(Place(file, None), None, channels, "json_shape", expected=shape)
        return
    found.tables.update(_OWN_TABLES)
    read_tables(extension, WHOLE_TABLES, file, found)
    for index, raw in enumerate(channels):
        channel = shaped(Channel, raw, Place(file, index), found)
        if channel is not None and _is_location(channel):
            _read_channel(channel, file, index, found)


def _is_location(channel: Channel) -> bool:
    location = channel.serviceChannelType in (None, "ServiceLocation")
    return location and channel.publishingStatus not in _GONE


def _read_channel(channel: Channel, file: str, index: int, found: Collector) -> None:
    extension = channel.extension or {}
    fields = restored(point_fields(channel), extension.get("point"))
    place = Place(file, index, _point_paths(channel))
    found.add(TABLES["points"], without_empty(fields), place)
    point = fields["id"]
    if "agreements" in extension:
        found.tables.add("agreements")
        where = Place(file, index, prefix=f"{EXTENSION}.agreements")
        add_rows(extension["agreements"], "agreements", where, found, point=point)
    _add_hours(channel.serviceHours, None, point, Place(file, index), found)
    for i, connection in enumerate(channel.services or ()):
        where = Place(file, index, prefix=f"services[{i}].")
        _read_connection(channel, connection, point, where, found)


def _add_hours(
    hours: Iterable[ServiceHour] | None,
    service: str | None,
    point: str,
    place: Place,
    found: Collector,
) -> None:
    for i, hour in enumerate(hours or ()):
        for row in hour_rows(hour, service, f"{place.prefix}serviceHours[{i}]"):
            where = Place(place.file, place.row, row.paths, place.prefix)
            found.add(TABLES[row.table], {"point": point, **row.fields}, where)


def _read_connection(
    channel: Channel, connection: Connection, point: str, place: Place, found: Collector
) -> None:
    extension = connection.extension or {}
    code = extension.get("code") or _derived_service(connection, place, found)
    if "offers" in extension:
        where = Place(place.file, place.row, prefix=f"{place.prefix}{EXTENSION}.offers")
        add_rows(extension["offers"], "offers", where, found, point=point, service=code)
    else:
        for mode in _modes(channel, connection):
            offer = {"point": point, "service": code, "mode": mode}
            found.add(TABLES["offers"], offer, place)
    _add_hours(connection.serviceHours, code, point, place, found)


def _modes(channel: Channel, connection: Connection) -> list[str]:
    """By appointment if hours are by reservation, walk-in if some are not or none are known."""
    hours = connection.serviceHours or channel.serviceHours or ()
    modes = {"appointment" if h.isReservation else "walk_in" for h in hours if not h.isClosed}
    return sorted(modes) or ["walk_in"]


def _derived_service(connection: Connection, place: Place, found: Collector) -> str:
    """A service known by its name only: its code is made of the name."""
    service = connection.service
    name = ((service.name if service else None) or "").strip()
    code = (slugify(name) or ((service.id if service else None) or "").lower())[:60]
    if code and code not in found.mentioned["services"]:
        found.add(TABLES["services"], {"code": code, "name_fi": name or code}, place)
        found.derived_services.add(code)
    return code


def point_fields(channel: Channel) -> Fields:
    """The point as the standard part of the channel tells it, every field present."""
    where = _location(channel)
    address = (where.streetAddress or where.otherAddress if where else None) or StreetAddress()
    lat, lon = _degrees(address)
    names = _by_language(i for i in channel.serviceChannelNames or () if _is(i, "Name"))
    notes = _by_language(
        i for i in channel.serviceChannelDescriptions or () if _is(i, "Description")
    )
    streets = {k: _street(v, address) for k, v in _by_language(address.street or ()).items()}
    emails = _by_language(channel.supportEmails or ())
    offices = _by_language(address.postOffice or ())
    asti = any(c.isASTIConnection for c in channel.services or ())
    return {
        "id": _id(channel),
        "kind": "joint_service_point" if asti else "service_point",
        "name_fi": names.get("fi") or next(iter(names.values()), ""),
        "name_sv": names.get("sv", ""),
        "name_en": names.get("en", ""),
        "municipality": address.municipality.code if address.municipality else None,
        "street_address_fi": streets.get("fi", ""),
        "street_address_sv": streets.get("sv", ""),
        "postal_code": address.postalCode or "",
        "post_office": offices.get("fi") or next(iter(offices.values()), ""),
        "lat": lat,
        "lon": lon,
        "timezone": "",
        "languages": channel.languages or [],
        "phone": _phone(channel),
        "email": emails.get("fi") or next(iter(emails.values()), ""),
        "notes_fi": notes.get("fi", ""),
        "notes_sv": notes.get("sv", ""),
        "notes_en": notes.get("en", ""),
        "accessibility": _accessibility(where),
        "host": "",
        "valid_from": None,
        "valid_until": None,
        "synthetic": [],
        "source": "",
    }


def _id(channel: Channel) -> str:
    if channel.sourceId and _CODE.fullmatch(channel.sourceId):
        return channel.sourceId
    return (channel.id or channel.sourceId or "").lower()


def _is(item: LanguageItem, kind: str) -> bool:
    return item.type in (None, kind)


def _by_language(items: Iterable[LanguageItem]) -> dict[str, str]:
    return {item.language: item.value for item in items if item.value}


def _location(channel: Channel) -> AddressLocation | None:
    """The visiting address: the first of type Location that has a street or a position."""
    addresses = [a for a in channel.addresses or () if a.streetAddress or a.otherAddress]
    visiting = [a for a in addresses if a.type in (None, "Location")]
    return next(iter(visiting or addresses), None)


def _street(street: str, address: StreetAddress) -> str:
    return f"{street} {address.streetNumber}" if address.streetNumber else street


def _degrees(address: StreetAddress) -> tuple[float | str | None, float | str | None]:
    north, east = _metres(address.latitude), _metres(address.longitude)
    if isinstance(north, float) and isinstance(east, float):
        return _to_degrees(north, east)
    # What is absent or no number is told by the field's own rule; the other is not at fault.
    return (0.0 if isinstance(north, float) else north, 0.0 if isinstance(east, float) else east)


def _metres(value: str | float | None) -> float | str | None:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None if value is None else str(value)


@lru_cache(maxsize=4096)
def _to_degrees(north: float, east: float) -> tuple[float, float]:
    lon, lat = _TO_DEGREES.transform(east, north)
    return round(float(lat), _DECIMALS), round(float(lon), _DECIMALS)


def _phone(channel: Channel) -> str:
    for phone in channel.phoneNumbers or ():
        if phone.type in (None, "Phone"):
            return f"{phone.prefixNumber} {phone.number}" if phone.prefixNumber else phone.number
    return ""


def _accessibility(where: AddressLocation | None) -> str:
    """The Finnish accessibility sentences of all entrances, one a line."""
    return "\n".join(_sentences(where))


def _sentences(where: AddressLocation | None) -> Iterator[str]:
    for entrance in (where.entrances if where else None) or ():
        for group in entrance.accessibilitySentences or ():
            for value in group.sentences or ():
                for item in value.get("sentence") or ():
                    if (
                        isinstance(item, dict)
                        and item.get("language") == "fi"
                        and item.get("value")
                    ):
                        yield str(item["value"])


def _point_paths(channel: Channel) -> dict[str, str]:
    where = _location(channel)
    index = (channel.addresses or []).index(where) if where else 0
    address = f"addresses[{index}].streetAddress"
    if where and not where.streetAddress:
        address = f"addresses[{index}].otherAddress"
    names = dict.fromkeys(("name_fi", "name_sv", "name_en"), "serviceChannelNames")
    notes = dict.fromkeys(("notes_fi", "notes_sv", "notes_en"), "serviceChannelDescriptions")
    return {
        **names,
        **notes,
        "id": "sourceId" if channel.sourceId else "id",
        "kind": f"{EXTENSION}.point.kind",
        "municipality": f"{address}.municipality.code",
        "street_address_fi": f"{address}.street",
        "street_address_sv": f"{address}.street",
        "postal_code": f"{address}.postalCode",
        "post_office": f"{address}.postOffice",
        "lat": f"{address}.latitude",
        "lon": f"{address}.longitude",
        "languages": "languages",
        "phone": "phoneNumbers",
        "email": "supportEmails",
        "accessibility": f"addresses[{index}].entrances",
        "valid_from": f"{EXTENSION}.point.valid_from",
        "valid_until": f"{EXTENSION}.point.valid_until",
    }
