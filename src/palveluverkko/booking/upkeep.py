"""What booking does by itself, by the clock: holds run out, rosters are made, data deleted."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from palveluverkko.booking import closures, holding, offerings, projection, waiting
from palveluverkko.booking.models import Booking, BookingMode, WaitingEntry
from palveluverkko.booking.roster import make_shifts
from palveluverkko.booking.terms import TermsBook
from palveluverkko.messages.jobs import periodic

HOUR, DAY = 3_600, 86_400
ERASED = {
    "name": "",
    "phone": "",
    "email": "",
    "postal_address": "",
    "area": "",
    "matter": "",
    "needs": "",
    "forgotten": True,
}


@periodic(seconds=20)
def let_holds_go() -> None:
    """Give back times that nobody finished booking."""
    holding.expire_holds()


@periodic(seconds=10)
def make_stale_days() -> None:
    """Make free times again that a killed process, or a large change, left."""
    projection.refresh_stale()


@periodic(seconds=300)
def find_impossible() -> None:
    """Put every booking that cannot be kept on a work list, whatever made it so."""
    closures.reconcile()


@periodic(seconds=HOUR)
def end_waiting() -> None:
    """Tell those who waited in vain."""
    waiting.close_lists()


@periodic(seconds=6 * HOUR)
def look_ahead() -> None:
    """Rosters and rooms for the days that have come within the horizon; past days go."""
    today = timezone.now().date()
    last = today + timedelta(days=TermsBook.load().horizon_days + 1)
    make_shifts(today, last)
    with transaction.atomic():
        projection.mark_stale((room, last) for room in _rooms())
        projection.mark_stale((room, last - timedelta(days=1)) for room in _rooms())
    projection.forget_past()


@periodic(seconds=DAY)
def forget_customers() -> None:
    """Delete who a customer was: some time after the meeting, at once where none was booked."""
    now = timezone.now()
    over = now - timedelta(days=settings.BOOKING_DAYS)
    old = Booking.objects.filter(end__lt=over, forgotten=False)
    old.update(**ERASED, notes="", partner="", meeting_link="")
    over_with = (WaitingEntry.State.BOOKED, WaitingEntry.State.LEFT, WaitingEntry.State.OVER)
    ended = WaitingEntry.objects.filter(forgotten=False, state__in=over_with, last__lt=over.date())
    ended.update(**ERASED)
    unfinished = Booking.objects.filter(
        state=Booking.State.EXPIRED, hold_until__lt=now - timedelta(days=1)
    )
    unfinished.filter(waiting_offer__isnull=True, affected__isnull=True).delete()


def _rooms() -> list[str]:
    return sorted(p for p, m in offerings.current().offered if m == BookingMode.VIDEO_ROOM)
