"""A point on a Monday morning: two advisers with desks, a manager, bookings in every channel."""

from __future__ import annotations

from datetime import datetime, time
from itertools import count

from django.contrib.auth.models import Permission, User

from palveluverkko.booking.customers import Customer
from palveluverkko.booking.models import Booking, Resource
from palveluverkko.booking.services import book
from palveluverkko.network.models import RemoteChannel
from palveluverkko.walkins.services import take_ticket
from palveluverkko.walkins.values import TicketInfo
from tests.booking import world
from tests.booking.world import NOW, local
from tests.factories import ServiceOfferFactory

MORNING = local(9, 5)
KEYS = count()
PASSWORD = "a long pass phrase"


def build(advisers: int = 2, closes: time = time(16)) -> None:
    """Kuopio, open 9 to 16 for walk-ins and appointments; everybody also takes calls."""
    at = world.point(closes=closes, languages=["fi", "sv", "en"])
    world.terms()
    for service in ("general", "pension", "social_assistance_urgent"):
        ServiceOfferFactory(point=at, service_id=service, mode="walk_in")
    for channel in ("video", "phone"):
        RemoteChannel.objects.create(code=channel, name_fi=channel, synthetic=True)
    for n in range(1, advisers + 1):
        person = world.adviser(f"Adviser {n}", languages=("fi", "sv", "en"), at=at)
        person.user = user(f"adviser{n}", "change_booking")
        person.save()
        desk = world.desk(at, f"Desk {n}")
        modes = ("appointment", "phone", "video")
        world.shift(person, local(9), local(16), at=at, modes=modes, desk=desk)


def user(name: str, *rights: str) -> User:
    made = User.objects.create_user(name, password=PASSWORD)
    made.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return made


def manager() -> User:
    return user("manager", "change_booking", "change_shift")


def adviser(n: int = 1) -> Resource:
    return Resource.objects.get(name=f"Adviser {n}")


def booked(
    name: str, start: datetime, mode: str = "appointment", *, phone: str = "+358401234567"
) -> Booking:
    """A customer with a confirmed time, as booked the day before."""
    wish = world.wish(start, mode=mode, point="kuopio" if mode == "appointment" else None)
    customer = Customer(name=name, phone=phone)
    return book(wish, customer, key=f"w{next(KEYS)}", now=NOW)


def ticket(service: str = "general", at: datetime = MORNING) -> TicketInfo:
    return take_ticket("kuopio", service, key=f"t{next(KEYS)}", now=at, though_late=True)
