"""Leave to call is given for the adviser's own call or booking, and never for a number as asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from palveluverkko.booking.models import Booking, Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.contact import attempts, limits
from palveluverkko.contact.callback_errors import DialFailed
from palveluverkko.contact.dialling import Dial, dialler
from palveluverkko.contact.dialling.tickets import HOLDS, ticket_for
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest
from palveluverkko.web.desk.phone.texts import phone_island
from palveluverkko.web.middleware import content_security_policy
from palveluverkko.web.portal import clock
from tests.booking import world
from tests.booking.world import local
from tests.contact.callback_world import MORNING, ask, build
from tests.factories import ServicePointFactory
from tests.web.desk import world as desk_world

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NUMBER, PREMIUM = "+358401234567", "+358600123456"
TICKET = "/en/desk/phone/ticket/"
SIP = {
    "DIALLING": "sip",
    "SIP_WS_URL": "wss://sip.example.org/ws",
    "SIP_DOMAIN": "example.org",
    "SIP_SECRET": "a secret",
    "SIP_NUMBER": "+358206340000",
}


@pytest.fixture(autouse=True)
def sip(settings: Settings) -> None:
    for name, value in SIP.items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True)
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    ServicePointFactory(id="kuopio")
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return build([("fi",), ("fi",)])


def signed_in(person: Resource) -> Client:
    person.user = User.objects.create_user(f"user{person.pk}")
    give_role(person.user, Role.ADVISER)
    person.save()
    client = Client()
    client.force_login(person.user)
    return client


def calling(person: Resource, phone: str = NUMBER) -> CallbackAttempt:
    request = ask(phone="040 123 4567")
    CallbackRequest.objects.filter(pk=request.pk).update(phone=phone)
    return attempts.claim(request.pk, person.pk, now=MORNING)


def test_the_password_is_the_names_hmac_and_the_number_stands_in_the_name() -> None:
    made = ticket_for("040 123 4567", "secret", NOW)
    expiry, number, _random = made.name.split(":")
    assert number == made.number == NUMBER
    assert int(expiry) == (NOW + HOLDS).timestamp()
    digest = hmac.new(b"secret", made.name.encode(), hashlib.sha256).digest()
    assert base64.b64decode(made.password) == digest


def test_no_two_tickets_are_alike() -> None:
    assert ticket_for(NUMBER, "s", NOW).name != ticket_for(NUMBER, "s", NOW).name


@pytest.mark.parametrize("number", [PREMIUM, "112", "+35870012345", "118", "abc", ""])
def test_nobody_gets_leave_to_call_numbers_that_cost_extra(number: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the sentence is the page's
        ticket_for(number, "secret", NOW)


def test_leave_for_the_advisers_own_callback(town: list[Resource]) -> None:
    client, attempt = signed_in(town[0]), calling(town[0])
    answer = client.post(TICKET, {"of": f"callback {attempt.pk}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["number"] == NUMBER
    assert f":{NUMBER}:" in answer.json()["name"]
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()


def test_the_secret_is_in_no_answer(town: list[Resource], settings: Settings) -> None:
    settings.SIP_SECRET = "not-to-be-seen"
    client, attempt = signed_in(town[0]), calling(town[0])
    page = client.get("/en/desk/callbacks/").content.decode()
    answer = client.post(TICKET, {"of": f"callback {attempt.pk}"}).content.decode()
    assert "wss://sip.example.org/ws" in page
    assert "not-to-be-seen" not in page + answer


def test_no_leave_for_a_colleagues_call_or_one_that_is_over(town: list[Resource]) -> None:
    attempt, other = calling(town[0]), signed_in(town[1])
    of = {"of": f"callback {attempt.pk}"}
    assert other.post(TICKET, of).status_code == 404
    attempts.finish(attempt.pk, "busy", now=MORNING)
    assert signed_in(town[0]).post(TICKET, of).status_code == 404


@pytest.mark.parametrize(
    "of", ["", "callback", "callback 0", "callback x", f"number {NUMBER}", "booking 1", "9" * 40]
)
def test_no_leave_for_what_is_not_there(town: list[Resource], of: str) -> None:
    calling(town[0])
    assert signed_in(town[0]).post(TICKET, {"of": of}).status_code == 404


def test_no_leave_for_premium_numbers_that_came_in_some_other_way(town: list[Resource]) -> None:
    attempt = calling(town[0], PREMIUM)
    answer = signed_in(town[0]).post(TICKET, {"of": f"callback {attempt.pk}"})
    assert answer.status_code == 409
    assert "extra charge" in answer.json()["problem"]


def test_strangers_and_people_who_serve_nobody_get_none(town: list[Resource]) -> None:
    of = {"of": f"callback {calling(town[0]).pk}"}
    assert "/login/" in Client().post(TICKET, of)["Location"]
    other = Client()
    other.force_login(User.objects.create_user("visitor"))
    assert other.post(TICKET, of).status_code == 403
    assert signed_in(town[0]).get(TICKET).status_code == 405


def test_a_page_out_of_hand_is_stopped(town: list[Resource]) -> None:
    client, of = signed_in(town[0]), {"of": f"callback {calling(town[0]).pk}"}
    answers = [client.post(TICKET, of).status_code for _ in range(limits.DIALS_PER_NUMBER + 1)]
    assert answers == [200] * limits.DIALS_PER_NUMBER + [429]


def test_without_the_telephone_no_page_calls(town: list[Resource], settings: Settings) -> None:
    settings.DIALLING = "file"
    client, attempt = signed_in(town[0]), calling(town[0])
    assert client.post(TICKET, {"of": f"callback {attempt.pk}"}).status_code == 404
    assert phone_island() is None
    assert "phone-island" not in client.get("/en/desk/callbacks/").content.decode()


def test_the_page_is_told_once_to_call(town: list[Resource]) -> None:
    client, request = signed_in(town[0]), ask()
    pressed = client.post("/en/desk/callbacks/do/", {"do": f"call {request.pk}"}, follow=True)
    assert "data-dial-now" in pressed.content.decode()
    assert "data-dial-now" not in client.get("/en/desk/callbacks/").content.decode()


@pytest.mark.parametrize("name", ["SIP_WS_URL", "SIP_DOMAIN", "SIP_SECRET", "SIP_NUMBER"])
def test_what_is_not_set_is_named(settings: Settings, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(ImproperlyConfigured, match=name):
        dialler()


def test_an_address_that_is_no_websocket_is_named(settings: Settings) -> None:
    settings.SIP_WS_URL = "https://sip.example.org"
    with pytest.raises(ImproperlyConfigured, match="wss://"):
        dialler()


def test_the_dialler_itself_refuses_premium_numbers() -> None:
    with pytest.raises(DialFailed):
        dialler().dial(Dial("k", PREMIUM, "adviser", "C000001"))


def test_pages_may_reach_the_telephone_server_and_no_other(settings: Settings) -> None:
    assert "connect-src 'self' wss://sip.example.org;" in content_security_policy()
    settings.DIALLING = "file"
    assert "connect-src 'self';" in content_security_policy()


def test_a_ticket_holds_a_minute() -> None:
    assert timedelta(seconds=30) <= HOLDS <= timedelta(seconds=120)


class TestBookings:
    @pytest.fixture(autouse=True)
    def town(self, db: None, monkeypatch: pytest.MonkeyPatch) -> Booking:
        monkeypatch.setattr(clock, "now", lambda: desk_world.MORNING)
        desk_world.build()
        return desk_world.booked("Aino", local(10), mode="phone")

    def test_leave_for_a_booking_at_the_advisers_point(self, town: Booking) -> None:
        client = Client()
        client.force_login(User.objects.get(username="adviser1"))
        answer = client.post(TICKET, {"of": f"booking {town.pk}"})
        assert answer.json()["number"] == NUMBER

    def test_none_for_one_elsewhere(self, town: Booking) -> None:
        elsewhere = signed_in(world.adviser("Elsewhere"))
        assert elsewhere.post(TICKET, {"of": f"booking {town.pk}"}).status_code == 404

    def test_its_page_has_the_telephone(self, town: Booking) -> None:
        client = Client()
        client.force_login(User.objects.get(username="adviser1"))
        page = client.get(f"/en/desk/bookings/{town.pk}/").content.decode()
        assert f'data-dial="booking {town.pk}"' in page
        assert "phone-island" in page
