"""A point with three desks, three advisers and three services, open from 9 to 16 on weekdays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import count

from palveluverkko.booking.models import Resource
from palveluverkko.demand.models import DailyVisits
from palveluverkko.network.models import ServicePoint
from palveluverkko.walkins import services as verbs
from palveluverkko.walkins.values import TicketInfo
from tests.factories import (
    AgencyFactory,
    OpeningHoursFactory,
    ServiceFactory,
    ServiceOfferFactory,
    ServicePointFactory,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 10:00 in Helsinki
SERVICES = ("general", "family", "pension")
KEYS = count()


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def build_point(point_id: str = "town", zone: str = "", **fields: object) -> ServicePoint:
    AgencyFactory()
    point = ServicePointFactory(id=point_id, timezone=zone, **fields)
    for weekday in range(5):
        OpeningHoursFactory(point=point, weekday=weekday, opens=time(9), closes=time(16))
    for code in SERVICES:
        service = ServiceFactory(code=code, name_fi=code.title(), name_en=code.title())
        ServiceOfferFactory(point=point, service=service)
    return point


def build_desk(point: ServicePoint, number: int = 1) -> Resource:
    return Resource.objects.create(kind="desk", name=f"Desk {number}", point=point)


def build_adviser(
    name: str = "Aino",
    services: tuple[str, ...] = SERVICES,
    languages: tuple[str, ...] = ("fi", "sv"),
) -> Resource:
    return Resource.objects.create(
        kind="adviser", name=name, services=list(services), languages=list(languages)
    )


def take(
    point_id: str = "town", service: str = "general", minutes: float = 0, **more: object
) -> TicketInfo:
    more.setdefault("key", f"key-{next(KEYS)}")
    return verbs.take_ticket(point_id, service, now=at(minutes), **more)  # type: ignore[arg-type]


def visits() -> dict[tuple[str, str], int]:
    """Counted visits by service and day; those taken back to zero are left out."""
    rows = DailyVisits.objects.values_list("service_id", "date", "visits")
    return {(service, str(day)): n for service, day, n in rows if n}
