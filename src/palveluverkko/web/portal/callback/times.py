"""Windows to choose from, in words: as soon as possible first, then by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from palveluverkko.contact.texts.callbacks import when_of
from palveluverkko.contact.windows import Offered, Window, is_soon_offered, offered, window_at
from palveluverkko.web.portal.booking.days import start_of, value_of

SOON = "soon"


@dataclass(frozen=True, slots=True)
class Choice:
    """A window as the form sends it, and in words."""

    value: str
    day: str
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Times:
    soon: bool
    windows: tuple[Choice, ...]

    @property
    def any(self) -> bool:
        return self.soon or bool(self.windows)

    @property
    def values(self) -> set[str]:
        return {*([SOON] if self.soon else []), *(choice.value for choice in self.windows)}


def times(service: str, language: str, now: datetime, without: int | None = None) -> Times:
    """What can be promised now."""
    found = offered(service, language, now, without)
    return Times(is_soon_offered(service, language, now, without), choices(found))


def choices(found: Iterable[Offered]) -> tuple[Choice, ...]:
    return tuple(_choice(o.window) for o in found)


def read(values: Iterable[str]) -> tuple[datetime, ...]:
    """Starts of windows that a form sent; what is none of ours is left out."""
    starts = (start_of(value) for value in values)
    return tuple(s for s in starts if s is not None and window_at(s) is not None)


def _choice(window: Window) -> Choice:
    when = when_of(window.start, window.end)
    return Choice(value_of(window.start), when.day, when.begins, when.ends)
