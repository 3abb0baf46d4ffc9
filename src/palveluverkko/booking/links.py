"""Signed links that work without a login: they go into messages and open one booking.

A link is the booking's own secret and a signature that holds for one purpose only, so that a link
that turns reminders off cannot cancel. It holds no number of a row and nothing personal, and is
short, because it goes into text messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from palveluverkko.booking.errors import BookingUnknown, LinkExpired
from palveluverkko.booking.models import Booking, WaitingEntry, WaitingOffer

WORKS_FOR = timedelta(days=30)  # after the meeting, or the last day waited for
SIGNATURE_LETTERS = 22  # 128 bits, as many as the secret itself has


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a link opens: its name among the addresses, and its path below the language."""

    name: str
    path: str

    @property
    def salt(self) -> str:
        return f"palveluverkko.booking.{self.name}"


PAGES = {
    page.name: page
    for page in (
        Page("booking", "b/<str:link>/"),
        Page("alternatives", "a/<str:link>/"),
        Page("reminders-off", "r/<str:link>/"),
        Page("offer", "o/<str:link>/"),
        Page("waiting-entry", "w/<str:link>/"),
        Page("callback", "c/<str:link>/"),
    )
}


def link_for(booking: Booking, purpose: str = "booking") -> str:
    """The address of ``booking``, ``alternatives`` or ``reminders-off`` in the customer's language.

    Absolute, below ``settings.PUBLIC_URL``.
    """
    return address_of(purpose, booking.token, booking.contact_language)


def offer_link(offer: WaitingOffer) -> str:
    """The address at which an offer from the waiting list is accepted or declined."""
    return address_of("offer", offer.booking.token, offer.entry.contact_language)


def waiting_link(entry: WaitingEntry) -> str:
    """The address at which a customer sees or leaves the waiting list."""
    return address_of("waiting-entry", entry.token, entry.contact_language)


def front_page(language: str) -> str:
    """Where a customer finds and books another time."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/{written_in(language)}/"


def written_in(language: str) -> str:
    """The language in which a customer is written to: theirs, or Finnish where it is not ours."""
    return language if language in dict(settings.LANGUAGES) else "fi"


def signed(purpose: str, secret: str) -> str:
    """The part of an address that names what it opens."""
    return _ShortSigner(salt=PAGES[purpose].salt, sep=".").sign(secret)


def read_link(link: str, purpose: str = "booking", *, now: datetime | None = None) -> Booking:
    """The booking that ``link`` opens.

    Raises :class:`BookingUnknown` where it was tampered with or made for another purpose, and
    :class:`LinkExpired` 30 days after the meeting, or when the customer's data are deleted.
    """
    booking = _booking(link, purpose)
    if booking.forgotten:
        raise LinkExpired
    _check_age(booking.end, now)
    return booking


def read_offer(link: str, *, now: datetime | None = None) -> WaitingOffer:
    """The offer that ``link`` opens, open or not; raises as :func:`read_link` does."""
    booking = _booking(link, "offer")
    offer = WaitingOffer.objects.select_related("booking", "entry").filter(booking=booking).first()
    if offer is None:
        raise BookingUnknown
    _check_age(booking.end, now)
    return offer


def read_waiting(link: str, *, now: datetime | None = None) -> WaitingEntry:
    """The entry of the waiting list that ``link`` opens; raises as :func:`read_link` does."""
    secret = secret_of(link, "waiting-entry")
    entry = WaitingEntry.objects.filter(token=secret).first()
    if entry is None:
        raise BookingUnknown
    if entry.forgotten:
        raise LinkExpired
    _check_age(datetime.combine(entry.last, time.max, UTC), now)
    return entry


class _ShortSigner(Signer):
    """Django's signer with a signature of half the length."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:SIGNATURE_LETTERS]


def address_of(purpose: str, secret: str, language: str) -> str:
    """Where the link for ``purpose`` is, in the customer's language."""
    path = PAGES[purpose].path.replace("<str:link>", signed(purpose, secret))
    return front_page(language) + path


def secret_of(link: str, purpose: str) -> str:
    """What was signed for ``purpose``; raises :class:`BookingUnknown` where it was not."""
    try:
        return _ShortSigner(salt=PAGES[purpose].salt, sep=".").unsign(link)
    except BadSignature as tampered:
        raise BookingUnknown from tampered


def _booking(link: str, purpose: str) -> Booking:
    booking = Booking.objects.filter(token=secret_of(link, purpose)).first()
    if booking is None:
        raise BookingUnknown
    return booking


def _check_age(over: datetime, now: datetime | None) -> None:
    if (now or timezone.now()) > over + WORKS_FOR:
        raise LinkExpired
