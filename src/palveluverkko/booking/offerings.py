"""What the register says of every point, kept until the register changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from palveluverkko.availability import Mask, Window
from palveluverkko.calendar import Timetable, Validity, open_intervals
from palveluverkko.network import revision
from palveluverkko.network.models import Agency, Service, ServiceOffer
from palveluverkko.network.queries import timetables


@dataclass(frozen=True, slots=True)
class Offerings:
    """Timetables by point, and by point and mode when each service is offered."""

    revision: int
    zone: str
    languages: tuple[str, ...]
    services: tuple[str, ...]
    timetables: Mapping[str, Timetable]
    offered: Mapping[tuple[str, str], Mapping[str, tuple[Validity, ...]]]

    def zone_of(self, point: str | None) -> str:
        timetable = self.timetables.get(point) if point is not None else None
        return timetable.timezone if timetable is not None else self.zone

    def offers(self, point: str, mode: str, service: str, day: date) -> bool:
        """Whether the point gives the service in that mode on that local day."""
        spans = self.offered.get((point, mode), {}).get(service, ())
        return any(span.holds_on(day) for span in spans)

    def open_mask(self, point: str, mode: str, service: str, window: Window) -> Mask:
        """Cells in which the point gives the service in that mode."""
        named = _names_service(self.timetables[point], service)
        first = window.origin.date() - timedelta(days=1)
        last = window.end.date() + timedelta(days=1)
        days = (first + timedelta(days=i) for i in range((last - first).days + 1))
        given = tuple(day for day in days if self.offers(point, mode, service, day))
        return _open_mask(self.revision, point, mode, service if named else "", window.day, given)


def current() -> Offerings:
    """The register as it stands; read again only when it has changed."""
    return _load(revision.current())


def clear_cache() -> None:
    """Forget what was read: for tests, and for a database put back to an earlier state."""
    _load.cache_clear()
    _open_mask.cache_clear()


@lru_cache(maxsize=2)
def _load(number: int) -> Offerings:
    agency = Agency.objects.order_by("code").first()
    offered: dict[tuple[str, str], dict[str, tuple[Validity, ...]]] = defaultdict(dict)
    rows = ServiceOffer.objects.values_list(
        "point_id", "mode", "service_id", "valid_from", "valid_until"
    )
    for point, mode, service, since, until in rows:
        earlier = offered[point, mode].get(service, ())
        offered[point, mode][service] = (*earlier, Validity(since, until))
    return Offerings(
        revision=number,
        zone=agency.timezone if agency else "Europe/Helsinki",
        languages=tuple(agency.languages) if agency else ("fi",),
        services=tuple(Service.objects.values_list("code", flat=True)),
        timetables=timetables(),
        offered=dict(offered),
    )


@lru_cache(maxsize=60_000)
def _open_mask(
    number: int, point: str, mode: str, service: str, day: date, given: tuple[date, ...]
) -> Mask:
    """Cells of the window of ``day`` within the hours of the days on which it is ``given``."""
    # A service without hours of its own is open as one that is named nowhere.
    timetable, mask = _load(number).timetables[point], 0
    for local_day in given:
        found = open_intervals(timetable, local_day, service, mode)
        mask |= Window(day).within((i.start, i.end) for i in found)
    return mask


def _names_service(timetable: Timetable, service: str) -> bool:
    return any(row.service == service for row in timetable.weekly) or any(
        row.service == service for row in timetable.exceptions
    )
