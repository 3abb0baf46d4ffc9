"""When a point started to fall or rise: a two-sided CUSUM that each new week moves on one step.

The state of many points is a :class:`Bank` of arrays, moved by :func:`advance`. One point's state
as plain numbers is in ``monitor``; it is moved by the same step, so that the whole series at once
and week by week give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from palveluverkko.measuring.intervals import REFERENCE_DISPERSION, Floats, Mask
from palveluverkko.measuring.model import Change
from palveluverkko.measuring.trend import HARMONICS, season_terms

# Shift to detect is 2 × ALLOWANCE standard deviations of a week; LIMIT is set for one false alarm
# per point in ten years with estimated parameters, see benchmarks/false_alarms.py.
ALLOWANCE = 0.5
LIMIT = 6.0
# One freak week must not look like a lasting change (robust CUSUM, Lucas & Crosier 1982).
LARGEST_RESIDUAL = 3.0
# The level is first averaged, then tracked; alarms wait until the level and season are known.
WARM_WEEKS = 8
BASELINE_WEEKS = 52
SEASON_SD = 0.15
# The point's own dispersion joins the reference with the weight of this many weeks.
PRIOR_WEEKS = 10.0
# A dispersion of this size decides how much a week of few visits says about dispersion.
TRUST_DISPERSION = 0.2
DISPERSION_RESIDUAL = 4.0
# Belief, in weeks, that neighbouring weeks are independent; and the most that is allowed for.
INDEPENDENT_WEEKS = 20.0
LARGEST_ECHO = 0.6
SMALLEST_MEAN = 1e-3
PARTS = ("", "_run", "_seen", "_expected")
WIDTH = 1 + 2 * HARMONICS
SIDES = tuple(f"{side}{part}" for side in ("up", "down") for part in PARTS)


@dataclass(slots=True)
class Bank:
    """Running state of ``P`` points. ``beta`` ``(P, k)`` and ``cov`` ``(P, k, k)``: log level and
    season with their covariance; ``excess`` and ``weight``: sums for the dispersion; ``echo``,
    ``echo_weight`` and ``previous``: sums and last residual for the autocorrelation; ``up`` and
    ``down``: the two CUSUMs; ``*_seen``, ``*_expected``, ``*_run``: visits, expected visits and
    weeks since each was last zero. All float64; ``seen_weeks`` counts the usable weeks so far."""

    seen_weeks: Floats
    warm_sum: Floats
    beta: Floats
    cov: Floats
    excess: Floats
    weight: Floats
    echo: Floats
    echo_weight: Floats
    previous: Floats
    up: Floats
    up_run: Floats
    up_seen: Floats
    up_expected: Floats
    down: Floats
    down_run: Floats
    down_seen: Floats
    down_expected: Floats


@dataclass(frozen=True, slots=True)
class Alarms:
    """What one step raised: ``+1`` rising, ``-1`` falling, ``0`` none, with the statistic."""

    direction: Floats
    statistic: Floats


def new_bank(points: int) -> Bank:
    """Monitors that have seen nothing yet."""
    bank = Bank(*(np.zeros(points) for _ in fields(Bank)))
    bank.beta = np.zeros((points, WIDTH))
    bank.cov = np.zeros((points, WIDTH, WIDTH))
    bank.excess += PRIOR_WEEKS * REFERENCE_DISPERSION
    bank.weight += PRIOR_WEEKS
    bank.echo_weight += INDEPENDENT_WEEKS
    return bank


def advance(bank: Bank, visits: Floats, usable: Mask, terms: Floats) -> Alarms:
    """Move every point of the bank on by one week, in place; points not ``usable`` stay.

    ``visits`` and ``usable`` are ``(P,)``, ``terms`` the week's season terms ``(2H,)``.
    """
    row = np.concatenate([[1.0], terms])
    tracked = usable & (bank.seen_weeks >= WARM_WEEKS)
    alarms = _watch(bank, visits, tracked, row)
    warming = usable & ~tracked
    bank.seen_weeks += usable
    bank.warm_sum += np.where(warming, visits, 0.0)
    starting = warming & (bank.seen_weeks == WARM_WEEKS)
    if starting.any():
        _start(bank, starting)
    return alarms


def _start(bank: Bank, rows: Mask) -> None:
    total = bank.warm_sum[rows] + 0.5
    bank.beta[rows, 0] = np.log(total / WARM_WEEKS)
    level = 1.0 / total + REFERENCE_DISPERSION / WARM_WEEKS + 2 * HARMONICS * SEASON_SD**2 / 2
    bank.cov[rows] = np.diag([0.0] + [SEASON_SD**2] * (WIDTH - 1))
    bank.cov[rows, 0, 0] = level


def _watch(bank: Bank, visits: Floats, tracked: Mask, row: Floats) -> Alarms:
    """Residual, CUSUMs, alarm, then learning from the week."""
    mean = np.maximum(np.exp(bank.beta @ row), SMALLEST_MEAN)
    pull = bank.cov @ row
    unsure = pull @ row
    alpha = np.maximum(bank.excess / bank.weight, 0.0)
    residual = normal_residual(visits, mean, alpha + unsure)
    residual = np.clip(residual, -LARGEST_RESIDUAL, LARGEST_RESIDUAL)
    armed = tracked & (bank.seen_weeks >= BASELINE_WEEKS)
    quiet = residual * _quieting(bank, residual, tracked)
    accumulate(bank, "up", np.where(armed, quiet - ALLOWANCE, 0.0), armed, visits, mean)
    accumulate(bank, "down", np.where(armed, -quiet - ALLOWANCE, 0.0), armed, visits, mean)
    rising = armed & (bank.up > LIMIT)
    falling = armed & (bank.down > LIMIT)
    alarms = Alarms(
        np.where(rising, 1.0, np.where(falling, -1.0, 0.0)),
        np.where(rising, bank.up, bank.down),
    )
    _learn(bank, visits, mean, alpha, pull, unsure, tracked & ~rising & ~falling)
    for rows, side in ((rising, "up"), (falling, "down")):
        if rows.any():
            _relearn(bank, rows, side, alpha)
    return alarms


def normal_residual(visits: Floats, mean: Floats, alpha: Floats) -> Floats:
    """Roughly standard normal residual of a count with variance ``μ + αμ²``.

    Wilson & Hilferty's (1931) cube root for the shifted gamma distribution with the negative
    binomial's mean, variance and skewness ``(1 + 2αμ)/σ``; it takes out the skew that would
    otherwise raise false alarms upwards.
    """
    deviation = np.sqrt(mean + alpha * mean**2)
    skew = (1.0 + 2.0 * alpha * mean) / deviation
    standard = (visits - mean) / deviation
    result: Floats = (6.0 / skew) * (np.cbrt(1.0 + skew * standard / 2.0) - 1.0) + skew / 6.0
    return result


def _quieting(bank: Bank, residual: Floats, rows: Mask) -> Floats:
    """Factor that gives sums of autocorrelated residuals the spread of independent ones.

    ``√((1 − ρ)/(1 + ρ))`` for a first-order autoregression; ρ is from the weeks before this one.
    """
    rho = np.clip(bank.echo / bank.echo_weight, 0.0, LARGEST_ECHO)
    bank.echo += np.where(rows, residual * bank.previous, 0.0)
    bank.echo_weight += np.where(rows, residual**2, 0.0)
    bank.previous = np.where(rows, residual, bank.previous)
    factor: Floats = np.sqrt((1.0 - rho) / (1.0 + rho))
    return factor


def accumulate(
    bank: Bank, side: str, step: Floats, armed: Mask, visits: Floats, mean: Floats
) -> None:
    """Page's (1954) recursion on one side, and what was seen since it last left zero."""
    level = np.maximum(getattr(bank, side) + step, 0.0)
    going = level > 0
    setattr(bank, side, level)
    for name, amount in (("run", 1.0), ("seen", visits), ("expected", mean)):
        total = getattr(bank, f"{side}_{name}") + np.where(armed, amount, 0.0)
        setattr(bank, f"{side}_{name}", np.where(going, total, 0.0))


def _learn(
    bank: Bank,
    visits: Floats,
    mean: Floats,
    alpha: Floats,
    pull: Floats,
    unsure: Floats,
    rows: Mask,
) -> None:
    """One extended-Kalman step of the log-linear level and season, and the dispersion's sums."""
    error = (visits - mean) / mean
    noise = 1.0 / mean + alpha
    spread = unsure + noise
    bounded = np.clip(error, *(LARGEST_RESIDUAL * s * np.sqrt(spread) for s in (-1.0, 1.0)))
    gain = np.where(rows[:, None], pull / spread[:, None], 0.0)
    bank.beta += gain * bounded[:, None]
    bank.cov -= gain[:, :, None] * pull[:, None, :]
    # In units of the squared mean; weeks with few visits say little about it.
    trust = np.where(rows, 1.0 / (1.0 + 1.0 / (mean * TRUST_DISPERSION)) ** 2, 0.0)
    square = np.minimum(error**2, DISPERSION_RESIDUAL**2 * spread)
    bank.excess += trust * (square - unsure - 1.0 / mean)
    bank.weight += trust


def _relearn(bank: Bank, rows: Mask, side: str, alpha: Floats) -> None:
    """After an alarm: take the level seen since the change began, and watch from there."""
    seen = getattr(bank, f"{side}_seen")[rows] + 0.5
    expected = getattr(bank, f"{side}_expected")[rows] + 0.5
    run = getattr(bank, f"{side}_run")[rows]
    bank.beta[rows, 0] += np.log(seen / expected)
    bank.cov[rows, 0, :] = 0.0
    bank.cov[rows, :, 0] = 0.0
    bank.cov[rows, 0, 0] = 1.0 / seen + np.maximum(alpha[rows], SMALLEST_MEAN) / run
    for name in SIDES:
        getattr(bank, name)[rows] = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The last alarm of each point: ``direction`` as in :class:`Alarms`, week indices of its
    estimated beginning and of the alarm (-1 none), and the statistic. All ``(P,)``."""

    direction: Floats
    since: Floats
    raised: Floats
    statistic: Floats


def find_changes(visits: Floats, complete: Mask, mondays: list[date]) -> Found:
    """Run the monitor over whole series ``(P, W)``, oldest week first; the last alarm of each."""
    points, length = visits.shape
    bank = new_bank(points)
    terms = season_terms(mondays)
    none = np.full(points, -1.0)
    found = Found(np.zeros(points), none, none.copy(), np.zeros(points))
    starts = {1.0: none.copy(), -1.0: none.copy()}
    direction, since, raised = found.direction, found.since, found.raised
    statistic = found.statistic
    by_week, usable = np.ascontiguousarray(visits.T), np.ascontiguousarray(complete.T)
    for week in range(length):
        alarms = advance(bank, by_week[week], usable[week], terms[week])
        for sign, run in ((1.0, bank.up_run), (-1.0, bank.down_run)):
            hit = alarms.direction == sign
            fresh = usable[week] & (run == 1.0)
            if hit.any():
                began = np.where(starts[sign][hit] < 0, week, starts[sign][hit])
                direction[hit], since[hit], raised[hit] = sign, began, week
                statistic[hit] = alarms.statistic[hit]
            starts[sign] = np.where(fresh, week, np.where(run == 0, -1.0, starts[sign]))
    return found


def as_change(direction: float, since: date, statistic: float) -> Change:
    return Change("rising" if direction > 0 else "falling", since, float(statistic), LIMIT)
