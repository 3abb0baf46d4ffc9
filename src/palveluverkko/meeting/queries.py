"""What the desk asks of meetings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from palveluverkko.meeting.models import Seat

# Pages are heard every few seconds; one that is not has been closed.
AWAY_AFTER = timedelta(seconds=20)


def customers_at_the_door(bookings: Collection[int], now: datetime) -> frozenset[int]:
    """The bookings whose customer is in the meeting's waiting room now."""
    if not bookings:
        return frozenset()
    rows = Seat.objects.filter(
        meeting__booking__in=bookings,
        meeting__ended_at=None,
        role=Seat.Role.CUSTOMER,
        state=Seat.State.WAITING,
        seen_at__gt=now - AWAY_AFTER,
    )
    return frozenset(rows.values_list("meeting__booking", flat=True))
