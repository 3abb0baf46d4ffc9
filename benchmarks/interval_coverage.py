"""How often the 95 % intervals of observed and effective demand hold the true mean.

Prints Markdown tables for docs/methods/demand.md.

    python -m benchmarks.interval_coverage [--points 4000] [--seed 2018]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.false_alarms import simulate
from palveluverkko.measuring.censored import capped_weeks, effective_mean
from palveluverkko.measuring.intervals import mean_interval, variance_inflation

MEANS = (3.0, 20.0, 100.0)
DISPERSIONS = (0.0, 0.05, 0.2, 0.5)
CAPACITIES = (1.25, 1.1, 1.0, 0.83)


def draw(
    rng: np.random.Generator, points: int, weeks: int, mean: float, alpha: float, rho: float = 0.0
) -> NDArray[np.float64]:
    series = simulate(rng, points, weeks, mean, alpha, season=0.0, autocorrelation=rho, gaps=False)
    return series.visits


def observed_table(rng: np.random.Generator, points: int) -> list[str]:
    heads = [f"α = {alpha:g}" for alpha in DISPERSIONS] + ["α = 0.2, autocorrelation 0.4"]
    lines = ["| weeks | mean | " + " | ".join(heads) + " |", "|--:" * (len(heads) + 2) + "|"]
    for weeks in (8, 16, 52):
        for mean in MEANS:
            cells = []
            for alpha, rho in [(alpha, 0.0) for alpha in DISPERSIONS] + [(0.2, 0.4)]:
                visits = draw(rng, points, weeks, mean, alpha, rho)
                ours = mean_interval(visits, np.ones_like(visits, dtype=np.bool_))
                cells.append(f"{np.mean((ours.low <= mean) & (mean <= ours.high)):.1%}")
            lines.append(f"| {weeks} | {mean:g} | " + " | ".join(cells) + " |")
    return lines


def effective_table(rng: np.random.Generator, points: int) -> list[str]:
    lines = [
        "| weeks | capacity ÷ demand | α | weeks capped | observed ÷ true "
        "| effective ÷ true | upper end ÷ true | interval holds the truth |",
        "|--:" * 8 + "|",
    ]
    for weeks in (16, 52):
        for share in CAPACITIES:
            for alpha in (0.0, 0.05, 0.2):
                lines.append(_effective_line(rng, points, weeks, share, alpha))
    return lines


def _effective_line(
    rng: np.random.Generator, points: int, weeks: int, share: float, alpha: float
) -> str:
    true = 60.0
    demanded = draw(rng, points, weeks, true, alpha)
    slots = np.full_like(demanded, round(true * share))
    visits = np.minimum(demanded, slots)
    usable = np.ones_like(visits, dtype=np.bool_)
    inflation = variance_inflation(visits - visits.mean(axis=1, keepdims=True), usable)
    seen = mean_interval(visits, usable, inflation)
    ours = effective_mean(visits, slots, usable, seen, inflation)
    held = np.mean((ours.low <= true) & (true <= ours.high))
    upper = np.median(ours.high) / true
    return (
        f"| {weeks} | {share:g} | {alpha:g} | {capped_weeks(visits, slots, usable).mean():.0%}"
        f" | {seen.value.mean() / true:.2f} | {ours.value.mean() / true:.2f}"
        f" | {upper:.2f} | {held:.1%} |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=2018)
    given = parser.parse_args(arguments)
    rng = np.random.default_rng(given.seed)
    for table in (observed_table, effective_table):
        print("\n".join(table(rng, given.points)), end="\n\n")


if __name__ == "__main__":
    main()
