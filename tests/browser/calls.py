"""Two real browsers' pages that call each other: what they hear, and how to get them talking."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.contact.call_world import Agency

FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",  # machines that have no other network
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
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
def talking_chromium(
    kind: BrowserType, *flags: str, path: str | None = CHROMIUM
) -> Iterator[Browser]:
    """A Chromium with a fake microphone that beeps, and that plays what it gets."""
    browser = kind.launch(
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
    page.locator("[data-press=ready]:visible").click(timeout=PATIENCE)
    expect(page.locator("[data-work-state]")).to_contain_text("Ready", timeout=PATIENCE)
    return page


def customer(browser: Browser, at: Agency, **given: Any) -> Page:
    """A customer in the queue."""
    page = window(browser, **given).new_page()
    page.goto(f"{at.url}/en/call/")
    page.get_by_label("What do you need help with?").select_option("general")
    page.get_by_role("button", name="Call now").click()
    return page


@contextmanager
def talk(browser: Browser, at: Agency) -> Iterator[tuple[Page, Page]]:
    """An adviser and a customer who hear each other; afterwards nobody is at work."""
    adviser = desk(browser, at)
    caller = customer(browser, at)
    answer(adviser)
    wait_until_heard(caller)
    wait_until_heard(adviser)
    yield adviser, caller
    adviser.get_by_role("button", name="End the call").click()
    expect(caller.get_by_role("heading", name="The call has ended")).to_be_visible()
    adviser.get_by_role("button", name="Take no more calls").click()
    expect(adviser.locator("[data-work-state]")).to_contain_text("no calls")
    caller.context.close()
    adviser.context.close()


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


@contextmanager
def turn_server(
    home: Path, secret: str, host: str = "127.0.0.1", port: int = 0, transport: str = "udp"
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """coturn on the loopback: its address, and the process, which can be stopped for a while.

    ``allow-loopback-peers`` opens local services to whoever has credentials: for tests only.
    """
    port = port or free_port(host)
    options = [f"--listening-ip={host}", f"--relay-ip={host}", f"--listening-port={port}"]
    options += ["--min-port=49160", "--max-port=65000", "--realm=service.test", "--fingerprint"]
    options += ["--use-auth-secret", f"--static-auth-secret={secret}", "--allow-loopback-peers"]
    options += ["--no-tls", "--no-dtls", "--no-cli", "--no-multicast-peers", "--log-file=stdout"]
    options += [f"--pidfile={home / 'turn.pid'}", "-n"]
    with (home / "turn.log").open("wb") as log:
        process = subprocess.Popen(["turnserver", *options], cwd=home, stdout=log, stderr=log)
    try:
        ends = time.monotonic() + 20
        while not _listens(host, port):
            if time.monotonic() > ends or process.poll() is not None:
                raise RuntimeError((home / "turn.log").read_text())
            time.sleep(0.05)
        yield f"turn:{host}:{port}?transport={transport}", process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
