"""How browsers find a way to each other: STUN and TURN servers, with credentials that soon expire.

The credentials follow coturn's REST convention (``use-auth-secret``): the name is the second of
expiry and a random part, the password its HMAC-SHA1 under a secret shared with the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from django.utils import timezone

IceServer = dict[str, str | list[str]]


def ice_servers(now: datetime | None = None) -> list[IceServer]:
    """What a page gives to ``RTCPeerConnection``; empty where the machine itself is enough."""
    servers: list[IceServer] = []
    if settings.STUN_URLS:
        servers.append({"urls": list(settings.STUN_URLS)})
    if settings.TURN_URLS and settings.TURN_SECRET:
        name, password = credentials(now or timezone.now())
        servers.append({"urls": list(settings.TURN_URLS), "username": name, "credential": password})
    return servers


def credentials(now: datetime) -> tuple[str, str]:
    """A name and a password that hold for ``TURN_TTL_SECONDS``. They say nothing of the person."""
    expires = int(now.timestamp()) + settings.TURN_TTL_SECONDS
    name = f"{expires}:{secrets.token_hex(8)}"
    digest = hmac.new(settings.TURN_SECRET.encode(), name.encode(), hashlib.sha1).digest()
    return name, base64.b64encode(digest).decode()
