"""The choice of criteria and day lives in the address, and only known criteria can be chosen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from palveluverkko.web import reports
from tests.web import world

pytestmark = pytest.mark.usefixtures("network")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, date | None]]:
    """What pages ask of the engine."""
    calls: list[tuple[str | None, date | None]] = []

    def report(policy: str | None, as_of: date | None) -> dict[str, Any]:
        calls.append((policy, as_of))
        return world.document()

    monkeypatch.setattr(reports, "report", report)
    return calls


def test_the_address_chooses_criteria_and_day(
    client: Client, asked: list[tuple[str | None, date | None]]
) -> None:
    html = client.get("/en/map/?policy=france-services&date=2018-01-15").content.decode()
    assert set(asked) == {("france-services", date(2018, 1, 15))}
    assert 'href="/en/parity/?policy=france-services&amp;date=2018-01-15"' in html


@pytest.mark.parametrize("name", ["nothing", "../../secret.toml", "/etc/passwd.toml"])
def test_an_address_cannot_name_a_file(
    client: Client, asked: list[tuple[str | None, date | None]], name: str
) -> None:
    assert client.get("/en/map/", {"policy": name}).status_code == 200
    assert {policy for policy, _day in asked} == {world.POLICY}
    assert client.get(f"/en/policies/{name}/").status_code == 404


def test_a_day_that_is_none_is_said_and_the_default_shown(
    client: Client, asked: list[tuple[str | None, date | None]]
) -> None:
    html = client.get("/en/map/?date=yesterday").content.decode()
    assert "Enter a valid date." in html
    assert {day for _policy, day in asked} == {world.AS_OF}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_too_far_out_is_refused_not_an_error(
    client: Client, asked: list[tuple[str | None, date | None]], day: str
) -> None:
    assert client.get(f"/en/map/?date={day}").status_code == 200
    assert {day for _policy, day in asked} == {world.AS_OF}


def test_the_form_names_the_criteria_and_day_that_the_figures_are_of(
    client: Client, asked: list[tuple[str | None, date | None]]
) -> None:
    by_day = client.get("/en/map/?date=2018-01-15").content.decode()
    assert f'<option value="{world.POLICY}" selected>' in by_day
    by_policy = client.get("/en/map/?policy=france-services").content.decode()
    assert f'value="{world.AS_OF}"' in by_policy


def test_criteria_tried_on_a_day_they_did_not_rule_say_so_on_every_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = {
        "code": "policy.not_in_force",
        "verdict": "false",
        "data": {},
        "text": {"fi": "Ei voimassa.", "sv": "Inte i kraft.", "en": "Not in force then."},
    }
    document = {**world.document(), "checks": [check]}
    monkeypatch.setattr(reports, "report", lambda _policy, _day: document)
    for page in ("map/", "points/", "parity/", "access/", f"points/{document['points'][0]['id']}/"):
        assert client.get(f"/en/{page}").content.decode().count("Not in force then.") == 1


def test_one_broken_criteria_file_takes_nothing_else_away(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "ours.toml").write_text('[policy]\nid = "ours"\n', encoding="utf-8")
    settings.POLICY_DIRS = [*settings.POLICY_DIRS, tmp_path]
    assert client.get("/en/map/").status_code == 200
    html = client.get("/en/policies/").content.decode()
    assert "ours.toml" in html
    assert 'href="/en/policies/kela-2017-12/"' in html


def test_a_broken_default_file_is_explained(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "kela-2017-12.toml").write_text("[policy]\n", encoding="utf-8")
    settings.POLICY_DIRS = [*settings.POLICY_DIRS, tmp_path]
    response = client.get("/en/points/")
    assert response.status_code == 500
    assert "kela-2017-12.toml" in response.content.decode()
