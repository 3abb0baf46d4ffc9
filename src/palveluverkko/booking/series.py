"""Several bookings of one customer, made together: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from palveluverkko.booking import offerings
from palveluverkko.booking.checking import check
from palveluverkko.booking.customers import Customer, checked
from palveluverkko.booking.errors import BookingError, DayFull, FreeTime, SlotTaken, WithNearest
from palveluverkko.booking.models import Booking, Series
from palveluverkko.booking.nearest import nearest
from palveluverkko.booking.seating import is_day_full, seatings
from palveluverkko.booking.services import book
from palveluverkko.booking.wishes import Wish

NEAREST_EACH = 3


@dataclass(frozen=True, slots=True)
class Week:
    """One meeting of a series: ``error`` says why it cannot be, ``nearest`` what can instead."""

    wish: Wish
    error: BookingError | None = None
    nearest: tuple[FreeTime, ...] = ()


class SeriesTaken(BookingError):
    """Some of the meetings cannot be had, so none was booked; ``weeks`` tells of all of them."""

    def __init__(self, weeks: Sequence[Week]) -> None:
        self.weeks = tuple(weeks)
        taken = sum(week.error is not None for week in weeks)
        super().__init__(f"{taken} of {len(weeks)} times")


def weekly(wish: Wish, weeks: int) -> list[Wish]:
    """The same local time on so many weeks, also across a change of the clocks."""
    zone = ZoneInfo(offerings.current().zone_of(wish.point))
    local = wish.start.astimezone(zone)
    starts = [local + timedelta(weeks=n) for n in range(weeks)]
    return [wish.at(start.astimezone(ZoneInfo("UTC"))) for start in starts]


def preview(wishes: Sequence[Wish], now: datetime | None = None) -> list[Week]:
    """Which of the meetings could be booked now. Nothing is kept."""
    moment = now or timezone.now()
    return [_week(wish, _hindrance(wish, moment), moment) for wish in wishes]


def book_series(
    wishes: Sequence[Wish],
    customer: Customer,
    *,
    key: str,
    via: str = Booking.Via.ADVISER,
    by: Any = None,
    partner: str = "",
    now: datetime | None = None,
) -> list[Booking]:
    """Book all of ``wishes`` or none; the same key again gives the same bookings.

    Raises :class:`SeriesTaken` with every meeting that cannot be had, and
    :class:`CustomerInvalid`.
    """
    moment = now or timezone.now()
    if before := _made(key):
        return before
    for wish in wishes:
        checked(customer, wish.mode, by_staff=True)
    try:
        with transaction.atomic():
            series = Series.objects.create(key=key)
            made: list[Booking] = []
            failed: Mapping[Wish, BookingError] = {}
            # In order of time, so that two series that want the same days take turns.
            for n, wish in enumerate(sorted(wishes, key=lambda w: w.start)):
                try:
                    made.append(
                        book(
                            wish,
                            customer,
                            key=f"{key}:{n}",
                            via=via,
                            by=by,
                            partner=partner,
                            now=moment,
                        )
                    )
                except BookingError as error:
                    failed = {**failed, wish: error}
            if failed:
                raise SeriesTaken([_week(wish, failed.get(wish), moment) for wish in wishes])
            Booking.objects.filter(pk__in=[b.pk for b in made]).update(series=series)
            return made
    except IntegrityError:
        # The same request twice at the same moment: the other one was first.
        if before := _made(key):
            return before
        raise


def _made(key: str) -> list[Booking]:
    return list(Booking.objects.filter(series__key=key).order_by("start"))


def _hindrance(wish: Wish, now: datetime) -> BookingError | None:
    try:
        check(wish, now, by_staff=True)
    except BookingError as error:
        return error
    if is_day_full(wish):
        return DayFull(nearest(wish, now))
    return SlotTaken(nearest(wish, now)) if next(seatings(wish), None) is None else None


def _week(wish: Wish, error: BookingError | None, now: datetime) -> Week:
    if error is None:
        return Week(wish)
    found = error.nearest if isinstance(error, WithNearest) else nearest(wish, now)
    closest = sorted(found, key=lambda time: abs(time.start - wish.start))[:NEAREST_EACH]
    return Week(wish, error, tuple(sorted(closest, key=lambda time: time.start)))
