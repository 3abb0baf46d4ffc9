"""E-mail by SMTP, through Django's backend.

SMTP has no key that makes a message one: if the connection breaks after the text was handed
over, nobody can know whether it went out. Such a message is not sent again by itself.
"""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend

from palveluverkko.messages.adapters.base import SECONDS, Outgoing
from palveluverkko.messages.adapters.mail import checked_email, compose
from palveluverkko.messages.errors import (
    BadAddress,
    NotSent,
    OutcomeUnknown,
    Refused,
    TryLater,
)


class Smtp:
    name = "smtp"
    idempotent = False

    def __init__(self) -> None:
        if not settings.EMAIL_HOST:
            raise ImproperlyConfigured("MESSAGES_EMAIL is 'smtp', but EMAIL_HOST is empty.")

    def send(self, message: Outgoing) -> None:
        checked_email(message.address)
        backend = _Backend(timeout=SECONDS)
        try:
            backend.open()
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            # Also a wrong password: that is ours to mend, the message can wait.
            raise TryLater(_describe(error)) from error
        try:
            backend.send_messages([compose(message)])
        except smtplib.SMTPException as error:
            raise _failure(error, backend.text_handed_over) from error
        except OSError as error:
            if backend.text_handed_over:
                raise OutcomeUnknown(_describe(error)) from error
            raise TryLater(_describe(error)) from error
        finally:
            _close(backend)


class _Backend(EmailBackend):
    """Django's backend, which also knows whether the message's text has left us."""

    text_handed_over = False

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        backend = self
        plain: Any = super().connection_class

        class Watched(plain):  # type: ignore[misc]
            def data(self, msg: Any) -> Any:
                backend.text_handed_over = True
                return super().data(msg)

        return Watched


def _failure(error: smtplib.SMTPException, handed_over: bool) -> NotSent | OutcomeUnknown:
    """A reply of the server is an answer: 4xx means later, 5xx never. No reply is none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        detail = _reply(code, reply)
        return BadAddress(detail) if code >= 500 else TryLater(detail)
    if isinstance(error, smtplib.SMTPResponseException):
        detail = _reply(error.smtp_code, error.smtp_error)
        return Refused(detail) if error.smtp_code >= 500 else TryLater(detail)
    return OutcomeUnknown(_describe(error)) if handed_over else TryLater(_describe(error))


def _close(backend: EmailBackend) -> None:
    """Hang up; by now the server has answered, so a broken goodbye changes nothing."""
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        backend.connection = None


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
