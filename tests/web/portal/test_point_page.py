"""A point's own page tells its hours day by day, what differs, and what will change."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from django.test import Client

from palveluverkko.network.models import (
    OpeningException,
    OpeningHours,
    ServiceOffer,
    ServicePoint,
)

pytestmark = pytest.mark.usefixtures("town")


def text_of(client: Client, point: str = "main", language: str = "en") -> str:
    """The page without its tags, spaces together."""
    html = client.get(f"/{language}/service-points/{point}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).split())


def test_hours_are_told_per_service_on_a_day_that_divides_them(client: Client) -> None:
    page = text_of(client)
    assert "Thursday 31 Dec 2026, New Year&#x27;s Eve" in page
    assert "Ends earlier than usual, at 13:00: General advice." in page
    assert "09:00–13:00 General advice 09:00–16:00 Urgent assistance" in page


def test_holidays_are_closed_by_their_name(client: Client) -> None:
    page = text_of(client)
    assert "Friday 1 Jan 2027 closed New Year&#x27;s Day" in page
    assert "Friday 1 Jan 2027, New Year&#x27;s Day Closed." in page
    assert "Uudenvuodenpäivä" in text_of(client, language="fi")


def test_a_service_that_is_not_given_on_a_day_is_named(client: Client) -> None:
    OpeningException.objects.create(
        point_id="main", service_id="urgent", first=date(2026, 12, 29), last=date(2026, 12, 29)
    )
    assert "Not served: Urgent assistance." in text_of(client)


def test_other_hours_are_told_when_they_are_not_just_shorter(client: Client) -> None:
    OpeningException.objects.create(
        point_id="joint",
        first=date(2026, 12, 29),
        last=date(2026, 12, 29),
        closed=False,
        opens=time(12),
        closes=time(18),
    )
    assert "Other hours than usual: 12:00–18:00." in text_of(client, "joint")


def test_how_to_get_service_is_told_service_by_service(client: Client) -> None:
    page = text_of(client)
    assert "You can come without booking. You can book a time at the desk." in page
    assert "Open now until 16:00." in page
    assert "Accessibility of the premises not in the register" in page


def test_a_point_that_will_end_says_so_before(client: Client) -> None:
    ServicePoint.objects.filter(pk="main").update(valid_until=date(2027, 1, 15))
    assert "The point closes for good. Its last day is 15 Jan 2027." in text_of(client)


def test_an_ended_point_says_where_to_go_instead(client: Client) -> None:
    ServicePoint.objects.filter(pk="main").update(valid_until=date(2026, 12, 11))
    page = text_of(client)
    assert "The point has closed for good. Its last day was 11 Dec 2026." in page
    assert "Where to go instead Asiointipiste Siilinjärvi" in page
    assert "Opening hours" not in page


def test_changes_of_hours_and_services_are_told_before_they_hold(client: Client) -> None:
    OpeningHours.objects.filter(point_id="main", weekday=4).update(valid_until=date(2027, 1, 31))
    ServiceOffer.objects.filter(point_id="main", service_id="urgent").update(
        valid_until=date(2027, 2, 14)
    )
    page = text_of(client)
    assert "Opening hours change from 1 Feb 2027." in page
    assert "Urgent assistance is given here for the last time on 14 Feb 2027." in page


def test_a_coming_season_is_told_with_its_days(client: Client) -> None:
    OpeningHours.objects.create(
        point_id="main",
        weekday=1,
        opens=time(10),
        closes=time(12),
        season_from="03-01",
        season_until="03-14",
    )
    assert "Other opening hours from 1 Mar 2027 to 14 Mar 2027." in text_of(client)


def test_customers_and_planners_find_each_others_page(client: Client) -> None:
    html = client.get("/en/service-points/main/").content.decode()
    assert 'href="/en/points/main/"' in html


def test_a_wrong_address_leads_customers_to_the_search(client: Client) -> None:
    html = client.get("/en/service-points/kupio/").content.decode()
    main = html[html.index("<main") :]
    assert main.index('href="/en/"') < main.index('href="/en/points/"')


def test_a_point_that_never_was_is_a_styled_404(client: Client) -> None:
    for path in ("", "hours.ics", "hours.json"):
        assert client.get(f"/en/service-points/nowhere/{path}").status_code == 404
