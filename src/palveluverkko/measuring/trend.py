"""Where demand is heading: season and log-linear trend, fitted to all points at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import stdtrit

from palveluverkko.measuring.intervals import UPPER_TAIL, Floats, Mask, variance_inflation
from palveluverkko.snapshot.model import DemandWeeks, WeekStatus
from palveluverkko.snapshot.values import Unknown

DAYS_PER_YEAR = 365.25
TREND_WEEKS = 52
# A season seen once cannot be told from a trend; twice it can.
SEASON_WEEKS = 104
HARMONICS = 2
ROUNDS = 25
ACCURACY = 1e-9
# e²⁰ visits a week: far outside any count, near enough to keep the arithmetic finite.
LARGEST_LOG_MEAN = 20.0


@dataclass(frozen=True, slots=True)
class Trends:
    """Per cent a year with interval, each ``(P,)``; NaN where it could not be fitted.

    ``coefficients`` ``(P, 2 + 2·HARMONICS)``: log level at the middle of the series, log trend per
    year, then cosine and sine of each harmonic (zero where no season was fitted).
    """

    value: Floats
    low: Floats
    high: Floats
    seasonal: Mask
    coefficients: Floats


def season_terms(mondays: list[date]) -> Floats:
    """Cosine and sine of the year's first harmonics at the middle of each week, ``(W, 2H)``."""
    middles = np.array([(day + timedelta(days=3)).timetuple().tm_yday for day in mondays])
    angle = 2.0 * np.pi * (middles - 0.5) / DAYS_PER_YEAR
    terms = [f(h * angle) for h in range(1, HARMONICS + 1) for f in (np.cos, np.sin)]
    return np.stack(terms, axis=1).astype(np.float64)


def design(mondays: list[date]) -> Floats:
    """Columns: one, years from the middle of the series, season terms. ``(W, 2 + 2H)``."""
    years = np.array([(day - mondays[0]).days for day in mondays]) / DAYS_PER_YEAR
    years = years - years.mean()
    return np.column_stack([np.ones(len(mondays)), years, season_terms(mondays)])


def fit_trends(visits: Floats, usable: Mask, mondays: list[date]) -> Trends:
    """Quasi-Poisson regression of weekly visits on season and trend, batched over points.

    ``visits`` and ``usable`` are ``(P, W)``, ``mondays`` the weeks' Mondays. The season enters
    where at least ``SEASON_WEEKS`` weeks are usable. Standard errors carry the Pearson dispersion
    and the residuals' autocorrelation (McCullagh & Nelder 1989, section 6.2.3). Points with fewer
    than ``TREND_WEEKS`` usable weeks, without any visit, or whose fit does not settle hold NaN.
    """
    points = visits.shape[0]
    columns = design(mondays)
    count = usable.sum(axis=1)
    total = np.where(usable, visits, 0.0).sum(axis=1)
    able = (count >= TREND_WEEKS) & (total > 0)
    seasonal = able & (count >= SEASON_WEEKS)
    coefficients = np.full((points, columns.shape[1]), np.nan)
    error = np.full(points, np.nan)
    for rows, width in ((seasonal, columns.shape[1]), (able & ~seasonal, 2)):
        if rows.any():
            beta, se = _fit(visits[rows], usable[rows], columns[:, :width])
            padded = np.zeros((beta.shape[0], columns.shape[1]))
            padded[:, :width] = beta
            coefficients[rows] = np.where(np.isfinite(se)[:, None], padded, np.nan)
            error[rows] = se
    slope = coefficients[:, 1]
    freedom = np.maximum(count - np.where(seasonal, columns.shape[1], 2), 1.0)
    reach = stdtrit(freedom, UPPER_TAIL) * error
    with np.errstate(over="ignore"):
        return Trends(
            100.0 * np.expm1(slope),
            100.0 * np.expm1(slope - reach),
            100.0 * np.expm1(slope + reach),
            seasonal,
            coefficients,
        )


def _fit(visits: Floats, usable: Mask, columns: Floats) -> tuple[Floats, Floats]:
    """Iteratively reweighted least squares; coefficients ``(P, k)`` and the trend's error."""
    count = usable.sum(axis=1).astype(np.float64)
    kept = np.where(usable, visits, 0.0)
    width = columns.shape[1]
    products = np.einsum("wi,wj->wij", columns, columns).reshape(len(columns), -1)
    beta = np.zeros((visits.shape[0], width))
    beta[:, 0] = np.log(kept.sum(axis=1) / count)
    settled = np.zeros(visits.shape[0], dtype=np.bool_)
    inverse = np.full((visits.shape[0], width, width), np.nan)
    mean = np.ones_like(kept)
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(beta @ columns.T, -LARGEST_LOG_MEAN, LARGEST_LOG_MEAN))
        mean = np.where(usable, mean, 0.0)
        information = (mean @ products).reshape(-1, width, width)
        inverse = _inverse(information)
        step = np.einsum("pij,pj->pi", inverse, (kept - mean) @ columns)
        # A step beyond one on the log scale overshoots where counts are few.
        longest = np.maximum(np.abs(step).max(axis=1), 1.0)
        beta = beta + step / longest[:, None]
        settled = np.abs(step).max(axis=1) < ACCURACY
        if settled.all():
            break
    with np.errstate(divide="ignore", invalid="ignore"):
        pearson = np.where(usable, (kept - mean) / np.sqrt(mean), 0.0)
        dispersion = np.einsum("pw,pw->p", pearson, pearson) / (count - width)
    inflated = np.maximum(dispersion, 1.0) * variance_inflation(pearson, usable)
    error = np.sqrt(inverse[:, 1, 1] * inflated)
    return beta, np.where(settled, error, np.nan)


def _inverse(information: Floats) -> Floats:
    """Batched inverse, with a trace of ridge so that an empty direction cannot stop the rest."""
    width = information.shape[1]
    ridge = 1e-10 * np.trace(information, axis1=1, axis2=2)[:, None, None] + 1e-300
    return np.linalg.inv(information + ridge * np.eye(width))


def seasonal_profile(weeks: DemandWeeks, row: int) -> Floats | Unknown:
    """A point's season for charts: factor on the year's mean for each of 52 weeks from 1 January.

    From the fit of :func:`fit_trends` on all complete weeks; ``Unknown`` with fewer than
    ``SEASON_WEEKS`` of them or without visits.
    """
    usable = weeks.status[row : row + 1] == WeekStatus.COMPLETE
    trends = fit_trends(weeks.visits[row : row + 1].astype(np.float64), usable, list(weeks.mondays))
    if not trends.seasonal[0] or not np.isfinite(trends.value[0]):
        detail = {"usable": int(usable.sum()), "needed": SEASON_WEEKS}
        return Unknown("demand.season_too_short", detail)
    year = [date(2001, 1, 1) + timedelta(weeks=w) for w in range(52)]
    factors = np.exp(season_terms(year) @ trends.coefficients[0, 2:])
    profile: Floats = factors / factors.mean()
    return profile
