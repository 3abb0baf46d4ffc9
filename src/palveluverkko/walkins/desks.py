"""Opening a desk, breaks, closing it: who is at work at a point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.walkins.errors import AtAnotherDesk, DeskTaken, NotADeskHere, StillServing
from palveluverkko.walkins.hours import local_day
from palveluverkko.walkins.models import DeskSession, DeskState
from palveluverkko.walkins.rows import locked_session, refuse_with_customer
from palveluverkko.walkins.values import DeskInfo


@transaction.atomic
def open_desk(
    adviser_id: int,
    desk_id: int,
    point_id: str,
    *,
    modes: Sequence[str] = (),
    urgent_only: bool = False,
    now: datetime | None = None,
) -> DeskInfo:
    """Be at work at a desk; opening it again changes nothing.

    ``modes``: whom to serve, walk-ins and bookings alike where none are given.
    Raises :class:`NotADeskHere`, :class:`DeskTaken`, :class:`AtAnotherDesk` and the register's
    :class:`PointUnknown`.
    """
    moment = now or timezone.now()
    day = local_day(point_id, moment)
    adviser, desk = _locked(adviser_id, desk_id, point_id)
    open_now = DeskSession.objects.filter(until=None).select_related("adviser", "desk")
    if mine := open_now.filter(adviser=adviser).first():
        if mine.desk_id != desk.pk:
            raise AtAnotherDesk(mine.desk.name, mine.point_id)
        return DeskInfo.of(mine)
    if other := open_now.filter(desk=desk).first():
        raise DeskTaken(desk.name, other.adviser.name)
    session = DeskSession.objects.create(
        adviser=adviser,
        desk=desk,
        point_id=point_id,
        day=day,
        since=moment,
        modes=list(modes),
        urgent_only=urgent_only,
    )
    return DeskInfo.of(session)


@transaction.atomic
def take_break(session_id: int) -> DeskInfo:
    """Stop being counted as at work. Raises :class:`DeskClosed`, :class:`StillServing`."""
    return _set_state(session_id, DeskState.BREAK)


@transaction.atomic
def end_break(session_id: int) -> DeskInfo:
    """Be at work again. Raises :class:`DeskClosed`."""
    return _set_state(session_id, DeskState.READY)


@transaction.atomic
def close_desk(session_id: int, *, now: datetime | None = None) -> DeskInfo:
    """Leave the desk; closing it again changes nothing.

    Raises :class:`DeskClosed` for a desk that never was open, and :class:`StillServing`.
    """
    closed = DeskSession.objects.filter(pk=session_id, until__isnull=False).first()
    if closed is not None:
        return DeskInfo.of(closed)
    session = locked_session(session_id)
    refuse_with_customer(session)
    session.until = max(now or timezone.now(), session.since)
    session.save(update_fields=["until"])
    return DeskInfo.of(session)


@transaction.atomic
def close_absent(adviser_id: int, *, now: datetime | None = None) -> bool:
    """Close the desk of somebody who is away; false where a customer is still there.

    An open desk counts as somebody at work: those who wait would be told of too short a wait.
    """
    session = DeskSession.objects.filter(adviser=adviser_id, until=None).first()
    if session is None:
        return True
    try:
        close_desk(session.pk, now=now)
    except StillServing:
        return False
    return True


def _locked(adviser_id: int, desk_id: int, point_id: str) -> tuple[Resource, Resource]:
    """Both resources, locked in one order for all: two people may want one desk at once."""
    rows = Resource.objects.select_for_update().filter(pk__in=[adviser_id, desk_id])
    found = {r.pk: r for r in rows.order_by("pk")}
    adviser, desk = found.get(adviser_id), found.get(desk_id)
    if adviser is None or adviser.kind != Resource.Kind.ADVISER:
        raise NotADeskHere
    if desk is None or desk.kind != Resource.Kind.DESK or desk.point_id != point_id:
        raise NotADeskHere
    return adviser, desk


def _set_state(session_id: int, state: DeskState) -> DeskInfo:
    session = locked_session(session_id)
    if state == DeskState.BREAK:
        refuse_with_customer(session)
    session.state = state
    session.save(update_fields=["state"])
    return DeskInfo.of(session)
