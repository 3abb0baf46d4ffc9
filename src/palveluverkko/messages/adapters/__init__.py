"""Ways out of the outbox, registered by name in one table; settings choose one per channel."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from palveluverkko.messages.adapters.base import Adapter, Outgoing, key_of
from palveluverkko.messages.adapters.files import EmailFiles, LetterFiles, SmsFiles
from palveluverkko.messages.adapters.gateway import letter_gateway, sms_gateway
from palveluverkko.messages.adapters.smtp import Smtp
from palveluverkko.messages.models import Channel

__all__ = ["ADAPTERS", "Adapter", "Outgoing", "adapter_for", "key_of", "problems"]

ADAPTERS: dict[str, dict[str, Callable[[], Adapter]]] = {
    Channel.EMAIL: {"file": EmailFiles, "smtp": Smtp},
    Channel.SMS: {"file": SmsFiles, "http": sms_gateway},
    Channel.LETTER: {"file": LetterFiles, "http": letter_gateway},
}


def adapter_for(channel: str) -> Adapter:
    """The adapter that settings choose. Raises :class:`ImproperlyConfigured`."""
    name = settings.MESSAGES_ADAPTERS[channel]
    try:
        make = ADAPTERS[channel][name]
    except KeyError:
        known = ", ".join(ADAPTERS[channel])
        raise ImproperlyConfigured(
            f"MESSAGES_{channel.upper()} is {name!r}; it can be one of: {known}."
        ) from None
    return make()


def problems() -> list[str]:
    """What is wrong with the settings of messages, one sentence each."""
    found = []
    for channel in ADAPTERS:
        try:
            adapter_for(channel)
        except ImproperlyConfigured as problem:
            found.append(str(problem))
    return found
