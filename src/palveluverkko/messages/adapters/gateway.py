"""Text messages and letters by a gateway that takes JSON over HTTP.

Each request carries an ``Idempotency-Key`` made from the event; the gateway must treat a key
that it has seen as done. That is what makes it safe to ask again after silence.
"""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from palveluverkko.messages.adapters.base import SECONDS, Outgoing
from palveluverkko.messages.errors import BadAddress, NotSent, Refused, TryLater

LATER = {401, 403, 404, 405, 407, 408, 409, 425, 429}  # for us to mend, or a matter of time
ADDRESS = {422}


class Gateway:
    name = "http"
    idempotent = True

    def __init__(self, channel: str, url: str, token: str) -> None:
        if not url.startswith(("https://", "http://")):
            variable = f"{channel.upper()}_GATEWAY_URL"
            raise ImproperlyConfigured(
                f"MESSAGES_{channel.upper()} is 'http', but {variable} is not a web address."
            )
        self.url = url
        self.token = token

    def send(self, message: Outgoing) -> None:
        if not message.address.strip():
            raise BadAddress("no address")
        headers = {"Idempotency-Key": message.key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = httpx.post(self.url, json=_body(message), headers=headers, timeout=SECONDS)
        except httpx.HTTPError as error:
            raise TryLater(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise _failure(answer)


def sms_gateway() -> Gateway:
    return Gateway("sms", settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN)


def letter_gateway() -> Gateway:
    return Gateway("letter", settings.LETTER_GATEWAY_URL, settings.LETTER_GATEWAY_TOKEN)


def _body(message: Outgoing) -> dict[str, object]:
    body: dict[str, object] = {
        "to": message.address,
        "text": message.text,
        "language": message.language,
        "event": message.event,
    }
    if message.channel == "letter":
        body["subject"] = message.subject
        body["files"] = [
            {"name": name, "type": kind, "base64": base64.b64encode(content).decode("ascii")}
            for name, kind, content in message.enclosures
        ]
    return body


def _failure(answer: httpx.Response) -> NotSent:
    detail = f"{answer.status_code} {answer.text[:500]}"
    if answer.status_code in ADDRESS:
        return BadAddress(detail)
    if 400 <= answer.status_code < 500 and answer.status_code not in LATER:
        return Refused(detail)
    wait = answer.headers.get("Retry-After", "")
    return TryLater(detail, timedelta(seconds=min(int(wait), 3600)) if wait.isdigit() else None)
