"""The map: its data, its boundaries, its figures, and the table that says the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from palveluverkko.criteria.model import Outcome
from palveluverkko.web import symbols

pytestmark = pytest.mark.usefixtures("network")


def page_data(html: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', html, re.S)
    assert found is not None
    return json.loads(found[1])


def test_the_map_has_every_point_and_every_proposal(client: Client) -> None:
    features = client.get("/en/map/places.json").json()["features"]
    assert len(features) == 5 + 1
    proposal = next(f for f in features if f["properties"]["kind"] == "area")
    assert proposal["properties"]["outcome_label"] == "Add a pop-up point"
    assert proposal["geometry"]["coordinates"] == [22.5, 59.9]


def test_unchanged_places_are_not_sent_again(client: Client) -> None:
    first = client.get("/en/map/places.json")
    again = client.get("/en/map/places.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    swedish = client.get("/sv/map/places.json", headers={"If-None-Match": first["ETag"]})
    assert swedish.status_code == 200


def test_staff_and_public_never_share_a_cached_answer(client: Client, staff: Client) -> None:
    public = client.get("/en/map/places.json")
    private = staff.get("/en/map/places.json", headers={"If-None-Match": public["ETag"]})
    assert private.status_code == 200
    assert "private" in private["Cache-Control"]


def test_boundaries_are_served_from_here(client: Client) -> None:
    response = client.get("/en/map/boundaries.json")
    assert response.json()["objects"].keys() == {"munis"}
    again = client.get("/en/map/boundaries.json", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_headline_counts_the_network(client: Client) -> None:
    html = client.get("/en/map/").content.decode()
    figures = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html))
    assert figures["Service points"] == "4"
    assert figures["Open on five weekdays"] == "1"
    assert figures["Open on four weekdays or fewer"] == "3"
    assert figures["Joint service points"] == "1"
    assert figures["May be replaced"] == "1"


def test_every_outcome_has_a_shape_of_its_own() -> None:
    assert set(symbols.SHAPES) == set(Outcome) == set(symbols.DRAWING_ORDER)
    looks = {(shape.path, shape.fill == "#ffffff") for shape in symbols.SHAPES.values()}
    assert len(looks) == len(Outcome)  # told apart without colour


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_shape_stands_out_from_the_land(outcome: Outcome) -> None:
    land, edge = _luminance("#fbfaf5"), _luminance(symbols.SHAPES[outcome].stroke)
    assert (land + 0.05) / (edge + 0.05) >= 3  # WCAG 2.1, 1.4.11


def test_map_and_legend_draw_the_same_shapes(client: Client) -> None:
    html = client.get("/en/map/").content.decode()
    shapes = page_data(html, "map-config")["shapes"]
    assert f'd="{shapes["may_be_replaced"]["path"]}"' in html


def test_a_tile_source_is_optional_and_allowed_when_configured(
    client: Client, settings: Any
) -> None:
    assert page_data(client.get("/en/map/").content.decode(), "map-config")["tiles"] == ""
    settings.MAP_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    settings.MAP_TILE_ATTRIBUTION = "© Tiles"

    response = Client().get("/en/map/")
    config = page_data(response.content.decode(), "map-config")
    assert config["tiles"].startswith("https://tiles.example/")
    assert "© Tiles" in config["attribution"]
    assert "connect-src 'self' https://tiles.example" in response["Content-Security-Policy"]


def test_the_table_of_outcomes_says_what_the_map_shows(client: Client) -> None:
    html = client.get("/en/map/").content.decode()
    assert '<a href="/en/points/?outcome=may_be_replaced">' in html
    assert 'href="/en/points/">The same content as a table' in html
