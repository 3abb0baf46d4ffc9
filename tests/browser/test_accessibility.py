"""Every page is clean by axe-core in every language, wide and narrow, and whole on a phone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.axe import violations_at_all_widths

PUBLIC = (
    "",
    "find/",
    "find/?place=nowhere&day=2001-01-01",
    "find/?place=kangasniemi",
    "service-points/small/",
    "service-points/joint/",
    "points/",
    "points/?q=nowhere",
    "points/small/",
    "points/joint/",
    "parity/",
    "policies/",
    "policies/kela-2017-12/",
    "access/",
    "about/",
    "login/",
)
LANGUAGES = ("fi", "sv", "en")
# WCAG 2.1, 1.4.12: as much space as a reader may ask for.
SPACED = """() => {
  for (const element of document.querySelectorAll("*")) {
    element.style.letterSpacing = "0.12em";
    element.style.wordSpacing = "0.16em";
    element.style.lineHeight = "1.5";
  }
}"""

pytestmark = pytest.mark.usefixtures("network")


def found_on(page: Page, live_server: LiveServer, language: str, pages: tuple[str, ...]) -> list:
    lines = []
    for path in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/{language}/{path}")
        lines += [f"{language}/{path} {line}" for line in violations_at_all_widths(page)]
    return lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_are_clean(page: Page, live_server: LiveServer, language: str) -> None:
    assert found_on(page, live_server, language, PUBLIC) == []


def test_nothing_sticks_out_of_a_narrow_page_whose_reader_spaces_the_text(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    for language in LANGUAGES:
        for path in ("", "find/?place=kangasniemi", "login/"):
            page.goto(f"{live_server.url}/{language}/{path}")
            page.evaluate(SPACED)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, f"{language}/{path} is {wide} px wide"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_page_is_clean_when_it_is_drawn(
    page: Page, live_server: LiveServer, language: str
) -> None:
    page.goto(f"{live_server.url}/{language}/map/")
    page.wait_for_selector("#map[data-ready=true]", timeout=20_000)
    assert violations_at_all_widths(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_pages_are_clean(
    page: Page, live_server: LiveServer, adviser: User, language: str
) -> None:
    adviser.is_staff = True
    adviser.save()
    page.goto(f"{live_server.url}/{language}/login/")
    page.fill("#id_username", "adviser")
    page.fill("#id_password", "a long pass phrase")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/{language}/map/")
    pages = ("points/big/visits/", "import/", "points/small/")
    assert found_on(page, live_server, language, pages) == []
