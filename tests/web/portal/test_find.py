"""The search answers over every channel, says what it does not know, and what to do next."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.network.models import OpeningHours, RemoteChannel, Service, ServicePoint
from palveluverkko.web.portal.views.near import LONGEST
from tests.web.portal import world

pytestmark = pytest.mark.usefixtures("town")


def found(client: Client, query: str, language: str = "en") -> str:
    response = client.get(f"/{language}/find/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    """The points of the answer, in their order."""
    return re.findall(r'<h3><a href="[^"]*/service-points/[^"]*">([^<]*)</a>', html)


def test_the_front_door_asks_what_where_when_and_how(client: Client) -> None:
    html = client.get("/en/").content.decode()
    for field in ("service", "place", "day", "language", "way"):
        assert f'name="{field}"' in html
    assert 'method="get" action="/en/find/"' in html


def test_the_front_door_leads_to_a_call_too(client: Client) -> None:
    html = client.get("/en/").content.decode()
    for address in ("/en/call-me/", "/en/call/", "/en/book/"):
        assert f'href="{address}"' in html


def test_the_answer_holds_every_channel_nearest_first(client: Client) -> None:
    html = found(client, "place=kuopio&service=general")
    assert names(html) == [
        "Kuopion toimisto",
        "Asiointipiste Siilinjärvi",
        "Haparanda",
        "Pop up Ŋávdna",
    ]
    for channel in ("Video from home", "A call at a time that you choose"):
        assert channel in html
    assert "Less than 1 km away." in html
    assert "About 20 km away in a straight line, about 35 min by car." in html


def test_cards_say_when_and_how_to_come(client: Client) -> None:
    html = found(client, "place=kuopio")
    assert "Open now until 16:00." in html
    assert "You can come without booking." in html
    assert "You can book the video room" in html
    assert "Languages: Finnish, Swedish" in html


def test_nobody_is_told_to_call_a_number_that_is_not_known(client: Client) -> None:
    html = found(client, "place=kuopio&service=general")
    assert "Call now" not in html
    assert html.count("The number of the phone service is not in the register.") == 1
    assert "is not in the register" not in found(client, "place=kuopio&way=video")


def test_the_phone_service_tells_its_number_and_hours(client: Client) -> None:
    line = RemoteChannel.objects.get(code="phone")
    line.phone, line.hours_fi, line.hours_en = "+358206340200", "ma-pe 9-16", "Mon-Fri 9-16"
    line.save()
    html = found(client, "place=kuopio&way=phone")
    assert 'href="tel:+358206340200">+358 20 6340200</a>' in html
    assert "Mon-Fri 9-16" in html
    assert "ma-pe 9-16" in found(client, "place=kuopio&way=phone", "fi")
    assert "is not in the register" not in html


def test_each_choice_says_in_plain_words_what_belongs_to_it(client: Client) -> None:
    before = found(client, "place=kuopio")
    assert "What belongs to which choice?" not in before
    general = Service.objects.get(code="general")
    general.description_fi, general.description_en = (
        "Hakemus on jumissa.",
        "My application is stuck.",
    )
    general.save()
    html = found(client, "place=kuopio")
    assert html.count("My application is stuck.") == 2  # in the form, and beside the links
    assert "My application is stuck." in client.get("/en/").content.decode()
    assert "My application is stuck." in client.get("/en/book/").content.decode()
    assert "Hakemus on jumissa." in found(client, "place=kuopio", "sv")  # better than nothing


def test_an_address_is_in_the_readers_language(client: Client) -> None:
    ServicePoint.objects.filter(pk="pop").update(postal_code="99870", post_office="INARI")
    assert "99870 Enare" in found(client, "place=inari", "sv")
    assert "99870 Inari" in found(client, "place=inari", "fi")


def test_a_point_abroad_tells_its_own_time(client: Client) -> None:
    html = found(client, "place=kuopio")
    assert "Times are the point&#x27;s local time (Europe/Stockholm)." in html
    card = html[html.index("Haparanda") :]
    assert "Open now until 16:00." in card[:900]  # 9.00 in Stockholm, just opened


def test_no_free_time_is_invented(client: Client) -> None:
    assert "No free times known." in found(client, "place=kuopio&service=general")
    html = found(client, "place=kuopio")
    assert "Choose what you need help with to see the free times." in html
    assert "No free times known." not in html


def test_the_phone_number_that_nobody_registered_is_not_invented(client: Client) -> None:
    html = found(client, "way=phone")
    assert "The number of the phone service is not in the register." in html
    assert "tel:" not in html
    RemoteChannel.objects.all().delete()
    assert "Search for any way of service" in found(client, "way=phone")


def test_only_points_that_give_the_service_are_shown(client: Client) -> None:
    assert names(found(client, "place=kuopio&service=urgent")) == ["Kuopion toimisto"]
    assert names(found(client, "place=kuopio&way=video")) == ["Asiointipiste Siilinjärvi"]
    swedish = names(found(client, "place=kuopio&language=sv"))
    assert swedish == ["Kuopion toimisto", "Asiointipiste Siilinjärvi"]  # there by video room


def test_a_day_leaves_out_points_that_are_closed_on_it(client: Client) -> None:
    OpeningHours.objects.filter(point_id="joint", weekday=2).delete()
    on_wednesday = names(found(client, "place=kuopio&day=2026-12-30"))
    assert "Asiointipiste Siilinjärvi" not in on_wednesday
    assert "Kuopion toimisto" in on_wednesday
    html = found(client, "place=kuopio&day=2026-12-31&service=general")
    assert "On Thursday 31 Dec 2026: 09:00–13:00." in html
    html = found(client, "day=2027-01-01")
    assert "No service point fits your search." in html
    assert 'href="/en/find/">Search for any day' in html


def test_earliest_first_puts_an_open_point_before_a_nearer_closed_one(client: Client) -> None:
    OpeningHours.objects.filter(point_id="main", weekday=0).delete()
    assert names(found(client, "place=kuopio"))[0] == "Kuopion toimisto"
    assert names(found(client, "place=kuopio&sort=earliest"))[-1] == "Kuopion toimisto"


def test_an_ended_point_is_not_found_and_a_coming_one_only_on_its_days(client: Client) -> None:
    ServicePoint.objects.filter(pk="main").update(valid_until=date(2026, 12, 30))
    assert "Kuopion toimisto" in names(found(client, "day=2026-12-30"))
    assert "Kuopion toimisto" not in names(found(client, "day=2026-12-31"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "We do not know the place “Kupio”."), ("fi", "Kupio"), ("sv", "Kupio")],
)
def test_an_unknown_place_is_answered_by_what_it_may_be(
    client: Client, language: str, said: str
) -> None:
    html = found(client, "place=Kupio&service=general", language)
    assert said in html
    assert f'href="/{language}/find/?service=general&amp;place=Kuopio"' in html
    assert "Kupio" in html.split('name="place"')[1][:200]  # what was typed is kept


@pytest.mark.parametrize(
    "query",
    [
        "day=yesterday",
        "day=2001-01-01",
        "day=9999-12-31",
        "service=nothing",
        "way=horse",
        "language=tlh",
        "sort=x",
        "show=-1",
        "show=99999999999999999999",
        "show=²",
        "place=%00",
        "place=" + "a" * 500,
        "place=<script>x</script>",
    ],
)
def test_forged_fields_are_named_and_the_page_still_answers(client: Client, query: str) -> None:
    html = found(client, query)
    assert "<script>x" not in html
    assert "available choices" not in html
    assert "A call at a time that you choose" in html


def test_a_day_that_has_passed_says_what_to_do(client: Client) -> None:
    html = found(client, "day=2026-12-27")
    assert "That day has passed. Choose today or a later day." in html
    assert 'value="2026-12-27"' in html


@pytest.mark.parametrize("query", ["place=Kupio", "day=2026-12-27", "service=x"])
def test_the_title_says_first_that_something_is_wrong(client: Client, query: str) -> None:
    assert "<title>Something is missing or wrong" in found(client, query)
    assert "<title>Something is missing or wrong" not in found(client, "place=kuopio")


def test_a_day_can_be_typed_as_people_write_it(client: Client) -> None:
    """Old telephones have no date field: a plain one takes what is typed."""
    assert "Monday 1 Feb 2027" in found(client, "place=kuopio&day=1.2.2027")
    assert "Write the day like this: 31.12.2026." in found(client, "place=kuopio&day=tomorrow")


def test_more_points_are_a_link_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from palveluverkko.web.portal.views import find

    monkeypatch.setattr(find, "FIRST", 2)
    html = found(client, "place=kuopio")
    assert len(names(html)) == 2
    assert 'href="/en/find/?place=kuopio&amp;show=14#offer-2"' in html
    assert len(names(found(client, "place=kuopio&show=14"))) == 4


def test_a_host_written_by_people_stays_text(client: Client) -> None:
    assert "Koulu &lt;1&gt;" in found(client, "place=Inari")


def near(client: Client, body: object) -> dict[str, str]:
    content = body if isinstance(body, str) else json.dumps(body)
    response = client.post("/en/near/", content, content_type="application/json")
    assert response.status_code in (200, 400)
    return response.json()


def test_a_position_becomes_the_nearest_postal_area() -> None:
    strict = Client(enforce_csrf_checks=True)  # as the page asks: without a cookie
    assert near(strict, {"lat": 62.84, "lon": 27.66}) == {"place": "70820 Petonen, Kuopio"}
    assert strict.get("/en/near/").status_code == 405


def test_the_name_from_a_position_is_a_place_that_the_search_knows(client: Client) -> None:
    place = near(client, {"lat": 62.84, "lon": 27.66})["place"]
    assert "Service near 70820 Petonen, Kuopio" in found(client, f"place={place}")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "nonsense",
        {"lat": 1},
        {"lat": "x", "lon": 2},
        {"lat": 91, "lon": 0},
        '{"lat": NaN, "lon": 1}',
        '{"lat": 1e999, "lon": 1}',
        {"lat": -34.6, "lon": -58.4},
        "x" * (LONGEST + 1),
    ],
)
def test_a_position_that_is_none_or_far_away_is_no_place(client: Client, body: object) -> None:
    assert near(client, body) == {"place": ""}


def test_today_is_the_first_day_that_can_be_chosen(client: Client) -> None:
    assert f'min="{world.NOW.date().isoformat()}"' in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", ("viro", "somali", "suomi")), ("sv", ("estniska", "somaliska", "finska"))],
)
def test_every_language_that_somebody_speaks_has_a_name(
    client: Client, language: str, expected: tuple[str, ...]
) -> None:
    """Advisers speak languages that no page is written in."""
    Resource.objects.create(kind="adviser", name="Neuvoja", languages=["fi", "et", "so"])
    html = client.get(f"/{language}/").content.decode()
    for code, name in zip(("et", "so", "fi"), expected, strict=True):
        assert re.search(rf'<option value="{code}"[^>]*>{name}</option>', html)
