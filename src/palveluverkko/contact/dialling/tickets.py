"""Leave to call one number, once and soon: what an adviser's page shows to the telephone server.

A ticket is a name with its password, as Kamailio's ``auth_ephemeral`` checks them: the password is
the name's HMAC under a secret that the page never sees. The number stands in the name, so that a
ticket opens no other (telephony/kamailio.cfg, docs/decisions/042-telephony.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from palveluverkko.contact.numbers import callable_number

HOLDS = timedelta(seconds=60)  # until the call is begun; it may last longer


@dataclass(frozen=True, slots=True)
class Ticket:
    """``name`` is ``<second of expiry>:<number>:<random>``: it says nothing of the adviser."""

    number: str
    name: str
    password: str


def ticket_for(number: str, secret: str, now: datetime) -> Ticket:
    """For an E.164 number that we call; raises ``ValueError`` with a sentence for others."""
    called = callable_number(number)
    name = f"{int((now + HOLDS).timestamp())}:{called}:{secrets.token_hex(8)}"
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()
    return Ticket(called, name, base64.b64encode(digest).decode())
