"""A number from the kiosk, on the phone and on the waiting room's screen, also without scripts."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palveluverkko.walkins.models import Ticket
from tests.browser.axe import violations_at_all_widths
from tests.web.desk.conftest import adviser, morning
from tests.web.desk.world import ticket

__all__ = ["adviser", "morning"]

pytestmark = pytest.mark.usefixtures("morning")

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(adviser: Client) -> Client:
    """Adviser 1 at Desk 1; pages open in the test, presses come from here."""
    return adviser


def call_next(desk: Client) -> None:
    desk.post("/en/desk/do/", {"do": "next"})


def test_a_number_is_taken_followed_and_left_without_scripts(
    chromium: Browser, live_server: LiveServer, desk: Client
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/ticket/kuopio/")
    page.get_by_role("button", name="General advice").click()
    expect(page.locator(".given__number")).to_have_text("1")
    expect(page.get_by_text("It will be your turn in a moment.")).to_be_visible()
    page.get_by_label("Go and come back at").select_option(index=1)
    page.get_by_role("button", name="Come back then").click()
    expect(page.get_by_text("Your place is kept.")).to_be_visible()
    page.get_by_role("button", name="I am here now").click()
    call_next(desk)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your turn: come to Desk 1")
    context.close()


def test_the_kiosk_without_scripts_gives_a_number_and_goes_back(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/fi/kiosk/kuopio/")
    page.locator(".kiosk__languages a[lang=sv]").click()
    page.wait_for_url("**/sv/kiosk/kuopio/")
    page.locator(".kiosk__button").first.click()
    expect(page.locator(".given__number")).to_have_text("1")
    expect(page.locator("svg.qr")).to_be_visible()
    assert page.locator("noscript meta, meta[http-equiv=refresh]").count() == 1
    page.locator("a.kiosk__button").click()
    page.wait_for_url("**/sv/kiosk/kuopio/")
    assert Ticket.objects.get().language == "sv"
    context.close()


def test_the_kiosk_goes_back_to_its_start_by_itself(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    page.goto(f"{live_server.url}/en/kiosk/kuopio/")
    page.get_by_role("button", name="General advice").click()
    expect(page.locator(".given__number")).to_have_text("1")
    page.clock.fast_forward(21_000)
    page.wait_for_url("**/en/kiosk/kuopio/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is your matter about?")


def test_the_phone_tells_when_the_turn_comes(
    page: Page, live_server: LiveServer, desk: Client
) -> None:
    page.goto(f"{live_server.url}/en/ticket/kuopio/")
    page.get_by_role("button", name="General advice").click()
    page.get_by_role("button", name="Sound on when it is my turn").click()
    call_next(desk)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your turn: come to Desk 1", timeout=15_000
    )
    assert page.title().startswith("1: your turn")


def test_the_screen_shows_and_tells_a_new_call(
    page: Page, live_server: LiveServer, desk: Client
) -> None:
    page.goto(f"{live_server.url}/en/screen/kuopio/")
    expect(page.get_by_text("Nobody is called at the moment.")).to_be_visible()
    page.get_by_role("button", name="Sound on").click()
    taken = ticket()
    call_next(desk)
    expect(page.locator(".calls tbody td").first).to_have_text(taken.label, timeout=15_000)
    expect(page.locator("#spoken")).to_have_text("Number 1, please come to Desk 1.")
    assert page.locator("tr.is-new").count() == 1


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_of_numbers_are_clean(
    page: Page, live_server: LiveServer, desk: Client, language: str
) -> None:
    lines = []
    one, other = ticket(), ticket()
    call_next(desk)
    for path in (
        "kiosk/kuopio/",
        f"kiosk/kuopio/{other.token}/",
        "ticket/kuopio/",
        f"t/{one.token}/",
        f"t/{other.token}/",
        "screen/kuopio/",
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/{language}/{path}")
        lines += [f"{path} {line}" for line in violations_at_all_widths(page)]
    assert lines == []
