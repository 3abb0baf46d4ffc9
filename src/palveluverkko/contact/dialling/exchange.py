"""Click-to-dial by the agency's telephone exchange, over HTTP: docs/methods/callbacks.md.

The exchange rings the adviser first, then the customer. It must treat an ``Idempotency-Key`` that
it has seen as done.
"""

from __future__ import annotations

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from palveluverkko.contact.callback_errors import DialFailed
from palveluverkko.contact.dialling.base import Dial

SECONDS = 5  # the adviser waits; the number is shown to be dialled by hand after that


class Exchange:
    name = "http"
    rings = True
    in_page = False

    def __init__(self) -> None:
        if not settings.EXCHANGE_URL.startswith(("https://", "http://")):
            raise ImproperlyConfigured("DIALLING is 'http', but EXCHANGE_URL is not a web address.")

    def dial(self, call: Dial) -> None:
        headers = {"Idempotency-Key": call.key}
        if settings.EXCHANGE_TOKEN:
            headers["Authorization"] = f"Bearer {settings.EXCHANGE_TOKEN}"
        body = {"to": call.to, "adviser": call.adviser, "reference": call.reference}
        try:
            answer = httpx.post(settings.EXCHANGE_URL, json=body, headers=headers, timeout=SECONDS)
        except httpx.HTTPError as error:
            raise DialFailed(type(error).__name__) from error
        if not answer.is_success:
            raise DialFailed(str(answer.status_code))
