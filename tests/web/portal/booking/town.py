"""A town to book in, on a Monday soon: one adviser with a desk, one remote adviser, a neighbour."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from palveluverkko.booking.models import Booking
from palveluverkko.network.models import RemoteChannel
from tests.booking import world
from tests.factories import OpeningHoursFactory, ServiceOfferFactory, ServicePointFactory

LETTERS = "Áŋŋá Čáđđe Šŧŧuõ Žžâ Âʹǩǯ"  # Northern and Skolt Sámi
AINO = {"name": LETTERS, "phone": "040 123 4567", "email": "aino@example.org", "reminders": "on"}
CHOICE = {"point": "kuopio", "mode": "appointment", "service": "general", "language": "fi"}


def monday() -> date:
    """A Monday one to two weeks ahead."""
    today = timezone.now().date()
    return today + timedelta(days=14 - today.weekday())


def local(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return world.local(hour, minute, day=monday() + timedelta(days=days))


def build() -> None:
    """Kuopio by appointment, Juva nearby with nobody free at 9, and an adviser by video and phone.

    Kuopio has times on Monday only.
    """
    world.staffed_point(day=monday())
    juva = ServicePointFactory(id="juva", name_fi="Juva", lat=61.9, lon=27.86)
    for weekday in range(5):
        OpeningHoursFactory(point=juva, weekday=weekday)
    ServiceOfferFactory(point=juva, service_id="general", mode="appointment")
    world.desk(juva)
    there = world.adviser("Adviser in Juva", at=juva)
    world.shift(there, local(11), local(12), at=juva)
    remote = world.adviser("Remote")
    world.shift(remote, local(9), local(12), modes=("video", "phone"))
    for code, name in (("phone", "Puhelin"), ("video", "Etäpalvelu")):
        RemoteChannel.objects.create(code=code, name_fi=name)


def value(start: datetime) -> str:
    return start.strftime("%Y-%m-%dT%H:%MZ")


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, f"no {name} on the page"
    return found[1]


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def start_page(client: Client, **changes: str) -> HttpResponse:
    return client.get("/en/book/?" + urlencode({**CHOICE, **changes}))


def press(client: Client, start: datetime | None = None, **changes: str) -> HttpResponse:
    """Open the free times and press one; the answer to the press."""
    page = changes.pop("page", None) or hidden(start_page(client, **changes), "page")
    given = {**CHOICE, **changes, "page": page, "start": value(start or local(9))}
    return client.post("/en/book/hold/", given)


def held(client: Client, start: datetime | None = None, **changes: str) -> Booking:
    answer = press(client, start, **changes)
    assert answer.status_code == 302, text(answer)
    return Booking.objects.get(token=answer["Location"].split("/")[-2])


def booked(client: Client, start: datetime | None = None, **changes: str) -> tuple[Booking, str]:
    """A confirmed booking and the address of its page."""
    booking = held(client, start, **changes)
    answer = client.post(f"/en/book/{booking.token}/", AINO)
    assert answer.status_code == 302, text(answer)
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    return booking, answer["Location"].removesuffix("booked/")
