"""Free times on the cards are those of the booking engine, of the day and language asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from palveluverkko.booking import projection
from palveluverkko.booking.models import Shift
from palveluverkko.network.models import RemoteChannel
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.views import find
from tests.booking import world
from tests.factories import MunicipalityFactory


@pytest.fixture(autouse=True)
def network(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kuopio with an adviser on Monday from 9 to 12; Juva with a video room; a Sunday before."""
    MunicipalityFactory(code="297", name_fi="Kuopio", lat=62.9, lon=27.7)
    world.staffed_point()
    world.room(world.point("juva", mode="video_room", kind="joint_service_point"))
    remote = world.adviser("Remote", languages=("fi", "sv"))
    world.shift(remote, world.local(9), world.local(12), modes=("video", "phone"))
    world.adviser("Not at work", languages=("se",))
    for code in ("video", "phone"):
        RemoteChannel.objects.create(code=code, name_fi=code)
    projection.rebuild(None, world.MONDAY, world.MONDAY + timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(find, "today", lambda _zone: world.NOW.date())


def cards(client: Client, query: str) -> dict[str, list[str]]:
    """The free times on each card, in words, by the card's heading."""
    html = client.get(f"/en/find/?place=kuopio&{query}").content.decode()
    found = {}
    for article in re.findall(r"<article.*?</article>", html, re.S):
        heading = re.sub(r"<[^>]+>", "", re.search(r"<h3>(.*?)</h3>", article, re.S)[1])
        times = re.findall(r'class="times__time"[^>]*>(.*?)</a>', article, re.S)
        found[heading] = [re.sub(r"<[^>]+>", "", text).strip() for text in times]
    return found


def test_every_channel_shows_its_next_free_times(client: Client) -> None:
    found = cards(client, "service=general")
    day = "Monday 2 Mar 2026, language: Finnish"  # nobody here speaks the page's English
    monday = [f"{day} {time}" for time in ("09:00", "09:30", "10:00")]
    assert found["Kuopio"] == monday
    assert found["Juva"] == [time.replace("2026", "2026, in the video room") for time in monday]
    assert found["Video from home"] == monday
    assert found["A call at a time that you choose"] == monday
    assert "Call now" not in found  # no number is registered


def test_a_time_leads_to_its_booking_with_all_that_was_chosen(client: Client) -> None:
    html = client.get("/en/find/?place=kuopio&service=general&way=point").content.decode()
    [link, *_more] = re.findall(r'class="times__time" href="([^"]*)"', html)
    asked = parse_qs(urlsplit(unescape(link)).query)
    assert asked == {
        "point": ["kuopio"],
        "mode": ["appointment"],
        "service": ["general"],
        "language": ["fi"],
        "start": ["2026-03-02T07:00Z"],
        "from": ["2026-03-02"],
    }
    assert client.get(unescape(link)).status_code == 200


def test_times_are_in_the_pages_language_where_somebody_speaks_it(client: Client) -> None:
    html = client.get("/sv/find/?place=kuopio&service=general").content.decode()
    video = html[html.index("mode=video&") :]
    assert "language=sv" in video[:200]


def test_without_a_service_no_time_is_claimed(client: Client) -> None:
    assert not any(cards(client, "").values())


def test_who_does_not_know_the_service_is_led_to_times_in_one_press(client: Client) -> None:
    html = client.get("/en/find/?place=kuopio&way=point").content.decode()
    [link] = re.findall(r'<li><a href="([^"]*)">General advice</a></li>', html)
    assert parse_qs(urlsplit(unescape(link)).query) == {
        "place": ["kuopio"],
        "way": ["point"],
        "service": ["general"],
    }
    chosen = client.get(unescape(link)).content.decode()
    assert 'class="times__time"' in chosen
    assert 'id="service-heading"' not in chosen


def test_only_times_of_the_day_are_shown(client: Client) -> None:
    assert cards(client, "service=general&day=2026-03-03")["Kuopio"] == []
    assert len(cards(client, "service=general&day=2026-03-02")["Kuopio"]) == 3


def test_only_advisers_who_speak_the_language_count(client: Client) -> None:
    swedish, sami = (cards(client, f"service=general&language={code}") for code in ("sv", "se"))
    assert len(swedish["Video from home"]) == len(swedish["Juva"]) == 3
    assert "Kuopio" not in swedish
    assert sami["Video from home"] == sami["Juva"] == []


def test_a_card_says_that_the_adviser_on_the_screen_speaks_the_language(client: Client) -> None:
    said = "The adviser on the screen speaks this language: Swedish."
    page = "/en/find/?place=kuopio&service=general&way=video&language="
    assert said in client.get(f"{page}sv").content.decode()
    assert "The adviser on the screen" not in client.get(f"{page}se").content.decode()


def test_earliest_first_goes_by_free_times_where_one_must_book(client: Client) -> None:
    late = world.point("far", opens=world.time(11), lat=62.9, lon=27.7)
    world.desk(late)
    world.shift(world.adviser("Late", at=late), world.local(11), world.local(12), at=late)
    projection.rebuild(["far"], world.MONDAY, world.MONDAY)
    assert next(iter(cards(client, "service=general&way=point"))) == "Far"
    assert next(iter(cards(client, "service=general&way=point&sort=earliest"))) == "Kuopio"


def test_what_a_page_asks_the_database_does_not_grow_with_points_ways_or_languages(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        world.point(f"another-{number}", mode="video_room")
    projection.rebuild(None, world.MONDAY, world.MONDAY + timedelta(days=1))
    client.get("/en/find/?place=kuopio&service=general")  # reads the register
    with django_assert_max_num_queries(12):
        client.get("/en/find/?place=kuopio&service=general")


def test_a_page_of_the_next_moment_shows_what_has_changed_since(client: Client) -> None:
    assert cards(client, "service=general&way=phone")["A call at a time that you choose"]
    Shift.objects.all().delete()
    projection.rebuild(None, world.MONDAY, world.MONDAY + timedelta(days=1))
    assert cards(client, "service=general&way=phone")["A call at a time that you choose"] == []
