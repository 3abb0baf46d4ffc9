"""Calls from the web page between two real Chromium pages, against a real ``serve``."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations, violations_at_all_widths
from tests.browser.calls import (
    CHROMIUM,
    PATIENCE,
    answer,
    customer,
    desk,
    heard,
    talk,
    talking_chromium,
    turn_server,
    wait_until_heard,
)
from tests.contact.call_world import Agency, agency


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    with talking_chromium(chromium.browser_type) as launched:
        yield launched


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    with agency(tmp_path_factory.mktemp("agency")) as running:
        yield running


def write(page: Page, text: str) -> None:
    page.get_by_label("Your text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def note(page: Page) -> Locator:
    """What either page says of its connection to the server."""
    return page.locator("[data-step=talking] [data-lost], [data-signalling]")


def test_two_pages_hear_and_write_to_each_other(browser: Browser, serving: Agency) -> None:
    adviser = desk(browser, serving)
    caller = customer(browser, serving)
    expect(caller.locator("[data-place]")).to_contain_text("You are the first", timeout=PATIENCE)
    assert violations_at_all_widths(caller) == []
    answer(adviser)
    wait_until_heard(caller)
    wait_until_heard(adviser)
    expect(caller.locator("[data-status]")).to_contain_text("You can talk now")
    write(caller, "Hyvää päivää <b>ŋ</b>")
    expect(adviser.locator("[data-lines]")).to_contain_text("Hyvää päivää <b>ŋ</b>")
    adviser.get_by_label("Your text").fill("Hei")
    adviser.get_by_label("Your text").press("Enter")
    expect(caller.locator("[data-lines]")).to_contain_text("Hei")
    assert violations_at_all_widths(caller) == []
    assert violations(adviser) == []
    adviser.get_by_label("What was agreed").fill("Sends the form")
    expect(adviser.locator("[data-notes-status]")).to_contain_text("saved")
    caller.get_by_role("button", name="End the call").click()
    expect(caller.get_by_role("heading", name="The call has ended")).to_be_focused()
    expect(adviser.locator("[data-work-state]")).to_contain_text("Finish your notes")
    adviser.locator("[data-work-state]").focus()
    adviser.keyboard.press("r")
    expect(adviser.locator("[data-work-state]")).to_contain_text("Ready")
    adviser.get_by_role("button", name="Take no more calls").click()
    expect(adviser.locator("[data-work-state]")).to_contain_text("no calls")
    adviser.context.close()
    caller.context.close()


def test_a_killed_server_ends_no_call(browser: Browser, serving: Agency) -> None:
    with talk(browser, serving) as (adviser, caller):
        serving.kill()
        for page in (adviser, caller):
            expect(note(page)).to_contain_text("lost its connection", timeout=PATIENCE)
            wait_until_heard(page, heard(page))
        write(caller, "Still there?")
        serving.start()
        expect(adviser.locator("[data-lines]")).to_contain_text("Still there?", timeout=PATIENCE)
        for page in (adviser, caller):
            expect(note(page)).to_be_empty(timeout=PATIENCE)
            wait_until_heard(page, heard(page))
            assert page.evaluate("window.links.length") == 1


def test_each_page_may_be_loaded_again(browser: Browser, serving: Agency) -> None:
    with talk(browser, serving) as (adviser, caller):
        write(caller, "Before")
        expect(adviser.locator("[data-lines]")).to_contain_text("Before")
        for page, other in ((caller, adviser), (adviser, caller)):
            page.on("dialog", lambda dialog: dialog.accept())
            page.reload()
            wait_until_heard(page)
            wait_until_heard(other)
            expect(page.locator("[data-lines]")).to_contain_text("Before")


def test_a_customer_without_network_comes_back(browser: Browser, serving: Agency) -> None:
    with talk(browser, serving) as (adviser, caller):
        caller.context.set_offline(True)
        expect(note(caller)).to_contain_text("lost its connection", timeout=PATIENCE)
        caller.context.set_offline(False)
        expect(note(caller)).to_be_empty(timeout=PATIENCE)
        write(adviser, "Welcome back")
        expect(caller.locator("[data-lines]")).to_contain_text("Welcome back")


def test_nobody_at_work_is_said_at_once(browser: Browser, serving: Agency) -> None:
    caller = customer(browser, serving)
    expect(caller.get_by_text("Nobody answers calls from the page")).to_be_visible()
    assert violations_at_all_widths(caller) == []
    caller.context.close()


def test_without_a_microphone_one_may_listen_and_write(browser: Browser, serving: Agency) -> None:
    adviser = desk(browser, serving)
    refusing = browser.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    caller = customer(refusing, serving)
    expect(
        caller.locator("[data-problem=no_microphone], [data-problem=permission]").locator(
            "visible=true"
        )
    ).to_have_count(1)
    caller.get_by_role("button", name="Go on without a microphone").click()
    answer(adviser)
    wait_until_heard(caller)
    write(caller, "I cannot speak now")
    expect(adviser.locator("[data-lines]")).to_contain_text("I cannot speak now")
    caller.get_by_role("button", name="End the call").click()
    adviser.get_by_role("button", name="Take no more calls").click()
    expect(adviser.locator("[data-work-state]")).to_contain_text("no calls")
    refusing.close()
    adviser.context.close()


def test_a_call_through_turn_survives_a_cut_network(browser: Browser, tmp_path: Path) -> None:
    with turn_server(tmp_path, "a secret") as (address, process):
        environment = {"TURN_URLS": address, "TURN_SECRET": "a secret", "TURN_ONLY": "1"}
        with agency(tmp_path, **environment) as serving, talk(browser, serving) as both:
            adviser, caller = both
            assert heard(caller)["kind"] == heard(adviser)["kind"] == "relay"
            process.send_signal(signal.SIGSTOP)
            for page in both:
                expect(page.get_by_text("The connection was lost")).to_be_visible(timeout=PATIENCE)
            process.send_signal(signal.SIGCONT)
            for page in both:
                wait_until_heard(page, heard(page))
                expect(page.get_by_text("The connection was lost")).to_be_hidden(timeout=PATIENCE)


def due_callback(at: Agency) -> None:
    """A customer whose time to be called has come."""
    code = (
        "import palveluverkko.cli.django_setup\n"
        "from django.utils import timezone\n"
        "from palveluverkko.contact import pooled\n"
        "from palveluverkko.contact.models import CallbackRequest\n"
        "now = timezone.now()\n"
        "CallbackRequest.objects.create(key='due', service_id='general', language='en',"
        " phone='+358401234567', name='Maija Meri', entered_at=now, next_attempt_at=now)\n"
        "pooled.enter_due()\n"
    )
    subprocess.run([sys.executable, "-c", code], env=at.surroundings(), check=True)


def test_callbacks_come_to_the_same_page_when_they_are_due(
    browser: Browser, serving: Agency
) -> None:
    adviser = desk(browser, serving)
    state = adviser.locator("[data-work-state]")
    adviser.get_by_role("checkbox", name="Callback").uncheck()
    due_callback(serving)
    adviser.wait_for_timeout(2_500)  # as long as a page may take to hear of another process
    expect(state).to_contain_text("Ready")
    adviser.get_by_role("checkbox", name="Callback").check()
    expect(state).to_contain_text("called back", timeout=PATIENCE)
    assert violations_at_all_widths(adviser) == []
    adviser.get_by_role("button", name="Call the customer").click()
    expect(state).to_contain_text("calling a customer back", timeout=PATIENCE)
    expect(adviser.get_by_role("link", name="+358 40 1234567")).to_be_visible()
    expect(adviser.get_by_text("Maija Meri")).to_be_visible()
    assert violations_at_all_widths(adviser) == []
    adviser.reload()
    expect(adviser.get_by_role("link", name="+358 40 1234567")).to_be_visible(timeout=PATIENCE)
    adviser.get_by_label("What was agreed").fill("Sends the form")
    adviser.get_by_role("button", name="Served").click()
    expect(state).to_contain_text("Finish your notes")
    expect(adviser.get_by_text("Maija Meri")).to_be_hidden()
    expect(adviser.get_by_label("What was agreed")).to_have_value("Sends the form")
    adviser.get_by_role("button", name="Take no more calls").click()
    expect(state).to_contain_text("no calls")
    adviser.context.close()
