"""HSDS 3 organizations, with their locations and services, to rows of the register."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from palveluverkko.network.exchange.collecting import Collector, Place
from palveluverkko.network.exchange.hsds.schedules import (
    WrongSchedule,
    remembered,
    schedule_rows,
)
from palveluverkko.network.exchange.hsds.shapes import (
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
)
from palveluverkko.network.exchange.json_source import (
    EXTENSION,
    add_rows,
    documents,
    read_tables,
    shaped,
)
from palveluverkko.network.exchange.residue import Fields, restored, without_empty
from palveluverkko.network.exchange.sources import Progress
from palveluverkko.network.exchange.tables import TABLES

SCHEME = "palveluverkko"
# HSDS has no such things; they stand whole in attributes of the first organization.
WHOLE_TABLES = ("agencies", "municipalities", "areas", "services", "channels")
_OWN_TABLES = ("points", "offers", "hours", "exceptions")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}", re.ASCII)


def parse(source: Path, progress: Progress | None = None) -> Collector:
    """Reads every physical location of the organizations in the source's JSON documents.

    A document is an organization, a list of them, or a page of the HSDS API (``contents``).
    """
    found = Collector()
    for file, document in documents(source, found, progress):
        organizations = document
        if isinstance(document, dict):
            organizations = document.get("contents", [document])
        if not isinstance(organizations, list):
            shape = _("an organization, a list of organizations or a page with contents")
            found.errors.add(Place(file, None), None, document, "json_shape", expected=shape)
            continue
        found.tables.update(_OWN_TABLES)
        for index, raw in enumerate(organizations):
            if (read := shaped(Organization, raw, Place(file, index), found)) is not None:
                _Reader(file, index, found).read(read)
    return found


@dataclass
class _Reader:
    """Reads one organization; ``points`` are ids by the location's own id."""

    file: str
    index: int
    found: Collector
    points: dict[str, str] = field(default_factory=dict)

    def read(self, organization: Organization) -> None:
        for name in WHOLE_TABLES:
            rows = remembered(organization.attributes, f"{EXTENSION}.{name}")
            if rows is not None:
                read_tables({name: rows}, (name,), self.file, self.found)
        for i, location in enumerate(organization.locations or ()):
            self._location(location, f"locations[{i}]")
        for i, service in enumerate(organization.services or ()):
            self._service(service, f"services[{i}]")

    def _location(self, location: Location, path: str) -> None:
        if location.id in self.points or location.location_type not in (None, "physical"):
            return
        kept = remembered(location.attributes)
        extension = kept if isinstance(kept, dict) else {}
        fields = restored(location_fields(location), extension.get("point"))
        self.points[location.id] = point = str(fields["id"])
        self.found.add(TABLES["points"], without_empty(fields), self._place(path, _PATHS))
        if "agreements" in extension:
            self.found.tables.add("agreements")
            where = self._place(f"{path}.attributes.agreements")
            add_rows(extension["agreements"], "agreements", where, self.found, point=point)
        self._schedules(location.schedules, point, None, path)

    def _service(self, service: Service, path: str) -> None:
        code = remembered(service.attributes) or self._derived(service, path)
        for i, link in enumerate(service.service_at_locations or ()):
            self._link(link, str(code), f"{path}.service_at_locations[{i}]")

    def _link(self, link: ServiceAtLocation, code: str, path: str) -> None:
        if link.location is None:
            return
        self._location(link.location, f"{path}.location")
        point = self.points.get(link.location.id)
        if point is None:  # a virtual or postal location: no point of the register
            return
        kept = remembered(link.attributes)
        if isinstance(kept, dict) and "offers" in kept:
            where = self._place(f"{path}.attributes.offers")
            rows = kept["offers"]
            add_rows(rows, "offers", where, self.found, point=point, service=code)
        else:
            modes = {s.attending_type for s in link.schedules or ()} & {"appointment", "video_room"}
            for mode in sorted(modes, key=str) or ["walk_in"]:
                offer = {"point": point, "service": code, "mode": mode}
                self.found.add(TABLES["offers"], offer, self._place(path))
        self._schedules(link.schedules, point, code, path)

    def _schedules(
        self, schedules: Iterable[Schedule] | None, point: str, service: str | None, path: str
    ) -> None:
        for i, schedule in enumerate(schedules or ()):
            place = self._place(f"{path}.schedules[{i}]", _SCHEDULE_PATHS)
            try:
                rows = tuple(schedule_rows(schedule, service))
            except WrongSchedule as wrong:
                self.found.errors.add(place, wrong.column, wrong.value, wrong.rule, **wrong.context)
                continue
            for table, fields in rows:
                self.found.add(TABLES[table], {"point": point, **fields}, place)

    def _derived(self, service: Service, path: str) -> str:
        code = (slugify(service.name) or service.id.lower())[:60]
        if code not in self.found.mentioned["services"]:
            row = {"code": code, "name_fi": service.name}
            self.found.add(TABLES["services"], row, self._place(path))
            self.found.derived_services.add(code)
        return code

    def _place(self, path: str, names: dict[str, str] | None = None) -> Place:
        paths = {column: f"{path}.{name}" for column, name in (names or {}).items()}
        return Place(self.file, self.index, paths, f"{path}.")


_PATHS = {
    "id": "external_identifier",
    "name_fi": "name",
    "name_sv": "alternate_name",
    "municipality": "addresses[0].region",
    "street_address_fi": "addresses[0].address_1",
    "postal_code": "addresses[0].postal_code",
    "post_office": "addresses[0].city",
    "lat": "latitude",
    "lon": "longitude",
    "phone": "phones[0].number",
    "email": "contacts[0].email",
    "notes_fi": "description",
}
_SCHEDULE_PATHS = {
    "weekday": "byday",
    "opens": "opens_at",
    "closes": "closes_at",
    "valid_until": "valid_to",
    "first": "dtstart",
    "last": "until",
    "reason_fi": "description",
}


def location_fields(location: Location) -> Fields:
    """The point as the standard part of the location tells it, every field present."""
    address = next(iter(location.addresses or ()), None)
    names = [c.email for c in location.contacts or () if c.email]
    sentences = [a.description for a in location.accessibility or () if a.description]
    return {
        "id": _id(location),
        "kind": "service_point",
        "name_fi": location.name or location.alternate_name or "",
        "name_sv": location.alternate_name or "",
        "name_en": "",
        "municipality": _text(address, "region") or _text(address, "city") or None,
        "street_address_fi": _text(address, "address_1"),
        "street_address_sv": "",
        "postal_code": _text(address, "postal_code"),
        "post_office": _text(address, "city"),
        "lat": location.latitude,
        "lon": location.longitude,
        "timezone": "",
        "languages": [item.code for item in location.languages or () if item.code],
        "phone": next((p.number for p in location.phones or ()), ""),
        "email": next(iter(names), ""),
        "notes_fi": location.description or "",
        "notes_sv": "",
        "notes_en": "",
        "accessibility": "\n".join(sentences),
        "host": "",
        "valid_from": None,
        "valid_until": None,
        "synthetic": [],
        "source": "",
    }


def _id(location: Location) -> str:
    known = location.external_identifier
    if known and _CODE.fullmatch(known):
        return known
    return location.id.lower()


def _text(address: Any, name: str) -> str:
    return (getattr(address, name) or "") if address is not None else ""
