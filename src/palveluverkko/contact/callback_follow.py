"""A callback that was taken or ended in the pool, by whatever page, is so in its request too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from palveluverkko.contact import attempts
from palveluverkko.contact.callback_errors import CallbackError
from palveluverkko.contact.events import contact_changed
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest, Channel, Contact

State = CallbackRequest.State


def connect() -> None:
    contact_changed.connect(_changed, sender=Contact, dispatch_uid="contact.callback_follow")


def follow(contact: Contact, now: datetime | None = None) -> None:
    """Claim what the pool has given to an adviser; end as served what it has answered."""
    if contact.callback_id is None or contact.adviser_id is None:
        return
    try:
        if contact.state == Contact.State.TALKING:
            attempts.claim(contact.callback_id, contact.adviser_id, now=now)
        elif contact.state == Contact.State.ANSWERED:
            begun = CallbackAttempt.objects.filter(
                request_id=contact.callback_id, adviser_id=contact.adviser_id, ended_at=None
            ).first()
            if begun is not None:
                attempts.finish(begun.pk, CallbackAttempt.Outcome.SERVED, now=now)
    except CallbackError:
        return  # cancelled or changed in the same moment: the pool's contact ends by itself


def follow_all(now: datetime | None = None) -> None:
    """The same for what a killed process has left."""
    talking = Contact.objects.filter(
        channel=Channel.CALLBACK, state=Contact.State.TALKING, callback__state=State.OPEN
    )
    for contact in talking:
        follow(contact, now)


def _changed(sender: object, contact_id: int, state: str, **_facts: Any) -> None:
    if state not in (Contact.State.TALKING, Contact.State.ANSWERED):
        return
    contact = Contact.objects.filter(pk=contact_id, channel=Channel.CALLBACK).first()
    if contact is not None:
        follow(contact)
