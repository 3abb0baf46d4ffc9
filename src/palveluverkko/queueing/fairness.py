"""Whether those who speak different languages wait as long: means over contacts, with an interval.

Every contact weighs the same, whenever it came. Contacts of one hour met the same queue, so the
interval takes hours, not contacts, as what chance drew (a ratio of totals by clusters: Cochran
1977, section 6.11).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from scipy.stats import t as student

LEVEL = 0.95
FEWEST_CONTACTS = 20  # of each language; fewer say more of chance than of service
FEWEST_HOURS = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered contact: its language, when it came and how long it waited."""

    language: str
    came_at: datetime
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class Waits:
    """Of ``contacts`` answered, in seconds: the mean, and what nine of ten stayed below."""

    contacts: int
    mean_seconds: float
    p90_seconds: float


class WhyNoGap(StrEnum):
    FEW_CONTACTS = "few_contacts"
    FEW_HOURS = "few_hours"


@dataclass(frozen=True, slots=True)
class Gap:
    """How much longer ``language`` waits than ``other``, in seconds, with its 95 % interval."""

    language: str
    other: str
    seconds: float
    low_seconds: float
    high_seconds: float


@dataclass(frozen=True, slots=True)
class NoGap:
    """The gap is not known; it is never shown as zero."""

    why: WhyNoGap


def waits_of(seconds: Sequence[float]) -> Waits | None:
    """``None`` where nobody was answered."""
    if not seconds:
        return None
    p90 = float(np.quantile(np.asarray(seconds, dtype=float), 0.9, method="inverted_cdf"))
    return Waits(len(seconds), math.fsum(seconds) / len(seconds), p90)


def waits_by_language(answered: Iterable[Answered]) -> dict[str, Waits]:
    """The waits of each language that anybody was answered in."""
    return by_language((one.language, one.wait_seconds) for one in answered)


def by_language(waited: Iterable[tuple[str, float]]) -> dict[str, Waits]:
    """As :func:`waits_by_language`, from languages and seconds waited."""
    of: dict[str, list[float]] = defaultdict(list)
    for language, seconds in waited:
        of[language].append(seconds)
    return {code: w for code, s in sorted(of.items()) if (w := waits_of(s)) is not None}


def language_gap(answered: Iterable[Answered], language: str, other: str) -> Gap | NoGap:
    """How much longer the contacts of ``language`` waited than those of ``other``."""
    waited = (
        (one.language, int(one.came_at.timestamp()) // 3600, one.wait_seconds) for one in answered
    )
    return gap_of(waited, language, other)


def gap_of(waited: Iterable[tuple[str, int, float]], language: str, other: str) -> Gap | NoGap:
    """As :func:`language_gap`, from languages, hours of coming (by number) and seconds waited."""
    hours: dict[int, list[float]] = defaultdict(lambda: [0.0] * 4)
    for spoken, hour, seconds in waited:
        if spoken in (language, other):
            row = hours[hour]
            first = 0 if spoken == language else 2
            row[first] += 1.0
            row[first + 1] += seconds
    table = np.array(list(hours.values())).reshape(-1, 4)
    n, waited, n_other, waited_other = table.sum(axis=0)
    if min(n, n_other) < FEWEST_CONTACTS:
        return NoGap(WhyNoGap.FEW_CONTACTS)
    if len(table) < FEWEST_HOURS:
        return NoGap(WhyNoGap.FEW_HOURS)
    mean, mean_other = waited / n, waited_other / n_other
    # What each hour adds to the difference of the two ratios.
    shares = (table[:, 1] - mean * table[:, 0]) / n
    shares -= (table[:, 3] - mean_other * table[:, 2]) / n_other
    degrees = len(table) - 1
    error = math.sqrt(float((shares**2).sum()) * len(table) / degrees)
    margin = float(student.ppf((1 + LEVEL) / 2, degrees)) * error
    gap = float(mean - mean_other)
    return Gap(language, other, gap, gap - margin, gap + margin)
