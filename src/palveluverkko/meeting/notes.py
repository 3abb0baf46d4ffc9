"""The adviser's notes about a meeting live where those of its booking or contact do."""

from __future__ import annotations

from typing import Any

from palveluverkko.booking import serving
from palveluverkko.contact import notes as contact_notes
from palveluverkko.contact.errors import PoolError
from palveluverkko.meeting.errors import NotAllowed
from palveluverkko.meeting.models import Seat


def keep(seat_id: int, text: str, *, by: Any) -> None:
    """The whole text so far. Raises :class:`NotAllowed` where the seat is not the adviser's."""
    seat = Seat.objects.select_related("meeting").filter(pk=seat_id).first()
    if seat is None or seat.role != Seat.Role.ADVISER:
        raise NotAllowed
    meeting = seat.meeting
    if meeting.booking_id is not None:
        serving.write_notes(meeting.booking_id, text, by=by)
        return
    assert meeting.contact_id is not None
    try:
        contact_notes.keep(meeting.contact_id, meeting.adviser_id or 0, text)
    except PoolError as not_yours:
        raise NotAllowed from not_yours


def text_of(seat: Seat) -> str:
    """What has been written; empty for everybody but the adviser."""
    if seat.role != Seat.Role.ADVISER:
        return ""
    if seat.meeting.booking is not None:
        return seat.meeting.booking.notes
    return contact_notes.text_of(seat.meeting.contact_id or 0)
