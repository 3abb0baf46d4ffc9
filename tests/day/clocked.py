"""The product's own command with its clock in a test's hands.

``DAY_CLOCK=file DAY_SLOT=n python -m tests.day.clocked serve ...`` is ``palveluverkko serve ...``
for which ``timezone.now`` is the time that the test has set. Background work does one round each
time the clock moves, and the hub of the pages looks when it is asked to, as it does when another
process tells it of a change. Nothing else is different, and nothing in the product knows of it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.day.clock import ASKED, FIRST, HEARD, HEARD_AGAIN, LOOKED, NOW, Clock

clock = Clock(Path(os.environ["DAY_CLOCK"]))
timezone.now = clock.now  # before any model takes it as a default

import palveluverkko.cli.django_setup  # noqa: E402, F401
from palveluverkko.contact.signalling import hub as hubs  # noqa: E402
from palveluverkko.messages import background  # noqa: E402


def in_step(slot: int, job: Callable[[], object]) -> Callable[[], None]:
    """One round each time the clock has moved, and a note of which time it saw."""
    seen = 0.0

    def round_() -> None:
        nonlocal seen
        if clock.wait_beyond(seen):
            seen = clock[NOW]
            try:
                job()
            finally:
                clock[slot] = seen

    return round_


def pace_background(first: int) -> None:
    """Its two tickers, each with a slot of its own."""
    background.TICK_SECONDS = 0
    loop, slots = background._loop, iter((first, first + 1))
    background._loop = lambda job: loop(in_step(next(slots), job))


def pace_pages() -> None:
    """Look when asked; report who is heard whenever the clock has moved by some seconds."""
    hubs.GATHER_SECONDS = 0.001
    hubs.HEARD_SECONDS = 0.01
    look, report = hubs.Hub.look, hubs.report_heard

    async def look_and_tell(self: hubs.Hub) -> None:
        asked = clock[ASKED]
        await look(self)
        clock[LOOKED] = max(clock[LOOKED], asked)

    def report_in_step(contacts: Iterable[int], advisers: Iterable[int], now: datetime) -> None:
        if now.timestamp() >= clock[HEARD] + HEARD_AGAIN:
            report(contacts, advisers, now)
            clock[HEARD] = now.timestamp()

    hubs.Hub.look = look_and_tell  # type: ignore[method-assign]
    hubs.report_heard = report_in_step
    threading.Thread(target=_nudge, daemon=True).start()


def _nudge() -> None:
    """What a message through Redis would do: pages are looked at although nothing changed here."""
    done = 0.0
    while True:
        asked, waking = clock[ASKED], list(hubs._hubs.values())
        if not waking:
            clock[LOOKED], clock[HEARD] = asked, clock[NOW]
        elif asked > done:
            done = asked
            for each in waking:
                each.wake()
        time.sleep(0.001)


def main() -> Any:
    pace_background(FIRST + 2 * int(os.environ["DAY_SLOT"]))
    if sys.argv[1] == "serve":
        pace_pages()
    from palveluverkko.cli.main import main as command

    return command()


if __name__ == "__main__":
    main()
