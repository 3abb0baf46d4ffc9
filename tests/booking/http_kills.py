"""A real ``serve`` killed at random moments while customers book, move and cancel over HTTP.

    python -m tests.booking.http_kills KILLS

Needs an empty database (``DATABASE_URL``) or an empty ``PALVELUVERKKO_HOME``; prints what was left
of it all as JSON. Whoever gets no answer presses again, as people do.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connections
from django.utils import timezone

import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)
from palveluverkko.booking import projection, services
from palveluverkko.booking.links import read_link
from palveluverkko.booking.models import Booking
from palveluverkko.messages.background import work
from tests.booking import kill_helpers, town, truth

CUSTOMERS = 3
AINO = {"name": "Áŋŋá Žžâ", "phone": "040 123 4567", "email": "aino@example.org"}
WAYS = ({"mode": "appointment", "point": "kuopio"}, {"mode": "video"}, {"mode": "phone"})
PAGE = re.compile(r'name="page" value="([^"]+)"')
START = re.compile(r'name="start" value="([^"]+)"')
CSRF = "K" * 32


@dataclass
class Server:
    """One process that answers and works in the background, started again after each kill."""

    port: int = 0
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("palveluverkko")
        command = [str(program), "serve", "--workers", "--port", str(self.port)]
        with (Path(settings.HOME) / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=os.environ, stdout=log, stderr=log)
        ends = time.monotonic() + 90
        while not self._answers():
            assert time.monotonic() < ends, "the server does not come back"
            assert self.process.poll() is None, "the server ended by itself"
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/en/", trust_env=False, timeout=30).status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Told:
    """What one booking's customer saw last: ``confirmed`` or ``cancelled``, and for when."""

    link: str
    start: str
    state: str = "confirmed"
    asked: list[str] = field(default_factory=list)  # without an answer yet


class Customer(threading.Thread):
    """Books with a new browser each time, until told to stop and the last press is answered."""

    def __init__(self, server: Server, number: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.over = server, over
        self.chance = random.Random(number)
        self.told: list[Told] = []
        self.unanswered = 0
        self.failed = ""

    def run(self) -> None:
        try:
            while not self.over.is_set():
                with httpx.Client(
                    base_url=self.server.url,
                    cookies={"csrftoken": CSRF},
                    headers={"X-CSRFToken": CSRF},
                    timeout=60,
                    trust_env=False,
                ) as browser:
                    self._book(browser)
        except Exception as failure:  # told at the end: the test fails on it
            self.failed = repr(failure)

    def _book(self, browser: httpx.Client) -> None:
        wish = {**self.chance.choice(WAYS), "service": "general", "language": "fi"}
        page = self._ask(browser, "GET", "/en/book/", params=wish).text
        starts, names = START.findall(page), PAGE.findall(page)
        if not starts:
            time.sleep(0.05)
            return
        start = unescape(self.chance.choice(starts))
        form = {**wish, "page": names[0], "start": start}
        held = self._ask(browser, "POST", "/en/book/hold/", data=form)
        if held.status_code != 302:
            return  # others were quicker
        made = self._ask(browser, "POST", held.headers["location"], data=AINO)
        if made.status_code != 302 or "/b/" not in made.headers["location"]:
            return
        told = Told(made.headers["location"].removesuffix("booked/"), start)
        self.told.append(told)
        if self.chance.random() < 0.3:
            self._move(browser, told)
        if self.chance.random() < 0.6:
            told.asked.append("cancelled")
            self._ask(browser, "POST", f"{told.link}cancel/")
            told.state, told.asked = "cancelled", []

    def _move(self, browser: httpx.Client, told: Told) -> None:
        page = self._ask(browser, "GET", f"{told.link}move/").text
        starts, names = START.findall(page), PAGE.findall(page)
        if not starts:
            return
        start = unescape(self.chance.choice(starts))
        fields = dict(re.findall(r'name="(mode|point|service|language)" value="([^"]*)"', page))
        form = {**fields, "page": names[0], "start": start, "sure": "1"}
        moved = self._ask(browser, "POST", f"{told.link}move/", data=form)
        if moved.status_code == 302 and moved.headers["location"] == told.link:
            told.start = start

    def _ask(self, browser: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
        tries = 0
        while True:
            try:
                answer = browser.request(method, path, **more)
            except httpx.TransportError:
                self.unanswered += tries == 0
                tries += 1
                time.sleep(0.05)
                continue
            assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
            return answer


def play(kills: int) -> dict[str, object]:
    town.build()
    server, over, chance = Server(), threading.Event(), random.Random(20260302)
    connections.close_all()
    server.start()
    customers = [Customer(server, n, over) for n in range(CUSTOMERS)]
    for customer in customers:
        customer.start()
    for _ in range(kills):
        time.sleep(chance.choice([chance.uniform(0.05, 0.5), chance.uniform(0.5, 3)]))
        server.kill()
        server.start()
    over.set()
    for customer in customers:
        customer.join(timeout=90)
    server.kill()
    return left(customers) | {"kills": server.kills, "still": sum(c.is_alive() for c in customers)}


def left(customers: list[Customer]) -> dict[str, object]:
    """After a last run of a worker that nobody kills, when every lease is over."""
    later = timezone.now() + timedelta(minutes=20)
    services.expire_holds(later)
    while work(later).messages:
        pass
    while projection.refresh_stale():
        pass
    told = [one for customer in customers for one in customer.told]
    return {
        "told": len(told),
        "unanswered": sum(c.unanswered for c in customers),
        "failed": [c.failed for c in customers if c.failed],
        "untrue": [f"{one}: {found}" for one in told if (found := other_than(one))],
        "states": dict(Counter(Booking.objects.values_list("state", flat=True))),
        "doubles": truth.doubles(),
        "wrong": truth.wrongly_claimed(),
        "false_days": [f"{outlet} {day}" for outlet, day in truth.false_days(town.days())],
        **kill_helpers.messages(),
    }


def other_than(told: Told) -> str:
    """How the booking is, where that is neither what the customer saw nor what they asked last."""
    row = read_link(told.link.strip("/").rpartition("/")[2])
    start = f"{row.start:%Y-%m-%dT%H:%MZ}"
    is_as_told = row.state in (told.state, *told.asked) and start == told.start
    return "" if is_as_told else f"{row.state} at {start}"


if __name__ == "__main__":
    print(json.dumps(play(int(sys.argv[1])), default=str))
