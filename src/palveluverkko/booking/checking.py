"""Whether a meeting can be asked for at all, before anybody looks for who is free."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from palveluverkko.availability import Window, cells_for
from palveluverkko.availability.masks import runs
from palveluverkko.booking import offerings
from palveluverkko.booking.errors import (
    InThePast,
    LanguageNotSpoken,
    NotOffered,
    OutsideHours,
    TooFar,
    TooSoon,
)
from palveluverkko.booking.models import MODES_AT_POINTS, BookingMode, Resource, Terms
from palveluverkko.booking.nearest import nearest
from palveluverkko.booking.terms import TermsBook
from palveluverkko.booking.wishes import Wish

MOST_ADVISERS = 4


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
    if not 1 <= wish.advisers <= MOST_ADVISERS:
        raise NotOffered
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
