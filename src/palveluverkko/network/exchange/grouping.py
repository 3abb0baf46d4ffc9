"""A bundle seen point by point and service by service, as documents nest it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from palveluverkko.network.exchange.records import (
    AgreementRecord,
    ExceptionRecord,
    HoursRecord,
    OfferRecord,
    PointRecord,
    RegisterBundle,
)

T = TypeVar("T", OfferRecord, HoursRecord, ExceptionRecord, AgreementRecord)
WeeklyKey = tuple[str, str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class PointRows:
    """A point with all its rows; ``services`` are those that any row names."""

    point: PointRecord
    offers: tuple[OfferRecord, ...]
    hours: tuple[HoursRecord, ...]
    exceptions: tuple[ExceptionRecord, ...]
    agreements: tuple[AgreementRecord, ...]

    @property
    def services(self) -> tuple[str, ...]:
        named = {o.service for o in self.offers}
        named |= {row.service for row in self.hours if row.service}
        named |= {row.service for row in self.exceptions if row.service}
        return tuple(sorted(named))

    def weekly(self, service: str | None) -> list[list[HoursRecord]]:
        """The service's weekly hours, together where only weekday and times differ."""
        groups: dict[WeeklyKey, list[HoursRecord]] = defaultdict(list)
        for row in self.hours:
            if row.service == service:
                groups[_weekly_key(row)].append(row)
        return [
            sorted(groups[key], key=lambda row: (row.weekday, row.opens)) for key in sorted(groups)
        ]

    def special(self, service: str | None) -> list[ExceptionRecord]:
        return [row for row in self.exceptions if row.service == service]


def by_point(bundle: RegisterBundle) -> list[PointRows]:
    offers, hours = _of_points(bundle.offers), _of_points(bundle.hours)
    exceptions, agreements = _of_points(bundle.exceptions), _of_points(bundle.agreements)
    return [
        PointRows(
            point,
            tuple(offers.get(point.id, ())),
            tuple(hours.get(point.id, ())),
            tuple(exceptions.get(point.id, ())),
            tuple(agreements.get(point.id, ())),
        )
        for point in bundle.points
    ]


def _of_points(rows: Iterable[T]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.point].append(row)
    return found


def _weekly_key(row: HoursRecord) -> WeeklyKey:
    return (
        row.mode,
        str(row.valid_from or ""),
        str(row.valid_until or ""),
        row.season_from,
        row.season_until,
        row.overnight,
    )
