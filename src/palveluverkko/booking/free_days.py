"""The projection of free times as one page reads it: each row once, those of one place together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product

from palveluverkko.availability import Mask, unpack
from palveluverkko.booking import outlets
from palveluverkko.booking.models import FreeDay, StaleDay
from palveluverkko.booking.projection import day_rows
from palveluverkko.network.moment import once

Day = Mapping[str, Mask]
Key = tuple[str, date]
Place = tuple[str, date, str]  # outlet, UTC day, mode


class FreeDays:
    """Free times of one service, by outlet, UTC day, mode and language."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._expected: set[str] = set()
        self._modes: set[str] = set()
        self._stale: dict[str, set[date]] = {}
        self._read: set[Place] = set()
        self._packed: dict[Place, str] = {}
        self._unpacked: dict[Place, Day] = {}

    def expect(self, wanted: Iterable[str], modes: Iterable[str]) -> None:
        """What the page is going to ask for: the next question reads it all.

        Two queries cost about as much for ten outlets as for one.
        """
        self._expected |= set(wanted)
        self._modes |= set(modes)

    def masks(self, wanted: Iterable[str], mode: str, first: date, last: date) -> dict[Key, Day]:
        """Free cells by language of the ``wanted`` outlets on the days that have any."""
        keys = list(product(wanted, days_from(first, last), (mode,)))
        missing = [key for key in keys if key not in self._read]
        if missing:
            days = [day for _outlet, day, _mode in missing]
            self._load({outlet for outlet, _day, _mode in missing}, mode, min(days), max(days))
        return {key[:2]: self._day(key) for key in keys if key in self._packed}

    def _day(self, place: Place) -> Day:
        if place not in self._unpacked:
            self._unpacked[place] = unpack(self._packed[place])
        return self._unpacked[place]

    def _load(self, wanted: set[str], mode: str, first: date, last: date) -> None:
        wanted |= self._expected
        self._expected = set()
        self._modes.add(mode)
        # First: what is made again between the two looks is then read as new, not taken as good.
        self._look_for_stale(wanted - self._stale.keys())
        stale = {(o, d) for o in wanted for d in self._stale[o] if first <= d <= last}
        rows = FreeDay.objects.filter(
            outlet__in=sorted(wanted),
            day__range=(first, last),
            mode__in=sorted(self._modes),
            service=self.service,
        )
        for outlet, day, its_mode, starts in rows.values_list("outlet", "day", "mode", "starts"):
            if (outlet, day) not in stale:
                self._packed[outlet, day, its_mode] = starts
        self._packed.update(computed(stale, self._modes, self.service))
        days = list(days_from(first, last))
        self._read.update(product(wanted, days, self._modes))

    def _look_for_stale(self, new: set[str]) -> None:
        """Once an outlet, on all days: there are hardly any."""
        if new:
            self._stale |= {outlet: set() for outlet in new}
            found = StaleDay.objects.filter(outlet__in=sorted(new))
            for outlet, day in found.values_list("outlet", "day"):
                self._stale[outlet].add(day)


@once
def free_days(service: str) -> FreeDays:
    """What the page has read of the service so far; outside a page, nothing yet."""
    return FreeDays(service)


def computed(stale: Iterable[Key], modes: Iterable[str], service: str) -> dict[Place, str]:
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
