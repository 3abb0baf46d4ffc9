"""Customers: some ask to be called, some call. Each knows only what pages and messages say."""

from __future__ import annotations

import random
import re
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.day.browser import Browser, Line, fields, heading
from tests.day.ledger import Asked, Called, Inbox, Ledger
from tests.day.town import OPENS, SERVICES, Town

Act = Coroutine[Any, Any, None]
LANGUAGES = ("fi",) * 7 + ("sv",) * 2 + ("en",)
REFERENCE = re.compile(r"Request number (C\d+)")
ENDED = ("answered", "abandoned", "callback", "closed")
LANDLINES = 0.05


@dataclass
class World:
    """What everybody in the day has in common."""

    town: Town
    ledger: Ledger
    inbox: Inbox
    chance: random.Random
    fine_until: datetime = OPENS

    def go_finely(self, now: datetime, seconds: float) -> None:
        """The pool is to notice by the second that somebody is gone: no strides until then."""
        self.fine_until = max(self.fine_until, now + timedelta(seconds=seconds))


@dataclass
class Customer:
    """Somebody who comes at a time; ``step`` is what they do next, if anything, at this moment."""

    world: World
    number: int
    comes: datetime
    over: bool = False

    def __post_init__(self) -> None:
        chance = self.world.chance
        self.service, self.language = chance.choice(SERVICES), chance.choice(LANGUAGES)
        self.phone = f"+35840{1_000_000 + self.number}"
        if chance.random() < LANDLINES:
            self.phone = f"+3589{2_300_000 + self.number}"
        self.browser: Browser | None = None

    def step(self, now: datetime) -> Act | None:
        raise NotImplementedError

    def minutes(self, mean: float) -> timedelta:
        return timedelta(minutes=self.world.chance.expovariate(1 / mean))

    def opened(self) -> Browser:
        if self.browser is None:
            self.browser = Browser(self.world.town, self.number)
        return self.browser

    async def ask(self, soon: bool) -> Asked | None:
        """Fill in the form, again with another time where others were quicker."""
        topic = {"service": self.service, "language": self.language}
        page = (await self.opened().get("/en/call-me/", **topic)).text
        for _try in range(3):
            name, starts = fields(page)
            if not starts:
                self.world.ledger.refused["no window"] += 1
                return None
            form = self._form(topic, name, starts, soon)
            answer = await self.opened().post("/en/call-me/", **form)
            if answer.status_code == 302:
                return await self._confirmed(answer.headers["location"], form["start"])
            page = answer.text
        self.world.ledger.refused["taken"] += 1
        return None

    def _form(
        self, topic: dict[str, str], name: str, starts: list[str], soon: bool
    ) -> dict[str, Any]:
        windows = [s for s in starts if s != "soon"]
        if not windows or (soon and "soon" in starts):
            return topic | {
                "page": name,
                "start": starts[0],
                "phone": self.phone,
                "reminders": "on",
            }
        # Most want today; some another day, and some have more than one time that suits.
        chosen = min(int(self.world.chance.expovariate(0.4)), len(windows) - 1)
        also = windows[chosen + 1 : chosen + 2] if self.world.chance.random() < 0.3 else []
        return topic | {
            "page": name,
            "start": windows[chosen],
            "also": also,
            "phone": self.phone,
            "reminders": "on",
            "contact_language": "en",
        }

    async def _confirmed(self, address: str, start: str) -> Asked:
        page = (await self.opened().get(address)).text
        reference = REFERENCE.search(page)
        assert reference is not None, f"confirmed without a number: {heading(page)}"
        asked = Asked(self.phone, reference[1], address.removesuffix("asked/"), start)
        self.world.ledger.asked.append(asked)
        return asked


@dataclass
class Asker(Customer):
    """Asks for a call; some change the time later, some cancel, most wait for the telephone."""

    asked: Asked | None = None
    began: bool = False
    turn: datetime | None = None
    wish: str = ""

    def step(self, now: datetime) -> Act | None:
        if not self.began and now >= self.comes:
            self.began = True
            return self._come(now)
        if self.turn is not None and now >= self.turn:
            self.turn = None
            return self._change() if self.wish == "change" else self._cancel()
        return None

    async def _come(self, now: datetime) -> None:
        chance = self.world.chance
        self.asked = await self.ask(soon=chance.random() < 0.35)
        if self.asked is not None and (roll := chance.random()) < 0.25:
            self.wish = "cancel" if roll < 0.12 else "change"
            self.turn = now + self.minutes(60) + timedelta(minutes=2)
        else:
            await self._leave()

    def _link(self) -> str:
        """From the message on the telephone; a landline's customer has kept the page's address."""
        assert self.asked is not None
        links = [
            found[1]
            for message in self.world.inbox.of(self.phone)
            if (found := re.search(r"https?://[^/\s]+(/en/c/\S+)", message["text"]))
        ]
        return links[-1] if links else self.asked.link

    async def _change(self) -> None:
        assert self.asked is not None
        link = self._link()
        page = await self.opened().get(f"{link}change/")
        _name, starts = fields(page.text)
        # The same time again would be no change, and nothing would be told.
        others = [start for start in starts if start != self.asked.start]
        if page.status_code == 200 and others:
            start = self.world.chance.choice(others[:4])
            answer = await self.opened().post(f"{link}change/", start=start)
            if answer.status_code == 302:
                self.world.ledger.pressed["change"] += 1
                self.asked.changes += 1
        await self._leave()

    async def _cancel(self) -> None:
        assert self.asked is not None
        link = self._link()
        await self.opened().post(f"{link}cancel/")
        page = (await self.opened().get(link)).text
        self.asked.cancelled = "cancelled" in heading(page)
        self.world.ledger.pressed[f"cancel: {heading(page)}"] += 1
        await self._leave()

    async def _leave(self) -> None:
        self.over = True
        await self.opened().close()


@dataclass
class Caller(Customer):
    """Calls from the web page: waits, talks, gives up, takes a callback, or is suddenly gone.

    By video it is the same queue, and the page goes on to the meeting when an adviser answers.
    """

    channel: str = "web_call"
    called: Called | None = None
    line: Line | None = None
    began: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        chance = self.world.chance
        self.patience = timedelta(minutes=2) + self.minutes(25)
        roll = chance.random()
        self.nature = "vanishes" if roll < 0.06 else "callback" if roll < 0.16 else ""
        self.turns = timedelta(minutes=1.5) + self.minutes(2)  # when a nature shows
        self.hangs_up = self.minutes(9) if chance.random() < 0.1 else None
        self.talking_since: datetime | None = None

    def step(self, now: datetime) -> Act | None:
        if not self.began:
            if now >= self.comes and self.world.town.up:
                self.began = True
                return self._come(now)
            return None
        if self.called is None or self.over:
            return None
        return self._go_on(now)

    def _go_on(self, now: datetime) -> Act | None:
        called, line = self.called, self.line
        assert called is not None
        assert line is not None
        if called.last_word in ENDED:
            return self._leave()
        if not line.open:
            return line.connect(called.token) if self.world.town.up else None
        waited = now - called.came
        if called.last_word == "talking":
            if self.talking_since is None:
                self.talking_since = now
                if self.channel == "video":
                    return self._join(called)
            if self.hangs_up is not None and now - self.talking_since >= self.hangs_up:
                self.hangs_up, called.went = None, "hung up"
                return line.say(type="leave")
        elif called.last_word == "waiting":
            if self.nature and waited >= self.turns:
                nature, self.nature = self.nature, ""
                return self._vanish(now) if nature == "vanishes" else self._take_callback()
            if waited >= self.patience and not called.went:
                called.went = "left"
                return line.say(type="leave")
        return None

    async def hang_up(self) -> None:
        """It is late, and nobody is at work any more."""
        assert self.called is not None
        assert self.line is not None
        self.called.went = self.called.went or "left"
        await self.line.say(type="leave")

    def heard(self, word: dict[str, Any]) -> None:
        assert self.called is not None
        if word["type"] == "closed":  # it ended while the line was down
            self.called.last_word = "closed"
        elif word["type"] == "state":
            self.called.last_word = word["state"]
            self.called.reached |= word["state"] == "talking"

    async def _come(self, now: datetime) -> None:
        form = {"service": self.service, "language": self.language, "area": "51200"}
        key = f"day-of-test-call-{self.number:06d}"
        door = "/en/call/enter/" if self.channel == "web_call" else "/en/video/enter/"
        answer = (await self.opened().post(door, key=key, **form)).json()
        if "token" not in answer:
            self.world.ledger.blocked[self.channel] += str(answer["problem"]).startswith("blocked")
            self.world.ledger.refused[answer["problem"]] += 1
            self.over = True
            return
        self.called = Called(answer["token"], self.channel, now)
        self.world.ledger.calls.append(self.called)
        self.line = Line(self.world.town, "/ws/call/", f"window-{self.number:06d}", self.heard)
        await self.line.connect(self.called.token)

    async def _vanish(self, now: datetime) -> None:
        assert self.called is not None
        assert self.line is not None
        self.world.go_finely(now, 60)
        self.called.went = "vanished"
        self.over = True
        await self.line.vanish()
        await self.opened().close()

    async def _join(self, called: Called) -> None:
        answer = await self.opened().post("/en/video/join/", token=called.token)
        room = answer.headers.get("location", "")
        self.world.ledger.pressed["joined" if "/meeting/" in room else "not joined"] += 1

    async def _take_callback(self) -> None:
        """The form is filled in beside the waiting call, and takes its place along."""
        assert self.called is not None
        if await self.ask(soon=True) is not None:
            self.called.went = self.called.went or "callback"

    async def _leave(self) -> None:
        assert self.line is not None
        self.over = True
        await self.line.vanish()
        await self.opened().close()
