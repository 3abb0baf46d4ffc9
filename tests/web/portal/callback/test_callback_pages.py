"""Asking to be called, and the request's own page: what a customer sees at each step."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, override_settings

from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.contact import attempts, callbacks
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.web.portal import clock
from tests.booking.world import days_later, local
from tests.contact.callback_world import MORNING, build, wanted
from tests.factories import ServicePointFactory
from tests.web.portal.booking.town import hidden, value

ASK = "/en/call-me/"
TOPIC = {"service": "general", "language": "fi"}
TEN, TWELVE = local(10), local(12)


@pytest.fixture(autouse=True)
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    ServicePointFactory(id="kuopio")
    ServicePointFactory(id="juva", kind="joint_service_point")
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return build()


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def press(client: Client, start: datetime | str = TEN, page: str = "", **more: str) -> HttpResponse:
    page = page or hidden(client.get(ASK, TOPIC), "page")
    given = {
        **TOPIC,
        "page": page,
        "start": start if isinstance(start, str) else value(start),
        "phone": "040 123 4567",
        "reminders": "on",
        **more,
    }
    return client.post(ASK, given)


def mine(client: Client, start: datetime | str = TEN) -> tuple[CallbackRequest, str]:
    answer = press(client, start)
    assert answer.status_code == 302, text(answer)
    return CallbackRequest.objects.latest("pk"), answer["Location"].removesuffix("asked/")


def test_the_topic_is_asked_first_and_its_lack_is_no_error(client: Client) -> None:
    page = text(client.get(ASK))
    assert "What do you need help with?" in page
    assert "Something is missing" not in page


def test_windows_that_can_be_promised_are_shown_on_the_agencys_clock(client: Client) -> None:
    page = text(client.get(ASK, TOPIC))
    assert "As soon as possible." in page
    assert "10:00–12:00" in page
    assert "16:00–18:00" not in page
    days = ["Today, Monday 2 Mar 2026", "Tomorrow, Tuesday 3 Mar 2026", "Wednesday 4 Mar 2026"]
    assert [page.count(f">{day}<") for day in days] == [2, 2, 2]  # the first wish, and others


def test_at_night_it_is_said_from_when_on_we_call(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: local(2))
    assert "As soon as possible today, from 08:00 on." in text(client.get(ASK, TOPIC))
    _request, link = mine(client, "soon")
    assert "on Monday 2 Mar 2026 at 08:00 at the earliest" in text(client.get(link))


def test_who_goes_back_to_mend_a_request_is_told_that_it_stands(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "You have just sent request"
    assert told not in text(client.get(ASK, TOPIC))
    request, link = mine(client)
    page = text(client.get(ASK, TOPIC))
    assert f"{told} {request.reference}: we call +358 40 1234567 on Monday 2 Mar 2026" in page
    assert f'href="{link}"' in page
    assert told not in text(Client().get(ASK, TOPIC))  # in no other browser
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(minutes=11))
    assert told not in text(client.get(ASK, TOPIC))  # and not for the next visitor of this one
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    callbacks.cancel(request.pk, now=MORNING)
    assert told not in text(client.get(ASK, TOPIC))


def test_asking_leads_to_a_page_that_says_when_we_call(client: Client) -> None:
    request, link = mine(client)
    page = text(client.get(f"{link}asked/"))
    assert "We call you on Monday 2 Mar 2026 between 10:00 and 12:00." in page
    assert request.reference in page
    assert "+358 40 1234567" in page
    assert "We send you a text message with a link to this page." in page
    assert (request.via, request.seat.start) == ("web", TEN)


def test_a_double_press_asks_once(client: Client) -> None:
    page = hidden(client.get(ASK, TOPIC), "page")
    one, other = press(client, page=page), press(client, page=page)
    assert one["Location"] == other["Location"]
    assert CallbackRequest.objects.count() == 1


def test_other_times_that_suit_are_kept_in_their_order(client: Client) -> None:
    press(client, TEN, also=value(TWELVE))
    assert [w.start for w in CallbackRequest.objects.get().windows.all()] == [TEN, TWELVE]


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept(client: Client) -> None:
    answer = press(client, phone="0600 12345", matter="Asumistuki")
    assert answer.status_code == 422
    assert "extra charge" in text(answer)
    assert "Asumistuki" in text(answer)
    assert "Asumistuki" in text(client.get(ASK, TOPIC))  # also after going away and back
    assert CallbackRequest.objects.count() == 0


@pytest.mark.parametrize("number", ["112", "116117"])
def test_emergency_and_short_numbers_are_refused_in_words(client: Client, number: str) -> None:
    answer = press(client, phone=number)
    assert "short or emergency number" in text(answer)


def test_a_missing_time_is_asked_for(client: Client) -> None:
    assert "Choose when we may call you." in text(press(client, ""))


def test_a_window_that_has_just_been_taken_is_told_with_the_nearest_ones(client: Client) -> None:
    page = hidden(client.get(ASK, TOPIC), "page")
    for n in range(4):
        callbacks.ask(wanted(TEN), key=f"k{n}", now=MORNING)
    answer = press(client, TEN, page=page, name="Aino")
    assert answer.status_code == 409
    assert "Others have just taken that time." in text(answer)
    assert f'value="{value(TEN)}"' not in text(answer)
    assert f'value="{value(TWELVE)}"' in text(answer)
    assert 'value="Aino"' in text(answer)


def test_a_forged_form_is_refused(client: Client) -> None:
    assert client.post(ASK, {**TOPIC, "start": "soon"}).status_code == 400
    assert client.post(ASK, {"service": "nope"}).status_code == 400


def test_a_thousand_requests_from_one_address_are_shown_another_way_to_us(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with override_settings(CALLBACKS_PER_ADDRESS=4):
        codes = [press(Client(), "soon", phone=f"040 123 45{n:02}").status_code for n in range(10)]
        page = press(Client(), "soon", phone="040 123 4599")
    assert codes == [302] * 3 + [302] + [429] * 6
    assert "reach us in another way" in text(page)
    assert "/en/book/" in text(page)
    assert "+35840" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_when_nobody_can_call_other_ways_are_shown(client: Client, town: list[Resource]) -> None:
    town[0].shifts.all().delete()
    page = text(client.get(ASK, TOPIC))
    assert "All calls of the next days" in page
    assert "/en/book/" in page


def test_a_joint_point_and_a_partner_are_known(client: Client) -> None:
    press(client, point="juva")
    assert CallbackRequest.objects.latest("pk").via == "joint_point"
    user = User.objects.create_user("partner")
    give_role(user, Role.PARTNER)
    client.force_login(user)
    press(client)
    made = CallbackRequest.objects.latest("pk")
    assert (made.via, made.asked_by) == ("partner", user)


# The request's own page.


def test_changing_by_the_link_is_safe_to_repeat(client: Client) -> None:
    request, link = mine(client)
    for _twice in range(2):
        answer = client.post(f"{link}change/", {"start": value(TWELVE)})
        assert answer.status_code == 302
    request.refresh_from_db()
    assert (request.next_attempt_at, request.version) == (TWELVE, 2)


def test_a_change_into_a_full_window_says_so(client: Client) -> None:
    request, link = mine(client, TWELVE)
    for n in range(4):
        callbacks.ask(wanted(TEN), key=f"k{n}", now=MORNING)
    answer = client.post(f"{link}change/", {"start": value(TEN)})
    assert answer.status_code == 409
    assert "Others have just taken that time." in text(answer)
    request.refresh_from_db()
    assert request.next_attempt_at == TWELVE


def test_cancelling_asks_first_and_is_safe_to_repeat(client: Client) -> None:
    request, link = mine(client)
    assert "Do you want to cancel the call?" in text(client.get(f"{link}cancel/"))
    request.refresh_from_db()
    assert request.state == "open"
    for _twice in range(2):
        client.post(f"{link}cancel/")
    assert "Your request is cancelled" in text(client.get(link))


def test_who_is_being_called_is_told_to_answer(client: Client, town: list[Resource]) -> None:
    request, link = mine(client)
    attempts.claim(request.pk, town[0].pk, now=TEN)
    assert "We are calling you now" in text(client.get(link))
    client.post(f"{link}cancel/")
    request.refresh_from_db()
    assert request.state == "calling"


def test_a_wrong_number_is_told_on_the_page(client: Client, town: list[Resource]) -> None:
    request, link = mine(client)
    attempt = attempts.claim(request.pk, town[0].pk, now=TEN)
    attempts.finish(attempt.pk, "wrong_number", now=TEN)
    assert "seems to be wrong" in text(client.get(link))


def test_a_foreign_or_broken_link_tells_nothing(client: Client) -> None:
    request, link = mine(client)
    foreign = f"/en/c/{signed('booking', request.token)}/"
    for bad in (foreign, f"/en/c/{request.token}.x/", link[:-3] + "xx/"):
        answer = client.get(bad)
        assert answer.status_code == 404
        assert request.reference not in text(answer)


def test_a_link_expires_after_closing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request, link = mine(client)
    callbacks.cancel(request.pk, now=MORNING)
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(days=31))
    old = client.get(link)
    assert old.status_code == 410
    assert "Ask us to call you" in text(old)
    assert "Book a new time" not in text(old)


def test_pages_of_a_customer_are_kept_by_no_cache_and_found_by_no_search(client: Client) -> None:
    _request, link = mine(client)
    for address in (ASK, link, f"{link}change/", f"{link}cancel/"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]


def test_the_day_after_tomorrow_can_be_chosen(client: Client) -> None:
    request, _link = mine(client, local(14, day=days_later(2)))
    assert request.next_attempt_at == local(14, day=days_later(2))
