"""Weekly figures below five reach staff only, whatever the page or file."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.demand.privacy import is_small
from palveluverkko.web.privacy import public_point
from tests.web import world

# The figures and their intervals as written in English and in Finnish, rounded as pages round.
SECRET = re.compile(r"(?<![\d.,])(3[.,]2(17)?|2[.,]9|3[.,]5|1[.,](1|087)|2[.,]0(44)?)(?![\d.,])")
PLACES = (
    "",
    "points/",
    "points/small/",
    "points.csv",
    "points.json",
    "points.geojson",
    "map/places.json",
    "parity/",
    "parity.csv",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.usefixtures("network")
def test_the_public_never_sees_a_small_figure(client: Client, language: str, place: str) -> None:
    shown = client.get(f"/{language}/{place}").content.decode()
    visible = re.sub(r'<(path|svg|rect|circle)[^>]*>|"path": "[^"]*"', "", shown)
    assert SECRET.findall(visible) == []


@pytest.mark.usefixtures("network")
def test_the_page_says_that_a_figure_is_withheld(client: Client) -> None:
    html = client.get("/en/points/small/").content.decode()
    assert "fewer than 5" in html
    assert "Fewer than 5 visits a week; the limit is 100." in html


@pytest.mark.usefixtures("network")
def test_staff_see_the_figure(staff: Client) -> None:
    assert "3.2" in staff.get("/en/points/").content.decode()
    html = staff.get("/en/points/small/").content.decode()
    assert "Demand is 3.217 visits a week" in html
    assert "3.217" in staff.get("/en/points.json").content.decode()


@pytest.mark.usefixtures("network")
def test_weeks_with_few_visits_are_withheld_from_chart_and_table(
    client: Client, staff: Client
) -> None:
    public = client.get("/en/points/small/").content.decode()
    assert '"visits": null, "withheld": true, "kind": "complete"' in public
    assert '"visits": 3, "withheld": false' not in public
    assert '"visits": 3, "withheld": false' in staff.get("/en/points/small/").content.decode()


def _figures(value: Any, key: str = "") -> list[float]:
    """Every weekly figure in a point of the document, however deep."""
    if isinstance(value, dict):
        return [figure for name, part in value.items() for figure in _figures(part, name)]
    if isinstance(value, list):
        return [figure for part in value for figure in _figures(part, key)]
    tells = ("visits", "effective", "interval", "figure", "load")
    return [value] if isinstance(value, float) and any(word in key for word in tells) else []


@given(visits=st.floats(min_value=0.01, max_value=30.0), factor=st.floats(1.0, 3.0))
def test_no_small_figure_survives_in_a_public_point(visits: float, factor: float) -> None:
    point = {
        **world.POINTS[1],
        "weekly_visits": visits,
        "effective_visits": visits * factor,
        "interval": None,
        "effective_interval": None,
        "reasons": [{**world.POINTS[1]["reasons"][0], "figure": visits}],
    }
    assert not [figure for figure in _figures(public_point(point)) if is_small(figure)]


def test_a_withheld_figure_cannot_be_computed_from_its_neighbours() -> None:
    shown = public_point(world.POINTS[1])
    assert shown["utilisation"] is None  # times the capacity, it would give the visits
    assert shown["interval"] is None
    assert shown["reasons"][0]["text"] is None
    assert not shown["reasons"][0]["data"]


def test_zero_tells_of_nobody_and_is_shown() -> None:
    assert public_point({**world.POINTS[0], "weekly_visits": 0.0})["weekly_visits"] == 0.0
