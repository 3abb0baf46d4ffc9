"""Taking a ticket: a number in the queue, told honestly whether it can be served today."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from palveluverkko.booking.customers import e164
from palveluverkko.booking.terms import TermsBook
from palveluverkko.queueing import Unknown, Wait, Waiting, estimated_wait
from palveluverkko.walkins.booked import booked_ahead
from palveluverkko.walkins.errors import ClosedNow, PhoneInvalid, ServiceNotGiven, TooLateToday
from palveluverkko.walkins.hours import WALK_IN, WalkInHours, walk_in_hours
from palveluverkko.walkins.models import Ticket, TicketCounter, Via
from palveluverkko.walkins.pool import (
    everybody,
    finished_durations,
    open_desks,
    waiting_tickets,
)
from palveluverkko.walkins.values import TicketInfo


def take_ticket(
    point_id: str,
    service: str,
    *,
    key: str,
    via: str = Via.KIOSK,
    language: str = "",
    urgent: bool | None = None,
    phone: str = "",
    prefix: str = "",
    though_late: bool = False,
    now: datetime | None = None,
) -> TicketInfo:
    """Give the next number of the point's day; the same ``key`` again gives the first ticket.

    ``urgent`` left out: as the terms of the service say. ``though_late``: the customer was warned
    of :class:`TooLateToday` and waits all the same.

    Raises :class:`ServiceNotGiven`, :class:`ClosedNow`, :class:`TooLateToday`,
    :class:`PhoneInvalid` and the register's :class:`PointUnknown`.
    """
    if first := Ticket.objects.select_related("desk").filter(key=key).first():
        return TicketInfo.of(first)
    moment = now or timezone.now()
    hours = walk_in_hours(point_id, service, moment)
    _refuse_when_closed(point_id, service, hours)
    if not though_late:
        _warn_when_late(point_id, service, language, hours, moment)
    ticket = Ticket(
        point_id=point_id,
        day=hours.day,
        service_id=service,
        language=language,
        urgent=TermsBook.load().of(service, WALK_IN).urgent if urgent is None else urgent,
        phone=_sms_number(phone),
        prefix=prefix,
        key=key,
        via=via,
        taken_at=moment,
    )
    return TicketInfo.of(_numbered(ticket))


def wait_of_newcomer(
    point_id: str,
    service: str,
    language: str = "",
    now: datetime | None = None,
) -> Wait | Unknown:
    """How long somebody would wait who took a ticket now."""
    moment = now or timezone.now()
    newcomer = Waiting("newcomer", service, moment, language=language, order=1 << 31)
    pool = everybody(waiting_tickets(point_id), booked_ahead(point_id, moment))
    durations = finished_durations(point_id, {service, *(w.service for w in pool)}, moment)
    return estimated_wait(newcomer, pool, moment, open_desks(point_id, moment), durations)


def _refuse_when_closed(point_id: str, service: str, hours: WalkInHours) -> None:
    if service not in hours.services:
        raise ServiceNotGiven(point_id, service, hours.services)
    if hours.closes_at is None:
        raise ClosedNow(hours.opens_at)


def _warn_when_late(
    point_id: str,
    service: str,
    language: str,
    hours: WalkInHours,
    now: datetime,
) -> None:
    """An unknown wait warns nobody: before the desks open in the morning it always is."""
    wait = wait_of_newcomer(point_id, service, language, now)
    if hours.closes_at is None or isinstance(wait, Unknown):
        return
    if now + timedelta(minutes=wait.likely_minutes) >= hours.closes_at:
        raise TooLateToday(wait, hours.closes_at, hours.opens_at)


def _sms_number(phone: str) -> str:
    """The number in E.164, or nothing. Raises :class:`PhoneInvalid` with the sentence."""
    if not phone.strip():
        return ""
    try:
        return e164(phone)
    except ValueError as wrong:
        raise PhoneInvalid(str(wrong)) from wrong


def _numbered(ticket: Ticket) -> Ticket:
    """The ticket in the database, or the one that its key had already made."""
    try:
        with transaction.atomic():
            # The counter's row makes takers of one point wait here, so a repeated request finds
            # what the first one wrote, and a ticket that fails leaves no gap.
            number = _next_number(ticket.point_id, ticket.day)
            if first := Ticket.objects.filter(key=ticket.key).first():
                raise _Repeated(first)
            ticket.number = number
            ticket.save(force_insert=True)
            return ticket
    except _Repeated as repeated:
        return repeated.first
    except IntegrityError:
        # The same key came for another point or day at the same moment.
        if first := Ticket.objects.filter(key=ticket.key).first():
            return first
        raise


class _Repeated(Exception):
    """Rolls the number back."""

    def __init__(self, first: Ticket) -> None:
        self.first = first


def _next_number(point_id: str, day: date) -> int:
    table = TicketCounter._meta.db_table
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            f"INSERT INTO {table} (point_id, day, last) VALUES (%s, %s, 1) "
            f"ON CONFLICT (point_id, day) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [point_id, day],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
