"""The adviser's side of a video meeting: the same door as the customer's."""

from __future__ import annotations

import pytest
from django.test import Client

from palveluverkko.booking.meeting_links import room_link
from palveluverkko.booking.models import Booking
from palveluverkko.messages.models import Message
from palveluverkko.web.portal import clock
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.world import booked, local

OPEN = "Open the video room"
LINK = "https://video.example.org/j/4711"


def page_of(client: Client, booking: Booking) -> str:
    return client.get(f"/en/desk/bookings/{booking.pk}/").content.decode()


def paste(client: Client, booking: Booking, link: str) -> str:
    answer = client.post(f"/en/desk/bookings/{booking.pk}/meeting/", {"link": link}, follow=True)
    return answer.content.decode()


def test_the_adviser_pastes_a_link_and_the_customer_is_told(adviser: Client) -> None:
    one = booked("Aino", local(9), "video")
    assert "Link of the video meeting" in page_of(adviser, one)
    html = paste(adviser, one, LINK)
    assert "The link is saved and sent to the customer." in html
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer">Open the meeting' in html
    assert LINK in Message.objects.get(event__contains=":link:").text
    event = one.events.get(kind="meeting_link")
    assert event.by is not None
    assert event.by.username == "adviser1"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://video.example.org/j/1", ""])
def test_what_is_no_https_link_is_refused_in_plain_words(adviser: Client, link: str) -> None:
    one = booked("Aino", local(9), "video")
    html = paste(adviser, one, link)
    assert "it begins with https://. Nothing was saved or sent." in html
    assert "Open the meeting</a>" not in html
    assert not Message.objects.filter(event__contains=":link:").exists()


def test_with_rooms_of_our_own_both_sides_get_the_same_one(
    adviser: Client, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VIDEO_MEETING_URL = "https://meet.example.org/{room}"
    one = booked("Aino", local(10), "video")
    early = page_of(adviser, one)
    assert "appears here and on the customer's page at 09:30" in early.replace("&#x27;", "'")
    assert "Link of the video meeting" not in early
    monkeypatch.setattr(clock, "now", lambda: local(9, 45))
    assert room_link(one) in page_of(adviser, one)


def test_at_a_joint_point_its_staff_show_the_way_or_open_a_pasted_link(adviser: Client) -> None:
    one = booked("Aino", local(9), "video")
    room = booking_world.point("joint", mode="video_room")
    Booking.objects.filter(pk=one.pk).update(mode="video_room", point=room)
    assert "The staff there show the way" in page_of(adviser, one)
    assert "The staff there open the meeting: give them this link." in paste(adviser, one, LINK)


def test_the_adviser_opens_our_own_room_from_half_an_hour_before(
    adviser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = booked("Aino", local(10), "video")
    early = page_of(adviser, one)
    assert "You can open the video room at 09:30." in early
    assert OPEN not in early
    monkeypatch.setattr(clock, "now", lambda: local(9, 45))
    assert OPEN in page_of(adviser, one)
    answer = adviser.post(f"/en/desk/bookings/{one.pk}/video/")
    assert answer["Location"] == "/en/meeting/room/"
    page = adviser.get("/en/meeting/room/").content.decode()
    assert "End for everybody" in page
    stranger = Client()
    stranger.cookies["meeting"] = adviser.cookies["meeting"].value
    assert stranger.get("/en/meeting/room/").status_code == 404


def test_nobody_else_saves_a_link(adviser: Client, morning: None) -> None:
    one = booked("Aino", local(9), "video")
    stranger = Client()
    address = f"/en/desk/bookings/{one.pk}/meeting/"
    assert "/login/" in stranger.post(address, {"link": LINK})["Location"]
    far = booking_world.point("inari")
    world.ServiceOfferFactory(point=far, service_id="general", mode="walk_in")
    person = booking_world.adviser("Far adviser", at=far)
    person.user = world.user("far", "change_booking")
    person.save()
    stranger.force_login(person.user)
    assert stranger.post(address, {"link": LINK}).status_code == 404
    one.refresh_from_db()
    assert one.meeting_link == ""


def test_a_booking_at_the_desk_has_no_door(adviser: Client) -> None:
    assert "The video meeting" not in page_of(adviser, booked("Aino", local(9)))
