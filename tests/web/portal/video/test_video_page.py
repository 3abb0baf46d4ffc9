"""Video at once: the page, its way into the queue, and from there into the meeting."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.contact import pool, states
from palveluverkko.contact.models import Contact
from palveluverkko.meeting.models import Meeting, Seat
from tests.booking import world

KEY = "0123456789abcdef"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service() -> None:
    world.point(languages=["fi", "sv", "en"])


@pytest.fixture
def at_work() -> Resource:
    adviser = world.adviser(languages=("fi", "sv", "en"))
    states.begin(adviser.pk, ["video", "web_call"])
    return adviser


def enter(client: Client, **given: str) -> Any:
    asked = {"service": "general", "language": "fi", "area": "70100", "key": KEY} | given
    return client.post("/en/video/enter/", asked)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_is_kept_by_no_cache(client: Client, language: str) -> None:
    answer = client.get(f"/{language}/video/?service=general")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert '<option value="general" selected>' in answer.content.decode()


def test_a_press_is_one_place_in_the_queue_for_video(client: Client, at_work: Resource) -> None:
    assert enter(client).json() == enter(client).json()
    contact = Contact.objects.get()
    assert (contact.channel, contact.area, contact.state) == ("video", "70100", "offered")


def test_nobody_at_work_by_video_is_an_answer(client: Client) -> None:
    states.begin(world.adviser(languages=("fi",)).pk, ["web_call"])
    assert enter(client).json() == {"problem": "blocked_closed"}


@pytest.mark.parametrize(
    ("wrong", "problem"), [({"key": "1"}, "broken"), ({"service": "x"}, "choose")]
)
def test_what_is_not_offered_is_refused(
    client: Client, at_work: Resource, wrong: dict[str, str], problem: str
) -> None:
    answer = enter(client, **wrong)
    assert (answer.status_code, answer.json()) == (400, {"problem": problem})


def test_only_an_answered_contact_joins_and_only_by_its_token(
    client: Client, at_work: Resource
) -> None:
    token = enter(client).json()["token"]
    assert client.post("/en/video/join/", {"token": token})["Location"] == "/en/video/"
    contact = Contact.objects.get()
    pool.accept(contact.pk, at_work.pk)
    for wrong in ("", "guess", token[:-1]):
        assert client.post("/en/video/join/", {"token": wrong})["Location"] == "/en/video/"
    assert not Meeting.objects.exists()
    assert client.post("/en/video/join/", {"token": token})["Location"] == "/en/meeting/room/"
    seat = Seat.objects.get()
    assert (seat.role, seat.meeting.contact) == ("customer", contact)


def test_the_front_door_tells_of_video_only_while_somebody_serves_by_it(client: Client) -> None:
    assert "/en/video/" not in client.get("/en/").content.decode()
    states.begin(world.adviser(languages=("fi",)).pk, ["video"])
    assert 'href="/en/video/"' in client.get("/en/").content.decode()
