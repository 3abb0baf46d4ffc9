"""How soon connected pages learn that the queue moves, and what each of them costs in memory.

    python -m benchmarks.signalling --pages 2000 --desks 200 --moves 20

Starts a ``serve`` of its own, connects as many pages, which ping as real ones do, and lets the
first of the queue leave again and again. What is measured is the time from that word to the new
place in every other customer's page, and to the new length of the queue in every desk's. The client
shares the machine's cores with the server; the server's own processor time is told beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop
from tests.contact.call_world import Agency, agency

from benchmarks.wire import Wire, connect

PING = 5.0
APART = 50  # pages that connect at the same time


def seed(pages: int, desks: int) -> tuple[list[str], list[str]]:
    """Tokens of so many customers in the queue's order, and sessions of advisers not yet ready."""
    from datetime import timedelta

    from django.utils import timezone

    from palveluverkko.contact.models import Contact

    now = timezone.now()
    rows = [
        Contact(
            key=f"bench:{n}",
            channel="web_call",
            service_id="general",
            language="fi",
            entered_at=now + timedelta(milliseconds=n - pages),
            came_at=now,
            seen_at=now + timedelta(hours=1),  # nobody is given up while the pages connect
        )
        for n in range(pages)
    ]
    Contact.objects.bulk_create(rows, batch_size=500)
    return [row.token for row in rows], [desk_session(n) for n in range(desks)]


def desk_session(number: int) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import Permission, User
    from django.contrib.sessions.backends.db import SessionStore
    from tests.booking import world

    person = world.adviser(f"Desk {number}")
    person.user = User.objects.create_user(f"desk{number}")
    person.user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
    person.save()
    session = SessionStore()
    session[SESSION_KEY] = str(person.user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def seeded(at: Agency, pages: int, desks: int) -> tuple[list[str], list[str]]:
    code = (
        "import palveluverkko.cli.django_setup, json; from benchmarks.signalling import seed;"
        f" print(json.dumps(seed({pages}, {desks})))"
    )
    environment = os.environ | {"PALVELUVERKKO_HOME": str(at.home)}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    tokens, sessions = json.loads(made.stdout)
    return tokens, sessions


def megabytes(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """The server's own time, which other work on the machine does not lengthen."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Page:
    """A page and the number that it shows: who is before it, or for a desk who waits."""

    def __init__(self, path: str, hello: dict[str, str], shows: bytes, cookie: str = "") -> None:
        self.path, self.cookie = path, cookie
        self.hello = json.dumps({"type": "hello", **hello})
        self._shows = b'"' + shows + b'":'
        self.shown = -1
        self.changed_at = 0.0

    async def connect(self, port: int) -> None:
        self.wire: Wire = await connect(port, self.path, self.hear, self.cookie)
        self.wire.say(self.hello)
        self.pinging = asyncio.create_task(self.ping())

    def hear(self, text: bytes) -> None:
        _before, found, rest = text.partition(self._shows)
        if found:
            shown = int(rest.replace(b"}", b",").split(b",", 1)[0])
            if shown != self.shown:
                self.shown, self.changed_at = shown, time.perf_counter()

    async def ping(self) -> None:
        await asyncio.sleep(random.random() * PING)
        while True:
            self.wire.say('{"type":"ping"}')
            await asyncio.sleep(PING)


def groups(pages: list[Page]) -> Iterator[list[Page]]:
    for start in range(0, len(pages), APART):
        yield pages[start : start + APART]


async def connected(at: Agency, customers: list[Page], desks: list[Page]) -> None:
    assert at.process is not None
    empty, everybody = megabytes(at.process.pid), desks + customers
    began = time.perf_counter()
    for some in groups(everybody):
        await asyncio.gather(*(page.connect(at.port) for page in some))
    while not as_it_is(customers, desks, len(customers)):
        await asyncio.sleep(0.1)
    print(f"{len(everybody)} pages connected and placed in {time.perf_counter() - began:.1f} s")
    full = megabytes(at.process.pid)
    each = (full - empty) * 1024 / len(everybody)
    print(f"memory {empty:.0f} -> {full:.0f} MB, {each:.1f} kB a page")


def as_it_is(customers: list[Page], desks: list[Page], waiting: int) -> bool:
    return all(page.shown == n for n, page in enumerate(customers)) and all(
        page.shown == waiting for page in desks
    )


async def measure(at: Agency, tokens: list[str], sessions: list[str], moves: int) -> None:
    assert at.process is not None
    customers = [
        Page("/ws/call/", {"page": f"window-{n:06d}", "token": token}, b"before")
        for n, token in enumerate(tokens)
    ]
    desks = [
        Page("/ws/desk/", {"page": f"desk-{n:06d}"}, b"waiting", f"sessionid={session}")
        for n, session in enumerate(sessions)
    ]
    await connected(at, customers, desks)
    times: list[float] = []
    worst: list[float] = []
    own: list[float] = []
    for _ in range(moves):
        first, customers = customers[0], customers[1:]
        spent, left = cpu_seconds(at.process.pid), time.perf_counter()
        first.wire.say('{"type":"leave"}')
        while not as_it_is(customers, desks, len(customers)):
            await asyncio.sleep(0.02)
        found = [(page.changed_at - left) * 1000 for page in customers + desks]
        times += found
        worst.append(max(found))
        own.append((cpu_seconds(at.process.pid) - spent) * 1000)
        await asyncio.sleep(random.uniform(0.4, 0.9))
    times.sort()
    p95 = times[round(0.95 * len(times)) - 1]
    print(f"queue updates: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms,")
    print(
        f"the last page of a move: median {statistics.median(worst):.0f} ms, most {max(worst):.0f}"
    )
    print(f"the server's own time for a move: median {statistics.median(own):.0f} ms")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=2000)
    arguments.add_argument("--desks", type=int, default=200, help="of the pages")
    arguments.add_argument("--moves", type=int, default=20)
    given = arguments.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server inherits it
    with tempfile.TemporaryDirectory() as home, agency(Path(home)) as at:
        tokens, sessions = seeded(at, given.pages - given.desks, given.desks)
        uvloop.run(measure(at, tokens, sessions, given.moves))


if __name__ == "__main__":
    main()
