"""What one look at the wallboard costs in the evening of a busy day.

    python -m benchmarks.wallboard --contacts 100000

Fills a database of its own (the one that the environment names, an empty one) with a day of
contacts on four channels, and asks for the board's figures as the page does every ten seconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

SHARES = {"answered": 88, "abandoned": 6, "blocked": 2, "callback": 4}


def seed(contacts: int) -> None:
    from django.utils import timezone
    from tests.booking import world
    from tests.contact.pool_build import build_service

    from palveluverkko.contact.models import Channel, Contact
    from palveluverkko.contact.rows import agency_day, agency_zone

    build_service()
    adviser = world.adviser("Adviser", languages=("fi", "sv"))
    day = agency_day(timezone.now())
    chance = random.Random(1)
    start = datetime(day.year, day.month, day.day, tzinfo=agency_zone())
    rows = []
    for n in range(contacts):
        came = start + timedelta(seconds=chance.uniform(8 * 3600, 16 * 3600))
        wait = timedelta(seconds=chance.expovariate(1 / 90))
        state = chance.choices(list(SHARES), list(SHARES.values()))[0]
        answered = state == "answered"
        rows.append(
            Contact(
                key=f"bench:{n}",
                channel=chance.choice(Channel.values),
                state=state,
                service_id="general",
                language=chance.choices(["fi", "sv"], [9, 1])[0],
                entered_at=came,
                came_at=came,
                answered_at=came + wait if answered else None,
                ended_at=came + wait + timedelta(minutes=8 if answered else 0),
                adviser=adviser if answered else None,
                blocked_why="closed" if state == "blocked" else "",
            )
        )
    Contact.objects.bulk_create(rows, batch_size=5000)


def measure(looks: int) -> None:
    from django.utils import timezone

    from palveluverkko.contact.queries import board

    now = timezone.now().replace(hour=18)
    cpu, wall = [], []
    for _ in range(looks):
        began, spent = time.perf_counter(), time.process_time()
        found = board(now)
        cpu.append((time.process_time() - spent) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    offered = sum(one.offered for one in found.today)
    assert all(one.holds for one in found.today)
    print(f"{offered} contacts; the first look takes {cpu[0]:.0f} ms of processor time,")
    print(f"those of the next minute {statistics.median(cpu[1:]):.0f} ms (median of {looks - 1}),")
    print(f"{statistics.median(wall[1:]):.0f} ms on the clock")


def main() -> None:
    import os

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contacts", type=int, default=100_000)
    arguments.add_argument("--looks", type=int, default=7)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("PALVELUVERKKO_HOME", str(Path(home)))
        from django.core.management import call_command

        import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)

        call_command("migrate", verbosity=0)
        seed(given.contacts)
        measure(given.looks)


if __name__ == "__main__":
    main()
