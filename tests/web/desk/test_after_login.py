"""Where signing in leads, by what the account may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from palveluverkko.booking.roles import Role, give_role

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def sign_in(role: Role | None, back: str = "") -> tuple[Client, str]:
    user = User.objects.create_user("somebody", password=PASSWORD)
    if role is not None:
        give_role(user, role)
    client = Client()
    sent = {"username": "somebody", "password": PASSWORD, "next": back}
    answer = client.post("/en/login/", sent, follow=True)
    return client, answer.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADVISER, "/en/desk/"),
        (Role.MANAGER, "/en/desk/day/"),
        (Role.PLANNER, "/en/map/"),
        (Role.PARTNER, "/en/map/"),
        (None, "/en/map/"),
    ],
)
def test_everybody_begins_where_their_work_is(morning: None, role: Role | None, page: str) -> None:
    assert sign_in(role)[1] == page


def test_who_plans_too_begins_at_the_map(morning: None) -> None:
    user = User.objects.create_superuser("keeper", password=PASSWORD)
    client = Client()
    client.force_login(user)
    assert client.get("/en/login/go/")["Location"] == "/en/map/"


def test_the_page_that_was_asked_for_comes_first(morning: None) -> None:
    assert sign_in(Role.ADVISER, "/en/points/")[1] == "/en/points/"


def test_an_adviser_who_is_nobody_on_the_roster_is_told_who_can_help(morning: None) -> None:
    client, _page = sign_in(Role.ADVISER)
    for page in ("/en/desk/", "/en/desk/calls/"):
        answer = client.get(page)
        assert answer.status_code == 403
        html = answer.content.decode()
        assert "serves as nobody on the roster" in html
        assert "palveluverkko user NAME --role adviser --serves-as" in html
