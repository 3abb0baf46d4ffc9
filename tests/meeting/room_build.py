"""A joint point with a video room, a key, and a customer booked there on Monday at 9."""

from __future__ import annotations

from itertools import count

from palveluverkko.booking.customers import Customer
from palveluverkko.booking.models import Booking, Resource
from palveluverkko.booking.services import book
from palveluverkko.meeting import room_keys, rooms
from palveluverkko.meeting.room_models import RoomDevice
from tests.booking import world
from tests.booking.world import local

__all__ = ["local"]
_keys = count()
NINE = local(9)


def build() -> Resource:
    """The room of the joint point in Juva; one adviser serves by video from 9 to 12."""
    world.video_point()
    return Resource.objects.get(kind="room")


def booked(start: object = NINE) -> Booking:
    wish = world.wish(start, mode="video_room", point="juva")  # type: ignore[arg-type]
    customer = Customer(name="Aino Ängeslevä", phone="+358401234567")
    return book(wish, customer, key=f"room{next(_keys)}", now=world.NOW)


def screen(room: Resource, kind: str = "room", now: object = NINE) -> RoomDevice:
    """An unlocked device."""
    key = room_keys.make_key(room.pk, now=NINE)
    return rooms.unlock(key, kind, now=now)[0]  # type: ignore[arg-type]
