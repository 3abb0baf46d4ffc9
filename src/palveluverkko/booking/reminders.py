"""Reminders of a booking: owed from the booking on, never sent at night, stopped by a link.

The day before by e-mail, or by text message where there is none; two hours before by text message.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.channels import channels_of, send
from palveluverkko.booking.errors import BookingUnknown
from palveluverkko.booking.events import note
from palveluverkko.booking.models import Affected, Booking
from palveluverkko.booking.texts import in_language_of, zone_of
from palveluverkko.booking.texts.bookings import Why, news_of
from palveluverkko.messages.promises import handles, is_due, promise, withdraw

KIND = "reminder"
DAY, HOURS = "day", "hours"
HOURS_BEFORE = timedelta(hours=2)
MORNING, EVENING = 8, 21  # local hours between which a telephone may make a sound
DAY_FROM, DAY_UNTIL = 9, 18
# What was told a moment ago needs no reminder, nor what begins in a moment.
AFTER_TOLD = timedelta(hours=3)
BEFORE_START = timedelta(minutes=30)


def promise_reminders(booking: Booking, now: datetime | None = None) -> None:
    """Owe the reminders of this version of the booking, as far as there is still time for them."""
    if not booking.reminders:
        return
    moment = now or timezone.now()
    for which, due in due_times(booking).items():
        if due > moment + AFTER_TOLD and _channels(booking, which):
            _promise(booking, which, due)


def withdraw_reminders(booking: Booking) -> None:
    """The booking moves or is cancelled: its reminders are not owed any more.

    To be called before or after its version has risen.
    """
    for version in (booking.version - 1, booking.version):
        for which in (DAY, HOURS):
            withdraw(key=_key(booking.pk, version, which))


def reminders_to_come(booking: Booking) -> bool:
    """Whether the customer may count on a reminder: wanted, reachable, and not too late for it."""
    return booking.reminders and any(
        is_due(key=_key(booking.pk, booking.version, which)) for which in (DAY, HOURS)
    )


def stop_reminders(booking: Booking) -> Booking:
    """The customer wants no reminders of this booking. Again: nothing more happens."""
    with transaction.atomic():
        found = Booking.objects.select_for_update().filter(pk=booking.pk).first()
        if found is None:
            raise BookingUnknown
        if found.reminders:
            found.reminders = False
            found.save(update_fields=["reminders"])
            withdraw_reminders(found)
            note(found, "reminders_off")
        return found


def due_times(booking: Booking) -> dict[str, datetime]:
    """When each reminder is due; one that would come at night or too late is left out."""
    zone = zone_of(booking.point)
    local = booking.start.astimezone(zone)
    eve = (local - timedelta(days=1)).replace(hour=min(max(local.hour, DAY_FROM), DAY_UNTIL))
    due = {DAY: eve, HOURS: by_day(booking.start - HOURS_BEFORE, zone)}
    return {
        which: at.astimezone(UTC) for which, at in due.items() if at <= booking.start - BEFORE_START
    }


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the next morning where it falls into the local night."""
    local = moment.astimezone(zone)
    if local.hour >= EVENING:
        return (local + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if local.hour < MORNING:
        return local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return local


@handles(KIND)
def remind(ref: str, now: datetime | None = None) -> None:
    """Keep a promised reminder, if the booking still is what it was promised for."""
    moment = now or timezone.now()
    pk, version, which = ref.split(":")
    booking = Booking.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if booking is None or booking.version != int(version) or not _is_coming(booking, moment):
        return
    later = by_day(moment, zone_of(booking.point))
    if later > moment:  # the worker was away at the promised hour; nobody is woken for that
        if later <= booking.start - BEFORE_START:
            promise(kind=KIND, ref=ref, due_at=later, key=f"{KIND}:{ref}:{later:%Y-%m-%d}")
        return
    with in_language_of(booking.contact_language):
        send(
            booking,
            news_of(booking, "reminder", Why()),
            event=f"booking:{pk}:reminder-{which}:v{version}",
            about=f"booking:{pk}",
            channels=_channels(booking, which),
        )


def _is_coming(booking: Booking, now: datetime) -> bool:
    """Whether a reminder is wanted and true: nobody is called to a point that is closed."""
    disrupted = booking.affected.filter(state__in=Affected.TO_DO)
    return (
        booking.state == Booking.State.CONFIRMED
        and booking.reminders
        and booking.start > now
        and not disrupted.exists()
    )


def _channels(booking: Booking, which: str) -> tuple[str, ...]:
    known = channels_of(booking)
    wanted = ("email", "sms") if which == DAY else ("sms",)
    return tuple(channel for channel in wanted if channel in known)[:1]


def _promise(booking: Booking, which: str, due: datetime) -> None:
    promise(
        kind=KIND,
        ref=f"{booking.pk}:{booking.version}:{which}",
        due_at=due,
        key=_key(booking.pk, booking.version, which),
    )


def _key(pk: int, version: int, which: str) -> str:
    return f"{KIND}:{pk}:{version}:{which}"
