"""The parity report, the criteria as text, and access."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from palveluverkko.criteria.metrics import METRICS
from palveluverkko.web.policy_text import METRIC, UNIT

pytestmark = pytest.mark.usefixtures("network")


def test_every_point_that_meets_the_criteria_is_listed_and_no_other(client: Client) -> None:
    html = client.get("/en/parity/").content.decode()
    meets, near = html.split('id="near"')
    assert "Kangasniemi" in meets
    assert "May be replaced (1)" in meets
    assert "Älgö Ådö" in near
    assert "Täynnä" in near
    assert "Mikkeli keskus" not in html


def test_the_parity_file_has_the_same_points_with_reasons(client: Client) -> None:
    text = client.get("/en/parity.csv").content.decode("utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"small", "middle", "full"}
    assert rows["middle"]["reason"] == "No substitute for identification."


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_shipped_policy_reads_in_every_language(client: Client, language: str) -> None:
    listed = client.get(f"/{language}/policies/").content.decode()
    names = re.findall(rf'href="/{language}/policies/([^"/]+)/"', listed)
    assert len(names) >= 5
    for name in names:
        response = client.get(f"/{language}/policies/{name}/")
        assert response.status_code == 200
        assert "<h1></h1>" not in response.content.decode()


def test_the_file_downloads_as_it_is(client: Client) -> None:
    path = Path(settings.PACKAGE_DIR) / "policies" / "kela-2017-12.toml"
    response = client.get("/en/policies/kela-2017-12.toml")
    assert response.content == path.read_bytes()


def test_assumptions_are_told_apart_from_the_decision(client: Client) -> None:
    html = client.get("/en/policies/kela-2017-12/").content.decode()
    assert "An assumption, not part of the decision" in html
    assert "&lt; 100 visits a week" in html


def test_every_metric_and_unit_has_words() -> None:
    assert set(METRICS) <= set(METRIC)
    assert {metric.unit for metric in METRICS.values()} - {""} <= set(UNIT)


def test_access_lists_municipalities_areas_and_what_would_follow(client: Client) -> None:
    html = client.get("/en/access/").content.decode()
    assert "96 % have service on five weekdays." in html
    assert "307 residents live over 60 minutes away." in html
    assert "Rural municipalities" in html
    assert re.search(r'<th scope="row">Kangasniemi</th><td class="number">100%</td>', html)
    assert "71" in html  # the longest journey if the point ended
