"""What the register's verbs share: rows are locked, checked, saved and ended one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, Q, QuerySet

from palveluverkko.network.errors import (
    AlreadyEnded,
    EndsBeforeItBegins,
    EntryInvalid,
    PointUnknown,
)
from palveluverkko.network.models import Dated, ServicePoint

M = TypeVar("M", bound=Model)
D = TypeVar("D", bound=Dated)


def locked_point(point_id: str) -> ServicePoint:
    """The point, so that two verbs about it take turns."""
    point = ServicePoint.objects.select_for_update().filter(pk=point_id).first()
    if point is None:
        raise PointUnknown(point_id)
    return point


def end_row(row: Dated, on: date) -> None:
    if row.valid_from is not None and on < row.valid_from:
        raise EndsBeforeItBegins(row.valid_from, on)
    if row.valid_until is not None and row.valid_until < on:
        raise AlreadyEnded(row.valid_until)
    row.valid_until = on
    row.save(update_fields=["valid_until"])


def saved(row: M) -> M:
    """The row in the database, after its fields and constraints were checked."""
    try:
        row.full_clean()
    except ValidationError as error:
        messages = error.message_dict
        messages[""] = messages.pop(NON_FIELD_ERRORS, [])
        raise EntryInvalid({f: m for f, m in messages.items() if m}) from error
    row.save()
    return row


def end_before(rows: QuerySet[D], since: date) -> tuple[int, int]:
    """Let no row hold on ``since`` or later: how many were ended, and how many were dropped
    because they would have begun later and so would never hold.
    """
    ended = dropped = 0
    for row in rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=since)):
        if row.valid_from is not None and row.valid_from >= since:
            row.delete()
            dropped += 1
        else:
            row.valid_until = since - timedelta(days=1)
            row.save(update_fields=["valid_until"])
            ended += 1
    return ended, dropped
