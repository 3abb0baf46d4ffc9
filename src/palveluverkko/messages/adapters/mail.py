"""The e-mail as it goes out: Unicode text, calendar files that calendars know what to do with."""

from __future__ import annotations

import re
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from palveluverkko.messages.adapters.base import Outgoing
from palveluverkko.messages.errors import BadAddress


def checked_email(address: str) -> str:
    """The address, if it can be one. Raises :class:`BadAddress`."""
    try:
        validate_email(address)
    except ValidationError as refused:
        raise BadAddress("not an e-mail address") from refused
    return address


def compose(message: Outgoing) -> EmailMessage:
    """The message for Django's mail backends.

    Date and Message-ID do not change from attempt to attempt, so that a mail server which gets
    it twice can tell that it is one.
    """
    sender = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    email = EmailMessage(
        subject=" ".join(message.subject.split()),  # a line break would end the header
        body=message.text,
        from_email=sender,
        to=[message.address],
        headers={
            "Message-ID": f"<{message.key[:32]}@{domain}>",
            "Date": format_datetime(message.created_at),
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    for name, content_type, content in message.enclosures:
        if content_type.partition(";")[0].strip() == "text/calendar":
            email.attach(_calendar(name, content))
        else:
            email.attach(name, content, content_type)
    return email


def as_file(message: Outgoing) -> bytes:
    """The e-mail as an ``.eml`` file, with the line ends that the format asks for."""
    content: Any = compose(message).message()  # Django's own class, unknown to the stubs
    return bytes(content.as_bytes(linesep="\r\n"))


def _calendar(name: str, content: bytes) -> MIMEText:
    """RFC 6047: the part's ``method`` must repeat the METHOD within, or clients ignore it."""
    text = content.decode("utf-8")
    part = MIMEText(text, "calendar", "utf-8")
    if method := re.search(r"^METHOD:([A-Za-z]+)\s*$", text, re.MULTILINE):
        part.set_param("method", method[1].upper())
    filename = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=filename)
    return part
