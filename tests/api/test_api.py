"""The programming interface: reading is public, recording is not, errors name their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from palveluverkko.api import tokens
from palveluverkko.demand import services
from palveluverkko.demand.models import DailyVisits
from palveluverkko.network.models import (
    Agency,
    Municipality,
    OpeningHours,
    Service,
    ServiceOffer,
    ServicePoint,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2018, 1, 15)
COUNT = {
    "point": "a",
    "date": "2018-01-15",
    "service": "general",
    "mode": "walk_in",
    "visits": 3,
}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def network(db: None) -> None:
    Agency.objects.create(code="agency", name_fi="Virasto", country="FI")
    Service.objects.create(code="general", name_fi="Yleinen neuvonta")
    municipality = Municipality.objects.create(code="091", name_fi="Helsinki")
    for code, opened in (("a", None), ("b", date(2018, 6, 1))):
        point = ServicePoint.objects.create(
            id=code,
            name_fi="Ääninen",
            kind="service_point",
            municipality=municipality,
            lat=60.2,
            lon=24.9,
            valid_from=opened,
        )
        OpeningHours.objects.create(point=point, weekday=0, opens=time(9), closes=time(15))
        ServiceOffer.objects.create(point=point, service_id="general", mode="walk_in")


@pytest.fixture
def token() -> str:
    out = StringIO()
    call_command("api_token", "counter", "--create", stdout=out)
    return out.getvalue().strip()


def post(content: Any, token: str | None = None, client: Client | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = (client or Client()).post(
        "/api/visits",
        json.dumps(content),
        content_type="application/json",
        headers={**headers, "Accept-Language": "en"},
    )
    return answer.status_code, answer.json()


def test_points_are_those_in_force_on_the_day_asked_for(client: Client) -> None:
    def ids(day: str) -> list[str]:
        return [p["id"] for p in client.get("/api/points", {"on": day}).json()]

    assert ids("2018-05-31") == ["a"]
    assert ids("2018-06-01") == ["a", "b"]
    assert client.get("/api/points").json()[0]["name"]["fi"] == "Ääninen"
    bad = client.get("/api/points", {"on": "yesterday"})
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["column"] == "on"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("address", ["points?on=", "points/a?on=", "points/a/weeks?last="])
def test_a_day_too_far_out_is_refused(client: Client, address: str, day: str) -> None:
    assert client.get(f"/api/{address}{day}").status_code == 422


def test_a_point_tells_its_hours_in_local_time(client: Client) -> None:
    found = client.get("/api/points/a", {"on": "2018-01-15"}).json()
    assert found["services"] == [{"service": "general", "mode": "walk_in"}]
    assert found["opening_days"][0] == {
        "date": "2018-01-15",
        "hours": [["2018-01-15T09:00:00+02:00", "2018-01-15T15:00:00+02:00"]],
    }
    assert found["opening_days"][1]["hours"] == []
    assert client.get("/api/points/none").status_code == 404


def test_small_weeks_are_withheld_from_the_public_and_shown_to_staff(
    client: Client, admin_client: Client, admin_user: User
) -> None:
    for week, visits in enumerate((4, 5, 0)):
        day = MONDAY + timedelta(weeks=week)
        services.record_visits("a", "general", "walk_in", day, visits)
    address = "/api/points/a/weeks?weeks=4&last=2018-02-04"

    def seen(answer: Any) -> list[tuple[Any, ...]]:
        return [(w["status"], w["visits"], w["suppressed"]) for w in answer.json()]

    public = client.get(address)
    assert seen(public) == [
        ("missing", None, False),
        ("complete", None, True),
        ("complete", 5, False),
        ("complete", 0, False),
    ]
    assert all(week["by_service"] is None for week in public.json())
    staff = [("missing", None, False), *(("complete", v, False) for v in (4, 5, 0))]
    assert seen(admin_client.get(address)) == staff
    bearer = {"Authorization": f"Bearer {tokens.issue(admin_user)}"}
    assert seen(client.get(address, headers=bearer)) == staff
    assert client.get("/api/points/a/weeks?weeks=0").status_code == 422


def test_counts_come_one_by_one_or_as_a_list(token: str) -> None:
    assert post(COUNT, token) == (200, {"counts": 1, "points": 1, "weeks": 1})
    assert post([{**COUNT, "visits": 7}, {**COUNT, "mode": "video_room"}], token)[0] == 200
    assert sorted(DailyVisits.objects.values_list("mode", "visits")) == [
        ("video_room", 3),
        ("walk_in", 7),
    ]


def test_a_list_with_an_error_changes_nothing_and_names_row_column_value_and_rule(
    token: str,
) -> None:
    status, content = post(
        [COUNT, {**COUNT, "point": "x"}, {**COUNT, "mode": "appointment", "visits": 1.5}, {}], token
    )
    assert status == 422
    assert content["errors"][:2] == [
        {"row": 2, "column": "point", "value": "x", "rule": "There is no such point."},
        {
            "row": 3,
            "column": "visits",
            "value": "1.5",
            "rule": "The number is not a whole number.",
        },
    ]
    assert {e["column"] for e in content["errors"] if e["row"] == 4} == set(COUNT)
    assert not DailyVisits.objects.exists()
    assert post("nonsense", token)[0] == 422
    assert post([COUNT] * 10_001, token)[0] == 413


def test_recording_needs_a_token_or_a_session_with_the_right(
    token: str, admin_client: Client, django_user_model: type[User]
) -> None:
    assert post(COUNT)[0] == 401
    assert post(COUNT, token + "x")[0] == 401
    assert post(COUNT, client=admin_client)[0] == 200
    someone = django_user_model.objects.create_user("someone", password="-")
    assert post(COUNT, tokens.issue(someone))[0] == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(django_user_model.objects.get(username="admin"))
    assert post(COUNT, client=strict)[0] == 403
    assert post(COUNT, token, client=Client(enforce_csrf_checks=True))[0] == 200


def test_a_token_ends_with_the_password_the_account_or_its_age(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.get(username="counter")
    assert tokens.user_of(token) == user
    call_command("api_token", "counter", "--revoke", stderr=StringIO())
    assert tokens.user_of(token) is None
    user.refresh_from_db()
    fresh = tokens.issue(user)
    User.objects.update(is_active=False)
    assert tokens.user_of(fresh) is None
    User.objects.update(is_active=True)
    assert tokens.user_of(fresh) == user
    monkeypatch.setattr(tokens, "MAX_AGE", timedelta(seconds=-1))
    assert tokens.user_of(fresh) is None
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("api_token", "nobody")


def test_arrivals_add_up(token: str, client: Client) -> None:
    arrival = {name: COUNT[name] for name in ("point", "service", "mode")}
    for _visitor in range(3):
        answer = client.post(
            "/api/arrivals",
            json.dumps(arrival),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 204
    assert DailyVisits.objects.get().visits == 3


def test_the_interface_documents_itself(client: Client) -> None:
    paths = set(client.get("/api/openapi.json").json()["paths"])
    assert {
        "/api/points",
        "/api/points/{point_id}",
        "/api/points/{point_id}/weeks",
        "/api/visits",
        "/api/arrivals",
    } <= paths
