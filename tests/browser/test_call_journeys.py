"""Calls from the web page between two real Chromium pages, against a real ``serve``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.axe import violations, violations_at_all_widths
from tests.browser.calls import (
    PATIENCE,
    answer,
    customer,
    desk,
    talking_chromium,
    wait_until_heard,
    window,
)
from tests.contact.call_world import Agency, agency


@pytest.fixture(scope="module")
def playwright_alone() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def browser(playwright_alone: Playwright) -> Iterator[Browser]:
    with talking_chromium(playwright_alone) as launched:
        yield launched


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Agency]:
    with agency(tmp_path) as running:
        yield running


def test_two_pages_hear_and_write_to_each_other(browser: Browser, serving: Agency) -> None:
    adviser = desk(browser, serving)
    caller = customer(browser, serving)
    expect(caller.locator("[data-place]")).to_contain_text("You are the first", timeout=PATIENCE)
    answer(adviser)
    assert wait_until_heard(caller)["energy"] > 0
    assert wait_until_heard(adviser)["energy"] > 0
    expect(caller.locator("[data-status]")).to_contain_text("You can talk now")
    caller.get_by_label("Your text").fill("Hyvää päivää <b>ŋ</b>")
    caller.get_by_role("button", name="Send").click()
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
