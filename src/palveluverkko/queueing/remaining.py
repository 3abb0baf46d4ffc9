"""How long a visit still goes on that has gone on for a while."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import gammaincc

from palveluverkko.queueing.durations import Duration

# Below this chance of lasting so long, the two tails' quotient is lost in rounding.
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Remaining:
    """Mean and variance of the minutes left."""

    minutes: float
    variance: float


def remaining(duration: Duration, elapsed_minutes: float) -> Remaining:
    """What is left of a gamma distributed duration after ``elapsed_minutes``.

    The mean residual life: a long visit is not about to end because its mean has passed.
    """
    mean, variance = duration.minutes, duration.sd_minutes**2
    elapsed = max(elapsed_minutes, 0.0)
    if variance <= 0:
        return Remaining(max(mean - elapsed, 0.0), 0.0)
    shape, scale = mean * mean / variance, variance / mean
    lasting = float(gammaincc(shape, elapsed / scale))
    if lasting < TINY:  # the tail is nearly exponential
        return Remaining(scale, scale * scale)
    first = mean * float(gammaincc(shape + 1, elapsed / scale)) / lasting
    second = shape * (shape + 1) * scale**2 * float(gammaincc(shape + 2, elapsed / scale)) / lasting
    left = max(first - elapsed, 0.0)
    return Remaining(left, max(second - first * first, 0.0))
