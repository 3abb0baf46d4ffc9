"""Calls over networks that change or let little through: a real second network, real sound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.calls import (
    CHROMIUM,
    PATIENCE,
    answer,
    customer,
    desk,
    free_port,
    heard,
    talking_chromium,
    turn_server,
    wait_until_heard,
)
from tests.browser.networks import AGENCY, ELSEWHERE, HERE, Customer, another_machine
from tests.contact.call_world import Agency, agency
from tests.front import front

SECRET = "a secret"
# The way that carries the sound now: this side's address, and how it reaches a TURN server.
WAY = """async () => {
  const stats = await window.links.at(-1).getStats();
  let way = {address: "", relayed: ""};
  for (const one of stats.values()) {
    if (one.type !== "transport") continue;
    const local = stats.get(stats.get(one.selectedCandidatePairId)?.localCandidateId);
    way = {address: local?.address ?? "", relayed: local?.relayProtocol ?? ""};
  }
  return way;
}"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    assert CHROMIUM is not None
    with another_machine(tmp_path_factory.mktemp("machine"), CHROMIUM) as made:
        yield made


@pytest.fixture(scope="module")
def turn_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def serving(
    machine: Customer, turn_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Agency, Agency]]:
    """The agency as its adviser reaches it, and as the customer does."""
    environment = {
        "ALLOWED_HOSTS": f"localhost,127.0.0.1,{AGENCY}",
        "TURN_URLS": f"turn:{AGENCY}:{turn_port}?transport=tcp",
        "TURN_SECRET": SECRET,
    }
    with agency(tmp_path_factory.mktemp("agency"), **environment) as running:  # noqa: SIM117
        with front(running.port, host=AGENCY) as port:
            yield running, replace(running, port=port, host=AGENCY)


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    with talking_chromium(chromium.browser_type) as launched:
        yield launched


@pytest.fixture
def away(machine: Customer, serving: tuple[Agency, Agency], chromium: Browser) -> Iterator[Browser]:
    """The customer's browser. A microphone needs TLS, or a promise that this address is safe."""
    safe = f"--unsafely-treat-insecure-origin-as-secure={serving[1].url}"
    with talking_chromium(chromium.browser_type, safe, path=str(machine.chromium)) as launched:
        yield launched


def way(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(WAY)
    return found


def lost(page: Page) -> Any:
    return page.get_by_text("The connection was lost")


def write(page: Page, text: str) -> None:
    page.get_by_label("Your text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def test_a_call_goes_on_from_another_address(
    browser: Browser, away: Browser, machine: Customer, serving: tuple[Agency, Agency]
) -> None:
    adviser, caller = desk(browser, serving[0]), customer(away, serving[1])
    answer(adviser)
    wait_until_heard(caller)
    wait_until_heard(adviser)
    assert way(caller)["address"] == HERE
    machine.move()
    began = time.monotonic()
    for page in (adviser, caller):
        expect(lost(page)).to_be_visible(timeout=6_000)
    for page in (adviser, caller):
        expect(lost(page)).to_be_hidden(timeout=30_000)
        wait_until_heard(page, heard(page))
    assert time.monotonic() - began < 30
    assert way(caller)["address"] == ELSEWHERE
    assert caller.evaluate("window.links.length") == 1, "the same call, not another one"
    write(caller, "From elsewhere")
    expect(adviser.locator("[data-lines]")).to_contain_text("From elsewhere", timeout=PATIENCE)
    end(adviser, caller)


def test_without_udp_the_page_says_so_and_text_or_a_detour_goes_on(
    browser: Browser,
    away: Browser,
    machine: Customer,
    serving: tuple[Agency, Agency],
    turn_port: int,
    tmp_path: Path,
) -> None:
    machine.block_udp()
    adviser, caller = desk(browser, serving[0]), customer(away, serving[1])
    answer(adviser)
    expect(caller.locator("[data-problem=no_sound]")).to_be_visible(timeout=17_000)
    expect(adviser.get_by_text("The sound does not get through")).to_be_visible(timeout=17_000)
    write(caller, "I hear nothing")
    expect(adviser.locator("[data-lines]")).to_contain_text("I hear nothing")
    write(adviser, "Let us write then")
    expect(caller.locator("[data-lines]")).to_contain_text("Let us write then")
    end(adviser, caller)

    with turn_server(tmp_path, SECRET, AGENCY, turn_port, "tcp"):
        adviser, caller = desk(browser, serving[0]), customer(away, serving[1])
        answer(adviser)
        wait_until_heard(caller)
        wait_until_heard(adviser)
        assert way(caller)["relayed"] == "tcp"
        end(adviser, caller)


def end(adviser: Page, caller: Page) -> None:
    adviser.get_by_role("button", name="End the call").click()
    expect(caller.get_by_role("heading", name="The call has ended")).to_be_visible()
    adviser.get_by_role("button", name="Take no more calls").click()
    expect(adviser.locator("[data-work-state]")).to_contain_text("no calls")
    caller.context.close()
    adviser.context.close()
