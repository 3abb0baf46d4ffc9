"""What a customer asks for: one meeting, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from palveluverkko.booking.models import Booking


@dataclass(frozen=True, slots=True)
class Wish:
    """One meeting: where (``point`` is None by video and phone), how, what, when (UTC).

    ``advisers`` at once; ``interpreter``: the language one is needed for, or empty.
    """

    mode: str
    service: str
    language: str
    start: datetime
    point: str | None = None
    advisers: int = 1
    interpreter: str = ""

    def __post_init__(self) -> None:
        # Days and cells are counted in UTC, whatever zone the caller thought in.
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    def at(self, start: datetime) -> Wish:
        return replace(self, start=start)


def wish_of(booking: Booking) -> Wish:
    """The wish that a booking fulfils."""
    return Wish(
        mode=booking.mode,
        service=booking.service_id,
        language=booking.language,
        start=booking.start,
        point=booking.point_id,
        advisers=booking.advisers,
        interpreter=booking.interpreter,
    )
