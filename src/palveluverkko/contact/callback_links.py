"""The signed link of a callback request, which goes into text messages and needs no login."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from palveluverkko.booking.errors import BookingUnknown, LinkExpired
from palveluverkko.booking.links import address_of, secret_of
from palveluverkko.contact.models import CallbackRequest

WORKS_FOR = timedelta(days=30)  # after the request was closed

PURPOSE = "callback"


def callback_link(request: CallbackRequest) -> str:
    """Where the customer sees, changes or cancels the request, in their language."""
    return address_of(PURPOSE, request.token, request.contact_language)


def read_callback(link: str, *, now: datetime | None = None) -> CallbackRequest:
    """The request that ``link`` opens.

    Raises :class:`BookingUnknown` where it was tampered with or made for another purpose, and
    :class:`LinkExpired` 30 days after closing, or when the customer's data are deleted.
    """
    found = CallbackRequest.objects.filter(token=secret_of(link, PURPOSE)).first()
    if found is None:
        raise BookingUnknown
    closed = found.closed_at
    if found.forgotten or (closed and (now or timezone.now()) > closed + WORKS_FOR):
        raise LinkExpired
    return found
