"""Windows to choose from, in words: as soon as possible first, then by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from palveluverkko.booking.texts.meeting import clock, day_in_words
from palveluverkko.contact.windows import (
    Window,
    first_call,
    is_soon_offered,
    offered,
    window_at,
    zone,
)
from palveluverkko.web.portal.booking.days import start_of, value_of

SOON = "soon"


@dataclass(frozen=True, slots=True)
class Choice:
    """A window as the form sends it, and in words."""

    value: str
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Day:
    """The windows of one day, under its name."""

    name: str
    windows: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """``soon_from``: from when on, where that is not now."""

    soon: bool
    soon_from: str
    days: tuple[Day, ...]

    @property
    def any(self) -> bool:
        return self.soon or bool(self.days)

    @property
    def several(self) -> bool:
        return sum(len(day.windows) for day in self.days) > 1

    @property
    def values(self) -> set[str]:
        windows = {choice.value for day in self.days for choice in day.windows}
        return {SOON, *windows} if self.soon else windows


def times(service: str, language: str, now: datetime, without: int | None = None) -> Times:
    """What can be promised now."""
    found = offered(service, language, now, without)
    first = first_call(now)
    return Times(
        is_soon_offered(service, language, now, without),
        clock(first.astimezone(zone())) if first > now else "",
        _days((o.window for o in found), now.astimezone(zone()).date()),
    )


def read(values: Iterable[str]) -> tuple[datetime, ...]:
    """Starts of windows that a form sent; what is none of ours is left out."""
    starts = (start_of(value) for value in values)
    return tuple(s for s in starts if s is not None and window_at(s) is not None)


def _days(windows: Iterable[Window], today: date) -> tuple[Day, ...]:
    groups = groupby(windows, key=lambda window: window.start.astimezone(zone()).date())
    return tuple(Day(_name(day, today), tuple(map(_choice, found))) for day, found in groups)


def _name(day: date, today: date) -> str:
    words = {"day": day_in_words(day)}
    if day == today:
        return _("Today, %(day)s") % words
    if day == today + timedelta(days=1):
        return _("Tomorrow, %(day)s") % words
    return words["day"]


def _choice(window: Window) -> Choice:
    since, until = window.start.astimezone(zone()), window.end.astimezone(zone())
    return Choice(value_of(window.start), clock(since), clock(until))
