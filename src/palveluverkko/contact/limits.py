"""How many requests one browser, address or number may make within an hour.

What is kept for the hour are keyed hashes; whoever is over the limit is shown another way to us.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palveluverkko.booking.locks import take_turns
from palveluverkko.contact.callback_errors import TooManyAsks
from palveluverkko.contact.models import RecentAsk

KEPT_FOR = timedelta(hours=1)
PER_BROWSER, PER_NUMBER = 5, 3
# Calls that one adviser's page may begin: more is not a day's work but a page out of hand.
DIALS_PER_ADVISER, DIALS_PER_NUMBER = 60, 10


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as limits go; staff, who ask for many, have neither."""

    browser: str = ""
    address: str = ""


def count(asker: Asker, phone: str, now: datetime) -> None:
    """One request more, in the caller's transaction; raises :class:`TooManyAsks`."""
    limits = {
        _hash("browser", asker.browser): PER_BROWSER,
        _hash("address", asker.address): settings.CALLBACKS_PER_ADDRESS,
        _hash("number", phone if asker != Asker() else ""): PER_NUMBER,
    }
    limits.pop("", None)
    _count(limits, now)


def count_dial(adviser_id: int, phone: str, now: datetime) -> None:
    """One call more from an adviser's page, in the caller's transaction."""
    limits = {
        _hash("dials", str(adviser_id)): DIALS_PER_ADVISER,
        _hash("dialled", phone): DIALS_PER_NUMBER,
    }
    _count(limits, now)


def _count(limits: dict[str, int], now: datetime) -> None:
    for who, most in sorted(limits.items()):
        take_turns(f"asks {who}")
        recent = RecentAsk.objects.filter(who=who, at__gt=now - KEPT_FOR)
        if recent.count() >= most:
            raise TooManyAsks
    RecentAsk.objects.bulk_create(RecentAsk(who=who, at=now) for who in limits)


def forget(now: datetime | None = None) -> int:
    """Delete what is older than the hour; how many."""
    over = (now or timezone.now()) - KEPT_FOR
    return RecentAsk.objects.filter(at__lte=over).delete()[0]


def _hash(kind: str, who: str) -> str:
    if not who:
        return ""
    return salted_hmac(f"palveluverkko.contact.{kind}", who, algorithm="sha256").hexdigest()
