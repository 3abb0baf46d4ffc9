"""What happens to a meeting is so in the queue and in the video room too, and vice versa."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from auditlog.registry import auditlog

from palveluverkko.contact import pool
from palveluverkko.contact.errors import PoolError
from palveluverkko.contact.events import contact_changed
from palveluverkko.contact.models import Channel, Contact
from palveluverkko.meeting import meetings, rooms
from palveluverkko.meeting.events import meeting_changed, meeting_ended
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.meeting.room_ends import meeting_of
from palveluverkko.meeting.room_models import RoomKey, RoomTurn
from palveluverkko.messages.jobs import periodic


def connect() -> None:
    """Once, when the apps are ready."""
    auditlog.register(RoomKey, exclude_fields=["secret_hash", "used_at"])  # who made, who revoked
    contact_changed.connect(_contact_changed, sender=Contact, dispatch_uid="meeting.contact")
    meeting_ended.connect(_meeting_ended, sender=Meeting, dispatch_uid="meeting.ended")
    meeting_changed.connect(_meeting_changed, sender=Meeting, dispatch_uid="meeting.changed")


def _contact_changed(sender: object, contact_id: int, state: str, **_facts: Any) -> None:
    """A contact by video that has ended ends its meeting, and the turn of a room that it was in."""
    if state in Contact.OPEN or not _is_video(contact_id):
        return
    for meeting_id in _meetings(contact=contact_id):
        meetings.end(meeting_id)
    for turn in RoomTurn.objects.filter(contact=contact_id, ended_at=None):
        rooms.end_turn(turn.pk, RoomTurn.Ended.DONE)


def _meeting_ended(
    sender: object, booking_id: int | None, contact_id: int | None, **_facts: Any
) -> None:
    """The adviser has ended it for all: the contact is answered, the room's screen is locked."""
    if contact_id is not None:
        with suppress(PoolError):  # ended meanwhile
            pool.abandon(contact_id)  # in contact already, this is its answer
    for turn in RoomTurn.objects.filter(ended_at=None, booking__isnull=False, booking=booking_id):
        rooms.end_turn(turn.pk, RoomTurn.Ended.DONE)


def _meeting_changed(sender: object, meeting_id: int, **_facts: Any) -> None:
    """The host is asked into the meeting of a room: the staff's computer rings."""
    host = Seat.objects.filter(meeting=meeting_id, role=Seat.Role.HOST).exclude(state__in=Seat.GONE)
    seat = host.select_related("meeting").first()
    if seat is None:
        return
    meeting = seat.meeting
    booked = meeting.booking_id is not None
    of = {"booking": meeting.booking_id} if booked else {"contact": meeting.contact_id}
    for turn in RoomTurn.objects.filter(ended_at=None, **of):
        if meeting_of(turn) == meeting:  # not of an earlier time of the booking
            rooms.follow_host(turn, asked=seat.may_enter)


@periodic(seconds=30)
def sweep_rooms() -> None:
    rooms.sweep()


@periodic(seconds=86_400)
def forget_rooms() -> None:
    rooms.forget()


def _is_video(contact_id: int) -> bool:
    return Contact.objects.filter(pk=contact_id, channel=Channel.VIDEO).exists()


def _meetings(**of: int) -> list[int]:
    return list(Meeting.objects.filter(ended_at=None, **of).values_list("pk", flat=True))
