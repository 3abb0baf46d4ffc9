"""Which areas are most alike to one, by what was known before the decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
YEAR = 52
_NORMAL_QUARTILES = 1.349


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What areas are compared by: ``values`` has a row an area and a column a name; NaN unknown."""

    names: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """``order``: row numbers, the most alike first. ``distance``: of those, in standard deviations
    (root mean square over the features). ``unknown``: candidates without a feature that counts.
    ``far``: candidates beyond the limit.
    """

    order: NDArray[np.intp]
    distance: Floats
    unknown: NDArray[np.intp]
    far: NDArray[np.intp]


def features(counts: Floats, residents: Floats, density: Floats) -> Features:
    """Level, size, density, season and trend of areas from their weeks before the decision.

    ``counts``: areas in rows, weeks in columns, NaN not known. Level: contacts a week per resident,
    size: contacts a week, density: residents per km², all on the log scale. Season (two waves of a
    year) needs 52 weeks, trend (the last 52 weeks against the 52 before) needs 104; with fewer
    they are left out for every area, and ``names`` shows it.
    """
    weeks = counts.shape[1]
    weekly = row_means(counts) + 0.01
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "level": np.log(weekly / residents),
            "size": np.log(weekly),
            "density": np.log(density),
        }
        if weeks >= YEAR:
            angle = 2 * np.pi * np.arange(weeks) / YEAR
            found["season_cosine"] = 2 * row_means(counts * np.cos(angle)) / weekly
            found["season_sine"] = 2 * row_means(counts * np.sin(angle)) / weekly
        if weeks >= 2 * YEAR:
            last, earlier = counts[:, -YEAR:], counts[:, -2 * YEAR : -YEAR]
            found["trend"] = np.log((row_means(last) + 0.01) / (row_means(earlier) + 0.01))
    values = np.column_stack(list(found.values()))
    return Features(tuple(found), np.where(np.isfinite(values), values, np.nan))


def most_alike(
    compared: Features, target: int, candidates: Flags, size: int, limit: float
) -> Alike:
    """The ``size`` candidates nearest to row ``target``, none further than ``limit``.

    Each feature counts alike, in units of its spread over the candidates (from the quartiles). A
    feature that the target itself lacks is not compared.
    """
    rows = np.flatnonzero(candidates)
    used = ~np.isnan(compared.values[target])
    values = compared.values[:, used]
    lacking = np.isnan(values[rows]).any(axis=1)
    unknown, rows = rows[lacking], rows[~lacking]
    if not len(rows) or not used.any():
        return Alike(rows[:0], np.empty(0), unknown, rows)
    gaps = (values[rows] - values[target]) / _spread(values[rows])
    distance = np.sqrt(np.mean(gaps**2, axis=1))
    order = np.argsort(distance, kind="stable")
    near = order[distance[order] <= limit]
    far = order[distance[order] > limit]
    return Alike(rows[near[:size]], distance[near[:size]], unknown, rows[far])


def _spread(values: Floats) -> Floats:
    """Standard deviation by the quartiles, else the plain one, else 1."""
    low, high = np.quantile(values, (0.25, 0.75), axis=0)
    robust = (high - low) / _NORMAL_QUARTILES
    plain = values.std(axis=0)
    either = np.where(robust > 0, robust, plain)
    return np.where(either > 0, either, 1.0)


def row_means(values: Floats) -> Floats:
    """Mean of each row's known weeks; NaN where none is known."""
    known = ~np.isnan(values)
    number = known.sum(axis=1).astype(np.float64)
    total = np.where(known, values, 0.0).sum(axis=1)
    found: Floats = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return found
