"""One tap a visit, for small points without a queue."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from palveluverkko.demand.services import add_visit, take_back_visit
from palveluverkko.walkins.hours import WALK_IN, local_day
from palveluverkko.walkins.models import Tally


def tally(
    point_id: str, service: str, mode: str = WALK_IN, *, key: str, now: datetime | None = None
) -> bool:
    """Count one visit today; ``False`` and no visit where ``key`` was counted before.

    Raises :class:`PointUnknown`, and :class:`ImportRejected` where demand refuses the visit.
    """
    moment = now or timezone.now()
    day = local_day(point_id, moment)
    try:
        with transaction.atomic():
            if Tally.objects.filter(key=key).exists():
                return False
            # First what demand checks by name (service, mode, dates), then the row of the key.
            add_visit(point_id, service, mode, day)
            Tally.objects.create(
                point_id=point_id, service_id=service, mode=mode, day=day, key=key, at=moment
            )
            return True
    except IntegrityError:
        if Tally.objects.filter(key=key).exists():  # the same tap, twice at one moment
            return False
        raise


@transaction.atomic
def untally(key: str, *, now: datetime | None = None) -> bool:
    """Take a tap back; ``False`` where there was none or it was taken back before."""
    rows = Tally.objects.filter(key=key, taken_back_at=None)
    if not rows.update(taken_back_at=now or timezone.now()):
        return False
    tap = Tally.objects.get(key=key)
    take_back_visit(tap.point_id, tap.service_id, tap.mode, tap.day)
    return True
