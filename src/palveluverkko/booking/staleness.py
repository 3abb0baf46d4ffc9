"""Which outlets and days a change touches."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from palveluverkko.booking.models import Shift
from palveluverkko.booking.outlets import POOLS
from palveluverkko.booking.projection import Key, all_outlets, today_utc
from palveluverkko.booking.terms import TermsBook


def horizon_days(since: date | None = None) -> list[date]:
    """UTC days of the projection, from ``since`` or today on."""
    first = today_utc() - timedelta(days=1)
    last = first + timedelta(days=TermsBook.load().horizon_days + 2)
    start = max(first, since) if since else first
    return [start + timedelta(days=i) for i in range((last - start).days + 1)]


def shift_keys(shift: Shift) -> set[Key]:
    """Outlets and UTC days whose free times a shift makes."""
    outlets = [o for o, mode in POOLS.items() if mode in shift.modes]
    outlets += [shift.point_id] if shift.point_id else []
    first = (shift.start - timedelta(hours=8)).astimezone(UTC).date()
    last = shift.end.astimezone(UTC).date()
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return {(o, day) for o in outlets for day in days}


def all_keys() -> list[Key]:
    """Every outlet and day that can be booked."""
    days = horizon_days()
    return [(outlet, day) for outlet in all_outlets() for day in days]
