"""Sixty-four customers and eight advisers at once. Also a program, for a database of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

CUSTOMERS, ADVISERS = 64, 8


def contend() -> dict[str, object]:
    """What came of it, as plain values."""
    from palveluverkko.demand.models import DailyVisits
    from palveluverkko.walkins import services as verbs
    from palveluverkko.walkins.models import Ticket
    from tests.walkins.build import at, build_adviser, build_desk, build_point, take

    point = build_point()
    sessions = [
        verbs.open_desk(build_adviser(f"A{i}").pk, build_desk(point, i).pk, point.id, now=at(0)).id
        for i in range(ADVISERS)
    ]

    # Every key comes twice: a double press of each customer.
    taken = together(lambda i: take(key=f"k{i // 2}", though_late=True).number, range(CUSTOMERS))

    def works(session: int) -> list[int]:
        served = []
        while (called := verbs.call_next(session, now=at(1)).ticket) is not None:
            verbs.start(called.id, now=at(2))
            verbs.finish(called.id, now=at(3))
            served.append(called.number)
        return served

    served = together(works, sessions)
    one = take(key="last", though_late=True)
    verbs.call_ticket(sessions[0], one.id, now=at(4))
    presses = together(lambda _i: verbs.finish(one.id, now=at(5)).state, range(CUSTOMERS))
    return {
        "numbers": sorted(set(taken)),
        "pairs": all(taken.count(n) == 2 for n in taken),
        "served": sorted(n for list_ in served for n in list_),
        "finished": sorted(set(presses)),
        "tickets": Ticket.objects.count(),
        "visits": sum(DailyVisits.objects.values_list("visits", flat=True)),
    }


def together(act: Callable[[T], R], each: Iterable[T]) -> list[R]:
    from django.db import connection

    people = list(each)
    gate = Barrier(len(people))

    def run(one: T) -> R:
        connection.ensure_connection()
        gate.wait(timeout=60)
        try:
            return act(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(contend()))
