"""A booking by video, a contact by video, and the seats of their meetings."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from palveluverkko.booking.models import Booking
from palveluverkko.contact import pool, states
from palveluverkko.contact.models import Contact
from palveluverkko.meeting import links, meetings, seats
from palveluverkko.meeting.models import Meeting, Seat
from tests.contact.pool_build import NOW, at, build_adviser, build_service

__all__ = ["NOW", "at", "build_adviser", "build_service"]
_keys = count()


def booked(start: datetime = NOW, **more: object) -> Booking:
    facts: dict[str, object] = {"mode": "video", "state": "confirmed", "name": "Aada"}
    facts |= {"start": start, "end": start + timedelta(minutes=30)} | more
    return Booking.objects.create(service_id="general", language="fi", **facts)


def in_contact(adviser: int, now: datetime = NOW) -> Contact:
    """A customer of video at once, accepted by the adviser."""
    states.begin(adviser, ("video",), now=now)
    key = f"video-{next(_keys)}"
    contact = pool.enter("video", "general", "fi", key=key, now=now)
    pool.accept(contact.pk, adviser, now=now)
    contact.refresh_from_db()
    return contact


def meeting(start: datetime = NOW) -> Meeting:
    return meetings.meeting_for_booking(booked(start).pk, now=start)


def adviser_in(of: Meeting, now: datetime = NOW) -> Seat:
    """The adviser, inside."""
    given = links.adviser_pass(of.pk, build_adviser(f"Aino {next(_keys)}"), now=now)
    return seats.join(given.seat.pk, now=now)


def seated(of: Meeting, role: str, now: datetime = NOW) -> links.Pass:
    """Somebody who opened their link and is not at the door yet."""
    return links.open_link(links.issue_link(of.pk, role, now=now).link, now=now)


def came(of: Meeting, role: str, now: datetime = NOW) -> Seat:
    """Somebody who has come to the door."""
    return seats.join(seated(of, role, now).seat.pk, now=now)
