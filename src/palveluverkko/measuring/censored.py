"""How many visits a week would come if capacity did not cap them: right-censored counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln, stdtrit

from palveluverkko.measuring.intervals import (
    REFERENCE_DISPERSION,
    UPPER_TAIL,
    Floats,
    Mask,
    MeanInterval,
)

Index = NDArray[np.intp]

# A week whose visits fill at least this share of its bookable slots shows capacity, not demand.
CAPPED = 0.9
SMALLEST_DISPERSION = 1e-3
# Up to one the negative binomial is log-concave, so that the likelihood has a single peak.
LARGEST_DISPERSION = 1.0
ROUNDS = 80
ACCURACY = 1e-13


@dataclass(frozen=True, slots=True)
class Weeks:
    """Censored sample of ``P`` points: sums of the uncapped weeks, and every capped week in turn.

    ``count``, ``free_sum``, ``free_square`` are ``(P,)``; ``row`` and ``floor`` are ``(C,)``: the
    point of each capped week and its visits, below which that week's demand did not lie.
    """

    count: Floats
    free_sum: Floats
    free_square: Floats
    row: Index
    floor: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """Likelihood peak per point: mean, information in whole weeks, and second moment of demand."""

    mean: Floats
    information: Floats
    square: Floats


def capped_weeks(visits: Floats, slots: Floats, usable: Mask) -> Mask:
    """Which usable weeks ran at capacity; weeks of unknown or no slots never do. ``(P, W)``."""
    capped: Mask = usable & (slots > 0) & (visits >= CAPPED * slots - 1e-9)
    return capped


def capacity_mark(visits: Floats, slots: Floats) -> Floats:
    """The week's visits, or as many as would have made it a capped week if that is more."""
    return np.maximum(visits, np.ceil(CAPPED * slots - 1e-9))


def effective_mean(
    visits: Floats, slots: Floats, usable: Mask, observed: MeanInterval, inflation: Floats
) -> MeanInterval:
    """Visits per week that would come if opening hours and slots did not cap them, per point.

    Capped weeks are right-censored under a negative binomial. The value is the likelihood's peak
    at a fixed dispersion, but never above the mean that the point would show with every week
    just at capacity: beyond capacity nothing was ever seen, and what may lie there is the
    interval's to say. So the value is never below ``observed`` and an added visit never lowers
    it. The low end is ``observed``'s: a week just at capacity may still have met all its demand.
    All usable weeks capped: the observed mean, without upper bound. Arrays are ``(P, W)``.
    """
    capped = capped_weeks(visits, slots, usable)
    capped_count = capped.sum(axis=1)
    count = usable.sum(axis=1)
    everything = (capped_count == count) & (count > 0)
    value, high = observed.value.copy(), observed.high.copy()
    high[everything] = np.inf
    some = np.flatnonzero((capped_count > 0) & ~everything)
    if some.size:
        sample = _sample(visits[some], usable[some], capped[some])
        start = observed.value[some]
        reference = np.full(some.size, REFERENCE_DISPERSION)
        fit = _peak(sample, reference, start)
        ceiling = _ceiling(visits[some], slots[some], usable[some])
        value[some] = np.maximum(np.minimum(fit.mean, ceiling), start)
        own = _own_dispersion(sample, fit)
        own = _own_dispersion(sample, _peak(sample, own, start))
        for each, alpha in ((fit, reference), (_peak(sample, own, start), own)):
            high[some] = np.maximum(high[some], _upper(each, alpha, inflation[some]))
    return MeanInterval(value, observed.low, high)


def _sample(visits: Floats, usable: Mask, capped: Mask) -> Weeks:
    free = np.where(usable & ~capped, visits, 0.0)
    row, column = np.nonzero(capped)
    return Weeks(
        usable.sum(axis=1).astype(np.float64),
        free.sum(axis=1),
        np.einsum("pw,pw->p", free, free),
        row,
        visits[row, column],
    )


def _ceiling(visits: Floats, slots: Floats, usable: Mask) -> Floats:
    """Mean with every week just at capacity; no ceiling where a week's capacity is unknown."""
    marks = np.where(slots > 0, capacity_mark(visits, slots), np.inf)
    count = usable.sum(axis=1)
    ceiling: Floats = np.where(usable, marks, 0.0).sum(axis=1) / count
    return ceiling


def hazard(floor: Floats, mean: Floats, alpha: Floats) -> Floats:
    """``P(Y = c) / P(Y ≥ c)`` of the negative binomial with variance ``μ + αμ²``, c ≥ 1.

    By the incomplete beta function; where that underflows, by its continued fraction, whose
    leading factor is the numerator itself (DLMF 8.17.22).
    """
    size = 1.0 / alpha
    q = mean / (size + mean)
    tail = betainc(floor, size, q)
    log_mass = gammaln(floor + size) - gammaln(floor + 1.0) - gammaln(size)
    log_mass += floor * np.log(q) - size * np.log1p(mean * alpha)
    far = tail < 1e-200
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.exp(log_mass) / tail
    if far.any():
        share[far] = _continued_fraction(floor[far], size[far], q[far])
    return np.clip(share, 0.0, 1.0)


def _continued_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """DLMF 8.17.22 by the modified Lentz method; converges fast far in the tail."""
    c = np.ones_like(a)
    d = 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    result = d.copy()
    for m in range(1, 200):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        result *= c * d
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        result *= c * d
        if np.all(np.abs(c * d - 1.0) < 1e-15):
            break
    inverse: Floats = 1.0 / result
    return inverse


def tail_mean(floor: Floats, mean: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """``E[Y | Y ≥ c]`` and its derivative by the mean; arrays of one shape.

    ``E = μ + c·h·(1 + αμ)`` with the hazard ``h``; in the exponential family of fixed α the
    derivative is the truncated variance over the variance.
    """
    share = hazard(floor, mean, alpha)
    expected = np.maximum(mean + floor * share * (1.0 + alpha * mean), floor)
    slope = 1.0 + floor * share * ((floor - expected) / mean + alpha)
    return expected, np.clip(slope, 0.0, 1.0)


def _peak(weeks: Weeks, alpha: Floats, start: Floats) -> Fit:
    """Newton's method within a bracket for ``μ = mean(free weeks, E[Y | Y ≥ c; μ])``.

    The right-hand side rises with every visit and with μ, by less than one where α ≤ 1 and a week
    is free; so there is one root, it lies above the observed mean (``start``), and it rises with
    every visit.
    """
    points = weeks.count.size
    mean, below, above = start.copy(), start.copy(), np.full(points, np.inf)
    for _ in range(ROUNDS):
        gap, slope, _ = _score(weeks, mean, alpha)
        below = np.where(gap > 0, mean, below)
        above = np.where(gap > 0, above, mean)
        step = mean - gap / slope
        middle = np.where(np.isfinite(above), (below + above) / 2.0, 2.0 * mean + 1.0)
        following = np.where((step >= below) & (step <= above), step, middle)
        moved = np.abs(following - mean)
        mean = following
        if np.all(moved <= ACCURACY * mean):
            break
    _, slope, square = _score(weeks, mean, alpha)
    return Fit(mean, -slope * weeks.count, square)


def _score(weeks: Weeks, mean: Floats, alpha: Floats) -> tuple[Floats, Floats, Floats]:
    points = weeks.count.size
    mean_c, alpha_c = mean[weeks.row], alpha[weeks.row]
    expected, slope = tail_mean(weeks.floor, mean_c, alpha_c)
    total = weeks.free_sum + np.bincount(weeks.row, expected, points)
    gap = total / weeks.count - mean
    # At least a trace of information per free week keeps the division sound.
    free_weeks = weeks.count - np.bincount(weeks.row, minlength=points)
    held = np.bincount(weeks.row, 1.0 - slope, points)
    around = slope * (mean_c + alpha_c * mean_c**2) + (expected - mean_c) ** 2
    free_around = weeks.free_square - 2.0 * mean * weeks.free_sum + free_weeks * mean**2
    square = free_around + np.bincount(weeks.row, around, points)
    return gap, -(free_weeks + held) / weeks.count, square


def _own_dispersion(weeks: Weeks, fit: Fit) -> Floats:
    """Moment estimate with each capped week's expected square in place of the unseen one."""
    variance = fit.square / (weeks.count - 1.0)
    own = (variance - fit.mean) / fit.mean**2
    return np.clip(own, SMALLEST_DISPERSION, LARGEST_DISPERSION)


def _upper(fit: Fit, alpha: Floats, inflation: Floats) -> Floats:
    """Upper end on the log scale; a capped week counts for the information that is left in it."""
    variance = fit.mean + alpha * fit.mean**2
    spread = np.sqrt(variance * inflation / fit.information) / fit.mean
    with np.errstate(over="ignore"):
        reach = np.exp(stdtrit(np.maximum(fit.information - 1.0, 1.0), UPPER_TAIL) * spread)
    upper: Floats = fit.mean * reach
    return upper
