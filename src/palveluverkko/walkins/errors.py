"""What can go wrong with walk-ins; each error carries what the person needs to go on."""

from __future__ import annotations

from datetime import datetime

from palveluverkko.queueing import Wait


class WalkInError(Exception):
    """The verb was refused; nothing was changed."""


class ServiceNotGiven(WalkInError):
    """The point does not serve walk-ins in this service today; ``given`` are those it serves."""

    def __init__(self, point_id: str, service: str, given: tuple[str, ...]) -> None:
        self.point_id, self.service, self.given = point_id, service, given
        super().__init__(f"{point_id!r} gives no {service!r} to walk-ins")


class ClosedNow(WalkInError):
    """Walk-ins are not served now; ``opens_at`` is the next time they are, if one is known."""

    def __init__(self, opens_at: datetime | None) -> None:
        self.opens_at = opens_at
        super().__init__(f"closed; opens {opens_at}")


class TooLateToday(WalkInError):
    """Those who wait already fill the time until closing: offer a booking, or another day."""

    def __init__(self, wait: Wait, closes_at: datetime, opens_at: datetime | None) -> None:
        self.wait, self.closes_at, self.opens_at = wait, closes_at, opens_at
        super().__init__(f"closes {closes_at}, wait {wait.likely_minutes:.0f} minutes")


class PhoneInvalid(WalkInError):
    """Not a phone number that a message can be sent to. The number itself is not repeated."""


class TicketUnknown(WalkInError):
    """There is no such ticket."""


class NotPossible(WalkInError):
    """The ticket's ``state`` does not allow ``verb``: somebody was quicker, or it has ended."""

    def __init__(self, label: str, state: str, verb: str) -> None:
        self.label, self.state, self.verb = label, state, verb
        super().__init__(f"ticket {label} is {state}: no {verb}")


class TooLateToReopen(WalkInError):
    """What ended longer ago than ``minutes`` stays as it is."""

    def __init__(self, label: str, minutes: int) -> None:
        self.label, self.minutes = label, minutes
        super().__init__(f"ticket {label} ended more than {minutes} minutes ago")


class ComeBackOutside(WalkInError):
    """The agreed time must lie ahead and before ``closes_at``."""

    def __init__(self, closes_at: datetime | None) -> None:
        self.closes_at = closes_at
        super().__init__(f"come back before {closes_at}")


class StillServing(WalkInError):
    """The desk has a customer, ``label``: finish first."""

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__(f"ticket {label} is at the desk")


class DeskTaken(WalkInError):
    """Another adviser has opened this desk."""

    def __init__(self, desk: str, by: str) -> None:
        self.desk, self.by = desk, by
        super().__init__(f"{desk!r} is open")


class AtAnotherDesk(WalkInError):
    """The adviser is at another desk, perhaps of another point: close that one first."""

    def __init__(self, desk: str, point_id: str) -> None:
        self.desk, self.point_id = desk, point_id
        super().__init__(f"at {desk!r} of {point_id!r}")


class AnotherDay(WalkInError):
    """The booking is for another day, at ``start``: nobody arrives for it, or misses it, today."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        super().__init__(f"booked for {start}")


class DeskClosed(WalkInError):
    """There is no such open desk: open one first."""


class NotADeskHere(WalkInError):
    """The ids do not name an adviser and a desk of this point."""
