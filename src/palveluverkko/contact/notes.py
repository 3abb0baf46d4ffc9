"""The adviser's notes about a contact: kept as they are typed, deleted with customers' names."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from palveluverkko.contact.errors import NotYours
from palveluverkko.contact.models import Contact, ContactNotes
from palveluverkko.messages.jobs import periodic

DAY = 86_400


def keep(contact_id: int, adviser_id: int, text: str, *, now: datetime | None = None) -> None:
    """The whole text so far. Raises :class:`NotYours` for a colleague's contact, or none."""
    if not Contact.objects.filter(pk=contact_id, adviser=adviser_id).exists():
        raise NotYours
    ContactNotes.objects.update_or_create(
        contact_id=contact_id,
        defaults={"adviser_id": adviser_id, "text": text, "at": now or timezone.now()},
    )


def text_of(contact_id: int) -> str:
    """What has been written; empty where nothing has."""
    rows = ContactNotes.objects.filter(contact=contact_id).values_list("text", flat=True)
    return rows.first() or ""


@periodic(seconds=DAY)
def forget_notes() -> None:
    """Delete what is older than customers' names are kept."""
    over = timezone.now() - timedelta(days=settings.BOOKING_DAYS)
    ContactNotes.objects.filter(at__lt=over).delete()
