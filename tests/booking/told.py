"""A confirmed booking without a roster, for tests of what its customer is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from palveluverkko.booking.models import Booking, WaitingEntry, WaitingOffer
from palveluverkko.network.models import ServicePoint
from tests.booking.world import MONDAY, local
from tests.factories import AgencyFactory, ServiceFactory, ServicePointFactory

LETTERS = "áčđŋšŧžâõʹǩǯ"
NAME = f"Áile-Žoffi {LETTERS} {LETTERS.upper()}"
SECRETS = ("Aino", "Ängeslevä", "aino@example.org", "401234567", "Kotitie", "avustus", "housing")


def place(**details: object) -> ServicePoint:
    values = {
        "id": "kuopio",
        "street_address_fi": "Suokatu 40",
        "postal_code": "70100",
        "post_office": "Kuopio",
        **details,
    }
    made: ServicePoint = ServicePointFactory(**values)
    return made


def booked(start: datetime | None = None, **details: object) -> Booking:
    """Aino's appointment about her housing allowance in Kuopio, Monday 2 March 2026 at 10."""
    AgencyFactory()
    begins = start or local(10)
    values: dict[str, object] = {
        "state": Booking.State.CONFIRMED,
        "mode": "appointment",
        "service": ServiceFactory(
            code="housing", name_fi="Asumistuki", name_sv="Bostadsbidrag", name_en="Housing benefit"
        ),
        "language": "fi",
        "start": begins,
        "end": begins + timedelta(minutes=30),
        "version": 1,
        "name": "Aino Ängeslevä",
        "phone": "+358401234567",
        "email": "aino@example.org",
        "contact_language": "en",
        "matter": "My housing benefit",
        **details,
    }
    if "point" not in values:
        values["point"] = place() if values["mode"] in ("appointment", "video_room") else None
    return Booking.objects.create(**values)


def waiting(**details: object) -> WaitingEntry:
    """Aino waits for an appointment in Kuopio in the first week of March."""
    AgencyFactory()
    values: dict[str, object] = {
        "key": "k",
        "mode": "appointment",
        "service": ServiceFactory(code="housing", name_en="Housing benefit"),
        "language": "fi",
        "first": MONDAY,
        "last": MONDAY + timedelta(days=4),
        "name": "Aino Ängeslevä",
        "phone": "+358401234567",
        "email": "aino@example.org",
        "contact_language": "en",
        **details,
    }
    return WaitingEntry.objects.create(**values)


def offer(entry: WaitingEntry | None = None) -> WaitingOffer:
    """Monday at 10 is kept for Aino until noon of the Sunday before."""
    held = booked(state="held", name="", phone="", email="", matter="", hold_until=local(9))
    return WaitingOffer.objects.create(
        entry=entry or waiting(), booking=held, until=local(12) - timedelta(days=1)
    )
