"""The customer's side of a video meeting: the door is on the page that messages lead to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from palveluverkko.booking import meeting_links
from palveluverkko.booking.models import Booking
from palveluverkko.web.portal import clock
from tests.web.portal.booking.test_my_booking import disrupted, move
from tests.web.portal.booking.town import booked, local, text

pytestmark = pytest.mark.usefixtures("town")
LINK = "https://video.example.org/j/4711"
DOOR = "Join the meeting"


@pytest.fixture
def rooms(settings) -> None:
    settings.VIDEO_MEETING_URL = "https://meet.example.org/{room}"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def video(client: Client) -> tuple[Booking, str]:
    return booked(client, mode="video", point="")


def test_the_door_of_our_own_meeting_opens_half_an_hour_before_and_leads_into_the_room(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = video(client)
    early = text(client.get(mine))
    assert "appears on this page at 08:30, half an hour before your time" in early
    assert 'href="/en/meeting/test/"' in early
    assert DOOR not in early
    refused = client.post(f"{mine}video/", follow=True)
    assert "The meeting is not open now." in text(refused)
    at(monkeypatch, booking.start - timedelta(minutes=10))
    assert DOOR in text(client.get(mine))
    answer = client.post(f"{mine}video/")
    assert answer["Location"] == "/en/meeting/room/"
    assert answer.cookies["meeting"]["httponly"]
    assert client.get("/en/meeting/room/").status_code == 200


def test_joining_in_another_browser_shuts_the_first_one_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = video(client)
    at(monkeypatch, booking.start)
    client.post(f"{mine}video/")
    phone = Client()
    phone.post(f"{mine}video/")
    assert phone.get("/en/meeting/room/").status_code == 200
    assert client.get("/en/meeting/room/").status_code == 404


def test_a_moved_or_cancelled_booking_lets_nobody_into_the_old_meeting(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = video(client)
    at(monkeypatch, booking.start - timedelta(minutes=20))
    client.post(f"{mine}video/")
    move(client, mine, local(10))
    assert client.get("/en/meeting/room/").status_code == 404
    at(monkeypatch, local(9, 45))
    client.post(f"{mine}video/")
    assert client.get("/en/meeting/room/").status_code == 200
    client.post(f"{mine}cancel/")
    assert client.get("/en/meeting/room/").status_code == 404


def test_a_link_of_a_booking_that_is_not_by_video_joins_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = booked(client)
    at(monkeypatch, booking.start)
    assert client.post(f"{mine}video/")["Location"] == mine
    assert client.post("/en/b/AAAA.BBBB/video/").status_code == 404


def test_the_link_that_the_adviser_saved_opens_in_a_new_tab_that_learns_nothing(
    client: Client,
) -> None:
    booking, mine = video(client)
    meeting_links.save_link(booking.pk, LINK)
    answer = client.get(mine)
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer">{DOOR}' in text(answer)
    assert answer["Referrer-Policy"] == "same-origin"


def test_after_a_move_or_a_cancellation_the_old_link_is_gone(client: Client) -> None:
    booking, mine = video(client)
    meeting_links.save_link(booking.pk, LINK)
    move(client, mine, local(10))
    assert LINK not in text(client.get(mine))
    meeting_links.save_link(booking.pk, LINK)
    client.post(f"{mine}cancel/")
    assert LINK not in text(client.get(mine))


@pytest.mark.usefixtures("rooms")
def test_with_rooms_of_our_own_the_button_comes_half_an_hour_before_and_goes_two_hours_after(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = video(client)
    link = meeting_links.room_link(booking)
    early = text(client.get(mine))
    assert link not in early
    assert "appears on this page at 08:30, half an hour before your time" in early
    for minutes, there in ((-31, False), (-29, True), (100, True), (125, False)):
        at(monkeypatch, booking.start + timedelta(minutes=minutes))
        assert (link in text(client.get(mine))) is there, minutes


@pytest.mark.usefixtures("rooms")
def test_the_desk_and_a_stranger_are_not_shown_a_door_that_leads_nowhere(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, _alternatives = disrupted(client)
    Booking.objects.filter(pk=booking.pk).update(mode="video", point=None)
    booking.refresh_from_db()
    at(monkeypatch, booking.start)
    from palveluverkko.booking.links import signed

    assert DOOR not in text(client.get(f"/en/b/{signed('booking', booking.token)}/"))


def test_an_appointment_at_a_desk_has_no_door(client: Client) -> None:
    _booking, mine = booked(client)
    assert "The video meeting" not in text(client.get(mine))


def test_after_its_time_a_meeting_that_goes_on_is_said_to_be_open_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, mine = video(client)
    at(monkeypatch, booking.end + timedelta(minutes=5))
    page = text(client.get(mine))
    assert DOOR in page
    assert "The meeting can still be joined." in page
    assert "has passed" not in page
    assert "Book a new time" not in page
    at(monkeypatch, booking.end + timedelta(hours=12))
    page = text(client.get(mine))
    assert "The time of this appointment has passed." in page
    assert "still be joined" not in page
    assert DOOR not in page
