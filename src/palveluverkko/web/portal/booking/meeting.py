"""A booking as its pages show it: what, when, where, how, and how to prepare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from palveluverkko.booking.channels import channels_of
from palveluverkko.booking.meeting_links import Door, door_of
from palveluverkko.booking.models import Affected, Booking, BookingMode
from palveluverkko.booking.texts.meeting import Meeting, meeting_of, zone_of
from palveluverkko.web.portal.booking import words
from palveluverkko.web.portal.words import clock

State = Booking.State


@dataclass(frozen=True, slots=True)
class Shown:
    booking: Booking
    meeting: Meeting
    way: str
    language: str
    interpreter: str
    prepare: tuple[str, ...]
    to_come: bool
    over: bool
    in_danger: bool
    door: Door | None

    @property
    def open(self) -> bool:
        """Whether the customer can still move or cancel it."""
        return self.to_come and self.booking.state == State.CONFIRMED

    @property
    def begun(self) -> bool:
        """Whether its hour has come and it still goes on: the page is needed then most of all."""
        return not self.to_come and not self.over and self.booking.state != State.CANCELLED

    @property
    def joinable(self) -> bool:
        """Whether its time is over and its meeting can be joined all the same."""
        door = self.door
        return self.over and door is not None and bool(door.open or door.link)

    @property
    def in_room(self) -> bool:
        """Whether the staff of a joint point open the meeting, on the screen of their room."""
        return self.booking.mode == BookingMode.VIDEO_ROOM

    @property
    def door_opens(self) -> str:
        """From when the room can be entered, on the clock of the meeting's place."""
        if self.door is None or self.door.opens_at is None:
            return ""
        return clock(self.door.opens_at.astimezone(zone_of(self.booking.point)))

    @property
    def sent_to(self) -> list[str]:
        """Where messages about it go."""
        row = self.booking
        addresses = {"email": row.email, "sms": row.phone, "letter": row.postal_address}
        return [addresses[channel] for channel in channels_of(row)]

    @property
    def only_by_letter(self) -> bool:
        """Whether what we write may come after the meeting."""
        return channels_of(self.booking) == ("letter",)


def shown(booking: Booking, now: datetime) -> Shown:
    language = words.language
    in_danger = booking.affected.filter(state__in=Affected.TO_DO).exists()
    return Shown(
        booking=booking,
        meeting=meeting_of(booking),
        way=words.way(booking.mode),
        language=language(booking.language),
        interpreter=language(booking.interpreter) if booking.interpreter else "",
        prepare=words.prepare(booking.mode),
        to_come=booking.start > now,
        over=_is_over(booking, now),
        in_danger=in_danger,
        door=None if in_danger else door_of(booking, now),
    )


def _is_over(booking: Booking, now: datetime) -> bool:
    """Who has arrived may still be waiting for an adviser who is late."""
    late = booking.state in (State.ARRIVED, State.SERVING)
    return booking.state in (State.SERVED, State.NO_SHOW) or (booking.end <= now and not late)


def kept_until(booking: Booking) -> str:
    """The time of day until which a held time is kept, on the clock of its place."""
    assert booking.hold_until is not None
    return clock(booking.hold_until.astimezone(zone_of(booking.point)))
