"""What a customer is told of a booking or of the waiting list, each in the caller's transaction.

Every message is named after its event, so that a verb that is repeated tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from palveluverkko.booking.channels import LETTER, channels_of, send, send_letter
from palveluverkko.booking.ics import CONTENT_TYPE, FILE_NAME, calendar_of
from palveluverkko.booking.models import (
    Affected,
    Booking,
    BookingEvent,
    Closure,
    Contact,
    WaitingEntry,
    WaitingOffer,
)
from palveluverkko.booking.reminders import promise_reminders, stop_reminders, withdraw_reminders
from palveluverkko.booking.texts import News, in_language_of, waiting
from palveluverkko.booking.texts.bookings import NEWS, Why, news_of
from palveluverkko.messages import queries as outbox
from palveluverkko.messages.promises import handles
from palveluverkko.messages.services import Attachment, cancel_messages

__all__ = [
    "stop_reminders",
    "tell",
    "tell_link",
    "tell_list_over",
    "tell_offer",
    "tell_waiting",
    "withdraw_reminders",
]

WITH_CALENDAR = ("confirmed", "moved", "cancelled")
WITH_REMINDERS = ("confirmed", "moved", "stands")


def tell(booking: Booking, what: str, *, now: datetime | None = None) -> bool:
    """Queue news of the booking; whether a message tells the customer at once.

    ``what``: ``confirmed``, ``moved``, ``cancelled``, ``disrupted``, or ``stands`` after that. By
    e-mail and text message as far as they gave them, else by letter, which takes days; in their
    language. Reminders are promised with news of a time that holds.
    """
    if what not in NEWS:
        raise ValueError(f"nothing is told of {what!r}")
    event = f"booking:{booking.pk}:{what}:v{booking.version}"
    about = f"booking:{booking.pk}"
    _stop_older(about, event)
    channels = channels_of(booking)
    with in_language_of(booking.contact_language):
        send(
            booking,
            news_of(booking, what, _why(booking, what)),
            event=event,
            about=about,
            channels=channels,
            calendar=_calendar(booking) if what in WITH_CALENDAR and booking.email else None,
        )
    if what in WITH_REMINDERS:
        promise_reminders(booking, now)
    return bool({"email", "sms"} & set(channels))


def tell_link(booking: Booking) -> bool:
    """Send the link of the meeting that an adviser opened; whether a message goes out.

    Once for each link. It overtakes no other news: who books an hour before still hears of it.
    """
    channels = [channel for channel in channels_of(booking) if channel != LETTER]
    with in_language_of(booking.contact_language):
        send(
            booking,
            news_of(booking, "link", Why()),
            event=f"booking:{booking.pk}:link:v{booking.version}.{booking.meeting_links}",
            about=f"booking:{booking.pk}",
            channels=channels,
        )
    return bool(channels)


def tell_offer(offer: WaitingOffer) -> None:
    """A freed time is kept for somebody on the waiting list; they take or decline it by a link."""
    _tell_waiting(offer.entry, f"offer:{offer.pk}", lambda: waiting.offered(offer))


def tell_waiting(entry: WaitingEntry) -> None:
    """They are on the waiting list."""
    _tell_waiting(entry, f"waiting:{entry.pk}:joined", lambda: waiting.joined(entry))


def tell_list_over(entry: WaitingEntry) -> None:
    """Their days are over, and no time became free for them."""
    _tell_waiting(entry, f"waiting:{entry.pk}:over", lambda: waiting.over(entry))


@handles(LETTER)
def write_letter(ref: str, now: datetime | None = None) -> None:
    """Keep the promise of a letter, unless there is newer news since. ``ref``: its event."""
    kind, pk, *rest = ref.split(":")
    if kind == "booking":
        _write_of_booking(ref, pk, *rest, now=now)
    elif kind == "offer":
        offer = WaitingOffer.objects.select_related("entry", "booking").filter(pk=pk).first()
        if offer is not None and offer.state == WaitingOffer.State.OPEN:
            _write(
                offer.entry, ref, f"waiting:{offer.entry_id}", lambda: waiting.offered(offer), now
            )
    else:
        entry = WaitingEntry.objects.filter(pk=pk).first()
        if entry is not None:
            news = waiting.joined if rest == ["joined"] else waiting.over
            _write(entry, ref, f"waiting:{pk}", lambda: news(entry), now)


def _tell_waiting(entry: WaitingEntry, event: str, news: Callable[[], News]) -> None:
    with in_language_of(entry.contact_language):
        send(
            entry,
            news(),
            event=event,
            about=f"waiting:{entry.pk}",
            channels=channels_of(entry),
        )


def _write_of_booking(
    ref: str, pk: str, what: str, version: str, *, now: datetime | None = None
) -> None:
    booking = Booking.objects.filter(pk=pk).first()
    if booking is not None and version == f"v{booking.version}":
        why = _why(booking, what)
        _write(booking, ref, f"booking:{pk}", lambda: news_of(booking, what, why), now)


def _write(
    contact: Contact, event: str, about: str, news: Callable[[], News], now: datetime | None
) -> None:
    if not contact.postal_address:  # deleted on schedule, or changed since
        return
    with in_language_of(contact.contact_language):
        send_letter(contact, news(), event=event, about=about, now=now)


def _stop_older(about: str, event: str) -> None:
    """Older news that has not gone out yet would only arrive after the new one and mislead."""
    if not any(line.event.startswith(f"{event}:") for line in outbox.about(about)):
        cancel_messages(about=about)


def _calendar(booking: Booking) -> Attachment:
    return Attachment(FILE_NAME, CONTENT_TYPE, calendar_of(booking, invite=True))


def _why(booking: Booking, what: str) -> Why:
    """The reason that staff wrote for a cancellation, or the closure that came in between."""
    if what == "cancelled":
        last = BookingEvent.objects.filter(booking=booking, kind="cancelled").last()
        return Why(reason=str(last.detail.get("reason", ""))) if last else Why()
    if what == "disrupted":
        rows = booking.affected.filter(state__in=Affected.TO_DO).select_related("closure")
        row = rows.order_by("pk").last()
        if row is not None:
            # Why an adviser is away is the adviser's own matter.
            own = row.closure.cause == Closure.Cause.ABSENCE
            return Why(reason="" if own else row.closure.reason, cause=row.closure.cause)
    return Why()
