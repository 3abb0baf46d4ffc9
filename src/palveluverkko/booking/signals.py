"""What makes free times stale: every saved or deleted row that they are made from.

Bulk loads send no signals; they call ``projection.rebuild`` themselves.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from auditlog.registry import auditlog
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from palveluverkko.booking import closures, models
from palveluverkko.booking.projection import mark_stale
from palveluverkko.booking.staleness import all_keys, horizon_days, shift_keys
from palveluverkko.network.models import ServiceOffer
from palveluverkko.network.timetable_changes import timetables_changed

# What a person told is not copied into the audit trail: it would outlive its deletion.
PERSONAL = [
    "name",
    "phone",
    "email",
    "postal_address",
    "area",
    "matter",
    "needs",
    "notes",
    "token",
    "partner",
    "meeting_link",
]

AUDITED: tuple[type[Model], ...] = (
    models.Terms,
    models.Resource,
    models.RosterPattern,
    models.Shift,
    models.Closure,
    models.Affected,
)


def connect() -> None:
    """Once, when the apps are ready."""
    receivers: dict[type[Model], Any] = {
        models.Shift: _shift_changed,
        models.Resource: _resource_changed,
        models.Terms: _everything_changed,
        ServiceOffer: _offer_changed,
    }
    for model, receiver in receivers.items():
        for signal in (post_save, post_delete):
            signal.connect(receiver, sender=model, dispatch_uid=f"booking.{model.__name__}")
    pre_save.connect(_shift_changing, sender=models.Shift, dispatch_uid="booking.shift_before")
    timetables_changed.connect(_timetables_changed, dispatch_uid="booking.timetables")
    for audited in AUDITED:
        auditlog.register(audited)
    for personal in (models.Booking, models.WaitingEntry):
        fields = {f.name for f in personal._meta.get_fields()}
        auditlog.register(personal, exclude_fields=[f for f in PERSONAL if f in fields])


def _shift_changing(instance: models.Shift, **_signal: Any) -> None:
    """Where the shift was, it is perhaps no more: another day, point or kind of meeting."""
    before = models.Shift.objects.filter(pk=instance.pk).first() if instance.pk else None
    if before is not None:
        mark_stale(shift_keys(before))


def _shift_changed(instance: models.Shift, **_signal: Any) -> None:
    mark_stale(shift_keys(instance))


def _resource_changed(instance: models.Resource, created: bool = False, **_signal: Any) -> None:
    if instance.kind in (models.Resource.Kind.DESK, models.Resource.Kind.ROOM):
        mark_stale((str(instance.point_id), day) for day in horizon_days())
    elif not created:
        coming = instance.shifts.filter(end__gte=timezone.now())
        mark_stale({key for shift in coming for key in shift_keys(shift)})


def _offer_changed(instance: ServiceOffer, **_signal: Any) -> None:
    if instance.mode in models.MODES_AT_POINTS:
        mark_stale((instance.point_id, day) for day in horizon_days(instance.valid_from))


def _everything_changed(**_signal: Any) -> None:
    mark_stale(all_keys())


def _timetables_changed(since: dict[str, date], **_signal: Any) -> None:
    mark_stale((point, day) for point, first in since.items() for day in horizon_days(first))
    closures.reconcile(since)
