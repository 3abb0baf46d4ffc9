"""The oracle of estimated waits: a counter played forward with chance, written on its own.

It shares nothing with the estimate but the values and the rule of who is next.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from palveluverkko.queueing import Desk, Duration, Waiting, next_customer
from tests.queueing.build import NOW, at


def simulated_waits(
    waiting: Sequence[Waiting],
    desks: Sequence[Desk],
    durations: Mapping[str, Duration],
    runs: int,
    seed: int,
) -> dict[str, list[float]]:
    """Minutes from 10:00 to the call, per customer, in each of ``runs`` plays."""
    chance = np.random.default_rng(seed)
    waits: dict[str, list[float]] = {w.ref: [] for w in waiting}
    for _ in range(runs):
        for ref, minutes in _play(waiting, desks, durations, chance):
            waits[ref].append(minutes)
    return waits


def _play(waiting, desks, durations, chance):
    line = {w.ref: w for w in waiting}
    moments = sorted({m for w in waiting for m in [_after(w.since), _after(w.not_before)] if m > 0})
    events = [(minutes, -1) for minutes in moments]  # -1: somebody gets ready
    idle = []
    for i, desk in enumerate(desks):
        if desk.serving is None:
            idle.append(i)
        else:
            elapsed = (NOW - desk.serving.started_at).total_seconds() / 60
            events.append((_rest(durations[desk.serving.service], elapsed, chance), i))
    heapq.heapify(events)
    clock = 0.0
    while True:
        for i in list(idle):
            choice = next_customer(line.values(), at(clock), desks[i].adviser)
            if choice is None:
                continue
            idle.remove(i)
            served = line.pop(choice.ref)
            yield served.ref, clock
            for ref in choice.passes:
                line[ref] = replace(line[ref], passed_over=line[ref].passed_over + 1)
            heapq.heappush(events, (clock + _draw(durations[served.service], chance), i))
        if not events or not line:
            return
        clock, who = heapq.heappop(events)
        if who >= 0:
            idle.append(who)


def _after(moment: datetime | None) -> float:
    return 0.0 if moment is None else (moment - NOW).total_seconds() / 60


def _draw(duration: Duration, chance) -> float:
    variance = duration.sd_minutes**2
    return chance.gamma(duration.minutes**2 / variance, variance / duration.minutes)


def _rest(duration: Duration, elapsed: float, chance) -> float:
    """By rejection: draw until one lasts that long."""
    while (whole := _draw(duration, chance)) <= elapsed:
        pass
    return whole - elapsed
