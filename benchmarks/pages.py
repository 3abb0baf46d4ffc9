"""How fast the customers' pages answer at a steady rate, from a real ``palveluverkko serve``.

    palveluverkko demo --no-serve
    python -m benchmarks.pages --rate 50 --seconds 60

Starts the server on loopback with the database that DATABASE_URL or PALVELUVERKKO_HOME names, or
asks the one at ``--url`` (loopback only). Requests leave by the clock, whether or not earlier ones
have been answered, so that a slow answer cannot slow down the questions. What is measured is the
time from the moment a request was due to the last byte of its answer; beside it what the server
says of itself (``SERVER_TIMING=1``): waiting for a thread, the clock and its processor time in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import platform
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

MOST_RATE, MOST_SECONDS = 200, 300
SERVICES = ("identification", "social_assistance_urgent", "family", "pension", "general")
PLACES = ("Kuopio", "Helsinki", "00100", "Inari", "Turku", "Vaasa", "Joensuu", "Oulu", "Pori")
POINTS = ("kuopio", "helsinki", "joensuu", "forssa", "hamina", "espoo")
LANGUAGES = ("fi", "sv", "en")


def addresses(seed: int) -> Iterator[tuple[str, str]]:
    """Names of pages and addresses without end: half are searches, as customers' are."""
    chance = random.Random(seed)
    while True:
        name = chance.choice(("home", "results", "results", "results", "point", "book start"))
        prefix, service = f"/{chance.choice(LANGUAGES)}/", chance.choice(SERVICES)
        point = chance.choice(POINTS)
        if name == "results":
            sort = chance.choice(("", "", "earliest"))
            query = {"service": service, "place": chance.choice(PLACES), "sort": sort}
            yield name, f"{prefix}find/?{urlencode(query)}"
        elif name == "point":
            yield name, f"{prefix}service-points/{point}/"
        elif name == "book start":
            query = {"point": point, "mode": "appointment", "service": service, "language": "fi"}
            yield name, f"{prefix}book/?{urlencode(query)}"
        else:
            yield name, prefix


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds from when it was due; ``server``: by the server's own count, where it counts."""

    ms: float
    status: int
    server: dict[str, float]


async def ask(url: str, rate: int, seconds: int, seed: int) -> dict[str, list[Answer]]:
    """Every answer, by page."""
    told: dict[str, list[Answer]] = defaultdict(list)
    source = addresses(seed)
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        for _ in range(20):  # what a serving process has warm
            await client.get(next(source)[1])

        async def one(name: str, address: str, due: float) -> None:
            status, server = 0, {}  # as long as there is no whole answer
            with suppress(httpx.HTTPError):
                answer = await client.get(address)
                status, server = answer.status_code, server_times(answer)
            told[name].append(Answer((time.perf_counter() - due) * 1000, status, server))

        began = time.perf_counter()
        tasks = []
        for n in range(rate * seconds):
            due = began + n / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            tasks.append(asyncio.create_task(one(*next(source), due)))
        await asyncio.gather(*tasks)
    return told


def server_times(answer: httpx.Response) -> dict[str, float]:
    """ "queue;dur=0.4, app;dur=9.1" as milliseconds by name."""
    parts = [part.split(";dur=") for part in answer.headers.get("Server-Timing", "").split(",")]
    return {part[0].strip(): float(part[1]) for part in parts if len(part) == 2}


@contextmanager
def server(given: str, extra: Sequence[str] = ()) -> Iterator[tuple[str, int | None]]:
    """The address to ask and the process that answers, if it is ours."""
    if given:
        if urlsplit(given).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise SystemExit("only a server on loopback is asked")
        yield given, None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = str(Path(sys.executable).with_name("palveluverkko"))
    process = subprocess.Popen(
        [command, "serve", "--port", str(port), *extra],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"SERVER_TIMING": "1"},
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                httpx.get(f"{url}/fi/", timeout=30)
                break
            except httpx.TransportError:
                time.sleep(0.5)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_seconds(pid: int | None) -> float:
    """Processor time of a process and its children so far; 0 where it cannot be known."""
    if pid is None or not Path(f"/proc/{pid}/stat").exists():
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def row(name: str, answers: list[Answer]) -> dict[str, Any]:
    took = [answer.ms for answer in answers]
    found: dict[str, Any] = {
        "page": name,
        "answers": len(took),
        "p50_ms": percentile(took, 0.5),
        "p95_ms": percentile(took, 0.95),
        "not_200": sum(answer.status != 200 for answer in answers),
    }
    for part in ("queue", "app", "cpu"):
        counted = [answer.server[part] for answer in answers if part in answer.server]
        found[f"{part}_p50"] = percentile(counted, 0.5)
        found[f"{part}_p95"] = percentile(counted, 0.95)
    return found


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[int(len(ordered) * share)], 1) if ordered else math.nan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2018)
    parser.add_argument("--processes", type=int, default=1, help="needs REDIS_URL, of any server")
    parser.add_argument("--url", default="", help="a server that runs already")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    rate, seconds = min(options.rate, MOST_RATE), min(options.seconds, MOST_SECONDS)
    extra = ["--processes", str(options.processes)] if options.processes > 1 else []
    with server(options.url, extra) as (url, pid):
        before = cpu_seconds(pid)
        told = asyncio.run(ask(url, rate, seconds, options.seed))
        busy = cpu_seconds(pid) - before
    every = [answer for answers in told.values() for answer in answers]
    rows = [row(name, answers) for name, answers in sorted(told.items())] + [row("all", every)]
    report = {
        "benchmark": "pages",
        "rate": rate,
        "seconds": seconds,
        "server_cpu_ms_a_request": round(busy * 1000 / (len(every) + 20), 1) if pid else None,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    for key, value in report.items():
        print(f"{key:24} {value}")
    for found in rows:
        print(
            f"{found['page']:12} {found['answers']:6} answers  p50 {found['p50_ms']:7.1f} ms"
            f"  p95 {found['p95_ms']:7.1f} ms  not 200: {found['not_200']}"
            f"  server: waits {found['queue_p50']} / {found['queue_p95']}"
            f"  takes {found['app_p50']} / {found['app_p95']}"
            f"  of it processor {found['cpu_p50']} / {found['cpu_p95']} ms"
        )
    if options.json:
        whole = report | {"rows": rows}
        options.json.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
