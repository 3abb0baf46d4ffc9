"""The register as the customers' pages need it, read again only when it has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from palveluverkko.calendar import Timetable, Validity
from palveluverkko.network import revision
from palveluverkko.network.models import (
    Agency,
    Municipality,
    RemoteChannel,
    Service,
    ServiceOffer,
    ServicePoint,
)
from palveluverkko.network.queries import timetables
from palveluverkko.network.timetables import DEFAULT_TIMEZONE

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenService:
    """A service that a point gives in one way, on the days of ``valid``."""

    service: str
    mode: str
    valid: Validity


@dataclass(frozen=True, slots=True, eq=False)
class KnownPoint:
    """A point with all that a customer may be told of it; texts by language.

    Equal only to itself, so that what follows from it can be kept by it.
    """

    id: str
    names: Texts
    kind: str
    municipality: str
    towns: Texts
    addresses: Texts
    postal_code: str
    post_office: str
    lat: float
    lon: float
    languages: tuple[str, ...]
    phone: str
    email: str
    notes: Texts
    accessibility: str
    host: str
    synthetic: tuple[str, ...]
    given: tuple[GivenService, ...]
    timetable: Timetable

    def pairs_on(self, day: date) -> tuple[tuple[str, str], ...]:
        """The services given on ``day``, each with its way, in the register's order."""
        return _pairs_on(self, day)

    def modes_on(self, day: date, service: str = "") -> tuple[str, ...]:
        """The ways in which ``service``, or anything at all, is given on ``day``."""
        return _modes_on(self, day, service)


# A search looks at every point of the network on one or two days.
@lru_cache(maxsize=4096)
def _pairs_on(point: KnownPoint, day: date) -> tuple[tuple[str, str], ...]:
    if not point.timetable.valid.holds_on(day):
        return ()
    return tuple((g.service, g.mode) for g in point.given if g.valid.holds_on(day))


@lru_cache(maxsize=16_384)
def _modes_on(point: KnownPoint, day: date, service: str) -> tuple[str, ...]:
    pairs = _pairs_on(point, day)
    return tuple(dict.fromkeys(mode for code, mode in pairs if service in ("", code)))


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """The phone service: its number (E.164), and when it is answered, in words."""

    number: str
    hours: Texts


@dataclass(frozen=True, slots=True)
class Register:
    """All points by id, services with their names in their order, the languages of service.

    ``descriptions``: what belongs to a service, of those that have one; ``channels``: the
    nationwide ones, that need no travelling; ``phone``: None where no number is registered.
    """

    points: Mapping[str, KnownPoint]
    services: Mapping[str, Texts]
    descriptions: Mapping[str, Texts]
    languages: tuple[str, ...]
    timezone: str
    channels: frozenset[str]
    phone: PhoneLine | None


def current() -> Register:
    """The register as it is now."""
    return _register(revision.current())


def clear_cache() -> None:
    """Forget what was read. For tests, whose roll-backs turn the change counter back."""
    _register.cache_clear()


@lru_cache(maxsize=2)
def _register(_revision: int) -> Register:
    hours = timetables()
    given = _given()
    points = {
        row.pk: _known(row, given[row.pk], hours[row.pk])
        for row in ServicePoint.objects.select_related("municipality")
    }
    spoken = {language for point in points.values() for language in point.languages}
    agency = Agency.objects.order_by("code").first()
    first = agency.languages if agency else ()
    services = list(Service.objects.all())
    channels = {row.code: row for row in RemoteChannel.objects.all()}
    return Register(
        points=points,
        services={row.code: _names(row) for row in services},
        descriptions={row.code: _about(row) for row in services if any(_about(row).values())},
        languages=(*first, *sorted(spoken - set(first))),
        timezone=agency.timezone if agency else DEFAULT_TIMEZONE,
        channels=frozenset(channels),
        phone=_phone_line(channels.get("phone")),
    )


def _about(row: Service) -> Texts:
    return {"fi": row.description_fi, "sv": row.description_sv, "en": row.description_en}


def _phone_line(row: RemoteChannel | None) -> PhoneLine | None:
    if row is None or not row.phone:
        return None
    return PhoneLine(row.phone, {"fi": row.hours_fi, "sv": row.hours_sv, "en": row.hours_en})


def _given() -> dict[str, tuple[GivenService, ...]]:
    found: dict[str, list[GivenService]] = defaultdict(list)
    rows = ServiceOffer.objects.order_by("service__position", "service_id", "mode", "valid_from")
    for point, service, mode, since, until in rows.values_list(
        "point_id", "service_id", "mode", "valid_from", "valid_until"
    ):
        found[point].append(GivenService(service, mode, Validity(since, until)))
    return defaultdict(tuple, {point: tuple(given) for point, given in found.items()})


def _known(row: ServicePoint, given: Iterable[GivenService], timetable: Timetable) -> KnownPoint:
    return KnownPoint(
        id=row.pk,
        names=_names(row),
        kind=row.kind,
        municipality=row.municipality_id,
        towns=_names(row.municipality),
        addresses={"fi": row.street_address_fi, "sv": row.street_address_sv},
        postal_code=row.postal_code,
        post_office=row.post_office,
        lat=row.lat,
        lon=row.lon,
        languages=tuple(row.languages),
        phone=row.phone,
        email=row.email,
        notes={"fi": row.notes_fi, "sv": row.notes_sv, "en": row.notes_en},
        accessibility=row.accessibility,
        host=row.host,
        synthetic=tuple(row.synthetic),
        given=tuple(given),
        timetable=timetable,
    )


def _names(row: Municipality | Service | ServicePoint) -> Texts:
    return {"fi": row.name_fi, "sv": row.name_sv, "en": row.name_en}
