"""What people do: by keyboard, on the map, and without scripts."""

from __future__ import annotations

import math

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palveluverkko.web.views.map import FINLAND

pytestmark = pytest.mark.usefixtures("network")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def tab_to(page: Page, text: str, most: int = 60) -> None:
    """Press Tab until the element with that text has the focus."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if focused(page).strip() == text:
            return
    raise AssertionError(f"{text} was not reached by {most} presses of Tab")


def test_a_point_is_found_and_opened_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/map/")
    tab_to(page, "Points")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the first field of the filter
    page.keyboard.type("kangasniemi")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=kangasniemi**")
    tab_to(page, "Kangasniemi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/small/**")
    expect(page.locator("h1")).to_have_text("Kangasniemi")


def test_the_focus_can_be_seen(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/points/")
    for _step in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)] })()"
        )
        assert style[0] != "none", focused(page)
        assert style[1] >= 2, focused(page)


def ready_map(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/map/")
    page.wait_for_selector("#map[data-ready=true]", timeout=20_000)
    page.locator("#map").evaluate("map => map.scrollIntoView()")


def test_the_map_draws_and_its_layers_can_be_switched(page: Page, live_server: LiveServer) -> None:
    ready_map(page, live_server)
    canvas = page.locator("#map")
    drawn = canvas.screenshot()
    for box in page.locator("input[name='layer-outcome']").all():
        box.uncheck()
    page.wait_for_timeout(500)
    assert canvas.screenshot() != drawn


def place_on_map(page: Page, lat: float, lon: float) -> tuple[float, float]:
    """Where the map, fitted to the country with its margins, shows a position (Web Mercator)."""

    def project(latitude: float, longitude: float) -> tuple[float, float]:
        y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
        return math.radians(longitude), -y

    west, south, east, north = FINLAND
    (left, bottom), (right, top) = project(south, west), project(north, east)
    box = page.locator("#map .maplibregl-canvas").bounding_box()
    assert box is not None
    inner = (box["width"] - 24, box["height"] - 60)
    scale = min(inner[0] / (right - left), inner[1] / (bottom - top))
    x, y = project(lat, lon)
    return (
        box["x"] + 12 + inner[0] / 2 + (x - (left + right) / 2) * scale,
        box["y"] + 12 + inner[1] / 2 + (y - (top + bottom) / 2) * scale,
    )


def test_a_symbol_on_the_map_leads_to_its_point(page: Page, live_server: LiveServer) -> None:
    ready_map(page, live_server)
    page.mouse.click(*place_on_map(page, 59.9, 22.5))
    expect(page.locator(".maplibregl-popup-content h3")).to_have_text("Hiittinen")
    page.get_by_role("button", name="Close").click()
    page.mouse.click(*place_on_map(page, 61.9, 26.6))
    popup = page.locator(".maplibregl-popup-content")
    expect(popup).to_contain_text("Kangasniemi")  # drawn above its neighbour: it asks attention
    expect(popup).to_contain_text("fewer than 5")
    popup.get_by_role("link").click()
    page.wait_for_url("**/points/small/")


def test_the_chart_is_drawn_and_follows_the_window(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/points/middle/")
    page.wait_for_selector("#demand-chart[data-ready=true] canvas")
    wide = page.locator("#demand-chart canvas").bounding_box()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    narrow = page.locator("#demand-chart canvas").bounding_box()
    assert wide is not None
    assert narrow is not None
    assert narrow["width"] < 390 < wide["width"]


def test_without_scripts_the_content_is_there(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/map/")
    expect(page.get_by_text("The map is drawn by a script.")).to_be_visible()
    page.get_by_role("link", name="The same content as a table").click()
    page.select_option("#outcome", "not_permitted")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Älgö Ådö").click()
    expect(page.get_by_text("No substitute for identification.")).to_be_visible()
    context.close()


def test_an_adviser_records_a_day(page: Page, live_server: LiveServer, adviser: User) -> None:
    page.goto(f"{live_server.url}/en/points/big/visits/")
    page.fill("#id_username", adviser.username)
    page.fill("#id_password", "a long pass phrase")
    page.keyboard.press("Enter")
    page.wait_for_url("**/visits/")
    page.fill("#id_day", "2018-05-28")
    page.select_option("#id_service", "general")
    page.fill("#id_visits", "17")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("17 visits")).to_be_visible()
