"""How long the pool takes to decide: a day of 100,000 contacts and 400 advisers, event by event.

    python -m benchmarks.routing
    DATABASE_URL=... python -m benchmarks.routing --database --contacts 2000

rules      every event of the day by ``queueing.routing``: who comes, gives up, becomes free. Grown
           twofold several times at the same load, and once with a third more contacts than the
           advisers can serve, so that thousands wait.
database   the same decisions with their rows: enter (with the offer), accept, finish, ready, on the
           database that DATABASE_URL or PALVELUVERKKO_HOME names, whose contacts are deleted
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import platform
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from palveluverkko.queueing import Adviser, Waiting
from palveluverkko.queueing.routing import Router

T = TypeVar("T")
START = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOURS = 8.0
SERVICES = ("general", "family", "pension", "study", "housing", "sickness")
CHANNELS = ("web_call", "video", "callback", "phone")


class Clock:
    """Milliseconds of each decision."""

    def __init__(self) -> None:
        self.took: list[float] = []

    def timed(self, decide: Callable[[], T]) -> T:
        started = time.perf_counter()
        found = decide()
        self.took.append((time.perf_counter() - started) * 1000)
        return found

    def figures(self) -> dict[str, float]:
        took = sorted(self.took)
        return {
            "events": len(took),
            "total_s": round(sum(took) / 1000, 2),
            "p50_ms": round(took[len(took) // 2], 3),
            "p99_ms": round(took[int(len(took) * 0.99)], 3),
            "max_ms": round(took[-1], 2),
        }


def people(count: int, chance: random.Random) -> list[Adviser]:
    """Half of them know half of the services; every third speaks Swedish too."""
    made = []
    for i in range(count):
        known = SERVICES if i % 2 else tuple(chance.sample(SERVICES, 3))
        languages = ("fi", "sv", "en") if i % 3 == 0 else ("fi", "en") if i % 3 == 1 else ("fi",)
        made.append(Adviser(f"a{i}", frozenset(known), frozenset(languages)))
    return made


def contact(number: int, minute: float, chance: random.Random) -> Waiting:
    return Waiting(
        ref=str(number),
        service=chance.choice(SERVICES),
        since=at(minute),
        mode=chance.choice(CHANNELS),
        language=chance.choices(("fi", "sv", "en"), (90, 6, 4))[0],
        urgent=chance.random() < 0.05,
        order=number,
    )


def rules(contacts: int, advisers: int, load: float, seed: int = 7) -> dict[str, Any]:
    """One day; ``load`` is the work that comes over what the advisers can do."""
    chance, clock, router = random.Random(seed), Clock(), Router()
    talk = load * advisers * HOURS * 60 / contacts
    by_ref = {a.ref: a for a in people(advisers, chance)}
    for adviser in by_ref.values():
        router.ready(adviser, START)
    coming = sorted(chance.uniform(0, HOURS * 60) for _ in range(contacts))
    # minute, what happens, whom: c comes, f is free, g gives up.
    events = [(minute, "c", str(i)) for i, minute in enumerate(coming)]
    heapq.heapify(events)
    most = served = gone = 0
    while events:
        minute, what, ref = heapq.heappop(events)
        if minute > HOURS * 60:
            break
        if what == "g":
            gone += clock.timed(lambda ref=ref: router.leave(ref)) is not None
            continue
        if what == "c":
            came = contact(int(ref), minute, chance)
            adviser = clock.timed(lambda came=came: comes(router, came))
            if adviser is None:
                heapq.heappush(events, (minute + chance.expovariate(1 / 90), "g", ref))
        else:
            adviser = by_ref[ref]
            if clock.timed(lambda a=adviser, m=minute: becomes_free(router, a, m)) is None:
                continue
        if adviser is not None:
            served += 1
            ends = minute + chance.gammavariate(2, talk / 2)
            heapq.heappush(events, (ends, "f", adviser.ref))
        most = max(most, len(router))
    figures = {"contacts": contacts, "advisers": advisers, "load": load, "most_waiting": most}
    return figures | {"served": served, "gave_up": gone} | clock.figures()


def comes(router: Router, contact: Waiting) -> Adviser | None:
    adviser = router.adviser_for(contact)
    if adviser is None:
        router.enter(contact)
    else:
        router.busy(adviser.ref)
    return adviser


def becomes_free(router: Router, adviser: Adviser, minute: float) -> Waiting | None:
    found = router.take_for(adviser)
    if found is None:
        router.ready(adviser, at(minute))
    return found


def database(contacts: int, advisers: int, waiting: int) -> dict[str, Any]:
    """The verbs themselves, with ``waiting`` customers in the line all the time."""
    from benchmarks.booking_network import prepare_django

    prepare_django()
    from django.core.management import call_command
    from django.db import connection

    from palveluverkko.booking.models import Resource
    from palveluverkko.contact import openness, policy, pool, states
    from palveluverkko.contact.models import AdviserState, Contact
    from palveluverkko.network import models, revision

    call_command("migrate", verbosity=0)
    openness.MOST_WAITING = max(policy.MOST_WAITING, waiting * 2)
    for code in SERVICES:
        models.Service.objects.get_or_create(code=code, defaults={"name_fi": code})
    models.Agency.objects.get_or_create(
        code="bench",
        defaults={"country": "FI", "timezone": "Europe/Helsinki", "languages": ["fi", "sv", "en"]},
    )
    revision.bump()
    Contact.objects.all().delete()
    AdviserState.objects.all().delete()
    chance = random.Random(7)
    ids = []
    for person in people(advisers, chance):
        row = Resource.objects.create(
            kind="adviser",
            name=person.ref,
            services=sorted(person.services),
            languages=sorted(person.languages),
        )
        ids.append(states.begin(row.pk).pk)
    run = str(time.time())
    clocks = {verb: Clock() for verb in ("enter", "accept", "finish", "ready")}
    for number in range(contacts):
        one = contact(number, 0, chance)
        key, wish = f"{run}-{number}", (one.mode, one.service, one.language)
        clock = clocks["enter"] if number >= waiting + advisers else Clock()
        clock.timed(lambda w=wish, k=key, u=one.urgent: pool.enter(*w, key=k, urgent=u))
        if number < waiting + advisers // 2:
            continue
        offered = Contact.objects.filter(state="offered").order_by("?").first()
        if offered is None or offered.adviser_id is None:
            continue
        pk, adviser = offered.pk, offered.adviser_id
        clocks["accept"].timed(lambda pk=pk, a=adviser: pool.accept(pk, a))
        clocks["finish"].timed(lambda pk=pk: pool.finish(pk))
        clocks["ready"].timed(lambda a=adviser: states.ready(a))
    found: dict[str, Any] = {verb: c.figures() for verb, c in clocks.items()}
    left = Contact.objects.filter(state="waiting").count()
    Contact.objects.all().delete()
    AdviserState.objects.all().delete()
    Resource.objects.filter(pk__in=ids).delete()
    return {"vendor": connection.vendor, "advisers": advisers, "waiting": left} | found


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="store_true", help="the verbs, with their rows")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--advisers", type=int, default=400)
    parser.add_argument("--waiting", type=int, default=300, help="with --database")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    report: dict[str, Any] = {
        "benchmark": "routing",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    if options.database:
        report["database"] = database(options.contacts, options.advisers, options.waiting)
    else:
        sizes = [(options.contacts // k, options.advisers // k) for k in (8, 4, 2, 1)]
        report["growth"] = [rules(c, a, 0.95) for c, a in sizes]
        report["crowded"] = rules(options.contacts, options.advisers, 1.33)
    for key, value in report.items():
        for line in value if isinstance(value, list) else [value]:
            print(f"{key:10} {line}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
