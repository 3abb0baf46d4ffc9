"""Who wants to know of a meeting's changes is told after the commit."""

from __future__ import annotations

from django.db import transaction
from django.dispatch import Signal

from palveluverkko.meeting.models import Meeting

# meeting_id: int.
meeting_changed = Signal()
# meeting_id: int, booking_id: int | None, contact_id: int | None. Once for each meeting.
meeting_ended = Signal()


def tell(meeting_id: int) -> None:
    transaction.on_commit(
        lambda: meeting_changed.send_robust(sender=Meeting, meeting_id=meeting_id), robust=True
    )


def tell_ended(meeting: Meeting) -> None:
    facts = {
        "meeting_id": meeting.pk,
        "booking_id": meeting.booking_id,
        "contact_id": meeting.contact_id,
    }
    transaction.on_commit(lambda: meeting_ended.send_robust(sender=Meeting, **facts), robust=True)
