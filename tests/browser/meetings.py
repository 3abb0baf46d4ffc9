"""People in a meeting, each in a browser window of their own, and what reaches them."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.calls import PATIENCE, window
from tests.contact.call_world import Agency
from tests.meeting.meeting_world import Made

# What came through each connection that is still open: the others, one by one.
GOT = """async () => {
  const found = [];
  for (const link of window.links.filter((one) => one.connectionState === "connected")) {
    const one = {heard: 0, energy: 0, seen: 0, frames: 0, width: 0, said: 0, sent: 0, kind: ""};
    const stats = await link.getStats();
    for (const s of stats.values()) {
      if (s.type === "inbound-rtp" && s.kind === "audio") {
        one.heard += s.bytesReceived; one.energy += s.totalAudioEnergy ?? 0;
      }
      if (s.type === "inbound-rtp" && s.kind === "video") {
        one.seen += s.bytesReceived; one.frames += s.framesDecoded ?? 0;
        one.width = s.frameWidth ?? 0;
      }
      if (s.type === "outbound-rtp") one[s.kind === "audio" ? "said" : "sent"] += s.bytesSent;
      if (s.type === "candidate-pair" && s.nominated && s.state === "succeeded") {
        one.kind = stats.get(s.localCandidateId)?.candidateType ?? "";
      }
    }
    found.push(one);
  }
  return found;
}"""
Got = list[dict[str, Any]]
GROWS = ("heard", "energy", "seen", "frames", "said", "sent")


def adviser(browser: Browser, at: Agency, made: Made, **given: Any) -> Page:
    """The adviser, in the room."""
    context = window(browser, **({"viewport": {"width": 1280, "height": 900}} | given))
    cookies = {"sessionid": at.sessions[0], "meeting": made.seat}
    context.add_cookies(
        [{"name": name, "value": value, "url": at.url} for name, value in cookies.items()]  # type: ignore[misc]
    )
    page = context.new_page()
    page.goto(f"{at.url}/en/meeting/room/")
    expect(page.locator("[data-step=inside]")).to_be_visible(timeout=PATIENCE)
    return page


def guest(browser: Browser, at: Agency, made: Made, role: str = "customer", **given: Any) -> Page:
    """Somebody who has opened their link."""
    page = window(browser, **given).new_page()
    page.goto(f"{at.url}/en/meeting/{made.links[role]}/")
    page.get_by_role("button", name="Open the meeting").click()
    page.wait_for_url("**/en/meeting/room/", timeout=PATIENCE)
    return page


def let_in(adviser: Page, name: str) -> None:
    adviser.get_by_role("button", name=f"Let {name} in", exact=True).click(timeout=PATIENCE)


def got(page: Page) -> Got:
    found: Got = page.evaluate(GOT)
    return found


def wait_until_met(page: Page, others: int, facts: tuple[str, ...] = GROWS) -> Got:
    """From each of so many others more has come since now, and to each more has gone."""
    before: Got = []
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        now = got(page)
        if len(now) == others == len(before):
            if all(new[f] > old[f] for new, old in zip(now, before, strict=True) for f in facts):
                return now
        elif len(now) == others:
            before = now
        page.wait_for_timeout(150)
    raise AssertionError(f"{others} others are not met: {now}, before {before}")


def leave(*pages: Page) -> None:
    for page in pages:
        page.context.close()
