"""Every page opens in every language, and says what it must without any script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

PAGES = (
    "",
    "find/",
    "service-points/small/",
    "map/",
    "points/",
    "points/small/",
    "points/joint/",
    "parity/",
    "policies/",
    "policies/kela-2017-12/",
    "access/",
    "about/",
    "login/",
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("network")
def test_every_page_opens_in_every_language(client: Client, language: str, page: str) -> None:
    response = client.get(f"/{language}/{page}")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert len(re.findall(r"<h1", html)) == 1
    assert 'href="#content"' in html


@pytest.mark.usefixtures("network")
def test_changing_the_language_keeps_the_page_and_its_filters(client: Client) -> None:
    html = client.get("/fi/points/?q=kemi&sort=-weekly_visits").content.decode()
    assert 'href="/sv/points/?q=kemi&amp;sort=-weekly_visits"' in html


@pytest.mark.usefixtures("network")
def test_pages_load_nothing_from_other_sites(client: Client) -> None:
    for page in PAGES:
        response = client.get(f"/en/{page}")
        html = response.content.decode()
        assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', html)
        assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.usefixtures("network")
def test_pages_need_no_script_to_be_read(client: Client) -> None:
    table = client.get("/en/points/").content.decode()
    assert "Kangasniemi" in table
    assert "412" in table
    point = client.get("/en/points/big/").content.decode()
    assert "<details>" in point
    assert "Demand is 412.0 visits a week" in point


def test_an_empty_register_says_which_command_fills_it(client: Client) -> None:
    for page in ("", "find/", "map/", "points/", "parity/", "access/", "points/small/"):
        html = client.get(f"/en/{page}").content.decode()
        assert "palveluverkko demo" in html


@pytest.mark.usefixtures("network")
def test_an_unknown_point_is_a_styled_404(client: Client) -> None:
    response = client.get("/en/points/nowhere/")
    assert response.status_code == 404
    assert "Find a point in the table" in response.content.decode()


@pytest.mark.usefixtures("network")
def test_sources_are_named_on_the_map_and_in_full_on_the_about_page(client: Client) -> None:
    for page in ("map/", "about/"):
        html = client.get(f"/en/{page}").content.decode()
        for name in ("Statistics Finland", "THL", "GeoNames", "Posti", "National Land Survey"):
            assert name in html


@pytest.mark.usefixtures("network")
def test_generated_data_are_called_synthetic(client: Client) -> None:
    assert "Some of the data are synthetic" in client.get("/en/map/").content.decode()
    html = client.get("/en/points/small/").content.decode()
    assert "Synthetic here: opening hours, visits" in html
