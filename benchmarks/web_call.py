"""From the customer's click to the first sound heard, between two real Chromium pages.

    python -m benchmarks.web_call --calls 50
    python -m benchmarks.web_call --calls 50 --turn     # all sound through coturn, on the loopback

A ``serve`` of its own with one adviser, whose page presses *Answer* by a script as soon as it can
be pressed. *Heard* is the moment at which a page's jitter buffer has given out its first sample
(``jitterBufferEmittedCount`` of ``getStats``, looked at every 5 ms). Both pages share one clock.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.calls import desk, talking_chromium, turn_server, window
from tests.contact.call_world import Agency, agency

WATCH = """() => {
  window.heardAt = 0;
  const look = async () => {
    const link = window.links.at(-1);
    for (const one of link === undefined ? [] : (await link.getStats()).values()) {
      if (one.type !== "inbound-rtp" || one.jitterBufferEmittedCount === 0) continue;
      window.heardAt = Date.now();
    }
    if (window.heardAt === 0) setTimeout(look, 5);
  };
  window.links.length = 0;
  void look();
}"""
PRESS = """() => {
  window.answeredAt = 0;
  const timer = setInterval(() => {
    const button = document.querySelector("[data-press=accept]");
    if (button.offsetParent === null) return;
    clearInterval(timer);
    window.answeredAt = Date.now();
    button.click();
  }, 5);
}"""
CLICK = """() => {
  window.clickedAt = Date.now();
  document.querySelector("[data-begin]").click();
}"""


def one_call(browser: Browser, at: Agency, adviser: Page) -> dict[str, float]:
    """Milliseconds from the click, and from the answer, until each side hears."""
    caller = window(browser).new_page()
    caller.goto(f"{at.url}/en/call/")
    caller.get_by_label("What do you need help with?").select_option("general")
    adviser.evaluate(WATCH)
    adviser.evaluate(PRESS)
    caller.evaluate(WATCH)
    caller.evaluate(CLICK)
    for page in (caller, adviser):
        page.wait_for_function("() => window.heardAt > 0", timeout=30_000)
    clicked, customer_hears = caller.evaluate("() => [window.clickedAt, window.heardAt]")
    answered, adviser_hears = adviser.evaluate("() => [window.answeredAt, window.heardAt]")
    caller.get_by_role("button", name="End the call").click()
    adviser.get_by_role("button", name="Notes done").click()
    caller.context.close()
    return {
        "click to the ring answered": answered - clicked,
        "click to the customer hearing": customer_hears - clicked,
        "click to the adviser hearing": adviser_hears - clicked,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=50)
    arguments.add_argument("--turn", action="store_true")
    given = arguments.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment: dict[str, Any] = {}
        if given.turn:
            address, _process = stack.enter_context(turn_server(home, "secret"))
            environment = {"TURN_URLS": address, "TURN_SECRET": "secret", "TURN_ONLY": "1"}
        at = stack.enter_context(agency(home, **environment))
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(talking_chromium(playwright.chromium))
        adviser = desk(browser, at)
        one_call(browser, at, adviser)  # what a browser has warm
        calls = [one_call(browser, at, adviser) for _ in range(given.calls)]
    print(f"{len(calls)} calls{' through TURN' if given.turn else ''}, milliseconds")
    for name in calls[0]:
        values = sorted(call[name] for call in calls)
        p95 = values[min(len(values) - 1, round(0.95 * len(values)) - 1)]
        print(
            f"{name}: median {statistics.median(values):.0f}, p95 {p95:.0f}, most {values[-1]:.0f}"
        )


if __name__ == "__main__":
    main()
