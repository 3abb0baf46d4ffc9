"""Managers make, list and revoke keys of video rooms; a key is shown once, on its sheet."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.meeting import room_keys, rooms
from palveluverkko.meeting.room_models import RoomKey
from tests.booking import world as booking_world

KEY = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def room(morning: None) -> Resource:
    return booking_world.room(
        booking_world.point("juva", mode="video_room", kind="joint_service_point")
    )


def test_a_key_is_made_shown_once_and_revoked(manager: Client, room: Resource) -> None:
    assert "This room has no key." in manager.get("/en/desk/rooms/").content.decode()
    sheet = manager.post("/en/desk/rooms/", {"room": room.pk, "language": "sv"})
    key = KEY.search(sheet.content.decode())
    assert key is not None
    assert '<article class="room__sheet" lang="sv">' in sheet.content.decode()
    assert sheet["Cache-Control"] == "no-store"
    assert rooms.unlock(key.group(), "room")
    html = manager.get("/en/desk/rooms/").content.decode()
    assert "(manager)" in html
    assert KEY.search(html) is None
    made = RoomKey.objects.get()
    address = f"/en/desk/rooms/{made.pk}/revoke/"
    assert address in html
    asked = manager.get(address).content.decode()
    assert "Nobody is in the room now." in asked
    assert RoomKey.objects.filter(revoked_at=None).exists()
    said = manager.post(address, follow=True).content.decode()
    assert "The key is revoked." in said
    assert "This room has no key." in said


def test_advisers_and_strangers_make_no_keys(
    adviser: Client, manager: Client, room: Resource
) -> None:
    for client, status in ((adviser, 403), (Client(), 302)):
        assert client.post("/en/desk/rooms/", {"room": room.pk}).status_code == status
        assert client.get("/en/desk/rooms/").status_code == status
    assert not RoomKey.objects.exists()
    assert manager.post("/en/desk/rooms/", {"room": "4711"}).status_code == 404
    assert manager.post("/en/desk/rooms/4711/revoke/").status_code == 404


def test_before_a_key_is_revoked_the_page_says_who_would_be_put_out(
    manager: Client, room: Resource
) -> None:
    used, _spare = (room_keys.make_key(room.pk) for _n in range(2))
    device, _secret = rooms.unlock(used, "room")
    rooms.begin_turn(device, None)
    spare = RoomKey.objects.exclude(pk=device.key_id).get()
    asked = manager.get(f"/en/desk/rooms/{device.key_id}/revoke/").content.decode()
    assert "The room is in use now: a customer has been in it since" in asked
    asked = manager.get(f"/en/desk/rooms/{spare.pk}/revoke/").content.decode()
    assert "a screen that another key opened" in asked
    assert rooms.turn_in(room.pk) is not None


def test_a_room_at_a_point_of_our_own_has_no_keys(manager: Client, room: Resource) -> None:
    own = booking_world.room(Resource.objects.filter(kind="desk").first().point, "Meeting room")
    assert "Meeting room" not in manager.get("/en/desk/rooms/").content.decode()
    assert manager.post("/en/desk/rooms/", {"room": own.pk}).status_code == 404
