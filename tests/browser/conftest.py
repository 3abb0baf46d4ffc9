"""A real Chromium against a live server with the small network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import adviser, network

__all__ = ["adviser", "network"]  # fixtures that the journeys share with the page tests

# Playwright's synchronous interface runs an event loop in this thread, and Django refuses
# database calls beside one unless told that nothing runs at the same time. Nothing does.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = (
    "--no-sandbox",  # the tests may run as root in a container
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
    "--disable-background-networking",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium where there is one, else the one that Playwright installed.

    One a module: while it is there, Playwright's event loop runs in this thread, in which no other
    test could run a loop of its own.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window; an error on a page's console fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    yield window
    context.close()
    assert errors == []
