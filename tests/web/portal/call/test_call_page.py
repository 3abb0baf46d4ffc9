"""The call page, its way into the queue, and the button for other sites."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from palveluverkko.contact import calls, states
from palveluverkko.contact.models import CallbackRequest, Contact
from tests.booking import world

KEY = "0123456789abcdef"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service() -> None:
    world.point(languages=["fi", "sv", "en"])


@pytest.fixture
def at_work() -> None:
    states.begin(world.adviser(languages=("fi", "sv", "en")).pk, ["web_call"])


def enter(client: Client, **given: str) -> Any:
    asked = {"service": "general", "language": "fi", "area": "70100", "key": KEY} | given
    return client.post("/en/call/enter/", asked)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_is_kept_by_no_cache_and_framed_by_nobody(client: Client, language: str) -> None:
    answer = client.get(f"/{language}/call/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.usefixtures("at_work")
def test_the_same_press_twice_is_one_place_in_the_queue(client: Client) -> None:
    first, again = enter(client).json(), enter(client).json()
    assert first == again
    contact = Contact.objects.get()
    assert (contact.token, contact.area, contact.channel) == (first["token"], "70100", "web_call")


@pytest.mark.usefixtures("at_work")
def test_the_token_is_told_to_nobody_else_and_stands_in_no_address(client: Client) -> None:
    token = enter(client).json()["token"]
    assert enter(Client(), key="fedcba9876543210").json()["token"] != token
    assert token not in client.get("/en/call/").content.decode()


def test_nobody_at_work_is_an_answer_and_a_figure(client: Client) -> None:
    assert enter(client).json() == {"problem": "blocked_closed"}
    assert Contact.objects.get().state == "blocked"


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"key": "1"}, "broken"),
        ({"service": "nonsense"}, "choose"),
        ({"service": ""}, "choose"),
        ({"language": "xx"}, "choose"),
    ],
)
def test_what_is_not_offered_is_refused(
    client: Client, wrong: dict[str, str], problem: str
) -> None:
    answer = enter(client, **wrong)
    assert (answer.status_code, answer.json()) == (400, {"problem": problem})
    assert not Contact.objects.exists()


@pytest.mark.usefixtures("at_work")
def test_what_is_no_postal_code_is_left_out(client: Client) -> None:
    enter(client, area="Kuopio <b>")
    assert Contact.objects.get().area == ""


@pytest.mark.usefixtures("at_work")
def test_a_thousand_calls_of_one_browser_meet_a_limit(client: Client) -> None:
    answers = [enter(client, key=f"{n:016d}").status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert Contact.objects.count() == 10
    assert enter(client, key=f"{0:016d}").status_code == 200  # the same press is no new call


@pytest.mark.usefixtures("at_work")
def test_browsers_without_memory_share_the_limit_of_their_address() -> None:
    answers = [enter(Client(), key=f"{n:016d}").status_code for n in range(61)]
    assert answers == [200] * 60 + [429]


def test_a_forged_form_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict).status_code == 403


def test_the_button_for_other_sites_names_where_it_may_stand(client: Client, settings: Any) -> None:
    settings.CALL_EMBED_ORIGINS = ["https://www.example.org"]
    settings.PUBLIC_URL = "https://service.example.org"
    answer = client.get("/embed.js")
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert '"origins": ["https://www.example.org"]' in script
    assert '"https://service.example.org/sv/call/"' in script


def test_the_advisers_page_is_for_advisers(client: Client) -> None:
    assert client.get("/en/desk/calls/").status_code == 302


@pytest.mark.usefixtures("at_work")
def test_a_callback_asked_for_in_the_queue_takes_the_place_along(client: Client) -> None:
    enter(client)
    contact = Contact.objects.get()
    states.pause(contact.adviser_id or 0)  # nobody answers meanwhile
    assert calls.waiting(client.session["call"]) == contact
    asked = CallbackRequest.objects.create(
        key="ask",
        service_id="general",
        language="fi",
        entered_at=timezone.now(),
        next_attempt_at=timezone.now(),
    )
    calls.take_callback(contact, asked)
    asked.refresh_from_db()
    contact.refresh_from_db()
    assert (contact.state, asked.entered_at) == ("callback", contact.entered_at)
    assert calls.waiting(contact.token) is None
    assert calls.waiting("") is None
