"""The verbs of the outbox: queue a message, cancel what is not sent yet, send again, deliver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.errors import CannotResend
from palveluverkko.messages.models import Channel, Enclosure, Message, State
from palveluverkko.messages.waking import wake_after_commit

__all__ = ["Attachment", "cancel_messages", "deliver_due", "queue_message", "resend"]


EVENT_LENGTH = 200


@dataclass(frozen=True)
class Attachment:
    """A file to send with a message; a calendar file's own METHOD is told in the e-mail."""

    name: str
    content_type: str
    content: bytes


def queue_message(
    *,
    event: str,
    channel: str,
    address: str,
    language: str,
    text: str,
    subject: str = "",
    attachments: Sequence[Attachment] = (),
    about: str = "",
) -> Message:
    """Put a message into the outbox, in the caller's transaction; it goes out after the commit.

    ``event`` (at most 200 characters, no personal data) names what happened; the same event
    again gives the first message and sends nothing twice. A wrong address is no error here: a
    booking must not fail on it, and the page of failures tells of it.
    """
    if channel not in Channel.values:
        raise ValueError(f"unknown channel {channel!r}")
    if not 0 < len(event) <= EVENT_LENGTH:
        raise ValueError(f"an event of {len(event)} characters")  # SQLite would take any length
    content = {
        "channel": channel,
        "address": address,
        "language": language,
        "subject": subject,
        "text": text,
        "about": about,
        "next_attempt_at": timezone.now(),
    }
    with transaction.atomic():
        message, made = Message.objects.get_or_create(event=event, defaults=content)
        if made:
            Enclosure.objects.bulk_create(
                Enclosure(
                    message=message, name=a.name, content_type=a.content_type, content=a.content
                )
                for a in attachments
            )
            wake_after_commit()
    return message


def cancel_messages(*, about: str) -> int:
    """Stop every message about ``about`` that has not gone out; how many were stopped.

    One that is being sent this moment cannot be called back, but is not tried a second time.
    """
    unsent = Message.objects.filter(about=about)
    with transaction.atomic():
        unsent.filter(state=State.SENDING).update(unwanted=True)
        waiting = unsent.filter(state__in=(State.QUEUED, State.FAILED))
        return waiting.update(state=State.CANCELLED)


def resend(message_id: int) -> Message:
    """Send a failed, unclear or sent message again, because a person decided so.

    Raises :class:`Message.DoesNotExist` and :class:`CannotResend`.
    """
    settled = (State.FAILED, State.UNCLEAR, State.SENT)
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state not in settled or message.forgotten_at:
            raise CannotResend(message_id, forgotten=message.forgotten_at is not None)
        message.state = State.QUEUED
        message.resends += 1  # a new key: services that know the old one would send nothing
        message.attempts = 0
        message.unwanted = False
        message.claimed_by = message.why = message.last_error = ""
        message.lease_until = None
        message.next_attempt_at = timezone.now()
        message.save()
        wake_after_commit()
    return message
