"""The verbs that change the register: each one transaction, all or nothing.

Rows are saved one by one, never in bulk, so that the audit trail and the change counter see each.
Every date is inclusive: what ends on a day still serves on that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from palveluverkko.calendar import WeeklyHours
from palveluverkko.network.errors import (
    AgreementOverlaps,
    AgreementUnknown,
    EndsBeforeItBegins,
    ExceptionOverlaps,
    ExceptionUnknown,
    NotAJointPoint,
    PointExists,
)
from palveluverkko.network.exchange.importing import export_register, import_register
from palveluverkko.network.models import (
    JointAgreement,
    KindChoices,
    OpeningException,
    OpeningHours,
    ServicePoint,
)
from palveluverkko.network.offers import OffersChange, set_offers
from palveluverkko.network.saving import end_before, end_row, locked_point, saved

__all__ = [
    "HoursChange",
    "OffersChange",
    "OpenTime",
    "add_agreement",
    "add_exception",
    "add_point",
    "end_agreement",
    "end_point",
    "export_register",
    "import_register",
    "remove_exception",
    "set_hours",
    "set_offers",
]


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Open from ``opens`` to ``closes``, local time; ``overnight``: closes on the next day."""

    opens: time
    closes: time
    overnight: bool = False


@dataclass(frozen=True, slots=True)
class HoursChange:
    """What :func:`set_hours` did: rows ended the day before, rows dropped, rows added."""

    ended: int
    dropped: int
    added: tuple[OpeningHours, ...]


@transaction.atomic
def add_point(
    id: str,
    *,
    kind: str,
    municipality: str,
    name_fi: str,
    lat: float,
    lon: float,
    valid_from: date | None,
    **details: Any,
) -> ServicePoint:
    """Register a point. ``municipality`` is its code; ``details`` are other fields of the point.

    Raises :class:`PointExists` and :class:`EntryInvalid`.
    """
    if ServicePoint.objects.filter(pk=id).exists():
        raise PointExists(id)
    return saved(
        ServicePoint(
            id=id,
            kind=kind,
            municipality_id=municipality,
            name_fi=name_fi,
            lat=lat,
            lon=lon,
            valid_from=valid_from,
            **details,
        )
    )


@transaction.atomic
def end_point(point_id: str, on: date) -> ServicePoint:
    """Let ``on`` be the point's last day. Its offers and hours end with it, as they hold only
    while the point does; an agreement is the host's too and is ended by its own verb.

    Raises :class:`PointUnknown`, :class:`EndsBeforeItBegins`, :class:`AlreadyEnded`.
    """
    point = locked_point(point_id)
    end_row(point, on)
    return point


@transaction.atomic
def set_hours(point_id: str, hours: Sequence[WeeklyHours], since: date) -> HoursChange:
    """Replace all weekly hours of the point from ``since`` on; no hours at all is allowed.

    Rows in force are ended the day before, so that earlier days answer as they did; rows that
    would have begun later are dropped. The validity of the given ``hours`` counts from ``since``
    (an own ``valid.end`` is kept).

    Raises :class:`PointUnknown`, :class:`EntryInvalid`.
    """
    point = locked_point(point_id)
    ended, dropped = end_before(point.hours.all(), since)
    added = tuple(saved(_hours_row(point, row, since)) for row in hours)
    return HoursChange(ended, dropped, added)


@transaction.atomic
def add_exception(
    point_id: str,
    *,
    first: date,
    last: date | None = None,
    open_times: Sequence[OpenTime] = (),
    service: str | None = None,
    mode: str = "",
    reason_fi: str = "",
    reason_sv: str = "",
    reason_en: str = "",
) -> tuple[OpeningException, ...]:
    """From ``first`` to ``last`` (by default one day) the point keeps ``open_times`` instead of
    its weekly hours; without any it is closed. For one ``service`` and ``mode``, or for all.

    Raises :class:`PointUnknown`, :class:`EntryInvalid`, :class:`EndsBeforeItBegins`, and
    :class:`ExceptionOverlaps` where one for the same service and mode covers some of the days.
    """
    point = locked_point(point_id)
    last = last or first
    if last < first:
        raise EndsBeforeItBegins(first, last)
    same = point.exceptions.filter(service=service, mode=mode, first__lte=last, last__gte=first)
    if taken := same.first():
        raise ExceptionOverlaps(taken.first, taken.last)
    common: dict[str, Any] = {
        "point": point,
        "service_id": service,
        "mode": mode,
        "first": first,
        "last": last,
        "reason_fi": reason_fi,
        "reason_sv": reason_sv,
        "reason_en": reason_en,
    }
    if not open_times:
        return (saved(OpeningException(**common, closed=True)),)
    return tuple(
        saved(
            OpeningException(
                **common, closed=False, opens=t.opens, closes=t.closes, overnight=t.overnight
            )
        )
        for t in open_times
    )


@transaction.atomic
def remove_exception(exception_id: int) -> int:
    """Take back an exception with every interval of it; returns the number of rows removed.

    Raises :class:`ExceptionUnknown`.
    """
    one = OpeningException.objects.filter(pk=exception_id).first()
    if one is None:
        raise ExceptionUnknown(exception_id)
    rows = OpeningException.objects.filter(
        point=one.point_id, service=one.service_id, mode=one.mode, first=one.first, last=one.last
    )
    return len([row.delete() for row in rows])


@transaction.atomic
def add_agreement(
    point_id: str,
    *,
    host: str,
    valid_from: date,
    valid_until: date | None = None,
    notice_days: int | None = None,
    video_room: bool = False,
) -> JointAgreement:
    """Register an agreement with the host of a joint point.

    Raises :class:`PointUnknown`, :class:`NotAJointPoint`, :class:`EntryInvalid`, and
    :class:`AgreementOverlaps` where one with the same host holds on some of the days.
    """
    point = locked_point(point_id)
    if point.kind != KindChoices.JOINT_SERVICE_POINT:
        raise NotAJointPoint(point_id)
    others = point.agreements.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from), host=host
    )
    if valid_until is not None:
        others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=valid_until))
    if other := others.first():
        raise AgreementOverlaps(other.pk, host)
    return saved(
        JointAgreement(
            point=point,
            host=host,
            valid_from=valid_from,
            valid_until=valid_until,
            notice_days=notice_days,
            video_room=video_room,
        )
    )


@transaction.atomic
def end_agreement(agreement_id: int, on: date) -> JointAgreement:
    """Let ``on`` be the agreement's last day.

    Raises :class:`AgreementUnknown`, :class:`EndsBeforeItBegins`, :class:`AlreadyEnded`.
    """
    agreement = JointAgreement.objects.select_for_update().filter(pk=agreement_id).first()
    if agreement is None:
        raise AgreementUnknown(agreement_id)
    end_row(agreement, on)
    return agreement


def _hours_row(point: ServicePoint, hours: WeeklyHours, since: date) -> OpeningHours:
    start = hours.valid.start
    return OpeningHours(
        point=point,
        service_id=hours.service,
        mode=hours.mode or "",
        weekday=hours.weekday,
        opens=hours.opens,
        closes=hours.closes,
        overnight=hours.overnight,
        season_from=hours.season.first if hours.season else "",
        season_until=hours.season.last if hours.season else "",
        valid_from=max(start, since) if start else since,
        valid_until=hours.valid.end,
    )
