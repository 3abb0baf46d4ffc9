"""A point's page: outcome with reasons, hours, agreement, substitutes, journeys."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from palveluverkko.demand.contacts import add_channel_contact
from palveluverkko.network.models import ServicePoint
from tests.factories import AreaFactory, OpeningHoursFactory
from tests.web.test_map import page_data

pytestmark = pytest.mark.usefixtures("network")


def page(client: Client, point: str, language: str = "en") -> str:
    return client.get(f"/{language}/points/{point}/").content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_reasons_are_in_the_page_s_language(client: Client, language: str) -> None:
    html = page(client, "middle", language)
    wanted = "No substitute for identification." + ("" if language == "en" else f" ({language})")
    assert f"{wanted}</li>" in html


def test_the_failing_half_is_named(client: Client) -> None:
    html = page(client, "middle")
    assert "Replacement not permitted" in html
    assert "The criterion does not hold</span>No substitute for identification." in html


def test_proposals_stand_beside_the_outcome(client: Client) -> None:
    html = page(client, "full")
    assert "Capacity-limited" in html
    assert "Add an opening day" in html


def test_hours_show_the_week_and_the_days_that_differ(client: Client) -> None:
    html = page(client, "big")
    assert "Monday" in html
    assert "09:00–16:00" in html
    assert (
        "Midsummer Eve" in html or "Juhannus" in html or "June 22" in html or "22 Jun 2018" in html
    )


def test_a_season_says_from_when_to_when(client: Client) -> None:
    OpeningHoursFactory(point_id="big", weekday=5, season_from="06-01", season_until="08-31")
    html = page(client, "big")
    assert "Saturday" in html
    assert "from 1 June to 31 August" in html


def test_an_exception_has_its_reason_in_the_page_s_language(client: Client) -> None:
    assert "Training day" in page(client, "big")
    assert "Koulutuspäivä" in page(client, "big", "fi")


def test_an_exception_on_a_day_that_is_closed_anyway_changes_nothing(client: Client) -> None:
    assert "No exceptions or public holidays." in page(client, "small")  # open on Tuesdays only


def test_a_joint_point_shows_its_agreement(client: Client) -> None:
    html = page(client, "joint")
    assert "Kemiönsaaren kunta" in html
    assert "until terminated" in html
    assert "180 days" in html


def test_substitutes_show_load_against_capacity(client: Client) -> None:
    html = page(client, "small")
    assert "Who would take over the visits" in html
    assert "Has room" in html
    assert "824" in html


def test_journeys_before_and_after_add_up_in_the_table(client: Client) -> None:
    html = page(client, "small")
    for text in ("5,000", "3,000", "over 60", "62% → 41%"):
        assert text in html


def test_channels_that_reach_nobody_are_not_listed(client: Client) -> None:
    html = page(client, "small")
    assert "Another point 97%" in html
    assert "Phone service 0%" not in html


def test_the_chart_has_threshold_interval_and_a_table(client: Client) -> None:
    html = page(client, "middle")
    data = page_data(html, "demand-data")
    assert data["threshold"] == 100.0
    assert data["low"] == pytest.approx(51.75)
    assert len(data["weeks"]) == 52  # a year, though the point has reported twelve weeks of it
    assert [week["kind"] for week in data["weeks"]].count("missing") == 41
    assert html.count('<td class="number">58</td>') == 11


def test_missing_weeks_are_not_drawn_as_zero(client: Client) -> None:
    data = page_data(page(client, "middle"), "demand-data")
    missing = [week for week in data["weeks"] if week["kind"] == "missing"]
    assert {week["visits"] for week in missing} == {None}


def test_provenance_names_data_and_version(client: Client) -> None:
    html = page(client, "small")
    assert "d2" * 32 in html
    assert "a1" * 32 in html
    assert "opening hours, visits" in html


def test_municipality_has_its_name_in_the_page_s_language(client: Client) -> None:
    assert "Kimitoön" in page(client, "middle", "sv")
    assert "Kemiönsaari" in page(client, "middle", "fi")


def remote(client: Client, contacts: int) -> str:
    """The part of the page on contacts by phone from the point's own municipality."""
    cache.clear()
    for _ in range(contacts):
        add_channel_contact("phone", "general", date(2018, 6, 1), "51200")
    html = page(client, "middle")
    return html[html.index('id="remote"') : html.index('id="hours"')]


def test_where_remote_customers_are_is_unknown_not_zero(client: Client) -> None:
    assert "Unknown is not zero" in remote(client, 0)


@pytest.mark.parametrize(("contacts", "shown"), [(4, "fewer than 5"), (7, "7")])
def test_contacts_of_the_municipality_are_shown_but_not_few(
    client: Client, contacts: int, shown: str
) -> None:
    AreaFactory(code="51200", municipality=ServicePoint.objects.get(pk="middle").municipality)
    html = remote(client, contacts)
    assert f"<dd>{shown}</dd>" in html
    assert f"<dd>{contacts}</dd>" in html or contacts == 4
    assert "100" in html, "everybody told where they are"
