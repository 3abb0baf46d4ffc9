"""The desk's page calls a real telephone through Kamailio and rtpengine, and hears how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
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
# Tones that the page itself makes.
COUNT_TONES = """
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
        town[0].user = User.objects.create_user("caller", password="a long pass phrase")
        give_role(town[0].user, Role.ADVISER)
        town[0].save()
        callbacks.ask(wanted(name="Aino", phone=number), key="k", now=MORNING)
        page = context.new_page()
        page.goto(f"{live_server.url}/en/login/?next=/en/desk/callbacks/")
        page.fill("#id_username", "caller")
        page.fill("#id_password", "a long pass phrase")
        page.keyboard.press("Enter")
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


def state(page: Page) -> str:
    return page.locator("[data-phone-state]").inner_text()


def test_one_press_calls_and_both_hear(desk: Desk, home: Path, network: parts.Agency) -> None:
    page = desk(CUSTOMER)
    call(page)
    expect(page.locator("[data-phone-state]")).to_have_text(
        f"You are talking with {CUSTOMER}.", timeout=PATIENCE
    )
    wait_until_heard(page)
    page.wait_for_timeout(1_500)
    assert parts.heard_by_phone(home / "phone") > 300
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


def wait_for_log(home: Path, text: str) -> None:
    ends = time.monotonic() + 10
    while text not in (home / "log").read_text(errors="replace"):
        assert time.monotonic() < ends, (home / "log").read_text(errors="replace")[-2000:]
        time.sleep(0.1)
