"""Taking and giving back resources: the only place that writes claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import IntegrityError, transaction

from palveluverkko.booking.errors import DayFull, SlotTaken
from palveluverkko.booking.locks import take_resources, take_turns
from palveluverkko.booking.models import Booking, Claim, Shift
from palveluverkko.booking.outlets import POOLS, outlet_of
from palveluverkko.booking.projection import Key, mark_stale
from palveluverkko.booking.seating import claimed_span, is_day_full, seatings
from palveluverkko.booking.terms import TermsBook, takes
from palveluverkko.booking.wishes import Wish, nearest


def lock(wish: Wish) -> None:
    """Who wants the same outlet's day takes turns until the transaction ends."""
    take_turns(f"book {outlet_of(wish.point, wish.mode)} {wish.start.date()}")


def take(booking: Booking, wish: Wish, now: datetime) -> None:
    """Claim what the wish needs for ``booking``; the booking must be saved and have no claims.

    Raises :class:`SlotTaken` or :class:`DayFull` with the nearest free times. The database refuses
    an overlap even where two requests have both seen the time as free; then the next choice is
    tried.
    """
    need = takes(TermsBook.load().of(wish.service, wish.mode))
    before, after = claimed_span(wish, need)
    for seating in seatings(wish, booking.pk):
        take_resources(seating)
        try:
            with transaction.atomic():
                Claim.objects.bulk_create(
                    Claim(
                        booking=booking,
                        resource_id=resource,
                        start=wish.start - before,
                        end=wish.start + after,
                    )
                    for resource in seating
                )
        except IntegrityError:
            continue
        mark_stale(_keys(wish, seating))
        return
    near = nearest(wish, now)
    raise DayFull(near) if is_day_full(wish, booking.pk) else SlotTaken(near)


def give_back(booking: Booking) -> None:
    """Let go of everything the booking takes."""
    resources = list(booking.claims.values_list("resource_id", flat=True))
    booking.claims.all().delete()
    keys = _keys_at(resources, booking.start)
    keys.add((outlet_of(booking.point_id, booking.mode), booking.start.date()))
    mark_stale(keys)


def _keys(wish: Wish, resources: Iterable[int]) -> set[Key]:
    keys = _keys_at(resources, wish.start)
    return keys | {(outlet_of(wish.point, wish.mode), day) for day in _days(wish.start)}


def _keys_at(resources: Iterable[int], start: datetime) -> set[Key]:
    """Every outlet whose free times depend on these people around ``start``."""
    around = timedelta(hours=12)
    shifts = Shift.objects.filter(
        person_id__in=list(resources), start__lt=start + around, end__gt=start - around
    )
    keys: set[Key] = set()
    for point, modes in shifts.values_list("point_id", "modes"):
        found = [point] if point is not None else []
        found += [pool for pool, mode in POOLS.items() if mode in modes]
        keys |= {(outlet, day) for outlet in found for day in _days(start)}
    return keys


def _days(start: datetime) -> set[date]:
    """UTC days whose starts a meeting at ``start`` can hinder."""
    moment = start.astimezone(UTC)
    return {(moment - timedelta(hours=8)).date(), (moment + timedelta(hours=8)).date()}
