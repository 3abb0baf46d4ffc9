"""Links that open a seat once, for the browser that opened them, and the passes they leave there.

A pass is a secret in the browser's cookie. Whoever has it may leave and come back; a link that was
opened is worth nothing in another browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from palveluverkko.meeting import events
from palveluverkko.meeting.errors import LinkDead, MeetingFull, NotAllowed
from palveluverkko.meeting.keys import hashed, new_secret
from palveluverkko.meeting.meetings import is_alive, locked
from palveluverkko.meeting.models import ADVISERS_SEAT, CUSTOMERS_SEAT, SEATS, Meeting, Seat

Role = Seat.Role
LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Issued:
    """A seat and the secret of its link, which is told now and never again."""

    seat: Seat
    link: str


@dataclass(frozen=True, slots=True)
class Pass:
    """A seat and the secret that its browser keeps."""

    seat: Seat
    secret: str


def issue_link(
    meeting_id: int, role: str, label: str = "", *, by: Any = None, now: datetime | None = None
) -> Issued:
    """A link for one more person, good until the meeting closes.

    Customer and host have one seat each: another link for them replaces the first, and once it is
    opened the browser before it is shut out. Raises :class:`MeetingOver`, :class:`MeetingFull`, and
    :class:`NotAllowed` for the adviser's seat, which needs a signed-in adviser.
    """
    moment = now or timezone.now()
    if role == Role.ADVISER or role not in Role.values:
        raise NotAllowed
    with transaction.atomic():
        meeting = locked(meeting_id, moment)
        seats = list(meeting.seats.exclude(state__in=Seat.GONE))
        seat = _own_seat(seats, role) or Seat(
            meeting=meeting,
            number=_free_number(seats, role),
            role=role,
            may_enter=_may_enter(meeting, role),
        )
        link = new_secret()
        seat.label = label[:80] or seat.label
        seat.link_hash, seat.link_expires_at, seat.opened_at = hashed(link), meeting.closes_at, None
        seat.invited_by_id = getattr(by, "pk", None)
        seat.save()
        events.tell(meeting.pk)
        return Issued(seat, link)


def open_link(link: str, *, held: str = "", now: datetime | None = None) -> Pass:
    """Claim the link's seat for this browser; ``held``: the pass that it has already, if any.

    Raises :class:`LinkDead` for a link that is unknown, tampered with, expired, withdrawn, of a
    meeting that is over, or opened in another browser.
    """
    moment = now or timezone.now()
    if len(link) > LONGEST_SECRET or len(held) > LONGEST_SECRET:
        raise LinkDead
    with transaction.atomic():
        seat = _seat(link_hash=hashed(link))
        if seat is None or not _holds(seat, moment):
            raise LinkDead
        if seat.opened_at is not None:
            if held and seat.pass_hash == hashed(held):
                return Pass(seat, held)
            raise LinkDead
        return _give_pass(seat, moment)


def adviser_pass(meeting_id: int, adviser_id: int, *, now: datetime | None = None) -> Pass:
    """The adviser's seat, for the signed-in adviser: a colleague who takes over gets it too.

    Who may take over is for the page that asks. Raises :class:`MeetingOver`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        meeting = locked(meeting_id, moment)
        if meeting.adviser_id != adviser_id:
            meeting.adviser_id = adviser_id
            meeting.save(update_fields=["adviser"])
        seat, _made = Seat.objects.exclude(state__in=Seat.GONE).get_or_create(
            meeting=meeting, number=ADVISERS_SEAT, defaults={"role": Role.ADVISER}
        )
        return _give_pass(seat, moment)


def seat_of_pass(secret: str) -> Seat | None:
    """Whose pass it is, with meeting, booking and contact; None where it opens nothing.

    Refused and removed people, and those whose meeting has ended, still learn that: they were in.
    """
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    rows = Seat.objects.select_related("meeting__booking", "meeting__contact")
    return rows.filter(pass_hash=hashed(secret)).first()


def _seat(**which: str) -> Seat | None:
    rows = Seat.objects.select_related("meeting__booking", "meeting__contact")
    return rows.select_for_update(of=("self",)).filter(**which).first()


def _holds(seat: Seat, now: datetime) -> bool:
    expires = seat.link_expires_at
    in_time = expires is not None and now < expires
    return in_time and seat.state not in Seat.GONE and is_alive(seat.meeting, now)


def _give_pass(seat: Seat, now: datetime) -> Pass:
    secret = new_secret()
    seat.pass_hash, seat.opened_at = hashed(secret), now
    seat.save(update_fields=["pass_hash", "opened_at"])
    events.tell(seat.meeting_id)
    return Pass(seat, secret)


def _own_seat(seats: list[Seat], role: str) -> Seat | None:
    if role not in (Role.CUSTOMER, Role.HOST):
        return None
    return next((seat for seat in seats if seat.role == role), None)


def _may_enter(meeting: Meeting, role: str) -> bool:
    """A customer who was taken out and comes by a new link waits to be let in."""
    if role == Role.CUSTOMER:
        return not meeting.seats.filter(role=role, state__in=Seat.GONE).exists()
    return role != Role.HOST


def _free_number(seats: list[Seat], role: str) -> int:
    if role == Role.CUSTOMER:
        return CUSTOMERS_SEAT
    taken = {seat.number for seat in seats}
    for number in range(CUSTOMERS_SEAT + 1, SEATS + 1):
        if number not in taken:
            return number
    raise MeetingFull
