"""Keys of video rooms: how they are made, written and typed in.

A key is twelve letters and figures in three groups (60 bits). What looks alike is one letter, so
that a key on paper is typed as it is read.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
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
# Wrong keys an hour from one browser, and from one network address: a whole service point may share
# an address, and one visitor must not lock its staff out. Who throws the cookie away has only the
# address's limit: with a hundred keys in use, 100 tries an hour are 876 000 a year of 2^60 = 1.2e18
# keys: one address finds one with a chance of 1 in 10^10 a year. Right keys are not counted.
WRONG_MOST = 10
WRONG_MOST_ADDRESS = 100
HOUR = timedelta(hours=1)


class RoomError(Exception):
    """The verb was refused; nothing was changed."""


class KeyRefused(RoomError):
    """No such key, or it was revoked: one and the same answer."""


class TooManyTries(RoomError):
    """Too many wrong keys from this browser or address within the hour."""


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


@dataclass(frozen=True, slots=True)
class Trying:
    """Who types a key: a browser and its network address, each empty where it is not known.

    ``trusted``: a right key opened this browser before, so others at the address do not limit it.
    """

    address: str = ""
    browser: str = ""
    trusted: bool = False


def key_of(typed: str, *, by: Trying, now: datetime) -> RoomKey:
    """The key that was typed. Raises :class:`KeyRefused` and :class:`TooManyTries`."""
    limits = _limits(by)
    for who, most in limits.items():
        if RecentAsk.objects.filter(who=who, at__gt=now - HOUR).count() >= most:
            raise TooManyTries
    keys = RoomKey.objects.filter(valid_on(now.date(), "room__"), revoked_at=None)
    found = keys.filter(secret_hash=hashed("key", plain(typed))).first()
    if found is None:
        RecentAsk.objects.bulk_create(RecentAsk(who=who, at=now) for who in limits)
        raise KeyRefused
    return found


def _limits(by: Trying) -> dict[str, int]:
    """By whom wrong keys are counted: how many are the most."""
    limits: dict[str, int] = {}
    if by.browser:
        limits[hashed("browser", f"{by.browser} {by.address}")] = WRONG_MOST
    if by.address and not (by.trusted and by.browser):
        limits[hashed("address", by.address)] = WRONG_MOST_ADDRESS
    return limits


def plain(typed: str) -> str:
    """The twelve letters of what was typed, however they were grouped or written."""
    kept = "".join(c for c in typed.upper() if c.isalnum())
    return kept.translate(ALIKE)[: LENGTH + 1]


def hashed(what: str, secret: str) -> str:
    return salted_hmac(f"palveluverkko.room.{what}", secret, algorithm="sha256").hexdigest()
