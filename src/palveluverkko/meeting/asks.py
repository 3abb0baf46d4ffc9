"""How often one address may ask for the servers of the device test: their credentials cost us."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from palveluverkko.contact.models import RecentAsk

HOUR = timedelta(hours=1)
PER_ADDRESS = 60  # a library is one address, with many people behind it


@transaction.atomic
def may_ask_ways(address: str, now: datetime) -> bool:
    """Counts this time too. A keyed hash of the address is kept for the hour."""
    who = salted_hmac("palveluverkko.meeting.ways", address, algorithm="sha256").hexdigest()
    if RecentAsk.objects.filter(who=who, at__gt=now - HOUR).count() >= PER_ADDRESS:
        return False
    RecentAsk.objects.create(who=who, at=now)
    return True
