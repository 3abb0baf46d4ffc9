"""How many visits a week a point had: the mean and its interval from over-dispersed counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, stdtrit

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEVEL = 0.95
UPPER_TAIL = 0.5 + LEVEL / 2
# Stands in for a point's own dispersion where the data cannot give one (a single week) and where
# an answer must not depend on it (see ``censored``): weekly demand varies by about 22 per cent
# beyond chance. Documented in docs/methods/demand.md.
REFERENCE_DISPERSION = 0.05
# Lag-one autocorrelation from a handful of neighbouring weeks is noise; this many pairs count as
# much as the prior belief that there is none.
PRIOR_PAIRS = 8.0
LARGEST_AUTOCORRELATION = 0.8


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """Mean per week with its interval, each ``(P,)``; rows without a usable week hold NaN."""

    value: Floats
    low: Floats
    high: Floats


def variance_inflation(residuals: Floats, usable: Mask) -> Floats:
    """How much more a mean varies because neighbouring weeks resemble each other, ``(P,)`` ≥ 1.

    ``(1 + ρ) / (1 − ρ)`` for a first-order autoregression, with ρ from pairs of adjacent usable
    weeks, corrected for its small-sample bias (Marriott & Pope 1954) and drawn towards zero.
    ``residuals`` and ``usable`` are ``(P, W)``, oldest week first.
    """
    kept = np.where(usable, residuals, 0.0)
    pairs = (usable[:, 1:] & usable[:, :-1]).sum(axis=1)
    count = usable.sum(axis=1)
    square = np.einsum("pw,pw->p", kept, kept)
    product = np.einsum("pw,pw->p", kept[:, 1:], kept[:, :-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = product / pairs / (square / count) + 1.0 / count
    drawn = np.nan_to_num(raw, nan=0.0, posinf=0.0, neginf=0.0) * pairs / (pairs + PRIOR_PAIRS)
    rho = np.clip(drawn, 0.0, LARGEST_AUTOCORRELATION)
    inflation: Floats = (1.0 + rho) / (1.0 - rho)
    return inflation


def mean_interval(visits: Floats, usable: Mask, inflation: Floats | None = None) -> MeanInterval:
    """Visits per week over the usable weeks, with a 95 % interval.

    Negative binomial NB2 (variance ``μ + αμ²``, α by moments, never below Poisson), the interval
    on the log scale with Student's t. It is never narrower than the exact Poisson interval
    (Garwood 1936), which alone answers where no visit was seen at all. ``visits`` and ``usable``
    are ``(P, W)``; ``inflation`` (default: from the data) widens for autocorrelation.
    """
    count = usable.sum(axis=1).astype(np.float64)
    kept = np.where(usable, visits, 0.0)
    total = kept.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / count
        residuals = np.where(usable, visits - mean[:, None], 0.0)
        square = np.einsum("pw,pw->p", residuals, residuals) / (count - 1.0)
        if inflation is None:
            inflation = variance_inflation(residuals, usable)
        alone = mean + REFERENCE_DISPERSION * mean**2
        variance = np.where(count > 1, np.maximum(square, mean), alone)
        spread = np.sqrt(variance * inflation / count) / mean
        reach = np.exp(stdtrit(np.maximum(count - 1.0, 1.0), UPPER_TAIL) * spread)
        exact_low = gammaincinv(np.maximum(total, 1.0), 1.0 - UPPER_TAIL) / count
        exact_high = gammaincinv(total + 1.0, UPPER_TAIL) / count
        low = np.where(total > 0, np.minimum(mean / reach, exact_low), 0.0)
        high = np.where(total > 0, np.fmax(mean * reach, exact_high), exact_high)
    none = count == 0
    return MeanInterval(mean, np.where(none, np.nan, low), np.where(none, np.nan, high))
