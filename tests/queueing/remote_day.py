"""A day of the pool played with chance: who comes, in which language, and how long it takes."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from palveluverkko.queueing import Adviser, Waiting
from palveluverkko.queueing.fairness import Answered
from palveluverkko.queueing.routing import Router

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
SERVICE = "general"


@dataclass(frozen=True)
class Arrival:
    minute: float
    language: str
    minutes: float


def advisers(finnish: int, both: int) -> list[Adviser]:
    skills = [("fi",)] * finnish + [("fi", "sv")] * both
    return [
        Adviser(f"a{i}", frozenset({SERVICE}), frozenset(languages))
        for i, languages in enumerate(skills)
    ]


def arrivals(seed: int, per_hour: float, swedish: float, hours: int = 8) -> list[Arrival]:
    """Poisson arrivals with a busy hour; talks of six minutes on average."""
    chance, minute, found = random.Random(seed), 0.0, []
    while True:
        busy = 1.5 if 120 <= minute < 180 else 1.0
        minute += chance.expovariate(per_hour * busy / 60)
        if minute >= hours * 60:
            return found
        language = "sv" if chance.random() < swedish else "fi"
        found.append(Arrival(minute, language, chance.gammavariate(2, 3)))


def play(coming: Sequence[Arrival], people: Sequence[Adviser]) -> list[Answered]:
    """The router's day: each event is decided as in the pool. Seconds waited by arrival."""
    router = Router()
    for adviser in people:
        router.ready(adviser, START)
    by_ref = {a.ref: a for a in people}
    free: list[tuple[float, str]] = []
    waited: dict[str, float] = {}

    def starts(contact: Waiting, adviser: Adviser, minute: float) -> None:
        number = int(contact.ref)
        router.busy(adviser.ref)
        waited[contact.ref] = (minute - coming[number].minute) * 60
        heapq.heappush(free, (minute + coming[number].minutes, adviser.ref))

    def becomes_free(until: float) -> None:
        while free and free[0][0] <= until:
            minute, ref = heapq.heappop(free)
            adviser = by_ref[ref]
            contact = router.take_for(adviser)
            if contact is None:
                router.ready(adviser, at(minute))
            else:
                starts(contact, adviser, minute)

    for i, arrival in enumerate(coming):
        becomes_free(arrival.minute)
        contact = Waiting(
            str(i), SERVICE, at(arrival.minute), "web_call", arrival.language, order=i
        )
        if (adviser := router.adviser_for(contact)) is not None:
            starts(contact, adviser, arrival.minute)
        else:
            router.enter(contact)
    becomes_free(float("inf"))
    return answered(coming, lambda i: waited[str(i)])


def answered(coming: Sequence[Arrival], wait: Callable[[int], float]) -> list[Answered]:
    return [Answered(a.language, at(a.minute), wait(i)) for i, a in enumerate(coming)]


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)
