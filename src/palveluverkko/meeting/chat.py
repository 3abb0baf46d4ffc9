"""Text beside a meeting: kept until the night, so that a page that returns shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from palveluverkko.meeting.errors import NotAllowed
from palveluverkko.meeting.models import MeetingLine, Seat

MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line as pages get it; ``number`` counts the lines of its seat."""

    seat: int
    role: str
    label: str
    number: int
    text: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@transaction.atomic
def write(seat_id: int, number: int, text: str, *, now: datetime | None = None) -> Line:
    """Keep the line; the same number again gives the first line, nothing is written twice.

    Raises :class:`NotAllowed` for a number out of turn, and from outside the meeting.
    """
    seat = Seat.objects.select_for_update().filter(pk=seat_id, state=Seat.State.INSIDE).first()
    if seat is None:
        raise NotAllowed
    written = seat.lines.filter(number=number).first()
    if written is None:
        if number != seat.lines.count() + 1 or number > MOST_LINES:
            raise NotAllowed
        moment = now or timezone.now()
        written = MeetingLine.objects.create(
            meeting_id=seat.meeting_id, seat=seat, number=number, text=text, at=moment
        )
    return _line(written, seat)


def lines_for(seat_id: int) -> list[dict[str, object]]:
    """What was written since this person was let in, and all that they wrote themselves."""
    seat = Seat.objects.get(pk=seat_id)
    if seat.state != Seat.State.INSIDE or seat.admitted_at is None:
        return []
    rows = MeetingLine.objects.filter(meeting=seat.meeting_id).select_related("seat")
    since = seat.admitted_at
    return [
        _line(row, row.seat).as_dict() for row in rows if row.at >= since or row.seat_id == seat_id
    ]


def _line(row: MeetingLine, seat: Seat) -> Line:
    return Line(seat.pk, seat.role, seat.label, row.number, row.text)
