"""What a follow-up is told and what it answers: rules, areas, looks, figures, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from palveluverkko.snapshot.values import Unknown

Floats = NDArray[np.float64]
_MONTHS = 12


class Verdict(StrEnum):
    LOSS_FOUND = "loss_found"
    NO_LOSS_FOUND = "no_loss_found"
    RISE_FOUND = "rise_found"
    NO_RISE_FOUND = "no_rise_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """A check ``months`` after the change that may be wrong with probability ``false_rate``."""

    months: int
    false_rate: float


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """When a loss counts as found, and when the data are too thin to say.

    The false rates of the looks add up to the false rate of the whole follow-up (Bonferroni).
    ``concern``: the loss, as a share, that must be ruled out before "no loss" may be said.
    ``pool``: how many alike areas at most, ``least_areas`` at least, none further than ``limit``
    standard deviations. ``least_contacts``: needed before, and expected after. ``least_weeks``:
    share of a window's weeks that must be known. ``years``: how many years before are used.
    """

    looks: tuple[Look, ...] = (Look(3, 0.01), Look(6, 0.01), Look(12, 0.03))
    concern: float = 0.15
    pool: int = 40
    least_areas: int = 20
    limit: float = 2.0
    least_contacts: int = 50
    least_weeks: float = 0.75
    years: int = 2

    def __post_init__(self) -> None:
        if not self.looks or not 0 < self.false_rate < 1:
            raise ValueError("The false rates of the looks must add up to between 0 and 1")
        if any(not 1 <= look.months <= _MONTHS or look.false_rate <= 0 for look in self.looks):
            raise ValueError("A look is 1 to 12 months after the change, with a rate over 0")
        if not 0 < self.concern < 1 or self.least_areas < 3 or self.pool < self.least_areas:
            raise ValueError("A concern between 0 and 1, at least three areas, a pool no smaller")

    @property
    def false_rate(self) -> float:
        """How often at most some look finds a loss where there is none."""
        return sum(look.false_rate for look in self.looks)

    def shared_by(self, measures: int) -> FollowUpRule:
        """The same rule for each of ``measures`` so that all together keep the false rate."""
        shared = tuple(replace(look, false_rate=look.false_rate / measures) for look in self.looks)
        return replace(self, looks=shared)


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """An area's contacts by channel: one figure a week from the data's first Monday, NaN missing.

    ``residents_after``: ``None`` counts them as unchanged and the result says so. ``density``:
    residents per km². ``touched``: another change befell it, or it took customers over, so it
    stands for no area without a change.
    """

    code: str
    residents: float | None
    contacts: Mapping[str, Floats]
    residents_after: float | None = None
    density: float | None = None
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What is followed up: in ``area``, ``announced`` and then ``effective``."""

    area: str
    announced: date
    effective: date


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after, and what it would have been had it gone as in the alike areas.

    Contacts: per 1,000 residents a week, and ``effect`` with ``low`` and ``high`` a share (-0.15 is
    fifteen per cent lost). Averages: all in the average's own unit. ``level``: of the interval.
    ``spread``: standard deviation of the areas' own drift, on the log scale for contacts.
    ``rank``: the share of the areas, this one with them, that did as badly or worse.
    """

    before: float
    after: float
    expected: float
    effect: float
    low: float
    high: float
    level: float
    spread: float
    rank: float


@dataclass(frozen=True, slots=True)
class Matched:
    """An area that was compared with: its weight (all sum to 1) and distance (see matching)."""

    code: str
    weight: float
    distance: float


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What one look says. ``why`` is set where the verdict is unknown.

    ``left_out``: why an area was not compared with, by its code. ``features``: what the areas were
    matched by. ``assumed``: codes of what was taken for granted for want of data.
    """

    look: Look
    verdict: Verdict
    total: Compared | Unknown
    channels: Mapping[str, Compared | Unknown] = field(default_factory=dict)
    matched: tuple[Matched, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    why: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A loss or a rise was found: a review is opened. ``false_rate``: of the whole follow-up."""

    months: int
    compared: Compared
    false_rate: float


def breach(found: Iterable[FollowUp], rule: FollowUpRule) -> Breach | None:
    """The first look that found a loss or a rise, with the false rate of the whole follow-up."""
    for one in sorted(found, key=lambda f: f.look.months):
        bad = one.verdict in (Verdict.LOSS_FOUND, Verdict.RISE_FOUND)
        if bad and isinstance(one.total, Compared):
            return Breach(one.look.months, one.total, rule.false_rate)
    return None
