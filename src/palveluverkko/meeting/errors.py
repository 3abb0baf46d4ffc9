"""What can go wrong with a meeting; nothing was changed then."""

from __future__ import annotations


class MeetingError(Exception):
    """The verb was refused."""


class MeetingUnknown(MeetingError):
    """There is no such booking or contact, or it is not by video."""


class MeetingOver(MeetingError):
    """The meeting has ended, its booking was moved or cancelled, or its time is over."""


class LinkDead(MeetingError):
    """The link opens nothing, for whatever reason: nobody is to learn which."""


class MeetingFull(MeetingError):
    """All six seats are given."""


class SeatUnknown(MeetingError):
    """Nobody has this seat (any more)."""


class NotAllowed(MeetingError):
    """This is not for who asked: not the adviser, not in the meeting, or not of this meeting."""
