"""From pressing *Come back* to the first picture of the other one, and what six people cost.

    python -m benchmarks.meeting --meetings 30
    python -m benchmarks.meeting --people 6 --seconds 20

The first: an adviser and a customer in two pages of one real Chromium; the customer's page leaves
and comes back by a press, with the camera asked for anew. *Seen* is the moment of the first decoded
frame of that connection (``framesDecoded`` of ``getStats``, looked at every 5 ms).

The second: so many pages of one Chromium in one meeting, everybody connected to everybody. Told are
bits a second that one page sends and gets, frames a second that it shows of each other one, and the
processor time of all browsers together, encoding and decoding in software, in cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.calls import talking_chromium
from tests.browser.meetings import adviser, got, guest, leave, let_in, wait_until_met
from tests.contact.call_world import Agency, agency
from tests.meeting.meeting_world import Made, meetings

WATCH = """() => {
  window.seenAt = 0;
  const known = window.links.length;
  const look = async () => {
    const link = window.links.length > known ? window.links.at(-1) : undefined;
    for (const one of link === undefined ? [] : (await link.getStats()).values()) {
      if (one.type === "inbound-rtp" && one.kind === "video" && one.framesDecoded > 0) {
        window.seenAt = Date.now();
      }
    }
    if (window.seenAt === 0) setTimeout(look, 5);
  };
  void look();
}"""
COME_BACK = """() => {
  window.pressedAt = Date.now();
  document.querySelector("[data-press=back]").click();
}"""
GUESTS = {
    "customer": "",
    "interpreter": "Interpreter",
    "companion": "Companion",
    "advocate": "Advocate",
}


def one_meeting(desk: Page, customer: Page) -> dict[str, float]:
    """Milliseconds from the press until each side sees the other."""
    customer.get_by_role("button", name="Leave the meeting").click()
    desk.wait_for_function("() => document.querySelectorAll('.tile').length === 1")
    for page in (desk, customer):
        page.evaluate(WATCH)
    customer.evaluate(COME_BACK)
    for page in (desk, customer):
        page.wait_for_function("() => window.seenAt > 0", timeout=30_000)
    pressed = customer.evaluate("window.pressedAt")
    return {
        "press to the customer seeing": customer.evaluate("window.seenAt") - pressed,
        "press to the adviser seeing": desk.evaluate("window.seenAt") - pressed,
    }


def many_meetings(browser: Browser, at: Agency, how_many: int) -> None:
    made = meetings(at, 1)[0]
    desk, customer = adviser(browser, at, made), guest(browser, at, made)
    wait_until_met(customer, 1)
    one_meeting(desk, customer)  # what a browser has warm
    runs = [one_meeting(desk, customer) for _ in range(how_many)]
    print(f"{len(runs)} meetings, milliseconds")
    for name in runs[0]:
        values = sorted(run[name] for run in runs)
        p95 = values[min(len(values) - 1, round(0.95 * len(values)) - 1)]
        print(f"{name}: median {statistics.median(values):.0f}, p95 {p95:.0f}")
    leave(desk, customer)


def crowd(browser: Browser, at: Agency, people: int, seconds: float) -> None:
    made: Made = meetings(at, 1)[0]
    pages = [adviser(browser, at, made)]
    for role, name in list(GUESTS.items())[: people - 1]:
        pages.append(guest(browser, at, made, role))
        if name:
            let_in(pages[0], name)
    if people == 6:
        pages.append(guest(browser, at, made, "host"))
        pages[0].get_by_role("button", name="Ask the host in").click()
    for page in pages:
        wait_until_met(page, people - 1, ("frames",))
    before, used, began = got(pages[-1]), _processor(), time.monotonic()
    pages[0].wait_for_timeout(seconds * 1_000)
    after, spent = got(pages[-1]), time.monotonic() - began
    used = (_processor() - used) / spent
    pairs = list(zip(after, before, strict=True))
    sent = sum(new["sent"] + new["said"] - old["sent"] - old["said"] for new, old in pairs)
    came = sum(new["seen"] + new["heard"] - old["seen"] - old["heard"] for new, old in pairs)
    frames = [(new["frames"] - old["frames"]) / spent for new, old in pairs]
    print(f"{people} people, {spent:.0f} s; the last page:")
    print(f"sends {sent * 8 / spent / 1000:.0f} kbit/s, gets {came * 8 / spent / 1000:.0f} kbit/s")
    print(f"frames a second of each other one: {', '.join(f'{each:.1f}' for each in frames)}")
    print(f"width of the pictures: {', '.join(str(new['width']) for new in after)}")
    print(f"all browsers together: {used:.2f} cores of {os.cpu_count()}")
    leave(*pages)


def _processor() -> float:
    """Seconds of processor time of this process's children and theirs, so far."""
    ticks, parents = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = int(fields[11]) + int(fields[12])
    mine = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(ticks[pid] for pid in mine) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--meetings", type=int, default=0)
    arguments.add_argument("--people", type=int, default=0, choices=range(2, 7))
    arguments.add_argument("--seconds", type=float, default=20)
    given = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        agency(Path(home)) as at,
        sync_playwright() as playwright,
        talking_chromium(playwright.chromium) as browser,
    ):
        if given.meetings:
            many_meetings(browser, at, given.meetings)
        if given.people:
            crowd(browser, at, given.people, given.seconds)


if __name__ == "__main__":
    main()
