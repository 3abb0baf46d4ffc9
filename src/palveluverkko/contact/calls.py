"""A call from the web page, or by video at once, begins: who may begin one, and how often."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palveluverkko.contact import pool
from palveluverkko.contact.errors import NotPossible, PoolError
from palveluverkko.contact.models import CallbackRequest, Channel, Contact, RecentAsk

# A library or a service point is one address to us, with many customers behind it.
PER_BROWSER, PER_ADDRESS = 10, 60
HOUR = timedelta(hours=1)


class TooManyCalls(PoolError):
    """This browser, or this address, has begun too many calls within the hour."""


@transaction.atomic
def begin(
    service: str,
    language: str,
    *,
    key: str,
    channel: str = Channel.WEB_CALL,
    area: str = "",
    point: str | None = None,
    browser: str = "",
    address: str = "",
    now: datetime | None = None,
) -> Contact:
    """Into the queue; the same key gives the first contact, and does not count again.

    Raises :class:`TooManyCalls` and :class:`ServiceUnknown`.
    """
    moment = now or timezone.now()
    name = f"call:{key}"
    if not Contact.objects.filter(key=name).exists():
        _count({("browser", browser): PER_BROWSER, ("address", address): PER_ADDRESS}, moment)
    return pool.enter(
        channel, service, language, key=name, area=area, point=point, caller=browser, now=moment
    )


def waiting(token: str) -> Contact | None:
    """The call of this token while it waits: its place can be taken along into a callback."""
    states = (Contact.State.WAITING, Contact.State.OFFERED)
    return Contact.objects.filter(token=token, state__in=states).first() if token else None


def take_callback(contact: Contact, request: CallbackRequest) -> None:
    """The customer waits no more; where somebody has just answered, both stay as they are."""
    with suppress(NotPossible):
        pool.to_callback(contact.pk, request)


def _count(limits: dict[tuple[str, str], int], now: datetime) -> None:
    """Keyed hashes, deleted after the hour, say how often; over the limit nothing is added."""
    rows = []
    for (kind, who), most in limits.items():
        if who:
            hashed = salted_hmac(f"palveluverkko.contact.call.{kind}", who, algorithm="sha256")
            rows.append(RecentAsk(who=hashed.hexdigest(), at=now))
            recent = RecentAsk.objects.filter(who=rows[-1].who, at__gt=now - HOUR)
            if recent.count() >= most:
                raise TooManyCalls
    RecentAsk.objects.bulk_create(rows)
