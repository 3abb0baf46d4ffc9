"""Callbacks pressed by many at once, and in processes killed at random; a program of its own.

``python -m tests.contact.callback_program SCENE`` plays one and prints what was left as JSON. Its
clock begins on a Monday morning and runs two minutes a second.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

from django.conf import settings
from django.db import connection

import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)
from palveluverkko.contact import attempts, callback_jobs, callback_queries, callbacks, pooled
from palveluverkko.contact import rescheduling as retries
from palveluverkko.contact.callback_errors import CallbackError
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest, Contact, WindowSeat
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.messages.models import Message
from tests.booking.kill_helpers import Child
from tests.booking.world import local
from tests.contact.callback_world import build, wanted

CLIENTS, ADVISERS, CUSTOMERS = 64, 3, 2
SPEED = 120
TEN = local(10)
Say = Callable[[str], None]


def seats() -> dict[str, object]:
    """Sixty-four customers want a window with room for eight."""
    build([("fi",), ("fi",)])

    def client(n: int) -> str:
        return callbacks.ask(wanted(TEN), key=f"k{n}", now=local(8, 30)).state

    answers = together(client, range(CLIENTS))
    numbers = sorted(WindowSeat.objects.values_list("number", flat=True))
    return {"answers": dict(Counter(answers)), "numbers": numbers}


def claims() -> dict[str, object]:
    """Sixty-four advisers press on the same four customers."""
    people = [p.pk for p in build([("fi",)] * CLIENTS, days=1)]
    asked = [callbacks.ask(wanted(TEN), key=f"k{n}", now=local(8, 30)).pk for n in range(4)]
    pooled.enter_due(TEN)

    def client(n: int) -> str:
        return str(attempts.claim(asked[n % 4], people[n], now=TEN).request_id)

    answers = together(client, range(CLIENTS))
    begun = CallbackAttempt.objects.filter(ended_at=None)
    return {
        "answers": dict(Counter(answers)),
        "called": sorted(begun.values_list("request_id", flat=True)) == sorted(asked),
        "talking": Contact.objects.filter(state="talking").count(),
    }


def same_request() -> dict[str, object]:
    """Each verb from sixteen sides at once happens once."""
    person = build()[0].pk
    now = local(8, 30)
    asked = together(lambda _n: callbacks.ask(wanted(TEN), key="k", now=now).pk, range(16))
    pk = asked[0]
    changed = together(lambda _n: callbacks.change(pk, [local(12)], now=now).version, range(16))
    attempt = attempts.claim(pk, person, now=local(12)).pk
    ended = together(lambda _n: attempts.finish(attempt, "served", now=local(12)).state, range(16))
    return {
        "asked": len(set(asked)),
        "changed": dict(Counter(changed)),
        "ended": dict(Counter(ended)),
        "counted": sum(ChannelContacts.objects.values_list("contacts", flat=True)),
        "messages": Message.objects.count(),
    }


def together(act: Callable[[int], Any], each: Iterable[int]) -> list[Any]:
    people = list(each)
    gate = Barrier(len(people))

    def run(one: int) -> Any:
        connection.ensure_connection()
        gate.wait(timeout=60)
        try:
            return act(one)
        except CallbackError as refused:
            return type(refused).__name__
        except Exception as error:  # named, counted, and then the test fails on it
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


# Kills.


class Clock:
    def __init__(self) -> None:
        self.began = time.monotonic()

    def now(self) -> datetime:
        return local(8, 5) + SPEED * timedelta(seconds=time.monotonic() - self.began)


def customer(clock: Clock, number: int) -> Callable[[Say], None]:
    def body(say: Say) -> None:
        chance = random.Random(number)
        for turn in range(10_000):
            key = f"{number}-{turn}"
            say(f"?ask {key}")
            try:
                pk = callbacks.ask(wanted(), key=key, now=clock.now()).pk
            except CallbackError:
                time.sleep(0.2)
                continue
            say(f"asked {key} {pk}")
            if chance.random() < 0.2:
                try:
                    callbacks.cancel(pk, now=clock.now())
                    say(f"cancelled {pk}")
                except CallbackError:
                    pass
            time.sleep(chance.uniform(0.02, 0.2))

    return body


def adviser(clock: Clock, person: int, number: int) -> Callable[[Say], None]:
    outcomes = ["served", "no_answer", "no_answer", "busy", "wrong_number"]

    def body(say: Say) -> None:
        chance = random.Random(number)
        while True:
            due = callback_queries.due_for(person, clock.now())[:3]
            call = callback_queries.call_of(person)
            try:
                if call is None and due:
                    attempts.claim(chance.choice(due).id, person, now=clock.now())
                    call = callback_queries.call_of(person)
                if call is None:
                    time.sleep(0.02)
                    continue
                begun = time.monotonic()
                time.sleep(chance.uniform(0, 0.1))
                outcome, over = chance.choice(outcomes), time.monotonic()
                attempts.finish(call.attempt, outcome, now=clock.now())
                say(f"ended {call.attempt} {outcome} {call.request} {begun} {over}")
            except CallbackError:
                continue

    return body


def worker(clock: Clock) -> Callable[[Say], None]:
    def body(_say: Say) -> None:
        while True:
            callback_jobs.move_missed(clock.now())
            attempts.give_back_lost(clock.now())
            pooled.enter_due(clock.now())
            time.sleep(0.05)

    return body


def kills(times: int = 110) -> dict[str, object]:
    settings.CALLBACK_MINUTES, settings.CALLBACK_RETRY_MINUTES = 1, 1
    settings.CALLBACK_SHARE = 1.0
    attempts.LEASE = timedelta(seconds=SPEED * 0.3)
    retries.SHORTEST_GAP = timedelta(0)
    people = [p.pk for p in build([("fi",)] * ADVISERS)]
    clock, chance, lines = Clock(), random.Random(20260302), []
    bodies = [
        *(lambda n: customer(clock, n) for _ in range(CUSTOMERS)),
        *((lambda n, who=who: adviser(clock, who, n)) for who in people),
        lambda n: worker(clock),
    ]
    children = [Child(make(-n)) for n, make in enumerate(bodies)]
    turn, calling = 0, range(CUSTOMERS, CUSTOMERS + ADVISERS)
    # Then advisers only, until one was killed in the middle of a call.
    while turn < times or (turn < 2 * times and not cut_off()):
        time.sleep(chance.uniform(0.05, 0.5))
        which = chance.randrange(len(children)) if turn < times else chance.choice(calling)
        lines += children[which].kill()
        turn += 1
        children[which] = Child(bodies[which](turn))
    for child in children:
        lines += child.kill()
    later = clock.now() + timedelta(hours=1)
    attempts.give_back_lost(later)
    return left(lines) | {"kills": turn + len(children)}


def cut_off() -> bool:
    """Whether some try was lost with its adviser's page."""
    return CallbackAttempt.objects.filter(outcome="lost").exists()


def left(lines: list[str]) -> dict[str, object]:
    """What is other than customers and advisers were told, and what should never be."""
    words = [line.split(" ") for line in lines]
    rows = {r.key: r for r in CallbackRequest.objects.all()}
    states = {r.pk: r.state for r in rows.values()}
    asked = {w[1]: int(w[2]) for w in words if w[0] == "asked"}
    tries = list(CallbackAttempt.objects.select_related("request").order_by("request_id", "number"))
    outcome = {t.pk: t.outcome for t in tries}
    talks = sorted((int(w[3]), float(w[4]), float(w[5])) for w in words if w[0] == "ended")
    cancelled = [int(w[1]) for w in words if w[0] == "cancelled"]
    served = [r for r in rows.values() if r.state == "served"]
    unanswered = Counter(t.request_id for t in tries if t.outcome in ("no_answer", "busy"))
    wrong = {t.request_id for t in tries if t.outcome == "wrong_number"}
    return {
        "told": len(asked),
        "calls": len(tries),
        "lost_tries": sum(t.outcome == "lost" for t in tries),
        "states": dict(Counter(states.values())),
        "lost": [k for k, pk in asked.items() if k not in rows or rows[k].pk != pk],
        "not_cancelled": [pk for pk in cancelled if states[pk] != "cancelled"],
        "forgotten": [w[1:] for w in words if w[0] == "ended" and outcome[int(w[1])] != w[2]],
        "at_once": [a for a, b in pairwise(talks) if a[0] == b[0] and a[2] > b[1]],
        "still_calling": sum(s == "calling" for s in states.values()),
        "counted": sum(ChannelContacts.objects.values_list("contacts", flat=True)) - len(served),
        "closed_too_early": [pk for pk, s in states.items() if s == "unreached"
                             and unanswered[pk] < 3 and pk not in wrong],
        "told_twice": Message.objects.count() - Message.objects.values("event").distinct().count(),
    }  # fmt: skip


SCENES = {"seats": seats, "claims": claims, "same_request": same_request, "kills": kills}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]]()))
