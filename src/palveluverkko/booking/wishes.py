"""What a customer asks for, and whether it can be asked for at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.availability import Window, cells_for
from palveluverkko.availability.masks import runs
from palveluverkko.booking import offerings, queries
from palveluverkko.booking.errors import (
    FreeTime,
    InThePast,
    LanguageNotSpoken,
    NotOffered,
    OutsideHours,
    TooFar,
    TooSoon,
)
from palveluverkko.booking.models import MODES_AT_POINTS, Booking, BookingMode, Resource, Terms
from palveluverkko.booking.terms import TermsBook

NEAREST = 6


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


def check(wish: Wish, now: datetime, *, by_staff: bool = False) -> Terms:
    """The terms of the wish; raises a :class:`BookingError` that says why it cannot be asked for.

    Staff may book sooner and farther than customers, never in the past.
    """
    terms = TermsBook.load().of(wish.service, wish.mode)
    if wish.start <= now:
        raise InThePast
    if not by_staff:
        if wish.start < now + timedelta(minutes=terms.lead_minutes):
            raise TooSoon(terms.lead_minutes)
        if wish.start > now + timedelta(days=terms.horizon_days):
            raise TooFar(terms.horizon_days)
    _check_offered(wish)
    if wish.point is not None and not _open_throughout(wish, terms):
        raise OutsideHours(nearest(wish, now))
    return terms


def _check_offered(wish: Wish) -> None:
    register = offerings.current()
    if wish.service not in register.services or wish.mode not in BookingMode.values:
        raise NotOffered
    if (wish.point is not None) != (wish.mode in MODES_AT_POINTS):
        raise NotOffered
    if wish.point is not None:
        if wish.point not in register.timetables:
            raise NotOffered
        day = wish.start.astimezone(ZoneInfo(register.zone_of(wish.point))).date()
        if not register.timetables[wish.point].valid.holds_on(day):
            raise NotOffered
        if not register.offers(wish.point, wish.mode, wish.service, day):
            raise NotOffered
    if wish.language not in _spoken():
        raise LanguageNotSpoken


def _spoken() -> set[str]:
    """Languages of the agency, and those that some adviser speaks besides."""
    found = set(offerings.current().languages)
    advisers = Resource.objects.filter(kind=Resource.Kind.ADVISER)
    for languages in advisers.values_list("languages", flat=True).distinct():
        found.update(languages)
    return found


def _open_throughout(wish: Wish, terms: Terms) -> bool:
    assert wish.point is not None
    window = Window(wish.start.date())
    cell = window.cell(wish.start)
    if cell is None:
        return False
    mask = offerings.current().open_mask(wish.point, wish.mode, wish.service, window)
    return bool(runs(mask, cells_for(terms.minutes)) >> cell & 1)


def nearest(wish: Wish, now: datetime, limit: int = NEAREST) -> list[FreeTime]:
    """Free times around the one asked for, the closest first chosen, then told in order."""
    around = timedelta(days=7)
    found = queries.free_times(
        wish.point,
        wish.mode,
        wish.service,
        wish.language,
        start=wish.start - around,
        end=wish.start + 3 * around,
        limit=400,
        now=now,
    )
    closest = sorted(found, key=lambda time: abs(time.start - wish.start))[:limit]
    return sorted(closest, key=lambda time: time.start)
