"""A whole day of the remote channels against the running server, its clock held by this program.

    python -m tests.day quick|small|full [--seed N]

Needs an empty database (``DATABASE_URL``) or an empty ``PALVELUVERKKO_HOME``. Prints as JSON what
the day was like, and what is wrong: nothing, or somebody has lost something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.day.clock import Clock

CLOCK = Path(os.environ.get("PALVELUVERKKO_HOME", "var")).absolute() / "clock"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("size", choices=["small", "quick", "full"])
    asked.add_argument("--seed", type=int, default=20260302)
    given = asked.parse_args()
    CLOCK.parent.mkdir(parents=True, exist_ok=True)
    CLOCK.unlink(missing_ok=True)
    os.environ["DAY_CLOCK"] = str(CLOCK)
    clock = Clock(CLOCK)
    timezone.now = clock.now  # before any model takes it as a default
    print(json.dumps(play(given.size, given.seed, clock), indent=1, default=str))
    return 0


def play(size: str, seed: int, clock: Clock) -> dict[str, Any]:
    clock.set(datetime(2026, 3, 2, 5, 45, tzinfo=UTC))
    import palveluverkko.cli.django_setup  # noqa: F401

    from django.core.management import call_command  # isort: skip
    from tests.day import audit, day, town

    call_command("migrate", verbosity=0)
    sessions = town.build(day.SIZES[size].advisers)
    played = day.Day(CLOCK.parent, clock, day.SIZES[size], seed, sessions)
    asyncio.run(played.play())
    ledger = played.world.ledger
    found = audit.findings(ledger, played.world.inbox, day.NIGHT)
    programs = (played.town.web, *played.town.workers)
    found["complaints"] = [line for program in programs for line in program.complaints()]
    return {
        "wrong": {name: rows for name, rows in found.items() if rows},
        "seconds": round(played.seconds, 1),
        "steps": played.steps,
        "asked": len(ledger.asked),
        "calls": dict(Counter(c.channel for c in ledger.calls)),
        "ends": dict(Counter((c.last_word + " " + c.went).strip() for c in ledger.calls)),
        "blocked": dict(ledger.blocked),
        "refused": dict(ledger.refused),
        "talks": dict(Counter(t.outcome for t in ledger.talks)),
        "pressed": dict(ledger.pressed),
        "kills": {p.name: p.kills for p in programs},
    }


if __name__ == "__main__":
    sys.exit(main())
