"""The ways in which a customer can be told something, and putting news on each of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from palveluverkko.booking import letters
from palveluverkko.booking.links import written_in
from palveluverkko.booking.models import Contact
from palveluverkko.booking.texts import News, zone_of
from palveluverkko.booking.texts.sms import takes_text_messages
from palveluverkko.messages.promises import promise
from palveluverkko.messages.services import Attachment, queue_message

LETTER = "letter"  # the kind of promise


def channels_of(contact: Contact) -> tuple[str, ...]:
    """``email`` and ``sms`` as far as they are known; ``letter`` only where neither is."""
    found = [
        *(["email"] if contact.email else []),
        *(["sms"] if takes_text_messages(contact.phone) else []),
    ]
    if not found and contact.postal_address:
        return ("letter",)
    return tuple(found)


def send(
    contact: Contact,
    news: News,
    *,
    event: str,
    about: str,
    channels: Collection[str],
    calendar: Attachment | None = None,
) -> None:
    """Queue the news, in the language in use, once for each channel and ``event``."""
    if "email" in channels:
        queue_message(
            event=f"{event}:email",
            channel="email",
            address=contact.email,
            language=written_in(contact.contact_language),
            subject=news.subject,
            text=news.email,
            attachments=(calendar,) if calendar else (),
            about=about,
        )
    if "sms" in channels:
        queue_message(
            event=f"{event}:sms",
            channel="sms",
            address=contact.phone,
            language=written_in(contact.contact_language),
            text=news.sms.text(),
            about=about,
        )
    if "letter" in channels:
        # Owed, not made here: a page takes a moment to set, and a booking must not fail on it.
        promise(kind=LETTER, ref=event, due_at=timezone.now(), key=f"letter:{event}")


def send_letter(
    contact: Contact, news: News, *, event: str, about: str, now: datetime | None = None
) -> None:
    """Set the news as a PDF and queue it. Raises :class:`letters.CannotMakeLetters`."""
    # On lines of their own, as the post reads them.
    lines = [contact.name, *re.split(r"[,\r\n]+", contact.postal_address)]
    receiver = "\n".join(line.strip() for line in lines if line.strip())
    today = (now or timezone.now()).astimezone(zone_of(None)).date()
    page = letters.letter_of(news, receiver, today)
    queue_message(
        event=f"{event}:letter",
        channel="letter",
        address=receiver,
        language=written_in(contact.contact_language),
        subject=news.subject,
        text="\n\n".join(news.paragraphs),
        attachments=(Attachment(letters.FILE_NAME, letters.CONTENT_TYPE, page),),
        about=about,
    )
