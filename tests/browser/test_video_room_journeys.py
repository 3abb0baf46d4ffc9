"""Video around the meeting: from home, at once, in a joint point's room, and third people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import violations, violations_at_all_widths
from tests.browser.calls import PATIENCE, talking_chromium, window
from tests.browser.meetings import got, let_in, wait_until_met
from tests.contact.call_world import Agency, agency
from tests.meeting.video_world import World, video_world

ON_PHONE = {"viewport": {"width": 390, "height": 844}}
ON_SCREEN = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    with talking_chromium(chromium.browser_type) as launched:
        yield launched


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    with agency(tmp_path_factory.mktemp("agency")) as running:
        yield running


@pytest.fixture(scope="module")
def world(serving: Agency) -> World:
    return video_world(serving)


def staff(browser: Browser, at: Agency, session: str) -> BrowserContext:
    context = window(browser, **ON_SCREEN)
    context.add_cookies([{"name": "sessionid", "value": session, "url": at.url}])
    return context


def open_room(desk: Page, button: Any = None) -> Page:
    """The adviser's press opens the room in a window of its own."""
    with desk.context.expect_page() as opened:
        (button or desk.get_by_role("button", name="Open the video room").first).click()
    room = opened.value
    expect(room.locator("[data-step=inside]")).to_be_visible(timeout=PATIENCE)
    return room


def end_for_all(room: Page) -> None:
    """A booked customer who was there is finished in the same press."""
    room.get_by_role("button", name="End for everybody").click()
    box = room.get_by_label("Was served")
    if box.count():
        expect(box).to_be_checked()
    room.get_by_role("button", name="End the meeting", exact=True).click()
    expect(room.locator("[data-over]")).to_have_text("The meeting has ended.")


def unlock(page: Page, key: str) -> None:
    page.get_by_label("Key of the room").fill(key.lower().replace("-", " "))
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Booked times today")).to_be_visible()


def begin(screen: Page, booking: int) -> None:
    """The staff press the customer's time."""
    screen.locator(f"button[name=booking][value='{booking}']").click()


def test_booked_from_home_from_the_mails_link_to_the_days_counts(
    browser: Browser, serving: Agency, world: World
) -> None:
    customer = window(browser, **ON_PHONE).new_page()
    customer.goto(serving.url + world.at_home[0])
    assert violations(customer) == []
    with customer.context.expect_page() as opened:
        customer.get_by_role("link", name="Try out your camera and sound").click()
    expect(opened.value.get_by_role("button", name="Begin the test")).to_be_visible()
    opened.value.close()
    customer.get_by_role("button", name="Join the meeting").click()
    expect(customer.locator("[data-wait]")).to_contain_text("The adviser will let you in")
    assert customer.url == f"{serving.url}/en/meeting/room/"
    desk = staff(browser, serving, serving.sessions[0]).new_page()
    desk.goto(f"{serving.url}/en/desk/")
    desk.locator(f"#do-call-booking-{world.numbers[0]}").click()
    expect(desk.locator("#now")).to_contain_text("Aada 0")
    room = open_room(desk, desk.locator("#now").get_by_role("button", name="Open the video room"))
    for page in (room, customer):
        wait_until_met(page, 1)
    room.get_by_label("What was agreed").fill("Sends the form")
    expect(room.locator("[data-notes-status]")).to_contain_text("saved")
    end_for_all(room)
    expect(customer.locator("[data-over]")).to_have_text("The meeting has ended.")
    room.close()
    expect(desk.locator("#served")).to_contain_text("1 customer by you")
    expect(desk.locator("#served")).to_contain_text("Video")
    desk.goto(f"{serving.url}/en/desk/bookings/{world.numbers[0]}/")
    expect(desk.get_by_text("Sends the form")).to_be_visible()
    customer.goto(f"{serving.url}/en/meeting/room/")
    expect(customer.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    customer.context.close()
    desk.context.close()


def test_at_once_from_the_queue_into_the_room_and_answered(
    browser: Browser, serving: Agency, world: World
) -> None:
    context = staff(browser, serving, serving.sessions[0])
    desk = context.new_page()
    desk.goto(f"{serving.url}/en/desk/calls/")
    desk.locator("[data-press=ready]:visible").click(timeout=PATIENCE)
    expect(desk.locator("[data-work-state]")).to_contain_text("Ready", timeout=PATIENCE)
    customer = window(browser, **ON_PHONE).new_page()
    customer.goto(f"{serving.url}/en/")
    customer.get_by_role("link", name="Talk with an adviser by video now").click()
    customer.get_by_label("What do you need help with?").select_option("general")
    customer.get_by_role("button", name="Go to the queue").click()
    expect(customer.locator("[data-place]")).to_contain_text("You are the first", timeout=PATIENCE)
    assert violations_at_all_widths(customer) == []
    expect(desk.locator("[data-who]")).to_contain_text("Video, General advice")
    with context.expect_page() as opened:  # by itself, from the press that takes the contact
        desk.get_by_role("button", name="Answer").click()
    room = opened.value
    expect(room.locator("[data-step=inside]")).to_be_visible(timeout=PATIENCE)
    expect(desk.locator("[data-work-state]")).to_contain_text("video meeting")
    assert violations(desk) == []
    customer.wait_for_url("**/en/meeting/room/", timeout=PATIENCE)
    for page in (room, customer):
        wait_until_met(page, 1)
    room.get_by_label("What was agreed").fill("Calls back")
    expect(room.locator("[data-notes-status]")).to_contain_text("saved")
    # Their pages of the queue are closed or in the background: the meeting is what is heard.
    customer.wait_for_timeout(12_000)
    expect(desk.locator("[data-work-state]")).to_contain_text("video meeting")
    end_for_all(room)
    expect(customer.locator("[data-over]")).to_have_text("The meeting has ended.")
    expect(desk.locator("[data-work-state]")).to_contain_text("Finish your notes")
    expect(desk.get_by_label("What was agreed")).to_have_value("Calls back")
    desk.get_by_role("button", name="Take no more calls").click()
    customer.goto(f"{serving.url}/en/video/")  # what was is over, and another one can begin
    expect(customer.get_by_role("button", name="Go to the queue")).to_be_visible()
    board = staff(browser, serving, world.manager).new_page()
    board.goto(f"{serving.url}/en/desk/wallboard/")
    expect(board.get_by_role("row", name=re.compile("Video at once")).first).to_contain_text("1")
    for page in (customer, desk, board):
        page.context.close()


def test_a_video_room_from_the_key_to_the_locked_screen(
    browser: Browser, serving: Agency, world: World
) -> None:
    screen = window(browser, **ON_SCREEN).new_page()
    screen.goto(f"{serving.url}/en/room/")
    assert violations_at_all_widths(screen) == []
    screen.get_by_label("Key of the room").fill("AAAA-BBBB-CCCC")
    screen.get_by_role("button", name="Open").click()
    expect(screen.get_by_role("alert")).to_contain_text("This key opens nothing.")
    unlock(screen, world.key)
    assert violations_at_all_widths(screen) == []
    assert "Aada" not in screen.content()
    expect(screen.get_by_role("button", name="Start the meeting of")).to_have_count(4)
    begin(screen, world.in_room[0])
    expect(screen.get_by_role("button", name="Start my meeting")).to_be_visible()
    assert violations_at_all_widths(screen) == []
    screen.get_by_role("button", name="Start my meeting").click()
    expect(screen.locator("[data-wait]")).to_contain_text("will let you in", timeout=PATIENCE)
    desk = staff(browser, serving, serving.sessions[0]).new_page()
    desk.goto(f"{serving.url}/en/desk/bookings/{world.in_room[0]}/")
    room = open_room_here(desk)
    for page in (room, screen):
        wait_until_met(page, 1)
    assert violations(screen) == []
    end_for_all(room)
    expect(screen.get_by_role("heading", name="This screen is locked")).to_be_visible(
        timeout=PATIENCE
    )
    assert [c["name"] for c in screen.context.cookies() if c["name"] != "csrftoken"] == []
    assert screen.evaluate("sessionStorage.length + localStorage.length") == 0
    screen.go_back()
    expect(screen.get_by_role("heading", name="This screen is locked")).to_be_visible()
    screen.goto(f"{serving.url}/en/meeting/room/")
    expect(screen.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    for page in (screen, desk):
        page.context.close()


def open_room_here(desk: Page) -> Page:
    """From the booking's page the room opens in the same window."""
    desk.get_by_role("button", name="Open the video room").click()
    expect(desk.locator("[data-step=inside]")).to_be_visible(timeout=PATIENCE)
    return desk


def test_the_host_hears_nothing_until_asked_in_and_goes_out_again(
    browser: Browser, serving: Agency, world: World
) -> None:
    host = window(browser, **ON_SCREEN).new_page()
    host.goto(f"{serving.url}/en/room/host/")
    unlock(host, world.key)
    expect(host.get_by_text("The room is free.")).to_be_visible()
    assert violations_at_all_widths(host) == []
    screen = window(browser, **ON_SCREEN).new_page()
    screen.goto(f"{serving.url}/en/room/")
    unlock(screen, world.key)
    begin(screen, world.in_room[1])
    screen.get_by_role("button", name="Start my meeting").click()
    desk = staff(browser, serving, serving.sessions[0]).new_page()
    desk.goto(f"{serving.url}/en/desk/bookings/{world.in_room[1]}/")
    room = open_room_here(desk)
    for page in (room, screen):
        wait_until_met(page, 1)
    expect(host.get_by_text("A customer is in the room since")).to_be_visible(timeout=PATIENCE)
    expect(host.get_by_role("button", name="I join from this computer")).to_have_count(0)
    screen.get_by_role("button", name="Ask the host in").click()
    expect(host.get_by_role("alert")).to_contain_text("You are wanted", timeout=PATIENCE)
    expect(host).to_have_title(re.compile("You are wanted"))
    assert violations_at_all_widths(host) == []
    host.get_by_role("button", name="I join from this computer").click()
    for page in (room, screen, host):
        wait_until_met(page, 2)
    room.get_by_role("button", name="Ask the host to leave").click()
    expect(host.locator("[data-step=waiting]")).to_be_visible(timeout=PATIENCE)
    assert got(host) == []
    for page in (room, screen):
        wait_until_met(page, 1)
    screen.get_by_role("button", name="I have finished: clear the screen").click()
    expect(screen.get_by_role("heading", name="This screen is locked")).to_be_visible()
    expect(room.locator("[data-status]")).to_contain_text("Nobody else")
    for page in (screen, desk, host):
        page.context.close()


def test_a_revoked_key_ends_what_goes_on_in_the_room(
    browser: Browser, serving: Agency, world: World
) -> None:
    manager = staff(browser, serving, world.manager).new_page()
    manager.goto(f"{serving.url}/en/desk/rooms/")
    assert violations_at_all_widths(manager) == []
    manager.get_by_role("button", name="Make a key").click()
    key = manager.locator(".room__big-key").inner_text()
    assert violations_at_all_widths(manager) == []
    screen = window(browser, **ON_SCREEN).new_page()
    screen.goto(f"{serving.url}/en/room/")
    unlock(screen, key)
    begin(screen, world.in_room[2])
    screen.get_by_role("button", name="Start my meeting").click()
    expect(screen.locator("[data-step=waiting]")).to_be_visible(timeout=PATIENCE)
    manager.goto(f"{serving.url}/en/desk/rooms/")
    manager.get_by_role("link", name="Revoke").first.click()
    expect(manager.get_by_role("button", name="Revoke the key")).to_be_visible()
    assert violations(manager) == []
    manager.get_by_role("button", name="Revoke the key").click()
    expect(manager.get_by_text("The key is revoked.")).to_be_visible()
    expect(screen.get_by_role("heading", name="This screen is locked")).to_be_visible(
        timeout=PATIENCE
    )
    for page in (screen, manager):
        page.context.close()


def test_an_interpreter_comes_by_link_and_is_let_in(
    browser: Browser, serving: Agency, world: World
) -> None:
    desk = staff(browser, serving, serving.sessions[0]).new_page()
    desk.goto(f"{serving.url}/en/desk/bookings/{world.numbers[1]}/")
    desk.get_by_text("Invite somebody").click()
    assert violations_at_all_widths(desk) == []
    desk.get_by_label("Name (you can leave it out)").fill("Ilse")
    desk.get_by_role("button", name="Invite", exact=True).click()
    link = desk.get_by_label("Link for the person").input_value()
    desk.goto(f"{serving.url}/en/desk/bookings/{world.numbers[1]}/")
    room = open_room_here(desk)
    customer = window(browser, **ON_PHONE).new_page()
    customer.goto(serving.url + world.at_home[1])
    customer.get_by_role("button", name="Join the meeting").click()
    wait_until_met(customer, 1)
    interpreter = window(browser).new_page()
    path = link[link.index("/en/") :]
    interpreter.goto(serving.url + path)
    interpreter.get_by_role("button", name="Open the meeting").click()
    let_in(room, "Ilse")
    for page in (room, customer, interpreter):
        wait_until_met(page, 2)
    customer.get_by_text("Invite somebody").click()
    customer.get_by_label("Who").select_option("companion")
    customer.get_by_role("button", name="Invite", exact=True).click()
    expect(customer.locator("[data-invite-said]")).to_contain_text("It works once.")
    second = customer.get_by_label("Link for the person").input_value()
    assert "/en/meeting/" in second
    assert violations(customer) == []
    end_for_all(room)
    late = window(browser).new_page()
    late.goto(serving.url + second[second.index("/en/") :])
    late.get_by_role("button", name="Open the meeting").click()
    expect(late.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    for page in (customer, interpreter, late, desk):
        page.context.close()


def test_without_a_booking_from_the_room_into_the_queue_and_back_to_the_locked_screen(
    browser: Browser, serving: Agency, world: World
) -> None:
    desk = staff(browser, serving, serving.sessions[0]).new_page()
    desk.goto(f"{serving.url}/en/desk/calls/")
    desk.locator("[data-press=ready]:visible").click(timeout=PATIENCE)
    expect(desk.locator("[data-work-state]")).to_contain_text("Ready", timeout=PATIENCE)
    screen = window(browser, **ON_SCREEN).new_page()
    screen.goto(f"{serving.url}/en/room/")
    unlock(screen, world.key)
    screen.get_by_role("button", name="A customer without a booked time").click()
    screen.get_by_label("What do you need help with?").select_option("general")
    assert violations_at_all_widths(screen) == []
    screen.get_by_role("button", name="Go to the queue").click()
    expect(screen.locator("[data-place]")).to_contain_text("You are the first", timeout=PATIENCE)
    screen.reload()  # the place is kept
    expect(screen.locator("[data-place]")).to_contain_text("You are the first", timeout=PATIENCE)
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Answer").click(timeout=PATIENCE)
    room = opened.value
    for page in (room, screen):
        wait_until_met(page, 1)
    room.close()
    desk.get_by_role("button", name="End the meeting").click()
    expect(screen.get_by_role("heading", name="This screen is locked")).to_be_visible(
        timeout=PATIENCE
    )
    expect(desk.locator("[data-work-state]")).to_contain_text("Finish your notes")
    desk.get_by_role("button", name="Take no more calls").click()
    for page in (screen, desk):
        page.context.close()
