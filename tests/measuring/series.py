"""The least demand data that a measuring test needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from palveluverkko.snapshot.model import DemandWeeks, WeekStatus

FIRST_MONDAY = date(2013, 6, 3)


def demand(
    visits: ArrayLike, slots: ArrayLike | None = None, status: ArrayLike | None = None
) -> DemandWeeks:
    """``(P, W)`` weekly visits, or one point's ``(W,)``; complete weeks of unknown slots."""
    counts = np.atleast_2d(np.asarray(visits, dtype=np.int32))
    offered = np.full_like(counts, -1) if slots is None else np.broadcast_to(slots, counts.shape)
    states = np.full(counts.shape, WeekStatus.COMPLETE) if status is None else status
    return DemandWeeks(
        FIRST_MONDAY,
        counts,
        np.asarray(offered, dtype=np.int32),
        np.full_like(counts, -1),
        np.atleast_2d(np.asarray(states, dtype=np.uint8)),
        (),
        np.zeros((counts.shape[0], 0), dtype=np.int64),
    )


def counts(
    rng: np.random.Generator, mean: ArrayLike, dispersion: float, shape: Sequence[int]
) -> NDArray[np.int64]:
    """Negative binomial counts with variance ``μ + αμ²``."""
    level = np.broadcast_to(np.asarray(mean, dtype=np.float64), tuple(shape))
    if dispersion > 0:
        level = level * rng.gamma(1 / dispersion, dispersion, tuple(shape))
    return rng.poisson(level)
