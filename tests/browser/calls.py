"""Two real browsers' pages that call each other: what they hear, and how to get them talking."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.contact.call_world import Agency

FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",  # machines that have no other network
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
]
PATIENCE = 30_000
# Keeps the page's connections, so that a test can ask what goes through them.
KEEP = """
window.links = [];
const Real = RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...given) { super(...given); window.links.push(this); }
};
"""
HEARD = """async () => {
  const link = window.links.at(-1);
  if (link === undefined) return {packets: 0, energy: 0, sent: 0, kind: ""};
  const found = {packets: 0, energy: 0, sent: 0, kind: ""};
  const stats = await link.getStats();
  for (const one of stats.values()) {
    if (one.type === "inbound-rtp") {
      found.packets += one.packetsReceived; found.energy += one.totalAudioEnergy ?? 0;
    }
    if (one.type === "outbound-rtp") found.sent += one.packetsSent;
    if (one.type === "candidate-pair" && one.nominated && one.state === "succeeded") {
      found.kind = stats.get(one.localCandidateId)?.candidateType ?? "";
    }
  }
  return found;
}"""
NOTHING = {"packets": 0, "energy": 0}


@contextmanager
def talking_chromium(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    """A Chromium with a fake microphone that beeps, and that plays what it gets."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(
        executable_path=path, args=[*FLAGS, *flags], ignore_default_args=["--mute-audio"]
    )
    yield browser
    browser.close()


def window(browser: Browser, **given: Any) -> BrowserContext:
    context = browser.new_context(**given)
    context.add_init_script(KEEP)
    return context


def desk(browser: Browser, at: Agency, adviser: int = 0) -> Page:
    """An adviser's page that takes calls."""
    context = window(browser)
    cookie = {"name": "sessionid", "value": at.sessions[adviser], "url": at.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{at.url}/en/desk/calls/")
    page.get_by_role("button", name="Take calls").click()
    expect(page.locator("[data-work-state]")).to_contain_text("Ready", timeout=PATIENCE)
    return page


def customer(browser: Browser, at: Agency, **given: Any) -> Page:
    """A customer in the queue."""
    page = window(browser, **given).new_page()
    page.goto(f"{at.url}/en/call/")
    page.get_by_label("What do you need help with?").select_option("general")
    page.get_by_role("button", name="Call now").click()
    return page


def answer(at_desk: Page) -> None:
    at_desk.get_by_role("button", name="Answer").click(timeout=PATIENCE)


def wait_until_heard(page: Page, after: dict[str, Any] = NOTHING) -> dict[str, Any]:
    """More sound than before has come: packets, and energy in them."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        found = heard(page)
        if found["packets"] > after["packets"] + 20 and found["energy"] > after["energy"]:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"nothing more is heard than {found}")


def heard(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HEARD)
    return found
