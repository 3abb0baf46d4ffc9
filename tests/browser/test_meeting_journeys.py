"""Meetings by video between real Chromium pages, against a real ``serve``."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations, violations_at_all_widths
from tests.browser.calls import CHROMIUM, PATIENCE, talking_chromium, turn_server, window
from tests.browser.meetings import adviser, got, guest, leave, let_in, wait_until_met
from tests.contact.call_world import Agency, agency
from tests.meeting.meeting_world import Made, meetings

# A network that lets no way through; and a page that need not wait 15 s to notice.
NOTHING_ARRIVES = """
const Kept = RTCPeerConnection;
window.RTCPeerConnection = class extends Kept {
  constructor(how) { super({...how, iceServers: [], iceTransportPolicy: "relay"}); }
};
const later = window.setTimeout;
window.setTimeout = (act, wait, ...more) => later(act, wait === 15000 ? 1000 : wait, ...more);
"""
ON_THE_DEVICE = """
window.SpeechRecognition = class extends EventTarget {
  processLocally = false;
  static async available() { return "available"; }
  start() {
    window.recognised = {local: this.processLocally, lang: this.lang};
    const results = [Object.assign([{transcript: "I need help"}], {isFinal: false})];
    setTimeout(() => this.onresult({resultIndex: 0, results}), 200);
  }
  stop() {}
};
"""
NOT_ON_THE_DEVICE = """
window.SpeechRecognition = class extends EventTarget {
  static async available() { return "unavailable"; }
};
"""
FACE = 640  # a camera on a face is at most so wide; a busy machine sends less
ON_PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    flags = ["--auto-select-desktop-capture-source=Entire screen"]
    with talking_chromium(chromium.browser_type, *flags) as launched:
        yield launched


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    with agency(tmp_path_factory.mktemp("agency")) as running:
        yield running


@pytest.fixture(scope="module")
def prepared(serving: Agency) -> Iterator[Made]:
    return iter(meetings(serving, 12))


@pytest.fixture
def meeting(prepared: Iterator[Made]) -> Made:
    return next(prepared)


def test_two_people_see_and_hear_each_other(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    customer = guest(browser, serving, meeting, **ON_PHONE)
    expect(customer.locator("[data-wait]")).to_contain_text("The adviser will let you in")
    assert violations_at_all_widths(customer) == []
    desk = adviser(browser, serving, meeting)
    for page in (desk, customer):
        wait_until_met(page, 1)
        assert violations(page) == []
    assert customer.url.endswith("/en/meeting/room/")
    customer.get_by_label("Your text").fill("Hyvää päivää <b>ŋ</b>")
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("[data-lines]")).to_contain_text("Customer")
    expect(desk.locator("[data-lines]")).to_contain_text("Hyvää päivää <b>ŋ</b>")
    desk.get_by_label("What was agreed").fill("Sends the form")
    expect(desk.locator("[data-notes-status]")).to_contain_text("saved")
    assert violations_at_all_widths(customer) == []
    assert violations_at_all_widths(desk) == []
    desk.get_by_role("button", name="End for everybody").click()
    desk.get_by_role("button", name="End the meeting", exact=True).click()
    for page in (desk, customer):
        expect(page.locator("[data-over]")).to_have_text("The meeting has ended.")
        expect(page.locator("[data-over]")).to_be_focused()
        assert got(page) == []
    leave(desk, customer)


def test_the_link_is_worthless_in_another_browser(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    first = guest(browser, serving, meeting)
    second = window(browser).new_page()
    for link in (meeting.links["customer"], "guess"):
        second.goto(f"{serving.url}/en/meeting/{link}/")
        second.get_by_role("button", name="Open the meeting").click()
        expect(second.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    assert violations_at_all_widths(second) == []
    second.goto(f"{serving.url}/en/meeting/room/")
    expect(second.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    # The first browser may open it again.
    first.goto(f"{serving.url}/en/meeting/{meeting.links['customer']}/")
    first.get_by_role("button", name="Open the meeting").click()
    expect(first.locator("[data-wait]")).to_contain_text("will let you in")
    leave(first, second)


def test_four_people_meet_and_one_is_taken_out(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk = adviser(browser, serving, meeting)
    customer = guest(browser, serving, meeting)
    wait_until_met(customer, 1)
    interpreter = guest(browser, serving, meeting, "interpreter")
    expect(desk.locator("[data-door]")).to_contain_text("Interpreter", timeout=PATIENCE)
    assert violations_at_all_widths(desk) == []
    expect(interpreter.locator("[data-step=inside]")).to_be_hidden()
    assert got(interpreter) == []
    let_in(desk, "Interpreter")
    for page in (desk, customer, interpreter):
        wait_until_met(page, 2)
    friend = guest(browser, serving, meeting, "companion")
    let_in(desk, "Companion")
    everybody = (desk, customer, interpreter, friend)
    for page in everybody:
        wait_until_met(page, 3)
    assert violations_at_all_widths(desk) == []
    desk.get_by_role("button", name="Take Companion out").click()
    expect(friend.locator("[data-over]")).to_contain_text("taken out")
    assert got(friend) == []
    for page in everybody[:3]:
        wait_until_met(page, 2)
    friend.reload()
    expect(friend.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    leave(*everybody)


def test_a_killed_server_ends_no_meeting(browser: Browser, serving: Agency, meeting: Made) -> None:
    desk, customer = adviser(browser, serving, meeting), guest(browser, serving, meeting)
    for page in (desk, customer):
        wait_until_met(page, 1)
    serving.kill()
    for page in (desk, customer):
        expect(page.locator("[data-lost]")).to_contain_text("lost its connection", timeout=PATIENCE)
        wait_until_met(page, 1)
    customer.get_by_label("Your text").fill("Still there?")
    customer.get_by_role("button", name="Send", exact=True).click()
    serving.start()
    expect(desk.locator("[data-lines]")).to_contain_text("Still there?", timeout=PATIENCE)
    for page in (desk, customer):
        expect(page.locator("[data-lost]")).to_be_empty(timeout=PATIENCE)
        wait_until_met(page, 1)
        assert page.evaluate("window.links.length") == 1
    leave(desk, customer)


def test_who_leaves_or_loads_the_page_again_comes_back(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk, customer = adviser(browser, serving, meeting), guest(browser, serving, meeting)
    for page in (desk, customer):
        wait_until_met(page, 1)
    customer.get_by_role("button", name="Leave the meeting").click()
    expect(customer.locator("[data-over]")).to_contain_text("You have left")
    expect(desk.locator("[data-status]")).to_contain_text("Nobody else")
    assert got(desk) == []
    assert violations(customer) == []
    customer.get_by_role("button", name="Come back").click()
    for page in (desk, customer):
        wait_until_met(page, 1)
    for page in (desk, customer):
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        for each in (desk, customer):
            wait_until_met(each, 1)
    leave(desk, customer)


def test_screen_and_document_are_seen_by_the_other(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    # A browser of its own: the fake camera keeps its size while another page uses it.
    with talking_chromium(browser.browser_type) as theirs:
        desk, customer = adviser(browser, serving, meeting), guest(theirs, serving, meeting)
        for page in (desk, customer):
            wait_until_met(page, 1)
            assert got(page)[0]["width"] <= FACE
        customer.get_by_role("button", name="Show a document with the camera").click()
        wait_for_width(desk, lambda width: width > 1_000)
        expect(desk.locator("[data-said]")).to_contain_text("Customer shows something")
        expect(desk.locator(".tile--large")).to_have_attribute("data-seat", "2")
        customer.get_by_role("button", name="Stop showing the document").click()
        wait_for_width(desk, lambda width: 0 < width <= FACE)
        desk.get_by_role("button", name="Show my screen").click()
        expect(customer.locator("[data-said]")).to_contain_text("Adviser shows something")
        wait_for_width(customer, lambda width: width > FACE)
        assert violations(customer) == []
        desk.get_by_role("button", name="Stop showing the screen").click()
        wait_for_width(customer, lambda width: 0 < width <= FACE)
        leave(desk, customer)


def test_camera_off_lets_the_camera_go_and_sound_only_sends_no_picture(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk, customer = adviser(browser, serving, meeting), guest(browser, serving, meeting)
    for page in (desk, customer):
        wait_until_met(page, 1)
    customer.get_by_role("button", name="Camera off").click()
    expect(desk.locator("[data-seat='2']")).to_contain_text("no picture")
    customer.wait_for_function("() => window.links[0].getSenders()[1].track === null")
    stands_still(desk, "seen")
    customer.get_by_role("button", name="Camera on").click()
    wait_until_met(desk, 1)
    customer.get_by_role("button", name="Microphone off").click()
    expect(desk.locator("[data-seat='2']")).to_contain_text("microphone off")
    customer.get_by_role("button", name="Microphone on").click()
    customer.get_by_role("button", name="Slow connection: sound only").click()
    stands_still(customer, "seen")
    stands_still(desk, "seen")
    wait_until_met(desk, 1, ("heard", "said"))
    customer.get_by_role("button", name="Picture and sound again").click()
    for page in (desk, customer):
        wait_until_met(page, 1)
    leave(desk, customer)


def test_without_camera_and_microphone_one_sees_hears_and_writes(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    refusing = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--allow-loopback-in-peer-connection"],
        ignore_default_args=["--mute-audio"],
    )
    customer = guest(refusing, serving, meeting)
    expect(customer.locator("[data-camera-state]")).to_contain_text("go on without")
    expect(customer.locator("[data-microphone-state]")).to_contain_text("you hear and write")
    assert violations_at_all_widths(customer) == []
    desk = adviser(browser, serving, meeting)
    wait_until_met(customer, 1, ("heard", "energy", "seen", "frames"))
    expect(desk.locator("[data-seat='2']")).to_contain_text("no picture")
    customer.get_by_label("Your text").fill("I write")
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("[data-lines]")).to_contain_text("I write")
    leave(desk, customer)
    refusing.close()


def test_where_nothing_gets_through_the_page_says_so_and_the_text_goes_on(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk = adviser(browser, serving, meeting)
    context = window(browser)
    context.add_init_script(NOTHING_ARRIVES)
    customer = context.new_page()
    customer.goto(f"{serving.url}/en/meeting/{meeting.links['customer']}/")
    customer.get_by_role("button", name="Open the meeting").click()
    expect(customer.locator("[data-problems]")).to_contain_text(
        "Picture and sound of Adviser do not get through", timeout=PATIENCE
    )
    assert violations(customer) == []
    customer.get_by_label("Your text").fill("I write")
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("[data-lines]")).to_contain_text("I write")
    leave(desk, customer)


def test_captions_only_where_speech_is_recognised_on_the_device(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk = adviser(browser, serving, meeting)
    button = "Show what I say as text"
    found = {}
    for name, script in (("able", ON_THE_DEVICE), ("unable", NOT_ON_THE_DEVICE)):
        context = window(browser)
        context.add_init_script(script)
        page = context.new_page()
        role = "customer" if name == "able" else "companion"
        page.goto(f"{serving.url}/en/meeting/{meeting.links[role]}/")
        page.get_by_role("button", name="Open the meeting").click()
        found[name] = page
    let_in(desk, "Companion")
    for page in found.values():
        expect(page.locator("[data-step=inside]")).to_be_visible(timeout=PATIENCE)
    expect(found["unable"].get_by_role("button", name=button)).to_have_count(0)
    found["able"].get_by_role("button", name=button).click()
    expect(desk.locator("[data-captions]")).to_contain_text("Customer: I need help")
    expect(found["unable"].locator("[data-captions]")).to_contain_text("Customer: I need help")
    assert found["able"].evaluate("window.recognised") == {"local": True, "lang": "en-US"}
    assert violations(desk) == []
    leave(desk, *found.values())


def test_devices_and_connection_are_tested_before(browser: Browser, serving: Agency) -> None:
    page = window(browser, **ON_PHONE).new_page()
    page.goto(f"{serving.url}/en/meeting/test/")
    page.get_by_role("button", name="Begin the test").click()
    expect(page.locator("[data-camera-state]")).to_have_text("The camera works.")
    expect(page.locator("[data-microphone-state]")).to_contain_text("works", timeout=PATIENCE)
    expect(page.locator("[data-connection-state]")).to_contain_text("The connection works")
    page.get_by_role("button", name="Play a tone").click()
    expect(page.locator("[data-tone-state]")).to_contain_text("Did you hear it?")
    assert page.locator("#device-camera option").count() >= 1
    assert violations_at_all_widths(page) == []
    leave(page)


REFUSES_ONCE = """
const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
window.refuses = true;
media.getUserMedia = (what) => window.refuses
  ? Promise.reject(new DOMException("blocked", "NotAllowedError")) : ask(what);
"""


def test_a_blocked_camera_and_microphone_can_be_tried_again(
    browser: Browser, serving: Agency
) -> None:
    page = window(browser, **ON_PHONE).new_page()
    page.add_init_script(REFUSES_ONCE)
    page.goto(f"{serving.url}/en/meeting/test/")
    page.get_by_role("button", name="Begin the test").click()
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(page.locator("[data-blocked]")).to_contain_text("load the page again")
    assert violations_at_all_widths(page) == []
    page.evaluate("window.refuses = false")
    again.click()
    expect(page.locator("[data-camera-state]")).to_have_text("The camera works.")
    expect(again).to_be_hidden()
    leave(page)


def test_who_has_left_is_not_called_back_to_a_meeting_that_has_ended(
    browser: Browser, serving: Agency, meeting: Made
) -> None:
    desk, customer = adviser(browser, serving, meeting), guest(browser, serving, meeting)
    for page in (desk, customer):
        wait_until_met(page, 1)
    desk.locator("[data-invite-box] summary").click()
    sent = desk.get_by_label("Phone number or e-mail address, if it is sent")
    expect(sent).to_be_hidden()
    desk.get_by_label("How the link goes there").select_option("sms")
    expect(sent).to_be_visible()
    desk.get_by_label("How the link goes there").select_option("link")
    expect(sent).to_be_hidden()
    customer.get_by_role("button", name="Leave the meeting").click()
    back = customer.get_by_role("button", name="Come back")
    expect(back).to_be_visible()
    desk.get_by_role("button", name="End for everybody").click()
    desk.get_by_role("button", name="End the meeting").click()
    expect(back).to_be_hidden(timeout=PATIENCE)
    expect(customer.locator("[data-over]")).to_contain_text("does not lead to a meeting")
    leave(desk, customer)


def test_all_goes_through_coturn_where_it_must(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home: Path = tmp_path_factory.mktemp("turn")
    with turn_server(home, "secret") as (address, process):
        settings = {"TURN_URLS": address, "TURN_SECRET": "secret", "TURN_ONLY": "1"}
        with agency(tmp_path_factory.mktemp("agency"), **settings) as serving:
            made = meetings(serving, 1)[0]
            desk, customer = adviser(browser, serving, made), guest(browser, serving, made)
            for page in (desk, customer):
                assert wait_until_met(page, 1)[0]["kind"] == "relay"
            # The way breaks for a while, and comes back by itself.
            process.send_signal(signal.SIGSTOP)
            for page in (desk, customer):
                expect(page.locator("[data-status]")).to_contain_text("was lost", timeout=PATIENCE)
            process.send_signal(signal.SIGCONT)
            for page in (desk, customer):
                expect(page.locator("[data-status]")).to_contain_text(
                    "is in the meeting", timeout=PATIENCE
                )
                wait_until_met(page, 1)
            leave(desk, customer)


def wait_for_width(page: Page, wanted: object) -> None:
    """The picture that comes has another size."""
    for _try in range(100):
        width = got(page)[0]["width"]
        if wanted(width):  # type: ignore[operator]
            return
        page.wait_for_timeout(150)
    raise AssertionError(f"the picture is {width} wide")


def stands_still(page: Page, fact: str) -> None:
    """Nothing more of it comes for a while."""
    for _try in range(40):
        before = got(page)[0][fact]
        page.wait_for_timeout(1_000)
        if got(page)[0][fact] - before < 500:
            return
    raise AssertionError(f"{fact} goes on")
