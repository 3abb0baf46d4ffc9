"""Customers and workers killed at random moments; run as a program with a database of its own.

``python -m tests.booking.kill_helpers KILLS`` prints what was left of it all as JSON. A customer
writes each step to a pipe: before (``?``) what is asked for, and after its commit what came of it.
Whoever is killed in between may find either; whoever was told finds what they were told.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)
from palveluverkko.booking import projection, services
from palveluverkko.booking.errors import WithNearest
from palveluverkko.booking.models import Booking, StaleDay
from palveluverkko.messages import delivery, promises
from palveluverkko.messages.background import work
from palveluverkko.messages.models import Message, Promise, PromiseState, State
from tests.booking import town, truth
from tests.booking.world import AINO

SHORT = timedelta(milliseconds=200)
CUSTOMERS = 2
ENOUGH, LONGEST = 40, 80  # customers told of a booking; seconds until then
Fact = tuple[str, int, str, str]  # state, version, start, mode


@dataclass
class Told:
    """What customers were told, by booking, and what was asked for when they were killed."""

    sure: dict[int, Fact] = field(default_factory=dict)
    maybe: dict[int, Fact] = field(default_factory=dict)
    unanswered: dict[str, list[str]] = field(default_factory=dict)  # holds by their key

    def read(self, lines: list[str]) -> None:
        for line in lines:
            word, *rest = line.split(" ")
            if word == "?hold":
                self.unanswered[rest[0]] = rest
            elif word == "held":
                self.unanswered.pop(rest[0], None)
            else:
                pk, fact = int(rest[0]), (rest[1], int(rest[2]), rest[3], rest[4])
                if word == "?":
                    self.maybe[pk] = fact
                else:
                    self.sure[pk] = fact
                    self.maybe.pop(pk, None)

    def untrue(self) -> list[str]:
        """Bookings that are other than what their customer knows."""
        rows = {b.pk: fact_of(b) for b in Booking.objects.all()}
        return [
            f"{pk}: told {fact}, asked {self.maybe.get(pk)}, found {rows.get(pk)}"
            for pk, fact in self.sure.items()
            if rows.get(pk) not in (fact, self.maybe.get(pk))
        ]


class Child:
    """A process of its own; what it wrote is read when it is dead."""

    def __init__(self, body: Callable[[Callable[[str], None]], None]) -> None:
        connections.close_all()
        self.body = body
        self.reads, writes = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writes)
            atexit.register(self.stop)
            return
        try:
            body(lambda line: os.write(writes, f"{line}\n".encode()) and None)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)  # bodies never end by themselves

    def stop(self) -> None:
        """May not live on when this program ends by an error: who reads its words would wait."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> list[str]:
        atexit.unregister(self.stop)
        os.kill(self.pid, signal.SIGKILL)
        _pid, status = os.waitpid(self.pid, 0)
        assert os.WIFSIGNALED(status), "a child ended by an error of its own"
        with os.fdopen(self.reads) as lines:
            return lines.read().splitlines()


def customer(number: int, redo: list[list[str]]) -> Callable[[Callable[[str], None]], None]:
    def body(say: Callable[[str], None]) -> None:
        chance, mine = random.Random(number), []
        for key, start, mode in redo:  # the same request once more, as after a broken line
            take(say, key, datetime.fromisoformat(start), mode, mine)
        for turn in range(1000):
            start = town.at(9) + timedelta(minutes=30 * chance.randrange(14))
            take(say, f"{number}-{turn}", start, chance.choice(town.MODES), mine)
            if mine and chance.random() < 0.5:
                shift(say, mine[-1], f"{number}-{turn}", chance)
            if mine and chance.random() < 0.6:
                give_up(say, mine.pop())

    return body


def take(say: Callable[[str], None], key: str, start: datetime, mode: str, mine: list[int]) -> None:
    say(f"?hold {key} {start.isoformat()} {mode}")
    try:
        held = services.hold(town.wish(start, mode), key=key)
        say(f"held {key}")
        if held.state in ("held", "expired"):
            say(f"? {line_of(held, 'confirmed', held.version + 1)}")
            booking = services.confirm(held.pk, AINO)
            say(f"! {line_of(booking)}")
            mine.append(booking.pk)
    except WithNearest:
        say(f"held {key}")


def shift(say: Callable[[str], None], pk: int, key: str, chance: random.Random) -> None:
    booking = Booking.objects.get(pk=pk)
    start = town.at(9) + timedelta(minutes=30 * chance.randrange(14))
    mode = chance.choice(town.MODES)
    say(f"? {pk} confirmed {booking.version + 1} {start.isoformat()} {mode}")
    try:
        moved = services.move(pk, start, key=key, mode=mode, point=town.POINTS[mode])
        say(f"! {line_of(moved)}")
    except WithNearest:
        say(f"! {line_of(booking)}")


def give_up(say: Callable[[str], None], pk: int) -> None:
    booking = Booking.objects.get(pk=pk)
    say(f"? {line_of(booking, 'cancelled', booking.version + 1)}")
    say(f"! {line_of(services.cancel(pk))}")


def worker(_say: Callable[[str], None]) -> None:
    while True:
        services.expire_holds()
        work()
        projection.refresh_stale(limit=5)


def line_of(booking: Booking, state: str = "", version: int = 0) -> str:
    now, number, start, mode = fact_of(booking)
    return f"{booking.pk} {state or now} {version or number} {start} {mode}"


def fact_of(booking: Booking) -> Fact:
    return (str(booking.state), booking.version, booking.start.isoformat(), str(booking.mode))


def play(kills: int) -> dict[str, object]:
    delivery.LEASE = SHORT
    promises.wait_after = lambda attempts: SHORT  # type: ignore[assignment]
    settings.BOOKING_HOLD_MINUTES = 0.02  # so that holds of the killed run out, and are redone
    town.build()
    chance, told, killed = random.Random(20260302), Told(), 0
    children = [Child(customer(-n, [])) for n in range(CUSTOMERS)] + [Child(worker)]
    ends = time.monotonic() + LONGEST
    while killed < kills or (len(told.sure) < ENOUGH and time.monotonic() < ends):
        time.sleep(chance.choice([chance.uniform(0.005, 0.1), chance.uniform(0.1, 0.5)]))
        which = chance.randrange(len(children))
        told.read(children[which].kill())
        killed += 1
        # Each to one customer: two who press on one hold at once would refuse each other.
        redo = [told.unanswered.popitem()[1] for _ in range(min(3, len(told.unanswered)))]
        children[which] = Child(worker if which == CUSTOMERS else customer(killed, redo))
    for child in children:
        told.read(child.kill())
    finish()
    return outcome(told) | {"kills": killed + len(children)}


def finish() -> None:
    """A last run of a worker that nobody kills."""
    ends = time.monotonic() + 60
    while unfinished() and time.monotonic() < ends:
        work()
        time.sleep(0.05)
    services.expire_holds()
    while projection.refresh_stale():
        pass


def unfinished() -> bool:
    due = Promise.objects.filter(
        state=PromiseState.DUE, next_attempt_at__lte=timezone.now() + SHORT
    )
    return due.exists() or Message.objects.filter(state__in=(State.QUEUED, State.SENDING)).exists()


def outcome(told: Told) -> dict[str, object]:
    states = Counter(Booking.objects.values_list("state", flat=True))
    return {
        "told": len(told.sure),
        "untrue": told.untrue(),
        "states": dict(states),
        "doubles": truth.doubles(),
        "wrong": truth.wrongly_claimed(),
        "stale": StaleDay.objects.count(),
        "false_days": [f"{outlet} {day}" for outlet, day in truth.false_days(town.days())],
        **messages(),
    }


def messages() -> dict[str, object]:
    """Of the latest news of each booking nothing is missing; nothing went out twice."""
    delivered = Counter(event for channel in ("email", "sms") for event in sent(channel))
    rows = {m.event: m for m in Message.objects.all()}
    kinds = {"confirmed": ("confirmed", "moved"), "cancelled": ("cancelled",)}
    missing = []
    for booking in Booking.objects.filter(state__in=list(kinds)):
        for channel in ("email", "sms"):
            events = [
                f"booking:{booking.pk}:{what}:v{booking.version}:{channel}"
                for what in kinds[str(booking.state)]
            ]
            if not any(delivered[e] and rows[e].state == State.SENT for e in events if e in rows):
                missing.append(events[0])
    lost = [m.event for m in rows.values() if m.state == State.SENT and not delivered[m.event]]
    odd = Message.objects.exclude(state__in=(State.SENT, State.CANCELLED)).filter(unwanted=False)
    return {
        "delivered": sum(delivered.values()),
        "missing": missing + lost,
        "unsettled": list(odd.values_list("event", flat=True)),
        "twice": [event for event, times in delivered.items() if times > 1],
    }


def sent(channel: str) -> list[str]:
    """Events of the files in the outbox."""
    folder = Path(settings.HOME) / "outbox" / channel
    found: list[str] = []
    for file in folder.iterdir():
        if channel == "sms":
            content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            found.append(str(content["event"]))
        else:  # "booking-12-confirmed-v1-email.0123456789ab.eml"
            found.append(file.name.split(".")[0].replace("-", ":"))
    return found


if __name__ == "__main__":
    print(json.dumps(play(int(sys.argv[1]))))
