"""The desk's page calls a real telephone through Kamailio and rtpengine, and hears how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.contact import callbacks
from palveluverkko.contact.models import CallbackAttempt
from palveluverkko.web.portal import clock
from telephony import parts
from tests.browser.axe import violations_at_all_widths
from tests.browser.calls import PATIENCE, talking_chromium, wait_until_heard, window
from tests.contact.callback_world import MORNING, build, wanted
from tests.telephony import parts_needed

pytestmark = parts_needed
CUSTOMER = "+358401234567"
# Tones that the page itself makes, and its connections to the telephone server.
COUNT_TONES = """
window.sockets = [];
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.tones++; start.apply(this, given); };
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("telephony")


@pytest.fixture(scope="module")
def network(home: Path) -> Iterator[parts.Agency]:
    port = parts.free_port(parts.TCP)
    agency = parts.Agency(
        origin=f"http://localhost:{port}", secret="a secret", trunk_password="x y", web_port=port
    )
    with parts.telephone_network(agency, home):
        yield agency


@pytest.fixture(scope="module")
def live_server(
    network: parts.Agency, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveServer]:
    """A server that knows the telephone server from its start."""
    with override_settings(**network.web(), SIP_RING_SECONDS=2), django_db_blocker.unblock():
        server = LiveServer(f"localhost:{network.web_port}")
        yield server
        server.stop()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    with talking_chromium(chromium.browser_type) as launched:
        yield launched


@pytest.fixture(autouse=True)
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    began = timezone.now()
    monkeypatch.setattr(clock, "now", lambda: MORNING + (timezone.now() - began))
    return build([("fi", "sv", "en")])


Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, town: list[Resource]) -> Iterator[Desk]:
    """The adviser's page with one callback to a number."""
    context = window(browser)
    context.add_init_script(COUNT_TONES)

    def opened(number: str) -> Page:
        town[0].user = User.objects.create_user("caller")
        give_role(town[0].user, Role.ADVISER)
        town[0].save()
        callbacks.ask(wanted(name="Aino", phone=number), key="k", now=MORNING)
        client = Client()
        client.force_login(town[0].user)
        session = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{live_server.url}/en/desk/callbacks/")
        return page

    yield opened
    context.close()


def call(page: Page) -> None:
    """The one press."""
    page.get_by_role("button", name="Call: ").click()


def confirm(page: Page, text: str) -> None:
    """What is proposed has the focus: one press of a key."""
    expect(page.locator("[data-phone-confirm]")).to_have_text(f"Confirm: {text}")
    expect(page.locator("[data-phone-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#call")).to_contain_text("You are calling nobody now.")
    expect(page.locator("#phone")).to_be_hidden()


def test_one_press_calls_and_both_hear(desk: Desk, home: Path) -> None:
    page = talking(desk(CUSTOMER))
    wait_until_heard(page)
    wait_until_loud(home / "phone", lambda volume: volume > 300)
    assert violations_at_all_widths(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_text("Digits", exact=True).click()
    page.get_by_role("button", name="5", exact=True).click()
    wait_for_log(home / "phone", "event: '5'")
    page.get_by_role("button", name="Hang up").click()
    confirm(page, "Served")
    assert CallbackAttempt.objects.get().outcome == "served"


@pytest.mark.parametrize(
    ("ending", "said", "outcome", "label"),
    [
        ("486", "The line was busy.", "busy", "Busy"),
        ("480", "Nobody answered.", "no_answer", "No answer"),
        ("404", "The telephone network does not know this number.", "wrong_number", "Wrong number"),
        ("484", "The telephone network does not know this number.", "wrong_number", "Wrong number"),
    ],
)
def test_what_the_network_says_is_proposed(
    desk: Desk, ending: str, said: str, outcome: str, label: str
) -> None:
    page = desk(f"+358401234{ending}")
    call(page)
    expect(page.locator("[data-phone-state]")).to_have_text(said, timeout=PATIENCE)
    assert CallbackAttempt.objects.get().outcome == ""
    confirm(page, label)
    assert CallbackAttempt.objects.get().outcome == outcome


def test_nobody_answers(desk: Desk) -> None:
    """The page rings for as long as settings say; the tone is the page's own."""
    page = desk("+358401234408")
    call(page)
    expect(page.locator("[data-phone-state]")).to_have_text(
        "It rings at +358401234408.", timeout=PATIENCE
    )
    assert page.evaluate("window.tones") == 1
    expect(page.locator("[data-phone-state]")).to_have_text("Nobody answered.", timeout=PATIENCE)
    confirm(page, "No answer")
    assert CallbackAttempt.objects.get().outcome == "no_answer"


def test_a_broken_network_proposes_nothing_and_may_be_tried_again(desk: Desk) -> None:
    page = desk("+358401234503")
    call(page)
    for _time in range(2):
        expect(page.locator("[data-phone-state]")).to_have_text(
            "The call did not get through. Call again, or by hand.", timeout=PATIENCE
        )
        expect(page.locator("[data-phone-confirm]")).to_be_hidden()
        page.get_by_role("button", name="Call again").click()
    assert violations_at_all_widths(page) == []
    assert CallbackAttempt.objects.get().outcome == ""


def test_the_customer_hangs_up(desk: Desk, network: parts.Agency) -> None:
    page = talking(desk(CUSTOMER))
    parts.press(network.phone_keys, "hangup")
    expect(page.locator("[data-phone-state]")).to_have_text("The call has ended.")
    confirm(page, "Served")


def test_a_muted_microphone_is_not_heard(desk: Desk, home: Path) -> None:
    page = talking(desk(CUSTOMER))
    wait_until_loud(home / "phone", lambda volume: volume > 300)
    mute = page.get_by_role("button", name="Mute my microphone")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    wait_until_loud(home / "phone", lambda volume: volume < 10)
    mute.click()
    wait_until_loud(home / "phone", lambda volume: volume > 300)


def test_an_outcome_pressed_in_the_call_ends_it(desk: Desk, home: Path) -> None:
    page = talking(desk(CUSTOMER))
    page.locator("#do-served").click()
    expect(page.locator("#phone")).to_be_hidden()
    wait_until_over(home / "phone")


def test_a_page_that_is_left_ends_its_call(desk: Desk, home: Path) -> None:
    page = talking(desk(CUSTOMER))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    wait_until_over(home / "phone")


def test_a_page_that_dies_ends_its_call(desk: Desk, home: Path) -> None:
    """Without a word, as when the browser or the network goes: the connection's end is enough."""
    page = talking(desk(CUSTOMER))
    page.evaluate("window.sockets.forEach((socket) => socket.close())")
    expect(page.locator("[data-phone-state]")).to_contain_text("The connection was lost")
    wait_until_over(home / "phone")


def test_the_page_loaded_again_calls_nobody_by_itself(desk: Desk, home: Path) -> None:
    page = talking(desk(CUSTOMER))
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    wait_until_over(home / "phone")
    expect(page.locator("#dial")).to_be_visible()
    expect(page.locator("#phone")).to_be_hidden()
    page.locator("#dial").click()
    expect_talking(page)


def test_a_blocked_microphone_is_said(desk: Desk) -> None:
    page = desk(CUSTOMER)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    call(page)
    expect(page.locator("[data-phone-state]")).to_contain_text("The microphone is blocked")
    expect(page.locator("#dial")).to_have_attribute("href", f"tel:{CUSTOMER}")


def test_a_telephone_server_that_is_away_is_said(desk: Desk) -> None:
    page = desk(CUSTOMER)
    page.evaluate("() => { window.WebSocket = class { constructor() { throw new Error(); } }; }")
    call(page)
    expect(page.locator("[data-phone-state]")).to_have_text(
        "The telephone server does not answer. Call by hand.", timeout=PATIENCE
    )


def test_leave_that_is_not_ours_is_refused(desk: Desk) -> None:
    """As a page could that puts another number beside its leave."""
    page = desk(CUSTOMER)

    def other(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "number": "+358600123456"})

    page.route("**/desk/phone/ticket/", other)
    call(page)
    expect(page.locator("[data-phone-state]")).to_have_text(
        "The telephone server refused the call. Call again.", timeout=PATIENCE
    )


def test_without_scripts_the_number_is_a_link(
    browser: Browser, live_server: LiveServer, desk: Desk
) -> None:
    page = desk(CUSTOMER)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{live_server.url}/en/desk/callbacks/")
    plain.get_by_role("button", name="Call: ").click()
    expect(plain.locator("#dial")).to_have_attribute("href", f"tel:{CUSTOMER}")
    expect(plain.locator("#phone")).to_be_hidden()
    context.close()


def talking(page: Page) -> Page:
    """Press, and wait until the telephone has answered."""
    call(page)
    expect_talking(page)
    return page


def expect_talking(page: Page) -> None:
    expect(page.locator("[data-phone-state]")).to_have_text(
        f"You are talking with {CUSTOMER}.", timeout=PATIENCE
    )


def wait_until_loud(home: Path, enough: Callable[[float], bool]) -> None:
    ends = time.monotonic() + 10
    while not enough(parts.heard_by_phone(home, seconds=1.2)):
        assert time.monotonic() < ends, parts.heard_by_phone(home)
        time.sleep(0.1)


def wait_until_over(home: Path) -> None:
    """The telephone has no call any more."""
    ends = time.monotonic() + 10
    while True:
        lines = (home / "log").read_text(errors="replace")
        if lines.rfind("session closed") > lines.rfind("Call established"):
            return
        assert time.monotonic() < ends, lines[-2000:]
        time.sleep(0.1)


def wait_for_log(home: Path, text: str) -> None:
    ends = time.monotonic() + 10
    while text not in (home / "log").read_text(errors="replace"):
        assert time.monotonic() < ends, (home / "log").read_text(errors="replace")[-2000:]
        time.sleep(0.1)
