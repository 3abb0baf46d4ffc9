"""How much each area changed from the weeks before a decision to the weeks after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palveluverkko.caseflow.followup.matching import row_means

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Which weeks count as before and which as after: two rows of flags, one a week."""

    before: Flags
    after: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """One figure an area. ``change``: on the log scale for counts, in the measure's unit for
    averages; ``variance``: what chance alone gives it. ``before``, ``after``: contacts counted (of
    averages: the mean); ``share_before``, ``share_after``: weeks of the window with a figure.
    """

    change: Floats
    variance: Floats
    before: Floats
    after: Floats
    share_before: Floats
    share_after: Floats


def count_changes(
    counts: Floats, residents_before: Floats, residents_after: Floats, windows: Windows
) -> Changes:
    """Log change of contacts per resident, areas in rows and weeks in columns, NaN not known.

    Counts are set against what the area would have had at the common rate of its own known weeks
    (indirect standardisation), so a missing week, a holiday or a week in which something befell
    everybody does not pass for a change. Half a contact is added on each side against zeros.
    """
    known = ~np.isnan(counts)
    people = np.where(windows.after[None, :], residents_after[:, None], residents_before[:, None])
    expected = _common_rate(counts, people, known)[None, :] * people * known
    seen = np.where(known, counts, 0.0)
    sums = [(seen @ w, expected @ w) for w in (windows.before, windows.after)]
    (before, expected_before), (after, expected_after) = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log((after + _HALF) / (before + _HALF) * expected_before / expected_after)
    noise = _dispersion(seen, expected, known, windows)
    variance = noise * (1.0 / (before + _HALF) + 1.0 / (after + _HALF))
    return Changes(change, variance, before, after, *_shares(known, windows))


def average_changes(averages: Floats, windows: Windows) -> Changes:
    """Change of a weekly average (a wait, a journey, in minutes), each week less its common level.

    Areas in rows and weeks in columns, NaN not known. The common level of a week is the median of
    the areas' departures from their own means.
    """
    known = ~np.isnan(averages)
    used = windows.before | windows.after
    own = np.where(known & used, averages, np.nan)
    with np.errstate(invalid="ignore"):
        common = _median(own - row_means(own)[:, None])
        rest = own - np.where(np.isnan(common), 0.0, common)[None, :]
        parts = [_mean_and_variance(rest[:, w]) for w in (windows.before, windows.after)]
    (before, noise_before), (after, noise_after) = parts
    raw = [row_means(averages[:, w]) for w in (windows.before, windows.after)]
    change, shares = after - before, _shares(known, windows)
    return Changes(change, noise_before + noise_after, raw[0], raw[1], *shares)


def _common_rate(counts: Floats, people: Floats, known: Flags) -> Floats:
    """Contacts per resident of each week, over the areas that know it; 0 where nobody does."""
    total = np.where(known, counts, 0.0).sum(axis=0)
    exposed = np.where(known, people, 0.0).sum(axis=0)
    rate: Floats = np.divide(total, exposed, out=np.zeros_like(total), where=exposed > 0)
    return rate


def _dispersion(seen: Floats, expected: Floats, known: Flags, windows: Windows) -> Floats:
    """How many times Poisson's variance each area's weeks vary round their window's mean; >= 1."""
    squares, weeks = np.zeros(len(seen)), np.zeros(len(seen))
    for window in (windows.before, windows.after):
        total, fitted = seen @ window, expected @ window
        level = np.divide(total, fitted, out=np.zeros_like(total), where=fitted > 0)
        fit = expected * level[:, None]
        use = known & window[None, :] & (fit > 0)
        squares += np.where(use, (seen - fit) ** 2 / np.where(use, fit, 1.0), 0.0).sum(axis=1)
        weeks += np.maximum(use.sum(axis=1) - 1, 0)
    return np.maximum(1.0, squares / np.maximum(weeks, 1.0))


def _shares(known: Flags, windows: Windows) -> tuple[Floats, Floats]:
    before = (known & windows.before).sum(axis=1) / max(1, int(windows.before.sum()))
    after = (known & windows.after).sum(axis=1) / max(1, int(windows.after.sum()))
    return before.astype(np.float64), after.astype(np.float64)


def _median(values: Floats) -> Floats:
    """Median of each column; NaN where nothing is known."""
    result = np.full(values.shape[1], np.nan)
    some = ~np.isnan(values).all(axis=0)
    result[some] = np.nanmedian(values[:, some], axis=0)
    return result


def _mean_and_variance(values: Floats) -> tuple[Floats, Floats]:
    """Mean of each row and that mean's variance; NaN with fewer than two weeks."""
    number = (~np.isnan(values)).sum(axis=1).astype(np.float64)
    mean = row_means(values)
    squares = np.nansum((values - mean[:, None]) ** 2, axis=1)
    few = number < 2
    variance = squares / np.where(few, 1.0, number - 1) / np.where(few, 1.0, number)
    return np.where(few, np.nan, mean), np.where(few, np.nan, np.maximum(variance, 1e-12))
