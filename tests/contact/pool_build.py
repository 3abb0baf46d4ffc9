"""A small remote service: two services, two languages, advisers who know some of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from palveluverkko.booking.models import Resource
from palveluverkko.contact import pool, states
from palveluverkko.contact.models import Contact
from tests.factories import AgencyFactory, ServiceFactory

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 10:00 in Helsinki
SERVICES = ("general", "family")
KEYS = count()


def at(minutes: float = 0, seconds: float = 0) -> datetime:
    return NOW + timedelta(minutes=minutes, seconds=seconds)


def build_service() -> None:
    AgencyFactory()
    for code in SERVICES:
        ServiceFactory(code=code, name_fi=code.title(), name_en=code.title())


def build_adviser(
    name: str = "Aino",
    services: tuple[str, ...] = SERVICES,
    languages: tuple[str, ...] = ("fi", "sv"),
) -> int:
    made = Resource.objects.create(
        kind="adviser", name=name, services=list(services), languages=list(languages)
    )
    return made.pk


def at_work(
    name: str = "Aino", minutes: float = 0, channels: tuple[str, ...] = (), **more: object
) -> int:
    adviser = build_adviser(name, **more)  # type: ignore[arg-type]
    states.begin(adviser, channels, now=at(minutes))
    return adviser


def come(minutes: float = 0, **more: object) -> Contact:
    chosen: dict[str, object] = {"channel": "web_call", "service": "general", "language": "fi"}
    chosen |= {"key": f"key-{next(KEYS)}", "now": at(minutes)} | more
    return pool.enter(**chosen)  # type: ignore[arg-type]
