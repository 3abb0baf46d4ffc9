"""Who wants to know of the pool's changes, such as the signalling, is told after the commit."""

from __future__ import annotations

from django.db import transaction
from django.dispatch import Signal

from palveluverkko.contact.models import Contact

# contact_id: int, state: str, adviser_id: int | None (who has, or just lost, the contact).
contact_changed = Signal()
# adviser_id: int.
adviser_changed = Signal()


def tell(contact: Contact, adviser_id: int | None = None) -> None:
    """``adviser_id``: who had the contact, where that is not on the row any more."""
    whose = contact.adviser_id if adviser_id is None else adviser_id
    facts = {"contact_id": contact.pk, "state": str(contact.state), "adviser_id": whose}
    transaction.on_commit(lambda: contact_changed.send_robust(sender=Contact, **facts), robust=True)


def tell_adviser(adviser_id: int) -> None:
    transaction.on_commit(
        lambda: adviser_changed.send_robust(sender=Contact, adviser_id=adviser_id), robust=True
    )
