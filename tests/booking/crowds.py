"""Scenes in which many press at the same moment; run as a program with a database of its own.

``python -m tests.booking.crowds SCENE`` plays one and prints what it saw as JSON.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from django.db import connection

import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)
from palveluverkko.booking import projection, services
from palveluverkko.booking.errors import BookingError, WithNearest
from palveluverkko.booking.models import Booking, BookingEvent
from palveluverkko.messages.models import Message
from tests.booking import town, truth
from tests.booking.world import AINO

CLIENTS = 64


def same_hour() -> dict[str, object]:
    """Everybody wants ten o'clock or half past ten in Kuopio, where three can be served at once."""
    town.build()

    def client(number: int) -> str:
        start = town.at(10, 30 * (number % 2))
        booking = services.hold(town.wish(start), key=f"client-{number}")
        return services.confirm(booking.pk, AINO).state

    return outcome(together(client, range(CLIENTS)))


def same_people() -> dict[str, object]:
    """Everybody wants ten o'clock, in one of four ways; the same three people serve in all."""
    town.build()

    def client(number: int) -> str:
        mode = town.MODES[number % len(town.MODES)]
        return services.book(town.wish(town.at(10), mode), AINO, key=f"client-{number}").state

    return outcome(together(client, range(CLIENTS)))


def same_request() -> dict[str, object]:
    """Each verb with the same key from sixteen sides at once: it happens once."""
    town.build()
    held = together(lambda _n: services.hold(town.wish(town.at(10)), key="k").pk, range(16))
    pk = held[0]
    together(lambda _n: services.confirm(pk, AINO).version, range(16))
    moved = together(lambda _n: services.move(pk, town.at(11), key="m").version, range(16))
    cancelled = together(lambda _n: services.cancel(pk).version, range(16))
    return {
        "holds": held.count(pk),
        "moved": dict(Counter(moved)),
        "cancelled": dict(Counter(cancelled)),
        "bookings": Booking.objects.count(),
        "events": list(BookingEvent.objects.values_list("kind", flat=True)),
        "messages_twice": Message.objects.count()
        - Message.objects.values("about", "subject", "text", "channel").distinct().count(),
        **outcome([]),
    }


def everybody_moves() -> dict[str, object]:
    """Booked customers move back and forth between times and modes: nobody is lost or stuck."""
    town.build()
    starts = [town.at(9) + timedelta(minutes=30 * n) for n in range(14)]
    mine = [
        services.book(town.wish(starts[number // 3]), AINO, key=f"b{number}").pk
        for number in range(24)
    ]

    def client(number: int) -> list[str]:
        chance, seen = random.Random(number), []
        for turn in range(6):
            mode = chance.choice(town.MODES)
            try:
                services.move(
                    mine[number],
                    chance.choice(starts),
                    key=f"m{number}-{turn}",
                    mode=mode,
                    point=town.POINTS[mode],
                )
                seen.append("moved")
            except WithNearest as refused:
                seen.append(type(refused).__name__)
        return seen

    every = together(client, range(24))
    flat = [word for words in every for word in (words if isinstance(words, list) else [words])]
    return outcome(flat) | {"confirmed": Booking.objects.filter(state="confirmed").count()}


def outcome(answers: Iterable[Any]) -> dict[str, object]:
    """Answers by kind, and what is wrong with the tables afterwards: nothing should be."""
    projection.refresh_stale()
    return {
        "answers": dict(Counter(answers)),
        "doubles": truth.doubles(),
        "wrong": truth.wrongly_claimed(),
        "false_days": [f"{outlet} {day}" for outlet, day in truth.false_days(town.days())],
    }


def together(act: Callable[[int], Any], each: Iterable[int]) -> list[Any]:
    """What each got, or how it was refused; all begin at the same moment, on own connections."""
    people = list(each)
    gate = Barrier(len(people))

    def run(one: int) -> Any:
        connection.ensure_connection()
        gate.wait(timeout=60)
        try:
            return act(one)
        except BookingError as refused:
            told = bool(getattr(refused, "nearest", ()))
            return f"{type(refused).__name__}{' with other times' if told else ''}"
        except Exception as error:  # named, counted, and then the test fails on it
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


SCENES = {
    "same_hour": same_hour,
    "same_people": same_people,
    "same_request": same_request,
    "everybody_moves": everybody_moves,
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]]()))
