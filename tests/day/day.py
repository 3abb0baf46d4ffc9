"""The day: who comes when, the clock that strides through it, and the processes that are killed."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.booking.world import MONDAY, local
from tests.day.advisers import Adviser
from tests.day.browser import Browser, heading
from tests.day.clock import Clock
from tests.day.customers import Asker, Caller, Customer, World
from tests.day.ledger import Inbox, Ledger
from tests.day.town import OPENS, Program, Town

CLOSES = local(16, 30)
LATEST = local(17, 30)  # whoever still talks then is ended by the night
NIGHT = local(4, 45, day=MONDAY + timedelta(days=1))
# The pool concludes from silence only while it was watched without a hole of twenty seconds.
FINE, COARSE = 10.0, 60.0
AT_ONCE = 8  # actors whose requests are under way at the same moment


@dataclass(frozen=True)
class Size:
    """``stride``: how many seconds the clock goes at once while nobody has vanished."""

    callbacks: int
    calls: int
    videos: int
    advisers: int
    stride: float
    worker_kills: int = 2
    web_kills: int = 1


SIZES = {
    "small": Size(callbacks=40, calls=24, videos=4, advisers=3, stride=COARSE),
    "quick": Size(callbacks=100, calls=60, videos=8, advisers=5, stride=COARSE),
    "full": Size(500, 300, 40, advisers=22, stride=FINE, worker_kills=4, web_kills=2),
}


class Day:
    def __init__(
        self, home: Path, clock: Clock, size: Size, seed: int, sessions: list[str]
    ) -> None:
        self.size, self.clock = size, clock
        self.chance = random.Random(seed)
        self.town = Town(home, clock)
        self.world = World(self.town, Ledger(), Inbox(home), self.chance)
        self.advisers = [Adviser(self.world, n, key) for n, key in enumerate(sessions)]
        self.customers = self._customers()
        self.kills = self._kills()
        self.restarts: list[tuple[datetime, Program]] = []
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.steps = self.killed = 0

    def _customers(self) -> list[Customer]:
        """More in the morning and after lunch, as on telephones everywhere."""
        made: list[Customer] = []
        for _ in range(self.size.callbacks):
            made.append(Asker(self.world, len(made), self._moment()))
        for channel, number in (("web_call", self.size.calls), ("video", self.size.videos)):
            for _ in range(number):
                made.append(Caller(self.world, len(made), self._moment(), channel=channel))
        return made

    def _moment(self) -> datetime:
        """Some also come before anybody is there, and when the day is nearly over."""
        hours = self.chance.choice((self.chance.uniform(0, 8.6), self.chance.gauss(2, 0.9)))
        return OPENS + timedelta(hours=min(max(hours, 0.01), 8.6))

    async def play(self) -> None:
        began = time.monotonic()
        try:
            await self.town.start()
            while self.clock.now() < CLOSES or self._anybody_at_work():
                await self._stride()
            await self._evening()
        finally:
            self.town.stop()
        self.seconds = time.monotonic() - began

    def _anybody_at_work(self) -> bool:
        late = self.clock.now() >= LATEST
        return not late and not all(adviser.gone for adviser in self.advisers)

    async def _stride(self) -> None:
        now = self.clock.now()
        await self._restart(now)
        killing = self._kill_in_time(now)
        await self.town.step(self._length(now))
        if killing is not None:
            await killing
        self.steps += 1
        for _turn in range(2):  # what the first turn brings about is answered in the second
            await self.town.settle()
            if not await self._act(self.clock.now()):
                break

    def _length(self, now: datetime) -> float:
        return FINE if now < self.world.fine_until else self.size.stride

    async def _act(self, now: datetime) -> int:
        steps = [one.step(now) for one in (*self.advisers, *self.customers)]
        doing = [step for step in steps if step is not None]
        await asyncio.gather(*(self._in_turn(step) for step in doing))
        self.customers = [c for c in self.customers if not c.over]
        return len(doing)

    async def _in_turn(self, step: object) -> None:
        async with self.gate:
            await step  # type: ignore[misc]

    async def _evening(self) -> None:
        """On through the night, by longer strides; its jobs close the day."""
        for one in self.customers:
            if isinstance(one, Caller) and one.line is not None:
                await one.hang_up()
        await self.town.settle()
        await self._restart(CLOSES + timedelta(hours=1))
        while self.clock.now() < NIGHT:
            await self.town.step(600 if self.clock.now() > CLOSES + timedelta(minutes=10) else 30)
        await self._visit_again()
        for _ in range(3):
            await self.town.step(60)

    async def _visit_again(self) -> None:
        """Everybody who asked for a call opens the page of the request once more."""
        browser = Browser(self.town, 70_000)
        for asked in self.world.ledger.asked:
            asked.heading = heading((await browser.get(asked.link)).text)
        await browser.close()

    # Kills.

    def _kills(self) -> list[tuple[datetime, str]]:
        found = []
        for n, (what, often) in enumerate(
            (("worker", self.size.worker_kills), ("web", self.size.web_kills))
        ):
            span = timedelta(hours=7) / max(often, 1)
            found += [
                (local(8, 30 + 11 * n) + i * span + self.chance.random() * span / 2, what)
                for i in range(often)
            ]
        return sorted(found)

    def _kill_in_time(self, now: datetime) -> asyncio.Task[None] | None:
        """A worker dies in the middle of a stride's work, the web process while people press."""
        due = [
            k for k in self.kills if k[0] <= now and (k[1] == "worker" or self._somebody_waits())
        ]
        if not due:
            return None
        self.kills.remove(due[0])
        if due[0][1] == "web":
            return asyncio.create_task(self._kill_web())
        return asyncio.create_task(self._kill_worker())

    def _somebody_waits(self) -> bool:
        """And somebody talks: both are to be there still when the server is back."""
        words = {
            one.called.last_word
            for one in self.customers
            if isinstance(one, Caller) and one.called is not None
        }
        return {"waiting", "talking"} <= words

    async def _kill_worker(self) -> None:
        worker = self.town.workers[self.killed % 2]
        await asyncio.sleep(self.chance.uniform(0.0, 0.012))
        worker.kill()
        self.killed += 1
        self.restarts.append(
            (self.clock.now() + timedelta(minutes=self.chance.uniform(1, 5)), worker)
        )

    async def _kill_web(self) -> None:
        busy = asyncio.create_task(self._act(self.clock.now()))
        await asyncio.sleep(self.chance.uniform(0.0, 0.03))
        self.town.kill_web()
        for _ in range(9):  # away for longer than any silence is waited for, while workers go on
            await self.town.step(FINE)
        self.town.web.start()
        await self.town.wait_until_up()
        await busy
        self.world.go_finely(self.clock.now(), 120)

    async def _restart(self, now: datetime) -> None:
        for at, program in list(self.restarts):
            if now >= at:
                program.start()
                self.restarts.remove((at, program))
