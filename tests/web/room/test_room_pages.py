"""The screen in a video room and the page of the staff: who sees what, and when it is locked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.contact import pool, states
from palveluverkko.contact.models import Contact
from palveluverkko.demand.models import AreaContacts, ChannelContacts, DailyVisits
from palveluverkko.meeting import meetings, room_keys, rooms
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.meeting.room_models import RoomDevice, RoomTurn
from palveluverkko.network.models import ServicePoint
from palveluverkko.web.portal import clock
from tests.booking import world
from tests.meeting import room_build
from tests.meeting.room_build import NINE, booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, monkeypatch: pytest.MonkeyPatch) -> Resource:
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_how: told())
    monkeypatch.setattr(clock, "now", lambda: NINE)
    return room_build.build()


@pytest.fixture
def screen(room: Resource) -> Client:
    return unlocked(room, "/en/room/unlock/")


@pytest.fixture
def host(room: Resource) -> Client:
    return unlocked(room, "/en/room/host/unlock/")


def unlocked(room: Resource, address: str) -> Client:
    client = Client()
    key = room_keys.make_key(room.pk, now=NINE)
    assert client.post(address, {"key": key}).status_code == 302
    return client


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_locked_screen_tells_nothing_but_that_it_is_locked(room: Resource) -> None:
    booked()
    html = page(Client().get("/en/room/"))
    assert "This screen is locked" in html
    for secret in ("09:00", "Juva", "Aino"):
        assert secret not in html
    for address in ("turn/", "host/", ""):
        assert Client().get(f"/en/room/{address}", follow=True).status_code == 200
    assert Client().get("/en/room/state.json").json() == {"open": False, "turn": None, "host": ""}


@pytest.mark.parametrize("address", ["begin/", "join/", "end/", "enter/", "ask-host/", "lock/"])
def test_nothing_can_be_pressed_on_a_locked_screen(room: Resource, address: str) -> None:
    one = booked()
    answer = Client().post(f"/en/room/{address}", {"booking": one.pk})
    assert answer["Location"] == "/en/room/"
    assert not RoomTurn.objects.exists()


def wrong(client: Client, times: int, address: str = "/en/room/unlock/") -> None:
    for _n in range(times):
        answer = client.post(address, {"key": "AAAA-BBBB-CCCC"})
        assert answer.status_code == 422
        assert "This key opens nothing." in page(answer)


def test_a_wrong_key_is_said_and_after_many_the_way_out(room: Resource) -> None:
    client = Client()
    wrong(client, room_keys.WRONG_MOST)
    answer = client.post("/en/room/unlock/", {"key": room_keys.make_key(room.pk, now=NINE)})
    assert answer.status_code == 429
    assert "phone the agency" in page(answer)


def test_wrong_keys_in_one_browser_do_not_lock_out_another_at_the_address(room: Resource) -> None:
    wrong(Client(), room_keys.WRONG_MOST)
    staff = Client()
    wrong(staff, room_keys.WRONG_MOST - 1)
    key = room_keys.make_key(room.pk, now=NINE)
    assert staff.post("/en/room/unlock/", {"key": key}).status_code == 302


def test_who_throws_the_cookie_away_is_limited_by_the_address_but_a_known_browser_is_not(
    room: Resource, host: Client
) -> None:
    for _n in range(room_keys.WRONG_MOST_ADDRESS):
        wrong(Client(), 1)
    key = {"key": room_keys.make_key(room.pk, now=NINE)}
    assert Client().post("/en/room/host/unlock/", key).status_code == 429
    made_up = Client()
    made_up.cookies["room_host"] = "made-up"
    assert made_up.post("/en/room/host/unlock/", key).status_code == 429
    host.post("/en/room/host/lock/")
    wrong(host, room_keys.WRONG_MOST - 1, "/en/room/host/unlock/")
    assert host.post("/en/room/host/unlock/", key).status_code == 302


def test_a_known_browser_is_limited_by_itself(room: Resource, host: Client) -> None:
    wrong(host, room_keys.WRONG_MOST, "/en/room/host/unlock/")
    host.cookies.pop("room_tries", None)
    key = {"key": room_keys.make_key(room.pk, now=NINE)}
    assert host.post("/en/room/host/unlock/", key).status_code == 429


def test_the_screen_says_to_ask_the_staff_and_offers_no_way_that_it_has_not(
    room: Resource, screen: Client
) -> None:
    screen.post("/en/room/begin/", {"booking": ""})
    html = page(screen.get("/en/room/turn/"))
    assert "Nobody serves by video at this time. Please ask the staff" in html
    assert "call you" not in html


def test_the_cookie_is_read_by_no_script_and_sent_from_no_other_site(room: Resource) -> None:
    key = room_keys.make_key(room.pk, now=NINE)
    cookie = Client().post("/en/room/unlock/", {"key": key}).cookies["room_screen"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


def test_the_staff_see_times_without_names_and_hand_the_screen_over(
    room: Resource, screen: Client
) -> None:
    one = booked()
    html = page(screen.get("/en/room/"))
    assert "Start the meeting of 09:00" in html
    assert "Aino" not in html
    assert screen.post("/en/room/begin/", {"booking": one.pk})["Location"] == "/en/room/turn/"
    turn = page(screen.get("/en/room/", follow=True))
    assert "Start my meeting" in turn
    assert "09:00" not in turn


def test_the_customer_goes_into_the_meeting_and_afterwards_nothing_is_left(
    room: Resource, screen: Client
) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    assert screen.post("/en/room/join/")["Location"] == "/en/meeting/room/"
    assert screen.get("/en/meeting/room/").status_code == 200
    assert screen.post("/en/room/end/")["Location"] == "/en/room/"
    left = screen.get("/en/room/")
    assert left["Location"] == "/en/room/"
    assert left["Clear-Site-Data"] == '"cookies", "storage"'
    assert "This screen is locked" in page(screen.get("/en/room/"))
    assert left["Cache-Control"] == "no-store"
    for name in ("room_screen", "meeting"):
        assert screen.cookies[name].value == ""
    assert screen.get("/en/meeting/room/").status_code == 404
    assert screen.get("/en/room/turn/")["Location"] == "/en/room/"


def test_a_pass_kept_by_a_program_opens_nothing_after_the_turn(
    room: Resource, screen: Client
) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    screen.post("/en/room/join/")
    kept = screen.cookies["meeting"].value
    screen.post("/en/room/end/")
    other = Client()
    other.cookies["meeting"] = kept
    assert other.get("/en/meeting/room/").status_code == 404


def test_a_manager_who_looks_at_the_locked_page_stays_signed_in(room: Resource) -> None:
    assert "Clear-Site-Data" not in Client().get("/en/room/")


def test_the_adviser_ends_the_meeting_and_the_screen_finds_itself_locked(
    room: Resource, screen: Client
) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    screen.post("/en/room/join/")
    turn = RoomTurn.objects.get()
    asked = screen.get("/en/room/state.json").json()
    assert asked == {"open": True, "turn": turn.pk, "host": ""}
    meetings.end(Meeting.objects.get().pk, now=NINE)
    assert screen.get("/en/room/state.json").json()["open"] is False


def test_two_screens_of_one_room_never_serve_two_customers(room: Resource, screen: Client) -> None:
    other = unlocked(room, "/en/room/unlock/")
    screen.post("/en/room/begin/", {"booking": ""})
    html = page(other.post("/en/room/begin/", {"booking": booked().pk}, follow=True))
    assert "The room is in use on another screen." in html
    assert RoomTurn.objects.count() == 1


def test_without_a_booking_the_customer_chooses_and_waits_in_the_queue(
    room: Resource, screen: Client
) -> None:
    adviser = world.adviser("At once", languages=("fi",))
    states.begin(adviser.pk, ["video"])
    screen.post("/en/room/begin/", {"booking": ""})
    assert "What do you need help with?" in page(screen.get("/en/room/turn/"))
    asked = {"service": "general", "language": "fi", "key": "0123456789abcdef"}
    token = screen.post("/en/room/enter/", asked).json()["token"]
    assert screen.post("/en/room/enter/", asked | {"key": "f" * 16}).json()["token"] == token
    contact = Contact.objects.get()
    assert RoomTurn.objects.get().contact == contact
    assert token in page(screen.get("/en/room/turn/"))
    screen.post("/en/room/end/")
    contact.refresh_from_db()
    assert contact.state == "abandoned"


@pytest.mark.parametrize("ended", [False, True])
def test_served_at_once_counts_at_the_room_s_point_as_a_booked_one_does(
    room: Resource, screen: Client, ended: bool
) -> None:
    adviser = world.adviser("At once", languages=("fi",))
    states.begin(adviser.pk, ["video"])
    screen.post("/en/room/begin/", {"booking": ""})
    asked = {"service": "general", "language": "fi", "key": "0123456789abcdef", "area": "51200"}
    screen.post("/en/room/enter/", asked)
    contact = Contact.objects.get()
    if ended:  # no demand can be recorded there any more: then it counts as from anywhere
        ServicePoint.objects.update(valid_until=contact.came_at.date() - timedelta(days=1))
    pool.accept(contact.pk, adviser.pk)
    for _press in range(2):
        pool.finish(contact.pk)
    visits = list(DailyVisits.objects.values_list("point", "mode", "visits"))
    channels = list(ChannelContacts.objects.values_list("channel", "contacts"))
    at_point = ([(room.point_id, "video_room", 1)], [])
    assert (visits, channels) == (([], [("video", 1)]) if ended else at_point)
    assert not AreaContacts.objects.exists()  # of no area that is known


def test_an_idle_list_is_locked_by_the_server_too(
    room: Resource, screen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Who comes to the room now?" in page(screen.get("/en/room/"))
    at(monkeypatch, NINE + timedelta(minutes=6))
    assert "This screen is locked" in page(screen.get("/en/room/", follow=True))


def test_the_host_learns_that_there_is_a_meeting_and_nothing_of_it(
    room: Resource, screen: Client, host: Client
) -> None:
    one = booked()
    assert "The room is free. Its screen is locked." in page(host.get("/en/room/host/"))
    screen.post("/en/room/begin/", {"booking": one.pk})
    screen.post("/en/room/join/")
    html = page(host.get("/en/room/host/"))
    assert "A customer is in the room since" in html
    assert "Aino" not in html
    assert "I join from this computer" not in html
    refused = host.post("/en/room/host/join/", follow=True)
    assert "You are not wanted in the room any more." in page(refused)
    assert "meeting" not in host.cookies


def test_the_host_is_called_answers_and_joins(room: Resource, screen: Client, host: Client) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    screen.post("/en/room/join/")
    screen.post("/en/room/ask-host/")
    assert host.get("/en/room/host/state.json").json()["host"] == "asked"
    assert "You are wanted in the video room" in page(host.get("/en/room/host/"))
    assert host.post("/en/room/host/join/")["Location"] == "/en/meeting/room/"
    assert host.get("/en/room/host/state.json").json()["host"] == "coming"
    assert screen.get("/en/room/state.json").json()["host"] == "coming"
    assert Seat.objects.get(role="host").pass_hash


def test_the_host_frees_a_room_that_somebody_left_open(
    room: Resource, screen: Client, host: Client
) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    assert "The screen in the room is locked." in page(
        host.post("/en/room/host/free/", follow=True)
    )
    assert RoomTurn.objects.get().ended_why == "host"
    assert screen.get("/en/room/state.json").json()["open"] is False


def test_a_revoked_key_ends_the_turn_at_once(room: Resource, screen: Client) -> None:
    screen.post("/en/room/begin/", {"booking": booked().pk})
    screen.post("/en/room/join/")
    rooms.revoke_key(RoomDevice.objects.get().key_id, now=NINE)
    assert screen.get("/en/room/state.json").json()["open"] is False
    assert screen.get("/en/meeting/room/").status_code == 404


@pytest.mark.parametrize("address", ["room/", "room/host/", "room/turn/", "room/state.json"])
def test_no_page_of_a_room_is_kept_by_a_cache(
    room: Resource, screen: Client, host: Client, address: str
) -> None:
    for client in (screen, host):
        assert client.get(f"/en/{address}")["Cache-Control"] == "no-store"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
