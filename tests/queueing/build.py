"""Customers and advisers with the least that matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from palveluverkko.queueing import Adviser, Waiting

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SERVICES = ("general", "family", "pension")


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def customer(ref: str, came: float, service: str = "general", **more: object) -> Waiting:
    """Somebody who came ``came`` minutes after 10:00; ``booked`` and ``back`` are minutes too."""
    times = {"booked": "booked_at", "back": "not_before"}
    fields = {
        times.get(name, name): at(value) if name in times else value  # type: ignore[arg-type]
        for name, value in more.items()
    }
    return Waiting(ref, service, at(came), **fields)  # type: ignore[arg-type]


def adviser(ref: str = "a", services: str = "general", languages: str = "fi", **more: object):
    return Adviser(ref, frozenset(services.split()), frozenset(languages.split()), **more)
