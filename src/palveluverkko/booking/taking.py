"""Taking and giving back resources: the only place that writes claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import IntegrityError, transaction

from palveluverkko.booking import offerings
from palveluverkko.booking.errors import DayFull, SlotTaken
from palveluverkko.booking.locks import take_resources, take_turns
from palveluverkko.booking.models import Booking, Claim, Shift
from palveluverkko.booking.outlets import POOLS, day_span, local_date, outlet_of
from palveluverkko.booking.projection import Key, mark_stale
from palveluverkko.booking.seating import Seating, claimed_span, is_day_full, seatings
from palveluverkko.booking.terms import TermsBook, takes
from palveluverkko.booking.wishes import Wish, wish_of

MOST_TRIED = 100  # each try that fails means that somebody else has been served meanwhile


def lock(wish: Wish) -> None:
    """Who wants the same outlet's local day takes turns until the transaction ends.

    The local day, because that is what limits are counted by.
    """
    day = local_date(wish.start, offerings.current().zone_of(wish.point))
    take_turns(f"book {outlet_of(wish.point, wish.mode)} {day}")


def take(booking: Booking, wish: Wish) -> None:
    """Claim what the wish needs for ``booking``; the booking must be saved and have no claims.

    Raises :class:`SlotTaken` or :class:`DayFull`, to which ``nearest.telling_nearest`` adds other
    times when the transaction is over. The database refuses an overlap even where two requests
    have both seen the time as free; then the truth is read again: only when it says that nobody is
    free is the time taken.
    """
    for _attempt in range(MOST_TRIED):
        seating = next(seatings(wish, booking.pk), None)
        if seating is None:
            break
        if _claim(booking, wish, seating):
            mark_stale(_keys(wish, seating))
            return
    raise DayFull(wish=wish) if is_day_full(wish, booking.pk) else SlotTaken(wish=wish)


def give_back(booking: Booking) -> None:
    """Let go of everything the booking takes."""
    resources = list(booking.claims.values_list("resource_id", flat=True))
    booking.claims.all().delete()
    mark_stale(_keys(wish_of(booking), resources))


def _claim(booking: Booking, wish: Wish, seating: Seating) -> bool:
    """Write the claims; false where somebody else's are in the way."""
    before, after = claimed_span(wish, takes(TermsBook.load().of(wish.service, wish.mode)))
    start, end = wish.start - before, wish.start + after
    rows = [Claim(booking=booking, resource_id=r, start=start, end=end) for r in seating]
    try:
        with transaction.atomic():
            # In here, so that a choice that fails does not keep others waiting for its people.
            take_resources(seating)
            Claim.objects.bulk_create(rows)
    except IntegrityError:
        return False
    return True


def _keys(wish: Wish, resources: Iterable[int]) -> set[Key]:
    """Every outlet and UTC day whose free times change when the wish is fulfilled, or given up."""
    terms = TermsBook.load()
    days = _days(wish.start, terms.reach)
    keys = _keys_of(resources, wish.start, days)
    if terms.of(wish.service, wish.mode).daily_limit is not None:
        # A full day is full from one local midnight to the next.
        zone = offerings.current().zone_of(wish.point)
        midnight, next_midnight = day_span(local_date(wish.start, zone), zone)
        days |= {midnight.astimezone(UTC).date()}
        days |= {(next_midnight.astimezone(UTC) - timedelta(microseconds=1)).date()}
    return keys | {(outlet_of(wish.point, wish.mode), day) for day in days}


def _keys_of(resources: Iterable[int], start: datetime, days: Iterable[date]) -> set[Key]:
    """Outlets whose free times depend on these people around ``start``."""
    around = timedelta(days=1)
    shifts = Shift.objects.filter(
        person_id__in=list(resources), start__lt=start + around, end__gt=start - around
    )
    keys: set[Key] = set()
    for point, modes in shifts.values_list("point_id", "modes"):
        found = [point] if point is not None else []
        found += [pool for pool, mode in POOLS.items() if mode in modes]
        keys |= {(outlet, day) for outlet in found for day in days}
    return keys


def _days(start: datetime, reach: timedelta) -> set[date]:
    """UTC days whose starts a meeting at ``start`` can hinder: before it, and after."""
    moment = start.astimezone(UTC)
    return {(moment - reach).date(), moment.date(), (moment + reach).date()}
