"""An agency with so many remote advisers, and its processes: one that answers, two that work."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from tests.booking.world import MONDAY, local
from tests.day.clock import ASKED, FIRST, HEARD, HEARD_AGAIN, LOOKED, NOW, Clock

OPENS = local(7, 45)
ROOT = Path(__file__).parents[2]
SERVICES = ("general", "pension", "social_assistance_urgent")
# Who speaks what: most only Finnish, as in the country.
SPEAK = (("fi",), ("fi", "sv"), ("fi",), ("fi", "en"), ("fi", "sv", "en"))
PATIENCE = 180.0  # machines with much other work start slowly
NARROW = {"CALLBACK_MINUTES": "8"}  # short calls: a few advisers can promise many


def build(advisers: int) -> list[str]:
    """Advisers by telephone and video on five working days; a session key for each."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import Permission, User
    from django.contrib.sessions.backends.db import SessionStore

    from palveluverkko.network.models import RemoteChannel
    from tests.booking import world

    world.point(languages=["fi", "sv", "en"])
    for channel in ("video", "phone"):
        RemoteChannel.objects.create(code=channel, name_fi=channel, synthetic=True)
    keys = []
    for n in range(advisers):
        person = world.adviser(f"Adviser {n + 1}", languages=SPEAK[n % len(SPEAK)])
        for day in (MONDAY + timedelta(days=d) for d in range(5)):
            world.shift(person, local(8, day=day), local(16, 30, day=day), modes=("phone", "video"))
        user = User.objects.create_user(f"adviser{n + 1}")
        user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
        person.user = user
        person.save()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(str(session.session_key))
    return keys


@dataclass
class Program:
    """One process of the product, and how often it was killed."""

    name: str
    words: tuple[str, ...]
    clock: Clock
    home: Path
    slot: int
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for slot in self._slots():
            self.clock[slot] = 0
        environment = os.environ | NARROW | {"DAY_SLOT": str(self.slot)}
        command = [sys.executable, "-m", "tests.day.clocked", *self.words]
        with (self.home / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.kills += 1

    def has_seen(self, stamp: float) -> bool:
        """Whether both its tickers are through with the time; not asked of one that only starts."""
        if self.process is None:
            return True
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log()[-3000:]}")
        return all(self.clock[s] >= stamp or self.clock[s] == 0 for s in self._slots())

    def complaints(self) -> list[str]:
        """What it logged besides that it runs."""
        marks = ("Error", "ERROR", "Exception", "failed", "broke off")
        return [line for line in self.log().splitlines() if any(m in line for m in marks)]

    def log(self) -> str:
        return (self.home / f"{self.name}.log").read_text(errors="replace")

    def _slots(self) -> tuple[int, int]:
        return FIRST + 2 * self.slot, FIRST + 2 * self.slot + 1


@dataclass
class Town:
    """All of it. ``up`` is false while the process that answers is dead."""

    home: Path
    clock: Clock
    port: int = 0
    up: bool = False
    web: Program = field(init=False)
    workers: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        serve = ("serve", "--no-workers", "--port", str(self.port))
        self.web = Program("serve", serve, self.clock, self.home, 0)
        self.workers = [
            Program(f"worker{n}", ("worker", "--threads", "1"), self.clock, self.home, n)
            for n in (1, 2)
        ]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        for program in (self.web, *self.workers):
            program.start()
        await self.wait_until_up()
        await self._until(
            lambda: all(self.clock[s] for w in self.workers for s in w._slots()), "workers start"
        )

    def kill_web(self) -> None:
        self.up = False
        self.web.kill()

    async def wait_until_up(self) -> None:
        ends = time.monotonic() + PATIENCE
        async with httpx.AsyncClient(trust_env=False) as client:
            while not self.up:
                if time.monotonic() > ends:
                    raise RuntimeError(f"nothing answers: {self.web.log()[-3000:]}")
                try:
                    self.up = (await client.get(f"{self.url}/en/call/")).status_code == 200
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    async def step(self, seconds: float) -> None:
        """Move the clock, and wait until every worker has done what was due."""
        stamp = self.clock[NOW] + seconds
        self.clock[NOW] = stamp
        await self._until(lambda: all(w.has_seen(stamp) for w in self.workers), "workers")

    async def settle(self) -> None:
        """Every page has been told how things are now, and is on record as heard."""
        if not self.up:
            return
        heard = self.clock[NOW] - HEARD_AGAIN
        await self._until(lambda: self.clock[HEARD] > heard, "report of who is heard")
        self.clock[ASKED] = asked = self.clock[ASKED] + 1
        await self._until(lambda: self.clock[LOOKED] >= asked, "pages")
        await asyncio.sleep(0.002)  # our own readers take what has come

    def stop(self) -> None:
        for program in (self.web, *self.workers):
            if program.process is not None:
                program.process.kill()
                program.process.wait()

    async def _until(self, is_so: object, what: str) -> None:
        ends = time.monotonic() + PATIENCE
        while not is_so():  # type: ignore[operator]
            if time.monotonic() > ends:
                raise RuntimeError(f"waited in vain for the {what}")
            await asyncio.sleep(0.001)
