"""How far an area's change lies from the changes of areas where nothing was decided.

Each matched area stands for a decision that was never made (placebo). Their spread holds the
chance in the counts and all that makes areas drift apart by themselves, serial correlation with
it: every area enters as one change from before to after (Bertrand, Duflo & Mullainathan 2004).
See docs/methods/follow-up.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Difference-in-differences: an area's change less the mean change of the matched areas.

    All in the unit of the changes. ``standard_error`` is of a further area without a decision, so
    it holds the ``spread`` (standard deviation of the areas' own drift). ``expected`` is the mean
    change of the matched areas, ``weights`` theirs in it (sum 1). ``low_rank`` and ``high_rank``:
    the share of the areas, this one with them, that lie as low, or as high, as this one.
    """

    value: float
    standard_error: float
    spread: float
    degrees: int
    expected: float
    weights: Floats
    low_rank: float
    high_rank: float

    def interval(self, level: float) -> tuple[float, float]:
        """Both ends of the interval that holds the truth with probability ``level``."""
        half = float(stats.t.ppf(0.5 + level / 2, self.degrees)) * self.standard_error
        return self.value - half, self.value + half


def difference(change: float, variance: float, pool: Floats, variances: Floats) -> Difference:
    """The area's ``change`` against those of the ``pool``; ``variances``: of counting alone.

    Random-effects model: pool changes are ``mean + drift + noise``, with the drift's variance by
    Paule & Mandel (1982) and the interval of a further area by Higgins, Thompson & Spiegelhalter
    (2009): Student's t with (areas - 1) degrees. Needs two areas at least and positive variances.
    """
    if len(pool) < 2:
        raise ValueError(f"At least two matched areas: {len(pool)}")
    drift = _drift_variance(pool, variances)
    weights = 1.0 / (variances + drift)
    mean = float(weights @ pool / weights.sum())
    own = variance + drift + 1.0 / weights.sum()
    value = change - mean
    low, high = _ranks(value / np.sqrt(own), pool, variances + drift)
    return Difference(
        value=value,
        standard_error=float(np.sqrt(own)),
        spread=float(np.sqrt(drift)),
        degrees=len(pool) - 1,
        expected=mean,
        weights=weights / weights.sum(),
        low_rank=low,
        high_rank=high,
    )


def _drift_variance(pool: Floats, variances: Floats) -> float:
    """The variance under which the weighted squares are as large as they should be; 0 at least."""

    def excess(drift: float) -> float:
        weights = 1.0 / (variances + drift)
        mean = weights @ pool / weights.sum()
        return float(weights @ (pool - mean) ** 2) - (len(pool) - 1)

    if excess(0.0) <= 0.0:
        return 0.0
    high = float(np.var(pool, ddof=1)) * len(pool) + 1e-12
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-12))


def _ranks(score: float, pool: Floats, variances: Floats) -> tuple[float, float]:
    """Where the score stands among the scores that each matched area would get in its place."""
    weights = 1.0 / variances
    rest = weights.sum() - weights
    others = (weights @ pool - weights * pool) / rest
    scores = (pool - others) / np.sqrt(variances + 1.0 / rest)
    areas = len(pool) + 1
    low = (1 + int(np.sum(scores <= score))) / areas
    high = (1 + int(np.sum(scores >= score))) / areas
    return low, high
