"""Advisers at the desk's pages: answer, decline, miss; call back and say how it went; breaks."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.booking.world import HELSINKI, local
from tests.day.browser import Browser, Line
from tests.day.customers import World
from tests.day.ledger import Talk

Act = Coroutine[Any, Any, None]
CALL = re.compile(r'value="call (\d+)"')
NOW_CALLING = re.compile(r'value="served (\d+)"')
REFERENCE = re.compile(r"customer__details\">[^<]*\b(C\d+)<")
OUTCOMES = {"served": 13, "no_answer": 4, "busy": 2, "wrong_number": 1, "later": 2}


@dataclass
class Adviser:
    """One desk page and what is done at it."""

    world: World
    number: int
    session: str

    def __post_init__(self) -> None:
        chance = self.world.chance
        self.browser = Browser(self.world.town, 60_000 + self.number, self.session)
        self.line = Line(self.world.town, "/ws/desk/", f"desk-page-{self.number:04d}", self._heard)
        self.begins = local(7, 50) + timedelta(minutes=chance.uniform(0, 20))
        self.goes = local(16) + timedelta(minutes=chance.uniform(0, 25))
        lunch = local(10, 45) + timedelta(minutes=chance.uniform(0, 120))
        self.breaks = [(lunch, lunch + timedelta(minutes=30))]
        self.at_work = self.gone = False
        self.work, self.contact = "off", None
        self.talk: Talk | None = None
        self.attempt = 0
        self.until: datetime | None = None
        self.decide: tuple[int, str, datetime] | None = None
        self.away_until: datetime | None = None
        # Calls are offered; some also choose from the list of those who are to be called.
        self.looks = self.begins if self.number % 3 == 0 else self.goes

    def _heard(self, word: dict[str, Any]) -> None:
        if word["type"] == "state":
            self.work, self.contact = word["state"], word["contact"]

    def step(self, now: datetime) -> Act | None:
        if self.gone or now < self.begins:
            return None
        if self.away_until is not None and now < self.away_until:
            return None
        if not self.line.open:
            return self._connect() if self.world.town.up else None
        if self.talk is not None:
            return self._in_talk(now)
        held = self.contact
        if held is not None and held["state"] == "talking":
            return self._begin_talk(held, now)
        if held is not None and held["state"] == "offered":
            return self._offered(held, now)
        return self._free(now)

    async def _connect(self) -> None:
        self.away_until = None
        begins = not self.at_work or self.work == "off"
        if await self.line.connect(session=self.session) and begins:
            self.at_work = True
            await self.line.say(type="ready")

    # Talks.

    def _in_talk(self, now: datetime) -> Act | None:
        talk = self.talk
        assert talk is not None
        assert self.until is not None
        if not self._is_talking(talk):
            self._over("given back" if self.attempt else "by the customer")
            self.attempt = 0
            return None
        return self._finish(now) if now >= self.until else None

    def _is_talking(self, talk: Talk) -> bool:
        held = self.contact
        return held is not None and held["state"] == "talking" and talk.what == _name(held)

    async def _begin_talk(self, held: dict[str, Any], now: datetime) -> None:
        self.decide = None
        if held["channel"] == "callback":
            await self._read_call(now)
            return
        self.talk = self.world.ledger.begin(self.number, _name(held))
        self.until = now + self._minutes(1, 5)
        if self.world.chance.random() < 0.03:
            await self._vanish(now)

    async def _finish(self, now: datetime) -> None:
        talk = self.talk
        assert talk is not None
        if talk.what.startswith("contact"):
            self._over("finished")
            await self.line.say(type="finish", contact=int(talk.what.split()[1]))
            return
        outcome = self.world.chance.choices([*OUTCOMES], [*OUTCOMES.values()])[0]
        later = now + timedelta(minutes=self.world.chance.choice((45, 90, 1500)))
        stamp = later.astimezone(HELSINKI)
        self._over(outcome)
        form = {
            "do": f"{outcome} {self.attempt}",
            "day": f"{stamp:%Y-%m-%d}",
            "at": f"{stamp:%H:%M}",
        }
        self.attempt = 0
        await self.browser.post("/en/desk/callbacks/do/", **form)

    def _over(self, outcome: str) -> None:
        assert self.talk is not None
        self.world.ledger.end(self.talk, outcome)
        self.talk = self.until = None

    async def _vanish(self, now: datetime) -> None:
        """The page is gone in the middle of a talk, and comes back after some minutes."""
        if self.talk is not None:
            self._over("vanished")
        self.attempt, self.decide = 0, None
        self.work, self.contact = "off", None
        self.away_until = now + self._minutes(2, 4)
        self.world.go_finely(now, 90)
        await self.line.vanish()

    # Offers.

    def _offered(self, held: dict[str, Any], now: datetime) -> Act | None:
        if self.decide is None or self.decide[0] != held["id"]:
            roll = self.world.chance.random()
            what = "decline" if roll < 0.05 else "miss" if roll < 0.08 else "accept"
            if what == "miss":
                self.world.go_finely(now, 60)
            self.decide = (
                held["id"],
                what,
                now + timedelta(seconds=self.world.chance.uniform(2, 15)),
            )
        contact, what, at = self.decide
        if what == "miss" or now < at:
            return None
        self.world.ledger.pressed[what] += 1
        self.decide = (contact, "pressed", at + timedelta(days=1))
        return self.line.say(type=what, contact=contact)

    # Between customers.

    def _free(self, now: datetime) -> Act | None:
        self.decide = None
        if now >= self.goes:
            return self._go_home()
        if self.breaks and now >= self.breaks[0][0]:
            if self.work == "ready":
                self.breaks[0] = (now, self.breaks[0][1])
                return self.line.say(type="break") if now < self.breaks[0][1] else self._back()
            if now >= self.breaks[0][1]:
                return self._back()
            return None
        if self.work in ("break", "off"):
            return self.line.say(type="ready")
        if self.work == "ready" and now >= self.looks:
            self.looks = now + self._minutes(2, 2)
            return self._call_back(now)
        return None

    async def _back(self) -> None:
        self.breaks.pop(0)
        await self.line.say(type="ready")

    async def _go_home(self) -> None:
        self.gone = True
        await self.line.say(type="stop")
        await self.line.vanish()
        await self.browser.close()

    # Callbacks.

    async def _call_back(self, now: datetime) -> None:
        page = (await self.browser.get("/en/desk/callbacks/")).text
        due = CALL.findall(page)
        if due:
            self.world.ledger.pressed["call"] += 1
            chosen = (
                due[0] if self.world.chance.random() < 0.7 else self.world.chance.choice(due[:3])
            )
            await self.browser.post("/en/desk/callbacks/do/", do=f"call {chosen}")
            await self._read_call(now)

    async def _read_call(self, now: datetime) -> None:
        """The call that the page shows, if any: a colleague may have been quicker."""
        page = (await self.browser.get("/en/desk/callbacks/")).text
        attempt, reference = NOW_CALLING.search(page), REFERENCE.search(page)
        if attempt is None or reference is None:
            self.world.ledger.pressed["nothing to call"] += 1
            return
        self.attempt = int(attempt[1])
        self.talk = self.world.ledger.begin(
            self.number, f"request {int(reference[1][1:])}", self.attempt
        )
        self.until = now + self._minutes(0.5, 2)
        if self.world.chance.random() < 0.02:
            await self._vanish(now)

    def _minutes(self, least: float, mean: float) -> timedelta:
        return timedelta(minutes=least + self.world.chance.expovariate(1 / mean))


def _name(held: dict[str, Any]) -> str:
    """What the page is about: each call of a request is about the same request."""
    request = held.get("callback") if held["channel"] == "callback" else None
    return f"request {request}" if request else f"contact {held['id']}"
