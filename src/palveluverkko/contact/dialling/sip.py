"""Calls by the adviser's page itself, over SIP: docs/telephony.md.

The page gets a ticket for the number and calls through Kamailio and rtpengine.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from palveluverkko.contact.callback_errors import DialFailed
from palveluverkko.contact.dialling.base import Dial
from palveluverkko.contact.numbers import callable_number

NEEDED = ("SIP_WS_URL", "SIP_DOMAIN", "SIP_SECRET", "SIP_NUMBER")


class PageDials:
    name = "sip"
    rings = False
    in_page = True

    def __init__(self) -> None:
        absent = [name for name in NEEDED if not getattr(settings, name)]
        if absent:
            raise ImproperlyConfigured(f"DIALLING is 'sip', but {', '.join(absent)} is not set.")
        if not settings.SIP_WS_URL.startswith(("wss://", "ws://")):
            raise ImproperlyConfigured("SIP_WS_URL must begin with wss:// or ws://.")

    def dial(self, call: Dial) -> None:
        """The page does it; here only what no page may call is refused."""
        try:
            callable_number(call.to)
        except ValueError as error:
            raise DialFailed from error
