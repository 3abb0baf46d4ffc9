"""Asking to be called, on a phone: by keyboard, without scripts; and the adviser who calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.contact import callbacks
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.web.portal import clock
from tests.booking.world import local
from tests.browser.axe import violations_at_all_widths
from tests.browser.test_booking_journeys import PHONE, opened, tab_to
from tests.contact.callback_world import MORNING, build, wanted
from tests.factories import ServicePointFactory

TOPIC = "service=general&language=fi"


@pytest.fixture(autouse=True)
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    """A Monday morning that goes on as the real time does."""
    began = timezone.now()
    monkeypatch.setattr(clock, "now", lambda: MORNING + (timezone.now() - began))
    ServicePointFactory(id="kuopio")
    return build([("fi", "sv", "en")] * 2)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    yield from opened(chromium.new_context(viewport=PHONE))


@pytest.fixture
def scriptless(chromium: Browser) -> Iterator[Page]:
    yield from opened(chromium.new_context(viewport=PHONE, java_script_enabled=False))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_asking_by_keyboard_alone_on_a_phone(
    phone: Page, live_server: LiveServer, language: str
) -> None:
    phone.goto(f"{live_server.url}/{language}/call-me/")
    tab_to(phone, "#id_service")
    phone.keyboard.press("ArrowDown")
    tab_to(phone, "main button[type=submit]")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**service=general**")
    tab_to(phone, "input[name=start]")
    phone.keyboard.press("Space")
    tab_to(phone, "#id_phone")
    phone.keyboard.press("Enter")  # too early: no number yet
    expect(phone.locator("[data-errors]")).to_be_focused()
    tab_to(phone, "#id_phone")
    phone.keyboard.type("040 123 4567")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/asked/")
    request = CallbackRequest.objects.get()
    assert (request.phone, request.soon) == ("+358401234567", True)
    expect(phone.locator("main")).to_contain_text(request.reference)


def test_asking_changing_and_cancelling_without_scripts(
    scriptless: Page, live_server: LiveServer
) -> None:
    page = scriptless
    page.goto(f"{live_server.url}/en/call-me/?{TOPIC}")
    page.get_by_label("10:00–12:00").first.check()
    page.fill("#id_phone", "112")
    page.get_by_role("button", name="Ask for the call").click()
    expect(page.locator("main")).to_contain_text("short or emergency number")
    expect(page.get_by_label("10:00–12:00").first).to_be_checked()
    page.fill("#id_phone", "040 123 4567")
    page.get_by_role("button", name="Ask for the call").click()
    expect(page.locator("main")).to_contain_text("between 10:00 and 12:00")
    page.get_by_role("link", name="Change the time").click()
    page.get_by_label("12:00–14:00").first.check()
    page.get_by_role("button", name="Change the time").click()
    expect(page.locator("main")).to_contain_text("between 12:00 and 14:00")
    page.get_by_role("link", name="Cancel the request").click()
    page.get_by_role("button", name="Yes, do not call me").click()
    expect(page.locator("h1")).to_have_text("Your request is cancelled")


def test_an_adviser_calls_and_ends_without_leaving_the_page(
    page: Page, live_server: LiveServer, town: list[Resource]
) -> None:
    user = User.objects.create_user("caller", password="a long pass phrase")
    give_role(user, Role.ADVISER)
    town[0].user = user
    town[0].save()
    callbacks.ask(wanted(name="Aino"), key="k", now=MORNING)
    page.goto(f"{live_server.url}/en/login/?next=/en/desk/callbacks/")
    page.fill("#id_username", "caller")
    page.fill("#id_password", "a long pass phrase")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Callbacks")
    tab_to(page, "button[value^='call ']")
    page.keyboard.press("Enter")
    expect(page.locator("#dial")).to_have_attribute("href", "tel:+358401234567")
    assert violations_at_all_widths(page) == []
    page.locator("#do-served").click()
    expect(page.locator("#call")).to_contain_text("You are calling nobody now.")
    assert CallbackRequest.objects.get().state == "served"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_of_callbacks_is_accessible(
    phone: Page, live_server: LiveServer, language: str
) -> None:
    request = callbacks.ask(wanted(local(12)), key="k", now=MORNING + timedelta(minutes=1))
    link = f"c/{signed('callback', request.token)}/"
    for path in ("call-me/", f"call-me/?{TOPIC}", link, f"{link}change/", f"{link}cancel/"):
        phone.goto(f"{live_server.url}/{language}/{path}")
        assert violations_at_all_widths(phone) == [], path
