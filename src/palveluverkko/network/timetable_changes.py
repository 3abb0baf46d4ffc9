"""Tells who keeps figures made from timetables that opening times have changed, and since when.

A closed day that becomes an open one turns a complete week into one with a missing day: what was
made from the old hours is wrong. This layer knows no demand, so it only says what happened.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from asgiref.local import Local
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal

from palveluverkko.network.models import Agency, OpeningException, OpeningHours, ServicePoint

# Sent after the commit with ``since``: the first affected day by point id.
timetables_changed = Signal()

POINT_FIELDS = ("timezone", "valid_from", "valid_until")
AGENCY_FIELDS = ("country", "subdivision", "timezone", "closed_categories", "closed_days")

# Rows saved in one transaction are told of together. What a rolled-back transaction leaves here
# goes out with the next change: figures are then made again once without need.
_pending = Local()


def connect() -> None:
    """Once, when the apps are ready."""
    for model in (OpeningHours, OpeningException, ServicePoint, Agency):
        for signal, receiver in ((pre_save, _remember), (post_save, _saved)):
            signal.connect(receiver, sender=model, dispatch_uid=f"timetables.{model.__name__}")
    for model in (OpeningHours, OpeningException):
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"timetables.{model.__name__}")


def _remember(instance: Any, **_signal: object) -> None:
    instance._timetable_before = type(instance)._default_manager.filter(pk=instance.pk).first()


def _saved(instance: Any, **_signal: object) -> None:
    before = instance.__dict__.pop("_timetable_before", None)
    tell(_affected(before, instance))


def _deleted(instance: Any, **_signal: object) -> None:
    tell(_affected(None, instance))


def _affected(before: Any, row: Any) -> dict[str, date]:
    if isinstance(row, OpeningHours | OpeningException):
        return _earliest([(r.point_id, _first_day(r)) for r in (before, row) if r is not None])
    if before is None:  # a new point or agency has no past
        return {}
    if isinstance(row, ServicePoint):
        return {row.pk: date.min} if _differ(before, row, POINT_FIELDS) else {}
    if _differ(before, row, AGENCY_FIELDS):
        return dict.fromkeys(ServicePoint.objects.values_list("pk", flat=True), date.min)
    return {}


def _first_day(row: OpeningHours | OpeningException) -> date:
    return row.first if isinstance(row, OpeningException) else row.valid_from or date.min


def _differ(before: Model, row: Model, fields: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(row, name) for name in fields)


def _earliest(days: list[tuple[str, date]]) -> dict[str, date]:
    found: dict[str, date] = {}
    for point, day in days:
        found[point] = min(day, found.get(point, day))
    return found


def tell(since: dict[str, date]) -> None:
    """Note that timetables changed from these days on, by point id; sent after the commit."""
    if not since:
        return
    waiting: dict[str, date] = getattr(_pending, "since", {})
    _pending.since = _earliest([*waiting.items(), *since.items()])
    transaction.on_commit(_send)


def _send() -> None:
    since: dict[str, date] = getattr(_pending, "since", {})
    _pending.since = {}
    if since:
        timetables_changed.send(sender=None, since=since)
