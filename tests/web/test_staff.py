"""Editing needs signing in; counts and files change nothing unless all of them is right."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from palveluverkko.demand.models import DailyVisits
from palveluverkko.demand.services import record_visits

pytestmark = pytest.mark.usefixtures("network")

VISITS = "/en/points/big/visits/"
COUNT = {"day": "2018-05-28", "service": "general", "mode": "walk_in", "visits": "17"}


@pytest.mark.parametrize("page", ["/en/import/", VISITS])
def test_editing_sends_strangers_to_sign_in(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 302
    assert unquote(response["Location"]) == f"/en/login/?next={page}"


def test_the_public_sees_no_editing(client: Client) -> None:
    html = client.get("/en/points/big/").content.decode()
    assert VISITS not in html
    assert "/en/import/" not in html


def test_an_account_without_the_right_may_not_record(client: Client) -> None:
    client.force_login(User.objects.create_user("guest"))
    response = client.post(VISITS, COUNT)
    assert response.status_code == 403
    assert not DailyVisits.objects.exists()


def test_an_adviser_may_record_but_not_import(client: Client, adviser: User) -> None:
    client.force_login(adviser)
    assert client.get(VISITS).status_code == 200
    assert client.get("/en/import/").status_code == 302


def test_a_count_is_recorded_and_confirmed(client: Client, adviser: User) -> None:
    client.force_login(adviser)
    response = client.post(VISITS, COUNT, follow=True)
    assert "17 visits" in response.content.decode()
    stored = DailyVisits.objects.get(point_id="big", date=date(2018, 5, 28))
    assert (stored.visits, stored.service_id, stored.mode) == (17, "general", "walk_in")


@pytest.mark.parametrize(
    "wrong",
    [
        {"visits": "-1"},
        {"visits": "2.5"},
        {"visits": ""},
        {"day": "2009-12-31"},  # before the point opened
        {"day": (date.today() + timedelta(days=400)).isoformat()},
        {"service": "haircut"},
        {"mode": "pigeon"},
    ],
)
def test_a_wrong_count_changes_nothing_and_keeps_what_was_typed(
    client: Client, adviser: User, wrong: dict[str, str]
) -> None:
    client.force_login(adviser)
    response = client.post(VISITS, COUNT | wrong)
    assert response.status_code == 422
    html = response.content.decode()
    assert "errorlist" in html
    assert 'value="2018-05-28"' in html or "day" in wrong
    assert not DailyVisits.objects.exists()


def test_typed_text_survives_a_session_that_ended(client: Client, adviser: User) -> None:
    refused = client.post(VISITS, COUNT)
    assert refused.status_code == 302
    credentials = {"username": "adviser", "password": "a long pass phrase"}
    html = client.post(refused["Location"], credentials, follow=True).content.decode()
    assert 'value="17"' in html
    assert 'value="2018-05-28"' in html


def upload(client: Client, content: str, text: str, name: str = "counts.csv") -> str:
    file = SimpleUploadedFile(name, text.encode())
    response = client.post("/en/import/", {"content": content, "file": file})
    return response.content.decode()


def test_a_file_of_counts_is_imported(staff: Client) -> None:
    text = "point;date;service;mode;visits\nbig;2018-05-28;general;walk_in;17\n"
    html = upload(staff, "visits", text)
    assert "counts.csv was imported." in html
    assert DailyVisits.objects.get().visits == 17


def test_every_error_of_a_file_is_listed_and_nothing_changed(staff: Client) -> None:
    text = (
        "point,date,service,mode,visits\n"
        "big,2018-05-28,general,walk_in,17\n"
        "nowhere,2018-05-28,general,walk_in,1\n"
        "big,2018-05-28,general,walk_in,-4\n"
    )
    html = upload(staff, "visits", text)
    assert "counts.csv has errors; nothing was changed." in html
    assert "nowhere" in html
    assert "<code>-4</code>" in html
    assert not DailyVisits.objects.exists()


def test_an_empty_file_is_explained(staff: Client) -> None:
    assert "The file is empty." in upload(staff, "visits", "")


def test_a_hostile_file_name_stays_inside_its_folder(staff: Client) -> None:
    html = upload(staff, "visits", "", name="..\\..\\<b>x.csv")
    assert "<b>x" not in html


def test_a_new_count_reaches_the_public_page_at_once(client: Client) -> None:
    before = client.get("/en/points/big/").content.decode()
    record_visits("big", "general", "walk_in", date(2018, 5, 21), 395)
    after = client.get("/en/points/big/").content.decode()
    assert before != after


def test_signing_out_is_a_button_and_not_a_link(staff: Client) -> None:
    html = staff.get("/en/map/").content.decode()
    assert '<form method="post" action="/en/logout/">' in html
    assert staff.get("/en/logout/").status_code == 405
    assert staff.post("/en/logout/").status_code == 302


@pytest.mark.parametrize("content", ["visits", "csv"])
def test_being_staff_is_not_enough_to_import(client: Client, content: str) -> None:
    user = User.objects.create_user("visitor", password="a long pass phrase", is_staff=True)
    client.force_login(user)
    upload = SimpleUploadedFile("points.csv", b"id\nx\n")
    answer = client.post("/en/import/", {"content": content, "file": upload})
    assert answer.status_code == 403
