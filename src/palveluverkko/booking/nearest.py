"""Free times around one that cannot be had: what every refusal shows instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from palveluverkko.booking import queries
from palveluverkko.booking.errors import DayFull, FreeTime, SlotTaken
from palveluverkko.booking.seating import seatings
from palveluverkko.booking.wishes import Wish
from palveluverkko.network.moment import one_moment

NEAREST = 6
MOST_TRIED = 40
MOST_EARLIER = 1_000  # more than the starts of a week
AROUND = timedelta(days=7)


def nearest(wish: Wish, now: datetime, limit: int = NEAREST) -> list[FreeTime]:
    """Free times around the one asked for, the closest first chosen, then told in order.

    The time asked for is left out. Where an interpreter or several advisers are needed, each time
    is looked at one by one, the closest ``MOST_TRIED`` at most.
    """
    asked = (wish.point, wish.mode, wish.service, wish.language)
    most = MOST_TRIED if wish.interpreter or wish.advisers > 1 else limit
    with one_moment():
        earlier = queries.free_times(
            *asked, start=wish.start - AROUND, end=wish.start, limit=MOST_EARLIER, now=now
        )
        later = queries.free_times(
            *asked, start=wish.start, end=wish.start + 3 * AROUND, limit=most + 1, now=now
        )
    others = [time for time in (*earlier[-most:], *later) if time.start != wish.start]
    others.sort(key=lambda time: abs(time.start - wish.start))
    if wish.interpreter or wish.advisers > 1:
        tried = others[:MOST_TRIED]
        others = [t for t in tried if next(seatings(wish.at(t.start)), None) is not None]
    return sorted(others[:limit], key=lambda time: time.start)


@contextmanager
def telling_nearest(now: datetime) -> Iterator[None]:
    """Add the nearest free times to a refusal, after its transaction and its locks have ended."""
    try:
        yield
    except (SlotTaken, DayFull) as refused:
        if refused.nearest or not isinstance(refused.wish, Wish):
            raise
        raise type(refused)(nearest(refused.wish, now)) from refused
