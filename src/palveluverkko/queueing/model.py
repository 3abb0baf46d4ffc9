"""The values of a queue: who waits, who can serve, by which rules, and what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Waiting:
    """One customer in the pool of all channels. Times are aware.

    ``since`` is the customer's place: when the ticket was taken, when a booked customer arrived,
    or, for a call or video that the adviser begins, the booked time itself. A transfer or a
    return keeps it. Before ``not_before`` ("come back at") nobody is called. ``passed_over``
    counts the calls of customers with a later place. ``only_adviser``: booked with that adviser,
    or sent to them. ``order`` breaks ties: the ticket's number. No ``language``: any will do.
    """

    ref: str
    service: str
    since: datetime
    mode: str = "walk_in"
    language: str = ""
    urgent: bool = False
    booked_at: datetime | None = None
    not_before: datetime | None = None
    passed_over: int = 0
    only_adviser: str | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Adviser:
    """Whom one adviser can serve. ``modes`` empty: every mode; ``urgent_only``: a reserve."""

    ref: str
    services: frozenset[str]
    languages: frozenset[str]
    modes: frozenset[str] = frozenset()
    urgent_only: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The weights of the order; docs/methods/queueing.md tells why these.

    ``grace_minutes``: a booked customer who is here goes this much before the booked time.
    ``late_minutes``: one who came later than this after it waits like a walk-in.
    ``urgent_minutes``: how much longer an urgent customer counts as having waited.
    ``passed_over_most``: nobody is passed over by later customers more often than this, but for
    booked customers who are kept waiting.
    ``kept_minutes``: a booked customer kept waiting this long past the booked time is owed a turn
    too, and each minute of it counts as ``kept_weight`` minutes of a walk-in's wait.
    """

    grace_minutes: float = 3.0
    late_minutes: float = 15.0
    urgent_minutes: float = 30.0
    passed_over_most: int = 4
    kept_minutes: float = 10.0
    kept_weight: float = 6.0


class Reason(StrEnum):
    """Why this one: a code for the desk to put in words."""

    PASSED_OVER = "passed_over"  # was passed over as often as the rules allow
    AT_ITS_TIME = "at_its_time"  # booked, here, and it is time
    URGENT = "urgent"  # urgent, before somebody who came earlier
    LONGEST = "longest"  # has the earliest place
    EARLY = "early"  # booked for later, here already, and nobody else waits


@dataclass(frozen=True, slots=True)
class Choice:
    """The next customer, why, and the refs of those with an earlier place who are passed over.

    ``waited_minutes`` count from the place; ``late_minutes`` from the booked time, below zero
    when it is yet to come, ``None`` without one.
    """

    ref: str
    reason: Reason
    waited_minutes: float
    late_minutes: float | None = None
    passed_over: int = 0
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unserved:
    """Nobody at work can serve ``ref``: none has its service, language or mode, or no one has
    all of them at once (all three false).
    """

    ref: str
    no_service: bool
    no_language: bool
    no_mode: bool
