"""How soon waiting pages learn that the queue moves, and what each of them costs in memory.

    python -m benchmarks.signalling --pages 2000 --moves 20

Starts a ``serve`` of its own, connects as many customers' pages, which ping as real ones do, and
lets the first of the queue leave again and again. What is measured is the time from that word to
the new place in every other page. The client shares the machine's cores with the server.
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
from pathlib import Path

import websockets
from tests.contact.call_world import Agency, agency

PING = 5.0


def seed(pages: int) -> list[str]:
    """So many customers in the queue; their tokens in its order. No adviser is ready."""
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
    return [row.token for row in rows]


def seeded(at: Agency, pages: int) -> list[str]:
    code = (
        "import palveluverkko.cli.django_setup, json; from benchmarks.signalling import seed;"
        f" print(json.dumps(seed({pages})))"
    )
    environment = os.environ | {"PALVELUVERKKO_HOME": str(at.home)}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    tokens: list[str] = json.loads(made.stdout)
    return tokens


def megabytes(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """The server's own time, which other work on the machine does not lengthen."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Waiting:
    """One customer's page."""

    def __init__(self, url: str, token: str, number: int) -> None:
        self.url, self.token, self.number = url, token, number
        self.before = -1
        self.changed_at = 0.0

    async def connect(self) -> None:
        origin = "http" + self.url.removeprefix("ws").removesuffix("/ws/call/")
        self.socket = await websockets.connect(
            self.url, origin=origin, compression=None, ping_interval=None, open_timeout=60
        )
        hello = {"type": "hello", "page": f"window-{self.number:06d}", "token": self.token}
        await self.socket.send(json.dumps(hello))
        self.tasks = [asyncio.create_task(self.hear()), asyncio.create_task(self.ping())]

    async def hear(self) -> None:
        async for text in self.socket:
            word = json.loads(text)
            if word["type"] == "state" and word.get("before", self.before) != self.before:
                self.before, self.changed_at = word["before"], time.perf_counter()

    async def ping(self) -> None:
        await asyncio.sleep(random.random() * PING)
        while True:
            await self.socket.send('{"type":"ping"}')
            await asyncio.sleep(PING)


async def measure(at: Agency, tokens: list[str], moves: int) -> None:
    assert at.process is not None
    empty = megabytes(at.process.pid)
    pages = [Waiting(f"ws://127.0.0.1:{at.port}/ws/call/", t, n) for n, t in enumerate(tokens)]
    began = time.perf_counter()
    for start in range(0, len(pages), 50):
        await asyncio.gather(*(page.connect() for page in pages[start : start + 50]))
    while any(page.before != page.number for page in pages):
        await asyncio.sleep(0.1)
    print(f"{len(pages)} pages connected and placed in {time.perf_counter() - began:.1f} s")
    full = megabytes(at.process.pid)
    print(
        f"memory {empty:.0f} -> {full:.0f} MB, {(full - empty) * 1024 / len(pages):.1f} kB a page"
    )
    times: list[float] = []
    worst: list[float] = []
    own: list[float] = []
    for _ in range(moves):
        first, pages = pages[0], pages[1:]
        wanted = {page.number: page.before - 1 for page in pages}
        spent, left = cpu_seconds(at.process.pid), time.perf_counter()
        await first.socket.send('{"type":"leave"}')
        while any(page.before != wanted[page.number] for page in pages):
            await asyncio.sleep(0.01)
        found = [(page.changed_at - left) * 1000 for page in pages]
        times += found
        worst.append(max(found))
        own.append((cpu_seconds(at.process.pid) - spent) * 1000)
        await asyncio.sleep(0.5)
    times.sort()
    p95 = times[round(0.95 * len(times)) - 1]
    print(f"queue updates: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms,")
    print(
        f"the last page of a move: median {statistics.median(worst):.0f} ms, most {max(worst):.0f}"
    )
    print(f"the server's own time for a move: median {statistics.median(own):.0f} ms")
    for page in pages:
        for task in page.tasks:
            task.cancel()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=2000)
    arguments.add_argument("--moves", type=int, default=20)
    given = arguments.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server inherits it
    with tempfile.TemporaryDirectory() as home, agency(Path(home)) as at:
        asyncio.run(measure(at, seeded(at, given.pages), given.moves))


if __name__ == "__main__":
    main()
