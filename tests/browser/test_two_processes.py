"""Two ``serve`` processes that hear each other through Redis; one of them is killed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.calls import (
    PATIENCE,
    answer,
    customer,
    desk,
    free_port,
    heard,
    talking_chromium,
    wait_until_heard,
)
from tests.browser.meetings import adviser as meeting_adviser
from tests.browser.meetings import guest, leave, let_in, wait_until_met
from tests.contact.call_world import Agency, agency
from tests.front import front
from tests.meeting.meeting_world import meetings

REDIS = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(
    REDIS is None and not os.environ.get("CI"), reason="no redis-server on this machine"
)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [REDIS or "redis-server", "--port", f"{port}", "--bind", "127.0.0.1", "--save", ""]
    home = tmp_path_factory.mktemp("redis")
    with (home / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, stdout=log, stderr=log)
    try:
        ends = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert time.monotonic() < ends, (home / "redis.log").read_text()
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def two(redis: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Agency, Agency]]:
    """The same agency, reached through the first process or through the second."""
    home: Path = tmp_path_factory.mktemp("agency")
    with agency(home, REDIS_URL=redis) as first:
        second = replace(first, port=free_port(), process=None)
        second.start()
        try:
            yield first, second
        finally:
            second.kill()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    with talking_chromium(chromium.browser_type) as launched:
        yield launched


def write(page: Page, text: str) -> None:
    page.get_by_label("Your text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def place(page: Page, text: str) -> None:
    expect(page.locator("[data-place]")).to_contain_text(text, timeout=PATIENCE)


def test_people_of_two_processes_meet_by_video(
    browser: Browser, two: tuple[Agency, Agency]
) -> None:
    first, second = two
    made = meetings(first, 1)[0]
    by_video, caller = meeting_adviser(browser, second, made), guest(browser, first, made)
    for page in (by_video, caller):
        wait_until_met(page, 1)
    write(caller, "From the first process")
    expect(by_video.locator("[data-lines]")).to_contain_text("From the first process")
    friend = guest(browser, first, made, "companion")
    let_in(by_video, "Companion")
    for page in (by_video, caller, friend):
        wait_until_met(page, 2)
    by_video.get_by_role("button", name="Take Companion out").click()
    expect(friend.locator("[data-over]")).to_contain_text("taken out")
    for page in (by_video, caller):
        wait_until_met(page, 1)
    leave(by_video, caller, friend)


def test_pages_of_two_processes_talk_and_go_on_when_one_is_killed(
    browser: Browser, two: tuple[Agency, Agency]
) -> None:
    first, second = two
    with front(first.port, second.port) as one, front(second.port, first.port) as other:
        here, there = replace(first, port=one), replace(second, port=other)
        adviser, caller = desk(browser, there), customer(browser, here)
        answer(adviser)
        wait_until_heard(caller)
        wait_until_heard(adviser)
        write(caller, "From the first process")
        expect(adviser.locator("[data-lines]")).to_contain_text("From the first process")

        before, behind = customer(browser, here), customer(browser, there)
        place(before, "You are the first")
        place(behind, "One customer is before you")
        before.get_by_role("button", name="Leave the queue").click()
        place(behind, "You are the first")

        second.kill()
        write(caller, "Still there?")
        expect(adviser.locator("[data-lines]")).to_contain_text("Still there?", timeout=PATIENCE)
        wait_until_heard(adviser, heard(adviser))
        assert adviser.evaluate("window.links.length") == 1, "the call itself was not made anew"
        adviser.get_by_role("button", name="End the call").click()
        expect(caller.get_by_role("heading", name="The call has ended")).to_be_visible()
        for page in (adviser, caller, before, behind):
            page.context.close()
