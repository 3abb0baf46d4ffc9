"""The door of a meeting by video: where it leads, and from when it is shown.

It leads into a meeting of our own, unless the agency has rooms in a video service
(``VIDEO_MEETING_URL``), or the adviser has opened the meeting in another one and saved its link.
What our own meeting's address is, pages know: here is only whether and when it is open.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.crypto import salted_hmac

from palveluverkko.booking import notices
from palveluverkko.booking.errors import (
    BookingUnknown,
    MeetingLinkRefused,
    NotByVideo,
    NotOpenAnyMore,
)
from palveluverkko.booking.events import note
from palveluverkko.booking.locks import changing
from palveluverkko.booking.models import Booking, BookingMode

BY_VIDEO = (BookingMode.VIDEO, BookingMode.VIDEO_ROOM)
State = Booking.State
OPEN = (State.CONFIRMED, State.ARRIVED, State.SERVING)
# Early enough to try out camera and sound; a room that is open all day draws people who then wait.
SHOWN_BEFORE = timedelta(minutes=30)
# A meeting may begin late and last; afterwards nobody should walk into the next customer's.
SHOWN_AFTER = timedelta(hours=2)
# A meeting of our own is nobody else's afterwards.
OURS_AFTER = timedelta(hours=4)
ROOM_BYTES = 20  # 160 bits: 32 letters and figures, which every service takes as a room's name
_is_https = URLValidator(schemes=["https"])


@dataclass(frozen=True, slots=True)
class Door:
    """``ours``: it leads into a meeting of our own, ``open`` or not yet; ``link`` is empty then.

    Else ``link`` is empty until there is one to show. ``opens_at``: None where an adviser opens.
    """

    link: str
    opens_at: datetime | None
    ours: bool = False
    open: bool = False


def rooms_in_service() -> bool:
    """Whether the agency has rooms in a video service; else the meeting is our own."""
    return bool(settings.VIDEO_MEETING_URL)


def opens_at(booking: Booking) -> datetime:
    return booking.start - SHOWN_BEFORE


def closes_at(booking: Booking) -> datetime:
    """When the meeting of our own is over, whoever is still there."""
    return booking.end + OURS_AFTER


def is_ours(booking: Booking) -> bool:
    """Whether the booking is kept in a meeting of our own, today or later."""
    elsewhere = rooms_in_service() or booking.meeting_link
    return booking.mode in BY_VIDEO and booking.state in OPEN and not elsewhere


def door_of(booking: Booking, now: datetime) -> Door | None:
    """Where the meeting is joined; None where it is not by video, not open, or long over."""
    if booking.mode not in BY_VIDEO or booking.state not in OPEN or booking.forgotten:
        return None
    if is_ours(booking):
        opens = opens_at(booking)
        return Door("", opens, ours=True, open=now >= opens) if now <= closes_at(booking) else None
    if now > max(booking.start + SHOWN_AFTER, booking.end):
        return None
    if not rooms_in_service():
        return Door(booking.meeting_link, None, open=True)
    is_open = now >= opens_at(booking)
    return Door(room_link(booking) if is_open else "", opens_at(booking), open=is_open)


def room_link(booking: Booking) -> str:
    """The address of the booking's room, the same for customer and adviser.

    Nobody can guess it, nothing personal is in it, and a booking that is moved gets another one.
    """
    of = f"{booking.token}:{booking.mode}:{booking.start:%Y%m%dT%H%M%S}"
    digest = salted_hmac("palveluverkko.booking.room", of, algorithm="sha256").digest()
    room = base64.b32encode(digest[:ROOM_BYTES]).decode().lower()
    return str(settings.VIDEO_MEETING_URL).replace("{room}", room)


def save_link(booking_id: int, link: str, *, by: Any = None) -> bool:
    """Keep the link of a meeting that an adviser opened and send it to the customer at once.

    Whether a message goes out: who gave only a postal address sees it on the booking's page. The
    same link again sends nothing. Raises :class:`MeetingLinkRefused`, :class:`NotByVideo` and
    :class:`NotOpenAnyMore`.
    """
    checked = _checked(link)
    with changing():
        booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
        if booking is None:
            raise BookingUnknown
        if booking.state not in OPEN:
            raise NotOpenAnyMore(booking.state)
        if booking.mode not in BY_VIDEO:
            raise NotByVideo
        if booking.meeting_link != checked:
            booking.meeting_link = checked
            booking.meeting_links += 1
            booking.save(update_fields=["meeting_link", "meeting_links"])
            note(booking, "meeting_link", by=by)
        return notices.tell_link(booking)


def _checked(link: str) -> str:
    """An https address that a browser shows as what it is: without a name before an "@"."""
    found = link.strip()
    most = Booking._meta.get_field("meeting_link").max_length or 0
    try:
        _is_https(found)
        parts = urlsplit(found)
    except (ValidationError, ValueError) as wrong:
        raise MeetingLinkRefused from wrong
    if len(found) > most or parts.username is not None or parts.scheme != "https":
        raise MeetingLinkRefused
    return found
