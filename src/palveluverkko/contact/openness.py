"""Whether a remote channel takes a customer now; where not, the reason is kept with the contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from palveluverkko.booking.models import BookingMode, Shift
from palveluverkko.contact.models import AdviserState, Channel, Contact
from palveluverkko.contact.policy import MOST_WAITING

CLOSED = "closed"  # nobody works on this channel now
NOBODY = "nobody"  # nobody who does has this service and language
FULL = "full"  # too many wait already

# What the roster calls the channels.
ROSTERED = {
    Channel.WEB_CALL: BookingMode.PHONE,
    Channel.PHONE: BookingMode.PHONE,
    Channel.CALLBACK: BookingMode.PHONE,
    Channel.VIDEO: BookingMode.VIDEO,
}


def why_blocked(channel: str, service: str, language: str, now: datetime) -> str:
    """Empty where the customer may wait. A callback was promised: it is never turned away."""
    if channel == Channel.CALLBACK:
        return ""
    some = False
    for services, languages in _on_channel(channel, now):
        some = True
        if service in services and language in languages:
            return FULL if _waiting() >= MOST_WAITING else ""
    return NOBODY if some else CLOSED


def is_served(channel: str, now: datetime) -> bool:
    """Whether anybody serves on the channel now, whatever the matter."""
    return any(True for _one in _on_channel(channel, now))


def _on_channel(channel: str, now: datetime) -> Iterator[tuple[list[str], list[str]]]:
    """Services and languages of those at work on the channel, then of those on the roster."""
    at_work = AdviserState.objects.values_list(
        "channels", "adviser__services", "adviser__languages"
    )
    yield from ((s, langs) for channels, s, langs in at_work if not channels or channel in channels)
    on_shift = Shift.objects.filter(start__lte=now, end__gt=now, absent=False).order_by()
    mode = ROSTERED[Channel(channel)]
    rows = on_shift.values_list("modes", "person__services", "person__languages")
    yield from ((services, languages) for modes, services, languages in rows if mode in modes)


def _waiting() -> int:
    return Contact.objects.filter(state=Contact.State.WAITING).count()
