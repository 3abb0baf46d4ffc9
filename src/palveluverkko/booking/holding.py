"""A time is kept for a customer who fills in the form, and let go when they do not finish."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from palveluverkko.booking import taking
from palveluverkko.booking.checking import check
from palveluverkko.booking.errors import TooManyHolds
from palveluverkko.booking.events import done_before, note
from palveluverkko.booking.freed import wake_waiting_list
from palveluverkko.booking.locks import changing
from palveluverkko.booking.models import Booking
from palveluverkko.booking.nearest import telling_nearest
from palveluverkko.booking.wishes import Wish

MOST_HOLDS = 3
HELD = Booking.State.HELD


def hold(
    wish: Wish,
    *,
    key: str,
    via: str = Booking.Via.WEB,
    by: Any = None,
    minutes: int | None = None,
    visitor: str = "",
    now: datetime | None = None,
) -> Booking:
    """Keep the time for a while, for whoever sends ``key``; the same key again gives the same hold.

    ``visitor``: an opaque name of who asks, to limit how many times one may keep; none: no limit.
    Raises :class:`SlotTaken` with the nearest free times, and what :func:`checking.check` raises.
    """
    moment = now or timezone.now()
    if before := done_before(f"hold:{key}"):
        return before
    terms = check(wish, moment, by_staff=via in (Booking.Via.ADVISER, Booking.Via.PARTNER))
    expire_holds(moment)
    if visitor and _held_by(visitor, moment) >= MOST_HOLDS:
        raise TooManyHolds
    keep = timedelta(minutes=minutes or settings.BOOKING_HOLD_MINUTES)
    try:
        with telling_nearest(moment), changing():
            taking.lock(wish)
            booking = Booking.objects.create(
                state=HELD,
                mode=wish.mode,
                point_id=wish.point,
                service_id=wish.service,
                language=wish.language,
                start=wish.start,
                end=wish.start + timedelta(minutes=terms.minutes),
                advisers=wish.advisers,
                interpreter=wish.interpreter,
                via=via,
                booked_by=by,
                hold_until=moment + keep,
            )
            note(booking, "held", key=f"hold:{key}", by=by, visitor=visitor)
            taking.take(booking, wish)
            return booking
    except IntegrityError:
        # The same request twice at the same moment: the other one was first.
        if before := done_before(f"hold:{key}"):
            return before
        raise


def release(booking: Booking) -> None:
    """Let a held time go: the customer turned back. Twice does no harm."""
    with changing():
        found = Booking.objects.select_for_update().get(pk=booking.pk)
        if found.state == HELD:
            _expire(found, "released")


def expire_holds(now: datetime | None = None) -> int:
    """Let go of holds whose time is over; how many there were."""
    moment = now or timezone.now()
    over = Booking.objects.filter(state=HELD, hold_until__lt=moment)
    ended = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)[:200]):
        with changing():
            booking = (
                Booking.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=pk, state=HELD, hold_until__lt=moment)
                .first()
            )
            if booking is not None:
                _expire(booking, "expired")
                ended += 1
    return ended


def retake(booking: Booking, wish: Wish) -> None:
    """Claim the time of an expired hold again; raises :class:`SlotTaken`."""
    taking.lock(wish)
    taking.take(booking, wish)


def _expire(booking: Booking, kind: str) -> None:
    booking.state = Booking.State.EXPIRED
    booking.save(update_fields=["state"])
    taking.give_back(booking)
    note(booking, kind)
    # Somebody may have taken it between a cancellation and its offer to the next in turn.
    wake_waiting_list(booking.point_id, booking.mode, booking.start)


def _held_by(visitor: str, now: datetime) -> int:
    return Booking.objects.filter(
        state=HELD, hold_until__gte=now, events__kind="held", events__detail__visitor=visitor
    ).count()
