"""A meeting is made for a booking or a contact, and ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.models import Booking, BookingMode, Resource
from palveluverkko.contact.models import Channel, Contact
from palveluverkko.meeting import events
from palveluverkko.meeting.errors import MeetingOver, MeetingUnknown
from palveluverkko.meeting.models import Meeting

BY_VIDEO = (BookingMode.VIDEO, BookingMode.VIDEO_ROOM)
OPENS_BEFORE = timedelta(minutes=30)  # time to try camera and sound
CLOSES_AFTER = timedelta(hours=4)
_Booking = Booking.State
TO_COME = (_Booking.CONFIRMED, _Booking.ARRIVED, _Booking.SERVING)
# Finished at the desk while people are still saying goodbye: the meeting goes on until it is ended.
GOES_ON = (*TO_COME, _Booking.SERVED)


def meeting_for_booking(booking_id: int, now: datetime | None = None) -> Meeting:
    """The meeting of the booking at its present time; the same one whoever asks.

    That of an earlier time is ended. Raises :class:`MeetingUnknown` where the booking is not by
    video and :class:`MeetingOver` where it is not to come any more.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
        if booking is None or booking.mode not in BY_VIDEO:
            raise MeetingUnknown
        closes = booking.end + CLOSES_AFTER
        if booking.state not in TO_COME or booking.forgotten or moment >= closes:
            raise MeetingOver
        meeting = Meeting.objects.filter(booking=booking, ended_at__isnull=True).first()
        if meeting is not None and (meeting.starts_at, meeting.closes_at) != (
            booking.start,
            closes,
        ):
            _end(meeting, moment)
            meeting = None
        return meeting or Meeting.objects.create(
            booking=booking,
            service_id=booking.service_id,
            language=booking.language,
            adviser=_booked_adviser(booking),
            opens_at=booking.start - OPENS_BEFORE,
            starts_at=booking.start,
            closes_at=closes,
        )


def meeting_for_contact(contact_id: int, now: datetime | None = None) -> Meeting:
    """The meeting of a contact by video; raises as :func:`meeting_for_booking` does."""
    moment = now or timezone.now()
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None or contact.channel != Channel.VIDEO:
            raise MeetingUnknown
        if contact.state not in Contact.OPEN:
            raise MeetingOver
        meeting = Meeting.objects.filter(contact=contact).first()
        if meeting is None:
            return Meeting.objects.create(
                contact=contact,
                service_id=contact.service_id,
                language=contact.language,
                adviser_id=contact.adviser_id,
                opens_at=moment,
                starts_at=moment,
                closes_at=moment + CLOSES_AFTER,
            )
        if not is_alive(meeting, moment):
            raise MeetingOver
        return meeting


def is_alive(meeting: Meeting, now: datetime) -> bool:
    """Whether links and passes of the meeting hold. It may not have opened yet."""
    if meeting.ended_at is not None or now >= meeting.closes_at:
        return False
    if meeting.booking is not None:
        booking = meeting.booking
        return booking.state in GOES_ON and booking.start == meeting.starts_at
    return meeting.contact is not None and meeting.contact.state in Contact.OPEN


def locked(meeting_id: int, now: datetime) -> Meeting:
    """The meeting, for a change: others wait. Raises :class:`MeetingOver` where it is over."""
    # Booking and contact may be missing: an outer join cannot be locked, only the meeting itself.
    rows = Meeting.objects.select_related("booking", "contact").select_for_update(of=("self",))
    meeting = rows.filter(pk=meeting_id).first()
    if meeting is None or not is_alive(meeting, now):
        raise MeetingOver
    return meeting


def end(meeting_id: int, *, now: datetime | None = None) -> bool:
    """Nobody is in it or comes in any more. Whether it ended now; a second time changes nothing."""
    with transaction.atomic():
        rows = Meeting.objects.select_for_update()
        meeting = rows.filter(pk=meeting_id, ended_at__isnull=True).first()
        if meeting is None:
            return False
        _end(meeting, now or timezone.now())
        return True


def _end(meeting: Meeting, now: datetime) -> None:
    meeting.ended_at = now
    meeting.save(update_fields=["ended_at"])
    events.tell_ended(meeting)
    events.tell(meeting.pk)


def _booked_adviser(booking: Booking) -> Resource | None:
    claims = booking.claims.filter(resource__kind=Resource.Kind.ADVISER).order_by("pk")
    first = claims.select_related("resource").first()
    return first.resource if first is not None else None
