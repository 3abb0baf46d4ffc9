"""What can go wrong with a booking. Nothing was changed; each error says what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked: ``start`` in UTC; ``point`` is None by video and phone."""

    start: datetime
    mode: str
    point: str | None = None


class BookingError(Exception):
    """A booking that cannot be made or changed as asked."""


class NotOffered(BookingError):
    """The point does not give this service in this way on that day."""


class LanguageNotSpoken(BookingError):
    """No adviser on the roster there speaks the language."""


class InThePast(BookingError):
    """The time has passed."""


class TooSoon(BookingError):
    """Ordinary services must be booked earlier; ``minutes`` before at the latest."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(f"at least {minutes} minutes before")


class TooFar(BookingError):
    """Times are not given out yet; ``days`` ahead at most."""

    def __init__(self, days: int) -> None:
        self.days = days
        super().__init__(f"at most {days} days ahead")


class TooManyHolds(BookingError):
    """One visitor holds as many times as one may."""


class WithNearest(BookingError):
    """Carries the nearest free times, soonest first; ``wish``: what was refused, until they are."""

    def __init__(self, nearest: Sequence[FreeTime] = (), wish: object = None) -> None:
        self.nearest = tuple(nearest)
        self.wish = wish
        super().__init__(f"{len(self.nearest)} other times")


class SlotTaken(WithNearest):
    """Somebody else was first, or nobody can serve at that time."""


class OutsideHours(WithNearest):
    """The point does not give the service at that time of day."""


class DayFull(WithNearest):
    """As many bookings of the service as a day may have."""


class HoldExpired(WithNearest):
    """The time was kept only for a while, and has gone to somebody else since."""


class CustomerInvalid(BookingError):
    """What the customer typed breaks a rule; ``messages`` by field, in the page's language."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        super().__init__("; ".join(self.messages))


class NotOpenAnyMore(BookingError):
    """The booking is over, cancelled or being served; ``state`` says which."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(state)


class BookingUnknown(BookingError):
    """No such booking, or a link that was tampered with."""


class LinkExpired(BookingError):
    """The link worked once; the booking is long over."""


class MeetingLinkRefused(BookingError):
    """What was pasted as a meeting's link is none that begins with https://."""


class NotByVideo(BookingError):
    """The meeting is not by video, so it has no link."""


class RosterClash(BookingError):
    """A person would be in two places, or a desk given to two people, at once."""

    def __init__(self, who: str, where: str, start: datetime, end: datetime) -> None:
        self.who, self.where, self.start, self.end = who, where, start, end
        super().__init__(f"{who}: {where} {start:%Y-%m-%d %H:%M}-{end:%H:%M}")
