"""Keys of video rooms: how they are made, written and typed in.

A key is twelve letters and figures in three groups (60 bits). What looks alike is one letter, so
that a key on paper is typed as it is read.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palveluverkko.booking.models import Resource
from palveluverkko.contact.models import RecentAsk
from palveluverkko.meeting.room_models import RoomKey
from palveluverkko.network.models import valid_on

# Crockford's letters: without I, L, O and U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
# Wrong keys an hour from one network address. Right ones are not counted.
WRONG_MOST = 10
HOUR = timedelta(hours=1)


class RoomError(Exception):
    """The verb was refused; nothing was changed."""


class KeyRefused(RoomError):
    """No such key, or it was revoked: one and the same answer."""


class TooManyTries(RoomError):
    """Too many wrong keys from this address within the hour."""


@transaction.atomic
def make_key(room_id: int, *, by: Any = None, now: datetime | None = None) -> str:
    """A new key of a room, in groups as it is shown once. Others of the room go on working.

    Raises ``Resource.DoesNotExist`` where there is no such room.
    """
    room = Resource.objects.get(pk=room_id, kind=Resource.Kind.ROOM)
    key = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    RoomKey.objects.create(
        room=room, secret_hash=hashed("key", key), made_at=now or timezone.now(), made_by=by
    )
    return "-".join(key[n : n + GROUP] for n in range(0, LENGTH, GROUP))


def key_of(typed: str, *, address: str, now: datetime) -> RoomKey:
    """The key that was typed. Raises :class:`KeyRefused` and :class:`TooManyTries`."""
    who = hashed("address", address)
    recent = RecentAsk.objects.filter(who=who, at__gt=now - HOUR)
    if address and recent.count() >= WRONG_MOST:
        raise TooManyTries
    keys = RoomKey.objects.filter(valid_on(now.date(), "room__"), revoked_at=None)
    found = keys.filter(secret_hash=hashed("key", plain(typed))).first()
    if found is None:
        if address:
            RecentAsk.objects.create(who=who, at=now)
        raise KeyRefused
    return found


def plain(typed: str) -> str:
    """The twelve letters of what was typed, however they were grouped or written."""
    kept = "".join(c for c in typed.upper() if c.isalnum())
    return kept.translate(ALIKE)[: LENGTH + 1]


def hashed(what: str, secret: str) -> str:
    return salted_hmac(f"palveluverkko.room.{what}", secret, algorithm="sha256").hexdigest()
