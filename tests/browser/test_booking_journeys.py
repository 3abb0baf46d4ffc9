"""Booking a time as customers do: on a phone, by keyboard alone, without scripts, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from palveluverkko.booking import closures, projection, services, waiting
from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Booking, Resource, WaitingEntry, WaitingOffer
from tests.booking import world
from tests.browser.axe import violations_at_all_widths
from tests.web.portal.booking import town as place
from tests.web.portal.booking.conftest import town
from tests.web.portal.booking.town import LETTERS, local, monday

__all__ = ["town"]  # the fixture

pytestmark = pytest.mark.usefixtures("town")

LANGUAGES = ("fi", "sv", "en")
CHOICE = "point=kuopio&mode=appointment&service=general&language=fi"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A telephone's window. Answers such as 409 are part of these journeys, script errors not."""
    yield from opened(chromium.new_context(viewport=PHONE))


@pytest.fixture
def scriptless(chromium: Browser) -> Iterator[Page]:
    yield from opened(chromium.new_context(viewport=PHONE, java_script_enabled=False))


def opened(context: BrowserContext) -> Iterator[Page]:
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    yield window
    context.close()
    assert errors == []


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until an element that fits has the focus."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} was not reached by {most} presses of Tab")


def hold_nine(page: Page, server: LiveServer, language: str = "en") -> Booking:
    """Press nine o'clock and come to the form."""
    page.goto(f"{server.url}/{language}/book/?{CHOICE}")
    page.locator(f"button[value='{place.value(local(9))}']").click()
    page.wait_for_url(re.compile(r"/book/[\w-]{20,}/$"))
    return Booking.objects.get(token=page.url.split("/")[-2])


def run_out(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(hold_until=timezone.now() - timedelta(minutes=1))
    services.expire_holds()


def somebody_else_takes(hour: int) -> None:
    wish = world.wish(local(hour))
    services.book(wish, world.AINO, key=f"else {hour}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_booking_by_keyboard_alone_on_a_phone(
    phone: Page, live_server: LiveServer, language: str
) -> None:
    Resource.objects.filter(name="Adviser 1").update(languages=["fi", "sv", "en"])
    projection.rebuild(["kuopio"], monday(), monday())
    phone.goto(f"{live_server.url}/{language}/book/?point=kuopio")
    tab_to(phone, "#id_service")
    phone.keyboard.press("ArrowDown")
    tab_to(phone, "input[name=mode]")
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**mode=appointment**")
    tab_to(phone, "button.times__time")
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile(r"/book/[\w-]{20,}/$"))
    tab_to(phone, "#id_name")
    phone.keyboard.type(LETTERS)
    phone.keyboard.press("Enter")  # too early: no way to be reached yet
    expect(phone.locator("[data-errors]")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#id_phone")).to_be_focused()
    phone.keyboard.type("040 123 4567")
    tab_to(phone, "button[value=book]")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/booked/")
    booking = Booking.objects.get(state="confirmed")
    assert (booking.name, booking.phone) == (LETTERS, "+358401234567")
    expect(phone.locator("main")).to_contain_text(booking.reference)


def test_a_whole_booking_moved_and_cancelled_without_scripts(
    scriptless: Page, live_server: LiveServer
) -> None:
    page = scriptless
    booking = hold_nine(page, live_server)
    expect(page.locator(".kept")).to_contain_text("You have 10 minutes.")
    page.fill("#id_name", LETTERS)
    page.fill("#id_email", "aino@example.org")
    page.fill("#id_matter", "Asumistuki")
    page.get_by_role("button", name="I need more time").click()
    expect(page.locator("#id_matter")).to_have_value("Asumistuki")
    page.get_by_role("button", name="Book").click()
    expect(page.locator("h1")).to_have_text("Your appointment is booked")
    page.get_by_role("link", name="Move to another time").click()
    page.locator(f"button[value='{place.value(local(10))}']").click()
    page.get_by_role("button", name="Yes, move to the new time").click()
    expect(page.locator("main")).to_contain_text("10:00")
    page.get_by_role("link", name="Cancel the appointment").click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.locator("h1")).to_have_text("Your appointment is cancelled")
    booking.refresh_from_db()
    assert (booking.state, booking.start) == ("cancelled", local(10))


def test_a_hold_that_runs_out_while_typing_is_booked_if_nobody_took_it(
    phone: Page, live_server: LiveServer
) -> None:
    booking = hold_nine(phone, live_server)
    phone.fill("#id_name", LETTERS)
    phone.fill("#id_phone", "0401234567")
    run_out(booking)
    phone.get_by_role("button", name="Book").click()
    phone.wait_for_url("**/booked/")
    expect(phone.locator("main")).to_contain_text("but it was still free")


def test_a_hold_lost_while_typing_carries_the_text_to_another_time(
    phone: Page, live_server: LiveServer
) -> None:
    booking = hold_nine(phone, live_server)
    phone.fill("#id_name", LETTERS)
    phone.fill("#id_phone", "0401234567")
    phone.fill("#id_matter", "Čáđđe ʹǩǯ")
    run_out(booking)
    somebody_else_takes(9)
    phone.get_by_role("button", name="Book").click()
    expect(phone.locator("h1")).to_contain_text("somebody else has taken it")
    phone.locator("button.times__time").first.click()
    expect(phone.locator("#id_matter")).to_have_value("Čáđđe ʹǩǯ")
    phone.get_by_role("button", name="Book").click()
    phone.wait_for_url("**/booked/")
    assert Booking.objects.get(name=LETTERS).start == local(9, 30)


def test_the_countdown_warns_at_two_minutes_and_at_the_end(
    phone: Page, live_server: LiveServer
) -> None:
    booking = hold_nine(phone, live_server)
    expect(phone.locator("[data-left]")).to_contain_text("min")
    Booking.objects.update(hold_until=timezone.now() + timedelta(seconds=124))
    phone.clock.install()
    phone.reload()
    status = phone.locator("[data-status]")
    expect(status).to_be_empty()
    phone.fill("#id_name", LETTERS)
    phone.clock.run_for(6_000)
    expect(status).to_contain_text("two more minutes")
    phone.clock.run_for(125_000)
    expect(status).to_contain_text("not kept for you any more")
    expect(phone.locator("#id_name")).to_have_value(LETTERS)
    booking.refresh_from_db()
    assert booking.state == "held"


def test_a_time_is_kept_longer_without_loading_the_page(
    phone: Page, live_server: LiveServer
) -> None:
    booking = hold_nine(phone, live_server)
    Booking.objects.update(hold_until=timezone.now() + timedelta(seconds=90))
    phone.reload()
    phone.evaluate("document.body.dataset.same = 'page'")
    phone.fill("#id_name", LETTERS)
    phone.get_by_role("button", name="I need more time").click()
    expect(phone.locator("[data-status]")).to_contain_text("kept longer")
    expect(phone.locator("[data-left]")).to_contain_text("9 min")
    assert phone.locator("body").get_attribute("data-same") == "page"
    booking.refresh_from_db()
    assert booking.hold_until > timezone.now() + timedelta(minutes=9)


def test_a_lost_connection_keeps_the_text_and_sends_it_later(
    phone: Page, live_server: LiveServer
) -> None:
    hold_nine(phone, live_server)
    phone.fill("#id_name", LETTERS)
    phone.fill("#id_phone", "0401234567")
    phone.context.set_offline(True)
    expect(phone.locator("[data-status]")).to_contain_text("You are offline")
    phone.get_by_role("button", name="Book").click()
    expect(phone.locator("#id_name")).to_have_value(LETTERS)
    phone.context.set_offline(False)
    expect(phone.locator("[data-status]")).to_contain_text("The connection is back")
    phone.get_by_role("button", name="Book").click()
    phone.wait_for_url("**/booked/")
    assert Booking.objects.get(state="confirmed").name == LETTERS


def test_a_server_that_does_not_answer_is_told_on_the_page(
    phone: Page, live_server: LiveServer
) -> None:
    hold_nine(phone, live_server)
    phone.fill("#id_name", LETTERS)
    phone.fill("#id_phone", "0401234567")
    phone.route("**/book/**", lambda route: route.abort())
    phone.get_by_role("button", name="Book").click()
    expect(phone.locator("[data-status]")).to_contain_text("did not get through")
    phone.unroute("**/book/**")
    phone.get_by_role("button", name="Book").click()
    phone.wait_for_url("**/booked/")


def test_typed_text_comes_back_in_this_window_only_and_is_gone_once_booked(
    phone: Page, live_server: LiveServer
) -> None:
    hold_nine(phone, live_server)
    phone.fill("#id_name", LETTERS)
    phone.fill("#id_phone", "0401234567")
    phone.goto(f"{live_server.url}/en/")
    phone.go_back()
    expect(phone.locator("#id_name")).to_have_value(LETTERS)
    assert phone.evaluate("Object.keys(localStorage).length") == 0
    phone.get_by_role("button", name="Book").click()
    phone.wait_for_url("**/booked/")
    assert phone.evaluate("Object.keys(sessionStorage).length") == 0


def addresses() -> list[str]:
    """Every kind of page, with what it needs in the database. The form's page is not among them."""
    booking = services.book(world.wish(local(10)), world.AINO, key="mine")
    gone = services.book(world.wish(local(11)), world.AINO, key="gone")
    services.cancel(gone.pk)
    given = {"first": monday(), "last": monday()}
    entry = waiting.join(world.wish(local(9)), customer=world.AINO, key="w", **given)
    freed = services.book(world.wish(local(11, 30)), world.AINO, key="freed")
    services.cancel(freed.pk)
    waiting.offer_freed_time(f"kuopio|appointment|{local(11, 30).isoformat()}")
    offer = WaitingOffer.objects.get()
    mine = f"b/{signed('booking', booking.token)}/"
    return [
        "book/",
        "book/?point=kuopio&service=general",
        f"book/?{CHOICE}",
        f"book/?{CHOICE}&start={place.value(local(9))}",
        "book/?point=kuopio&mode=appointment&service=general&language=sv",
        "book/?mode=appointment&service=general&language=fi",
        "book/?mode=phone&service=general&language=fi",
        f"book/waiting/?{CHOICE}",
        mine,
        f"{mine}booked/",
        f"{mine}cancel/",
        f"{mine}move/",
        f"b/{signed('booking', gone.token)}/",
        f"r/{signed('reminders-off', booking.token)}/",
        f"w/{signed('waiting-entry', entry.token)}/",
        f"o/{signed('offer', offer.booking.token)}/",
        f"a/{signed('alternatives', booking.token)}/",
        "b/broken/",
        "book/nobody/",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_clean_by_axe(phone: Page, live_server: LiveServer, language: str) -> None:
    lines = []
    paths = addresses()
    move = next(path for path in paths if path.endswith("/move/"))
    for path in paths:
        phone.goto(f"{live_server.url}/{language}/{path}")
        lines += [f"{language}/{path} {line}" for line in violations_at_all_widths(phone)]
    phone.goto(f"{live_server.url}/{language}/{move}")
    phone.locator("button.times__time").first.click()
    phone.locator("button[name=sure]").wait_for()
    lines += [f"sure {line}" for line in violations_at_all_widths(phone)]
    booking = hold_nine(phone, live_server, language)
    lines += violations_at_all_widths(phone)
    phone.locator("button[value=book]").click()
    expect(phone.locator("[data-errors]")).to_be_visible()
    lines += [f"errors {line}" for line in violations_at_all_widths(phone)]
    run_out(booking)
    somebody_else_takes(9)
    phone.reload()
    lines += [f"gone {line}" for line in violations_at_all_widths(phone)]
    assert WaitingEntry.objects.count() == 1
    assert lines == []


def test_pages_after_a_closure_and_of_a_series_are_clean(
    phone: Page, live_server: LiveServer
) -> None:
    booking = services.book(world.wish(local(10)), world.AINO, key="mine")
    user = User.objects.create_user("liisa", password="a long pass phrase")
    Resource.objects.filter(name="Adviser 1").update(user=user)
    phone.goto(f"{live_server.url}/en/login/")
    phone.fill("#id_username", "liisa")
    phone.fill("#id_password", "a long pass phrase")
    phone.keyboard.press("Enter")
    phone.wait_for_url(lambda url: "login" not in url)
    start = place.value(local(9))
    phone.goto(f"{live_server.url}/en/book/series/?{CHOICE}&weeks=3&start={start}")
    expect(phone.locator("main")).to_contain_text("2 weeks need another time")
    lines = violations_at_all_widths(phone)
    phone.goto(f"{live_server.url}/en/book/?{CHOICE}")
    lines += violations_at_all_widths(phone)
    closures.close_days("kuopio", monday(), monday(), reason="Vesivahinko", key="k")
    phone.goto(f"{live_server.url}/en/a/{signed('alternatives', booking.token)}/")
    expect(phone.locator("h1")).to_contain_text("cannot keep")
    lines += violations_at_all_widths(phone)
    assert lines == []
