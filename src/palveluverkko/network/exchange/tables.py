"""The register's tables at the border: record, file, Django model, key and references of each."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, get_type_hints

from django.db.models import Model
from pydantic import TypeAdapter

from palveluverkko.network import models
from palveluverkko.network.exchange import records as r


@dataclass(frozen=True)
class Table:
    """``key``: the fields that no two rows share. ``references``: field -> the table it names."""

    name: str
    record: type[Any]
    model: type[Model]
    key: tuple[str, ...]
    references: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        return f"{'agency' if self.name == 'agencies' else self.name}.csv"

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.record)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(spec.name for spec in fields(self.record))

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(
            spec.name
            for spec in fields(self.record)
            if spec.default is MISSING and spec.default_factory is MISSING
        )

    @cached_property
    def field_adapters(self) -> dict[str, TypeAdapter[Any]]:
        hints = get_type_hints(self.record, include_extras=True)
        return {name: TypeAdapter(hints[name]) for name in self.columns}

    def attribute(self, column: str) -> str:
        """The model's attribute that holds the column: a foreign key's raw value."""
        return f"{column}_id" if column in dict(self.references) else column

    def key_of(self, record: r.Record) -> tuple[object, ...]:
        return tuple(getattr(record, column) for column in self.key)


def _all(record: type[Any]) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(record))


_SERVED = (("point", "points"), ("service", "services"))

# In the order in which rows can be inserted; pruning goes the other way.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("agencies", r.AgencyRecord, models.Agency, ("code",)),
        Table(
            "municipalities",
            r.MunicipalityRecord,
            models.Municipality,
            ("code",),
            (("merged_into", "municipalities"),),
        ),
        Table("areas", r.AreaRecord, models.Area, ("code",), (("municipality", "municipalities"),)),
        Table("services", r.ServiceRecord, models.Service, ("code",)),
        Table(
            "points",
            r.PointRecord,
            models.ServicePoint,
            ("id",),
            (("municipality", "municipalities"),),
        ),
        Table(
            "offers",
            r.OfferRecord,
            models.ServiceOffer,
            ("point", "service", "mode", "valid_from"),
            _SERVED,
        ),
        Table("hours", r.HoursRecord, models.OpeningHours, _all(r.HoursRecord), _SERVED),
        Table(
            "exceptions",
            r.ExceptionRecord,
            models.OpeningException,
            _all(r.ExceptionRecord),
            _SERVED,
        ),
        Table(
            "agreements",
            r.AgreementRecord,
            models.JointAgreement,
            ("point", "host", "valid_from"),
            (("point", "points"),),
        ),
        Table("channels", r.ChannelRecord, models.RemoteChannel, ("code",)),
    )
}
