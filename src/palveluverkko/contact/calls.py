"""A call from the web page begins: who may begin one, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palveluverkko.contact import pool
from palveluverkko.contact.errors import PoolError
from palveluverkko.contact.models import Channel, Contact, RecentAsk

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
    area: str = "",
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
        Channel.WEB_CALL, service, language, key=name, area=area, caller=browser, now=moment
    )


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
