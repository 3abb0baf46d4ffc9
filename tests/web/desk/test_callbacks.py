"""The desk's page of callbacks: one press calls, one press says how it went."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import httpx
import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.contact import callbacks
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest
from palveluverkko.web.portal import clock
from tests.booking.world import days_later, local
from tests.contact.callback_world import MORNING, build, wanted
from tests.factories import ServicePointFactory

PAGE, DO = "/en/desk/callbacks/", "/en/desk/callbacks/do/"
TEN = local(10)


@pytest.fixture(autouse=True)
def town(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path
) -> list[Resource]:
    ServicePointFactory(id="kuopio")
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    people = build([("fi",), ("fi",)])
    at(monkeypatch, TEN)
    return people


def at(monkeypatch: pytest.MonkeyPatch, moment: object) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def signed_in(person: Resource) -> Client:
    user = User.objects.create_user(person.name.replace(" ", "").lower())
    give_role(user, Role.ADVISER)
    person.user = user
    person.save()
    client = Client()
    client.force_login(user)
    return client


def asked(key: str = "k", **given: object) -> CallbackRequest:
    return callbacks.ask(wanted(TEN, **given), key=key, now=MORNING)


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def do(client: Client, what: str, **more: str) -> str:
    return text(client.post(DO, {"do": what, **more}, follow=True))


def test_the_list_names_no_customer_before_the_call(town: list[Resource]) -> None:
    request = asked(name="Aino Virtanen", matter="Asumistuki")
    page = text(signed_in(town[0]).get(PAGE))
    assert request.reference in page
    for private in ("Virtanen", "Asumistuki", "+358401234567"):
        assert private not in page


def test_one_press_calls_and_one_says_served(town: list[Resource]) -> None:
    request, client = asked(name="Aino Virtanen"), signed_in(town[0])
    page = do(client, f"call {request.pk}")
    assert "Aino Virtanen" in page
    assert 'href="tel:+358401234567"' in page
    attempt = CallbackAttempt.objects.get()
    assert "is served" in do(client, f"served {attempt.pk}")
    request.refresh_from_db()
    assert request.state == "served"


def test_who_opened_whose_call_is_written_down_without_the_customer(town: list[Resource]) -> None:
    request = asked(name="Aino Virtanen")
    do(signed_in(town[0]), f"call {request.pk}")
    rows = LogEntry.objects.filter(object_pk=str(request.pk), content_type__model="callbackrequest")
    assert rows.filter(action=LogEntry.Action.ACCESS).count() == 1
    trail = str(list(rows.values_list("changes", "object_repr")))
    assert "Virtanen" not in trail
    assert "+358401234567" not in trail


def test_the_embedded_dialler_leaves_a_file(town: list[Resource], tmp_path: Path) -> None:
    request = asked()
    do(signed_in(town[0]), f"call {request.pk}")
    (file,) = (tmp_path / "outbox" / "dial").iterdir()
    assert json.loads(file.read_text())["to"] == "+358401234567"


def test_the_exchange_is_asked_once_with_a_key(
    town: list[Resource], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIALLING, settings.EXCHANGE_URL = "http", "https://exchange.example/dial"  # type: ignore[attr-defined]
    settings.EXCHANGE_TOKEN = "secret"  # type: ignore[attr-defined]
    seen = []

    def post(url: str, **how: object) -> httpx.Response:
        seen.append(how)
        return httpx.Response(202)

    monkeypatch.setattr(httpx, "post", post)
    client = signed_in(town[0])
    request = asked()
    page = do(client, f"call {request.pk}")
    do(client, f"call {request.pk}")
    assert "Your telephone rings first" in page
    assert seen[0]["json"]["to"] == "+358401234567"
    assert seen[0]["headers"]["Authorization"] == "Bearer secret"
    assert len({how["headers"]["Idempotency-Key"] for how in seen}) == 1


def test_an_exchange_that_is_silent_leaves_the_number_to_dial_by_hand(
    town: list[Resource], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIALLING, settings.EXCHANGE_URL = "http", "https://exchange.example/dial"  # type: ignore[attr-defined]

    def post(url: str, **how: object) -> httpx.Response:
        raise httpx.ConnectError("no")

    monkeypatch.setattr(httpx, "post", post)
    request = asked()
    page = do(signed_in(town[0]), f"call {request.pk}")
    assert "Call the number by hand" in page
    assert 'href="tel:+358401234567"' in page


def test_a_colleague_who_was_quicker_is_told(town: list[Resource]) -> None:
    request = asked()
    one, other = signed_in(town[0]), signed_in(town[1])
    do(one, f"call {request.pk}")
    assert "A colleague was quicker" in do(other, f"call {request.pk}")
    attempt = CallbackAttempt.objects.get()
    assert "Nothing was changed" in do(other, f"served {attempt.pk}")
    assert CallbackAttempt.objects.get().outcome == ""


def test_later_takes_a_day_and_a_time(town: list[Resource]) -> None:
    request, client = asked(), signed_in(town[0])
    do(client, f"call {request.pk}")
    attempt = CallbackAttempt.objects.get()
    assert "Choose a day within two weeks" in do(client, f"later {attempt.pk}", day="x", at="y")
    page = do(client, f"later {attempt.pk}", day=days_later(1).isoformat(), at="13:30")
    assert "is called again" in page
    request.refresh_from_db()
    assert request.next_attempt_at == local(13, 30, day=days_later(1))


@pytest.mark.parametrize(
    "forged", ["", "call", "call x", "fly 1", "served 999", "lost 1", "call 9" * 9]
)
def test_forged_presses_change_nothing(town: list[Resource], forged: str) -> None:
    request = asked()
    do(signed_in(town[0]), forged)
    request.refresh_from_db()
    assert request.state == "open"


def test_what_is_about_to_be_missed_alarms(
    town: list[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    request, client = asked(), signed_in(town[0])
    assert "about to be missed" not in text(client.get(PAGE))
    at(monkeypatch, local(11, 40))
    page = text(client.get(PAGE))
    assert "1 promised call is about to be missed." in page
    assert request.reference in page


def test_a_look_at_the_page_keeps_the_call(
    town: list[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    request, client = asked(), signed_in(town[0])
    do(client, f"call {request.pk}")
    at(monkeypatch, local(10, 2))
    client.get(PAGE)
    request.refresh_from_db()
    assert request.claimed_until == local(10, 5)


def test_a_manager_sees_the_figures_and_strangers_nothing(town: list[Resource]) -> None:
    asked()
    user = User.objects.create_user("manager")
    give_role(user, Role.MANAGER)
    client = Client()
    client.force_login(user)
    assert "Promised for later" in text(client.get(PAGE))
    assert Client().get(PAGE).status_code == 302
    stranger = User.objects.create_user("stranger")
    stranger.user_permissions.set(Permission.objects.filter(codename="add_dailyvisits"))
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 403
    assert client.post(DO, {"do": "call 1"}).status_code == 403


FIND = "/en/desk/callbacks/find/"


@pytest.mark.parametrize("form", ["{0}", " c{1} ", "{1}"])
def test_who_rings_us_with_a_number_is_found_and_it_is_written_down(
    town: list[Resource], form: str
) -> None:
    request, client = asked(name="Aino Virtanen"), signed_in(town[0])
    number = form.format(request.reference, request.pk)
    page = text(client.post(FIND, {"number": number}, follow=True))
    assert "Aino Virtanen" in page
    assert "Change the time" in page
    rows = LogEntry.objects.filter(object_pk=str(request.pk), action=LogEntry.Action.ACCESS)
    assert rows.count() == 1


@pytest.mark.parametrize("number", ["", "C999999", "Aino", "1; DROP", "9" * 20, "١"])
def test_a_number_that_is_none_opens_nothing(town: list[Resource], number: str) -> None:
    asked()
    page = text(signed_in(town[0]).post(FIND, {"number": number}, follow=True))
    assert "There is no callback request with this number." in page


def test_only_those_who_serve_or_manage_open_a_request_by_its_number() -> None:
    request = asked(name="Aino Virtanen")
    assert "/login/" in Client().post(FIND, {"number": request.reference})["Location"]
    outsider = Client()
    outsider.force_login(User.objects.create_user("planner"))
    assert outsider.post(FIND, {"number": request.reference}).status_code == 403
    assert not LogEntry.objects.filter(
        object_pk=str(request.pk), action=LogEntry.Action.ACCESS
    ).exists()
