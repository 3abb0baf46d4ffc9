"""A customer finds service: by keyboard, on a phone, without scripts, and from where they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.axe import violations_at_all_widths
from tests.browser.test_journeys import focused, tab_to
from tests.web.portal.conftest import town

__all__ = ["town"]

pytestmark = pytest.mark.usefixtures("town")

PHONE = {"width": 390, "height": 844}
KUOPIO = {"latitude": 62.8361234, "longitude": 27.6651234}


def points(page: Page) -> list[str]:
    return page.locator("#results .offers a[href*=service-points]").all_inner_texts()


def test_a_customer_finds_a_point_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Or talk with us from home"
    page.keyboard.press("Tab")
    page.keyboard.type("Urg")  # the service
    page.keyboard.press("Tab")
    page.keyboard.type("kuopio")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?**place=kuopio**")
    assert points(page) == ["Kuopion toimisto"]
    tab_to(page, "Kuopion toimisto")
    page.keyboard.press("Enter")
    page.wait_for_url("**/service-points/main/")
    expect(page.get_by_text("Open now until 16:00.")).to_be_visible()


def test_without_scripts_on_a_phone_a_customer_gets_the_same(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/")
    expect(page.get_by_role("button", name="Use my location")).to_be_hidden()
    page.get_by_label("I am in").fill("Kupio")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("We do not know the place “Kupio”.")).to_be_in_viewport()
    page.get_by_role("link", name="Kuopio", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service near Kuopio")
    page.get_by_text("Change the search").click()
    page.get_by_label("How").select_option("By video")
    page.get_by_role("button", name="Search").click()
    assert points(page) == ["Asiointipiste Siilinjärvi"]
    page.get_by_role("link", name="Asiointipiste Siilinjärvi").click()
    expect(page.get_by_role("heading", name="Opening hours")).to_be_visible()
    context.close()


def test_the_answer_follows_the_form_without_a_page_load(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/en/find/?place=kuopio")
    page.evaluate("window.untouched = true")
    page.get_by_label("How").select_option("By video")
    expect(page.locator("#find-status")).to_have_text("1 service point fits your search.")
    assert points(page) == ["Asiointipiste Siilinjärvi"]
    assert page.url.endswith("/en/find/?place=kuopio&way=video")
    assert page.evaluate("window.untouched") is True
    expect(page.locator(".languages a[lang=sv]")).to_have_attribute(
        "href", f"{live_server.url}/sv/find/?place=kuopio&way=video"
    )
    page.get_by_label("I can come or talk on").fill("2026-12-27")
    page.get_by_label("How").focus()
    expect(page.get_by_text("That day has passed.")).to_be_visible()


def test_show_more_goes_on_where_the_list_ended(
    page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palveluverkko.web.portal.views import find

    monkeypatch.setattr(find, "FIRST", 2)
    page.goto(f"{live_server.url}/en/find/?place=kuopio")
    page.get_by_role("link", name="Show more points").click()
    expect(page.locator("#offer-2")).to_be_focused()
    assert len(points(page)) == 4


def test_the_browsers_position_becomes_a_place_and_leaves_rounded(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(viewport=PHONE, geolocation=KUOPIO, permissions=["geolocation"])
    page = context.new_page()
    sent: list[tuple[str, str | None]] = []
    page.on("request", lambda request: sent.append((request.url, request.post_data)))
    page.goto(f"{live_server.url}/en/")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_label("I am in")).to_have_value("70820 Petonen, Kuopio")
    [(url, body)] = [(url, body) for url, body in sent if "/near/" in url]
    assert url.endswith("/en/near/")
    assert body == '{"lat":62.84,"lon":27.67}'
    context.close()


def test_a_refused_position_says_what_to_do_instead(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Write your municipality or postal code instead.")).to_be_visible()
    context.close()


def test_what_was_typed_outlives_a_lost_connection(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/en/find/")
    context.set_offline(True)
    page.get_by_label("I am in").fill("kuopio")
    page.get_by_label("How").focus()
    expect(page.get_by_text("The search did not get through.")).to_be_visible()
    expect(page.get_by_label("I am in")).to_have_value("kuopio")
    context.set_offline(False)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service near Kuopio")
    context.close()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_customers_pages_are_clean(page: Page, live_server: LiveServer, language: str) -> None:
    lines = []
    for path in (
        "",
        "find/",
        "find/?place=kuopio&service=general&day=2026-12-31",
        "find/?place=kupio&day=2001-01-01",
        "find/?day=2027-01-01",
        "find/?way=phone",
        "service-points/main/",
        "service-points/pop/",
    ):
        page.goto(f"{live_server.url}/{language}/{path}")
        lines += [f"{path} {line}" for line in violations_at_all_widths(page)]
    assert lines == []


def test_targets_are_large_enough_for_a_thumb(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size(PHONE)
    small = []
    for path in ("", "find/?place=kuopio", "find/?place=kupio", "service-points/main/"):
        page.goto(f"{live_server.url}/en/{path}")
        small += page.evaluate(
            """() => [...document.querySelectorAll(
                'header a, main input, main select, main button, main summary, .offer h3 a,'
                + ' .choices a, .hds-button, .back')]
              .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
              .map(e => `${e.innerText} ${e.getBoundingClientRect().height}`)"""
        )
    assert small == []
