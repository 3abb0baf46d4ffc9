"""What the register holds, as values: one frozen record a row, and the bundle of all of them.

Fields are named as in the files and in the tables; dates are inclusive, times of day are the
point's own, positions are degrees of WGS 84. A reference is the code or id of its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Protocol

from palveluverkko.network.exchange import fields as f

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    code: f.Code60
    name_fi: f.Name
    country: f.Country
    name_sv: f.Text200 = ""
    name_en: f.Text200 = ""
    subdivision: f.Text10 = ""
    timezone: f.OwnTimeZone = "Europe/Helsinki"
    languages: f.Languages = ()
    closed_categories: f.Tokens = ()
    closed_days: f.MonthDays = ()


@dataclass(frozen=True, slots=True)
class MunicipalityRecord:
    code: f.Key20
    name_fi: f.Name
    name_sv: f.Text200 = ""
    name_en: f.Text200 = ""
    region_code: f.Text10 = ""
    region_fi: f.Text100 = ""
    region_sv: f.Text100 = ""
    language_status: f.LanguageStatus = "other"
    urbanity: f.Urbanity = "unknown"
    population: f.Count | None = None
    lat: f.Latitude | None = None
    lon: f.Longitude | None = None
    merged_into: f.Key20 | None = None


@dataclass(frozen=True, slots=True)
class AreaRecord:
    code: f.Key20
    name: f.Name
    municipality: f.MunicipalityReference
    lat: f.Latitude
    lon: f.Longitude
    residents: f.Count
    residents_year: f.SmallCount | None = None
    strata: f.Strata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    code: f.Code60
    name_fi: f.Name
    name_sv: f.Text200 = ""
    name_en: f.Text200 = ""
    requires_official: bool = False
    position: f.SmallCount = 0
    description_fi: f.Text300 = ""
    description_sv: f.Text300 = ""
    description_en: f.Text300 = ""


@dataclass(frozen=True, slots=True)
class PointRecord:
    id: f.Code80
    kind: f.Kind
    name_fi: f.Name
    municipality: f.MunicipalityReference
    lat: f.Latitude
    lon: f.Longitude
    name_sv: f.Text200 = ""
    name_en: f.Text200 = ""
    street_address_fi: f.Text200 = ""
    street_address_sv: f.Text200 = ""
    postal_code: f.Text20 = ""
    post_office: f.Text100 = ""
    timezone: f.TimeZone = ""
    languages: f.Languages = ()
    phone: f.Text40 = ""
    email: f.Email = ""
    notes_fi: f.LongText = ""
    notes_sv: f.LongText = ""
    notes_en: f.LongText = ""
    accessibility: f.LongText = ""
    host: f.Text200 = ""
    valid_from: f.MaybeDay = None
    valid_until: f.MaybeDay = None
    synthetic: f.Tokens = ()
    source: f.Text300 = ""


@dataclass(frozen=True, slots=True)
class OfferRecord:
    point: f.Code80
    service: f.Code60
    mode: f.Mode_
    valid_from: f.MaybeDay = None
    valid_until: f.MaybeDay = None


@dataclass(frozen=True, slots=True)
class HoursRecord:
    point: f.Code80
    weekday: f.Weekday
    opens: f.Clock
    closes: f.Clock
    overnight: bool = False
    service: f.Code60 | None = None
    mode: f.AnyMode = ""
    valid_from: f.MaybeDay = None
    valid_until: f.MaybeDay = None
    season_from: f.MonthDay = ""
    season_until: f.MonthDay = ""


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    point: f.Code80
    first: f.Day
    last: f.Day
    closed: bool = True
    opens: f.MaybeClock = None
    closes: f.MaybeClock = None
    overnight: bool = False
    service: f.Code60 | None = None
    mode: f.AnyMode = ""
    reason_fi: f.Text150 = ""
    reason_sv: f.Text150 = ""
    reason_en: f.Text150 = ""


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    point: f.Code80
    host: f.Name
    notice_days: f.SmallCount | None = None
    video_room: bool = False
    valid_from: f.MaybeDay = None
    valid_until: f.MaybeDay = None


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    code: f.Code20
    name_fi: f.Name
    name_sv: f.Text200 = ""
    name_en: f.Text200 = ""
    capacity_per_week: f.Amount | None = None
    load_per_week: f.Amount | None = None
    synthetic: bool = False
    source: f.Text300 = ""
    phone: f.PhoneNumber = ""
    hours_fi: f.Text300 = ""
    hours_sv: f.Text300 = ""
    hours_en: f.Text300 = ""


Record = (
    AgencyRecord
    | MunicipalityRecord
    | AreaRecord
    | ServiceRecord
    | PointRecord
    | OfferRecord
    | HoursRecord
    | ExceptionRecord
    | AgreementRecord
    | ChannelRecord
)


class TravelBatches(Protocol):
    """Travel times, a batch at a time: a table may be larger than memory.

    Each frame has ``from_id`` (area), ``to_id`` (point), ``travel_time`` (minutes),
    ``transport`` and ``source``.
    """

    def __iter__(self) -> Iterator[polars.DataFrame]: ...


@dataclass(frozen=True, slots=True)
class RegisterBundle:
    """Everything the register holds, or a part of it.

    ``tables`` names those the source speaks of: an import that replaces prunes only these.
    ``derived_services`` are only named by a foreign file, without facts of their own, and never
    overwrite a service that the register knows.
    """

    agencies: tuple[AgencyRecord, ...] = ()
    municipalities: tuple[MunicipalityRecord, ...] = ()
    areas: tuple[AreaRecord, ...] = ()
    services: tuple[ServiceRecord, ...] = ()
    points: tuple[PointRecord, ...] = ()
    offers: tuple[OfferRecord, ...] = ()
    hours: tuple[HoursRecord, ...] = ()
    exceptions: tuple[ExceptionRecord, ...] = ()
    agreements: tuple[AgreementRecord, ...] = ()
    channels: tuple[ChannelRecord, ...] = ()
    travel_times: TravelBatches | None = field(default=None, compare=False)
    tables: frozenset[str] = field(default=frozenset(), compare=False)
    derived_services: frozenset[str] = field(default=frozenset(), compare=False)

    def rows(self, table: str) -> tuple[Record, ...]:
        found: tuple[Record, ...] = getattr(self, table)
        return found


def bundle_of(rows: Mapping[str, Iterable[Record]], **more: object) -> RegisterBundle:
    """A bundle with every table in its canonical order, so that equal content is equal."""
    ordered = {table: tuple(sorted(records, key=sort_key)) for table, records in rows.items()}
    return RegisterBundle(**ordered, **more)  # type: ignore[arg-type]


def sort_key(record: Record) -> tuple[str, ...]:
    """Orders the records of one table; empty values first."""
    return tuple("" if v is None else str(v) for v in as_row(record).values())


def as_row(record: Record) -> dict[str, object]:
    """The record's fields by name, as Python values."""
    return {spec.name: getattr(record, spec.name) for spec in fields(record)}
