"""The projection of free times as one page reads it: each row once, those of one place together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import Q

from palveluverkko.availability import Mask, unpack
from palveluverkko.booking import outlets
from palveluverkko.booking.models import FreeDay, StaleDay
from palveluverkko.booking.projection import day_rows
from palveluverkko.network.moment import once

Day = Mapping[str, Mask]
Key = tuple[str, date]


class FreeDays:
    """Free times of one service, by outlet, UTC day, mode and language."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._expected: set[str] = set()
        self._modes: set[str] = set()
        self._read: set[tuple[str, date, str]] = set()
        self._packed: dict[tuple[str, date, str], str] = {}
        self._unpacked: dict[tuple[str, date, str], Day] = {}

    def expect(self, wanted: Iterable[str], modes: Iterable[str]) -> None:
        """What the page is going to ask for: the next question reads it all.

        Two queries cost about as much for ten outlets as for one.
        """
        self._expected |= set(wanted)
        self._modes |= set(modes)

    def masks(self, wanted: Iterable[str], mode: str, first: date, last: date) -> dict[Key, Day]:
        """Free cells by language of the ``wanted`` outlets on the days that have any."""
        keys = [(outlet, day, mode) for outlet in wanted for day in days_from(first, last)]
        missing = [key for key in keys if key not in self._read]
        if missing:
            days = [day for _outlet, day, _mode in missing]
            self._load({outlet for outlet, _day, _mode in missing}, mode, min(days), max(days))
        return {key[:2]: self._day(key) for key in keys if key in self._packed}

    def _day(self, key: tuple[str, date, str]) -> Day:
        if key not in self._unpacked:
            self._unpacked[key] = unpack(self._packed[key])
        return self._unpacked[key]

    def _load(self, wanted: set[str], mode: str, first: date, last: date) -> None:
        wanted |= self._expected
        self._expected = set()
        self._modes.add(mode)
        here = Q(outlet__in=sorted(wanted), day__range=(first, last))
        # First: what is made again between the two looks is then read as new, not taken as good.
        stale = set(StaleDay.objects.filter(here).values_list("outlet", "day"))
        rows = FreeDay.objects.filter(here, mode__in=sorted(self._modes), service=self.service)
        for outlet, day, its_mode, starts in rows.values_list("outlet", "day", "mode", "starts"):
            if (outlet, day) not in stale:
                self._packed[outlet, day, its_mode] = starts
        self._packed.update(computed(stale, self._modes, self.service))
        days = list(days_from(first, last))
        self._read |= {(outlet, day, m) for outlet in wanted for day in days for m in self._modes}


@once
def free_days(service: str) -> FreeDays:
    """What the page has read of the service so far; outside a page, nothing yet."""
    return FreeDays(service)


def computed(
    stale: Iterable[Key], modes: Iterable[str], service: str
) -> dict[tuple[str, date, str], str]:
    """Stale days from the truth, read once for all of them."""
    wanted = [
        (outlet, day, mode)
        for outlet, day in sorted(stale)
        for mode in sorted(modes)
        if mode in outlets.modes_of(outlet)
    ]
    if not wanted:
        return {}
    days = [day for _outlet, day, _mode in wanted]
    loaded = outlets.load(sorted({outlet for outlet, _d, _m in wanted}), min(days), max(days))
    return {
        (outlet, day, mode): row.starts
        for outlet, day, mode in wanted
        for row in day_rows(loaded, outlet, day, only=(mode, service))
    }


def days_from(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
