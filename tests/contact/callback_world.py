"""Advisers by phone on a Monday, and customers who want to be called. 2 March 2026 is ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from palveluverkko.booking.models import Resource
from palveluverkko.contact import callbacks
from palveluverkko.contact.callbacks import Wanted
from palveluverkko.contact.models import CallbackRequest
from tests.booking import world
from tests.booking.world import MONDAY, local
from tests.factories import AgencyFactory

PHONE = "040 123 4567"
MORNING = local(8, 30)


def build(
    people: Sequence[Sequence[str]] = (("fi",),), days: int = 5, first: date = MONDAY
) -> list[Resource]:
    """An adviser for each list of languages, by phone from 8 to 16 on working days."""
    AgencyFactory()
    world.services()
    found = []
    for number, languages in enumerate(people):
        person = world.adviser(f"Caller {number + 1}", languages=languages)
        for n in range(days):
            day = first + timedelta(days=n)
            if day.weekday() < 5:
                world.shift(person, local(8, day=day), local(16, day=day), modes=("phone",))
        found.append(person)
    return found


def wanted(*starts: datetime, **given: object) -> Wanted:
    values = {
        "service": "general",
        "language": "fi",
        "phone": PHONE,
        "starts": starts,
        "soon": not starts,
        **given,
    }
    return Wanted(**values)  # type: ignore[arg-type]


def ask(
    *starts: datetime, key: str = "k", now: datetime = MORNING, **given: object
) -> CallbackRequest:
    return callbacks.ask(wanted(*starts, **given), key=key, now=now)
