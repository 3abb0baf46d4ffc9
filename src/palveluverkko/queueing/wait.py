"""How long each customer waits: the order's own rule run forward, with a margin for chance.

The rule is played with mean durations. That gives the customers ahead of each one; chance is
added with two facts on queues: customers who fit ``c`` desks start no later than the desks' work
ahead shared by ``c`` (Graham 1969), and less by the rest of the visits that go on at the other
desks when they start (mean residual life). See docs/methods/queueing.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scipy.special import gammaincinv

from palveluverkko.queueing.durations import PRIOR, Duration
from palveluverkko.queueing.model import Adviser, Rules, Waiting
from palveluverkko.queueing.order import DEFAULT, fits, next_customer
from palveluverkko.queueing.remaining import Remaining, remaining

# "At most" holds for nine customers of ten; a promise that always held would be useless.
AT_MOST = 0.9


class WhyUnknown(StrEnum):
    NOBODY_AT_WORK = "nobody_at_work"  # no desk is open, or all are on a break
    NOBODY_FITS = "nobody_fits"  # no open desk has this service, language or mode
    NOT_REACHED = "not_reached"  # booked with somebody else, or asked to come when it is too late


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes from now to the call: the likely ones, and those that nine of ten stay below."""

    likely_minutes: float
    at_most_minutes: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """No wait can be told. It is never shown as zero."""

    why: WhyUnknown


@dataclass(frozen=True, slots=True)
class Serving:
    """The visit that goes on at a desk."""

    service: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """An open desk: who works there, and the visit going on."""

    adviser: Adviser
    serving: Serving | None = None


def estimated_wait(
    newcomer: Waiting,
    waiting: Iterable[Waiting],
    now: datetime,
    desks: Sequence[Desk],
    durations: Mapping[str, Duration],
    rules: Rules = DEFAULT,
) -> Wait | Unknown:
    """The wait of somebody who would join the queue now."""
    everybody = [*waiting, newcomer]
    return estimated_waits(everybody, now, desks, durations, rules)[newcomer.ref]


def estimated_waits(
    waiting: Iterable[Waiting],
    now: datetime,
    desks: Sequence[Desk],
    durations: Mapping[str, Duration],
    rules: Rules = DEFAULT,
) -> dict[str, Wait | Unknown]:
    """The wait of everybody in the pool, by ref; booked customers still to come belong in it.

    ``durations`` by service; a service without one takes the prior. Later urgent customers,
    breaks and desks that close are not foreseen.
    """
    line = {w.ref: w for w in waiting}
    tracks = [_Track(desk, _rest_of(desk, now, durations)) for desk in desks]
    found: dict[str, Wait | Unknown] = {}
    while line and (track := _next_free(tracks)) is not None:
        at = now + timedelta(minutes=track.free_in)
        choice = next_customer(line.values(), at, track.desk.adviser, rules)
        if choice is None:
            track.skip_to(_next_ready(line.values(), at, track.desk.adviser, now))
            continue
        customer = line.pop(choice.ref)
        found[customer.ref] = _wait(customer, track, tracks)
        for ref in choice.passes:
            line[ref] = replace(line[ref], passed_over=line[ref].passed_over + 1)
        track.take(_duration(customer.service, durations))
    return found | {ref: Unknown(_why(w, desks)) for ref, w in line.items()}


@dataclass(slots=True)
class _Track:
    """One desk's future: minutes until it is free, the variance of those, and if it goes on."""

    desk: Desk
    rest: Remaining
    free_in: float = 0.0
    variance: float = 0.0
    last: Duration | None = None
    over: bool = False

    def __post_init__(self) -> None:
        self.free_in, self.variance = self.rest.minutes, self.rest.variance

    def take(self, duration: Duration) -> None:
        self.free_in += duration.minutes
        self.variance += duration.sd_minutes**2
        self.last = duration

    def residual_minutes(self) -> float:
        """Of the visit that goes on here when another desk gets free: (1 + cv²) / 2 of its mean."""
        if self.last is not None:
            mean, variance = self.last.minutes, self.last.sd_minutes**2
        else:
            mean, variance = self.rest.minutes, self.rest.variance
        return (mean + variance / mean) / 2 if mean > 0 and self.variance > 0 else 0.0

    def skip_to(self, minutes: float | None) -> None:
        """Idle until then, which ends the chance gathered so far; ``None``: for good."""
        if minutes is None:
            self.over = True
        else:
            self.free_in, self.variance, self.last = minutes, 0.0, None


def _next_free(tracks: Sequence[_Track]) -> _Track | None:
    return min((t for t in tracks if not t.over), key=lambda t: t.free_in, default=None)


def _next_ready(
    line: Iterable[Waiting], at: datetime, adviser: Adviser, now: datetime
) -> float | None:
    """Minutes from ``now`` to the first moment after ``at`` when somebody who fits gets ready."""
    moments = [max(w.since, w.not_before or w.since) for w in line if fits(w, adviser)]
    later = [m for m in moments if m > at]
    return (min(later) - now).total_seconds() / 60 if later else None


def _wait(customer: Waiting, track: _Track, tracks: Sequence[_Track]) -> Wait:
    starts = track.free_in
    if track.variance == 0:  # a desk that is free: no chance in it
        return Wait(starts, starts)
    able = [t for t in tracks if not t.over and fits(customer, t.desk.adviser)]
    work = math.fsum(t.free_in for t in able)
    variance = math.fsum(t.variance for t in able)
    others = math.fsum(t.residual_minutes() for t in able if t is not track)
    likely = min(max((work - others) / len(able), 0.0), starts)
    latest = _quantile(work / len(able), variance / len(able) ** 2)
    return Wait(likely, max(likely, latest))


def _quantile(mean: float, variance: float) -> float:
    """The ``AT_MOST`` quantile of a gamma distribution with this mean and variance."""
    shape = mean * mean / variance
    return float(gammaincinv(shape, AT_MOST)) * variance / mean


def _duration(service: str, durations: Mapping[str, Duration]) -> Duration:
    return durations.get(service) or Duration(PRIOR.minutes, PRIOR.minutes * PRIOR.variation)


def _rest_of(desk: Desk, now: datetime, durations: Mapping[str, Duration]) -> Remaining:
    if desk.serving is None:
        return Remaining(0.0, 0.0)
    elapsed = (now - desk.serving.started_at).total_seconds() / 60
    return remaining(_duration(desk.serving.service, durations), elapsed)


def _why(customer: Waiting, desks: Sequence[Desk]) -> WhyUnknown:
    if not desks:
        return WhyUnknown.NOBODY_AT_WORK
    if not any(fits(customer, d.adviser) for d in desks):
        return WhyUnknown.NOBODY_FITS
    return WhyUnknown.NOT_REACHED
