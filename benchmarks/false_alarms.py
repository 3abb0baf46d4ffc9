"""How often the change monitor cries wolf, and how soon it sees a true change.

Simulates weekly counts with season, closed summer weeks, holiday gaps and missing reports, and
runs the monitor as it runs in production: level, season and dispersion are estimated from the
same series, nothing is known beforehand. Prints Markdown tables for docs/methods/demand.md.

    python -m benchmarks.false_alarms [--points 2000] [--seed 2018]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from palveluverkko.measuring.cusum import BASELINE_WEEKS, LIMIT, advance, new_bank
from palveluverkko.measuring.trend import season_terms

FIRST_MONDAY = date(2007, 1, 1)
YEARS = 10
MEANS = (3.0, 20.0, 100.0, 400.0)
DISPERSIONS = (0.0, 0.02, 0.1, 0.3)
SHIFTS = (-0.30, -0.15, 0.30)
BEFORE_SHIFT = 156
AFTER_SHIFT = 156


@dataclass(frozen=True)
class Series:
    visits: NDArray[np.float64]
    usable: NDArray[np.bool_]
    mondays: list[date]


def simulate(
    rng: np.random.Generator,
    points: int,
    weeks: int,
    mean: float,
    dispersion: float,
    *,
    season: float = 0.2,
    shift: float = 0.0,
    shift_week: int = 0,
    autocorrelation: float = 0.0,
    gaps: bool = True,
) -> Series:
    """Negative binomial weeks round a yearly wave; ``autocorrelation`` of the weekly level."""
    mondays = [FIRST_MONDAY + timedelta(weeks=w) for w in range(weeks)]
    angle = 2 * np.pi * np.array([day.timetuple().tm_yday for day in mondays]) / 365.25
    phase = rng.uniform(0, 2 * np.pi, (points, 1))
    level = mean * np.exp(season * np.cos(angle[None, :] + phase))
    level[:, shift_week:] *= 1.0 + shift
    if dispersion > 0:
        level = level * _gamma_levels(rng, points, weeks, dispersion, autocorrelation)
    visits = rng.poisson(level).astype(np.float64)
    usable = np.ones((points, weeks), dtype=np.bool_)
    if gaps:
        numbers = np.array([day.isocalendar().week for day in mondays])
        shut = np.isin(numbers, (1, 15, 16, 18, 20, 25, 27, 28, 29, 49, 51, 52))
        usable &= ~shut[None, :]
        usable &= rng.random((points, weeks)) > 0.03
    return Series(visits, usable, mondays)


def _gamma_levels(
    rng: np.random.Generator, points: int, weeks: int, dispersion: float, rho: float
) -> NDArray[np.float64]:
    """Gamma with mean one and variance ``dispersion``; lognormal AR(1) where ``rho`` > 0."""
    if rho == 0:
        return rng.gamma(1 / dispersion, dispersion, (points, weeks))
    sd = np.sqrt(np.log1p(dispersion))
    state = rng.normal(0, 1, points)
    levels = np.empty((points, weeks))
    for week in range(weeks):
        levels[:, week] = np.exp(sd * state - sd**2 / 2)
        state = rho * state + np.sqrt(1 - rho**2) * rng.normal(0, 1, points)
    return levels


def alarms(series: Series) -> NDArray[np.float64]:
    """Direction of the alarm in each week, 0 for none, and the run's length then; ``(P, W)``."""
    bank = new_bank(series.visits.shape[0])
    terms = season_terms(series.mondays)
    raised = np.zeros(series.visits.shape)
    for week in range(series.visits.shape[1]):
        found = advance(bank, series.visits[:, week], series.usable[:, week], terms[week])
        raised[:, week] = found.direction
    return raised


def per_ten_years(series: Series) -> float:
    """Alarms per point in ten calendar years, counted from the end of the baseline."""
    raised = alarms(series)
    armed = np.cumsum(series.usable, axis=1) > BASELINE_WEEKS
    return float((raised != 0).sum() / armed.sum() * 52.18 * 10)


def false_alarm_table(points: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    weeks = 65 + YEARS * 52
    lines = [
        "| mean | dispersion α | no season, no gaps | season ±20 %, gaps |",
        "|--:|--:|--:|--:|",
    ]
    for mean in MEANS:
        for dispersion in DISPERSIONS:
            plain = simulate(rng, points, weeks, mean, dispersion, season=0.0, gaps=False)
            full = simulate(rng, points, weeks, mean, dispersion)
            lines.append(
                f"| {mean:g} | {dispersion:g} | {per_ten_years(plain):.2f}"
                f" | {per_ten_years(full):.2f} |"
            )
    return lines


def autocorrelation_table(points: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed + 1)
    lines = ["| autocorrelation of the level | false alarms in ten years |", "|--:|--:|"]
    for rho in (0.0, 0.2, 0.4):
        series = simulate(rng, points, 65 + YEARS * 52, 100, 0.05, autocorrelation=rho)
        lines.append(f"| {rho:g} | {per_ten_years(series):.2f} |")
    return lines


def delay_table(points: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed + 2)
    lines = [
        "| mean | dispersion α | change | seen within 26 weeks | within 52 | within 156 "
        "| median delay, weeks |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for mean in MEANS:
        for dispersion in (0.02, 0.1):
            for shift in SHIFTS:
                lines.append(_delay_line(rng, points, mean, dispersion, shift))
    return lines


def _delay_line(
    rng: np.random.Generator, points: int, mean: float, dispersion: float, shift: float
) -> str:
    weeks = BEFORE_SHIFT + AFTER_SHIFT
    series = simulate(rng, points, weeks, mean, dispersion, shift=shift, shift_week=BEFORE_SHIFT)
    raised = alarms(series)
    right = raised[:, BEFORE_SHIFT:] == np.sign(shift)
    delay = np.where(right.any(axis=1), right.argmax(axis=1) + 1.0, np.inf)
    shares = " | ".join(f"{np.mean(delay <= limit):.0%}" for limit in (26, 52, AFTER_SHIFT))
    median = np.median(delay)
    told = f"{median:.0f}" if np.isfinite(median) else f"over {AFTER_SHIFT}"
    return f"| {mean:g} | {dispersion:g} | {shift:+.0%} | {shares} | {told} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2018)
    given = parser.parse_args(arguments)
    print(f"Limit {LIMIT:g}, {given.points} points a row, seed {given.seed}.\n")
    for table in (false_alarm_table, autocorrelation_table, delay_table):
        print("\n".join(table(given.points, given.seed)), end="\n\n")


if __name__ == "__main__":
    main()
