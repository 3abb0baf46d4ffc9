"""Ways to dial for an adviser, registered by name in one table; a setting chooses one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from palveluverkko.contact.dialling.base import Dial, Dialler, key_of
from palveluverkko.contact.dialling.exchange import Exchange
from palveluverkko.contact.dialling.files import DialFiles
from palveluverkko.contact.dialling.sip import PageDials

__all__ = ["DIALLERS", "Dial", "Dialler", "dialler", "key_of"]

DIALLERS: dict[str, Callable[[], Dialler]] = {
    "file": DialFiles,
    "http": Exchange,
    "sip": PageDials,
}


def dialler() -> Dialler:
    """The one that settings choose. Raises :class:`ImproperlyConfigured`."""
    try:
        make = DIALLERS[settings.DIALLING]
    except KeyError:
        known = ", ".join(DIALLERS)
        raise ImproperlyConfigured(
            f"DIALLING is {settings.DIALLING!r}; it can be one of: {known}."
        ) from None
    return make()
