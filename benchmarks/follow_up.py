"""How often a follow-up finds a loss that is there, and how often one that is not.

Simulates contacts by area and week with season, holidays, shocks that befall everybody, drift and
trends of each area's own, and more spread than chance, then follows one area up at 3, 6 and 12
months as in production. Prints Markdown tables for docs/methods/follow-up.md.

    python -m benchmarks.follow_up [--runs 1000] [--seed 2018]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from palveluverkko.caseflow.followup import (
    Area,
    Change,
    FollowUpRule,
    Verdict,
    follow_up,
)

FIRST_MONDAY = date(2015, 9, 7)
WEEKS_BEFORE, WEEKS_AFTER = 156, 52
EFFECTIVE = FIRST_MONDAY + timedelta(weeks=WEEKS_BEFORE)
ANNOUNCED = EFFECTIVE - timedelta(weeks=11)
SIZES = (20, 50, 100, 400)
RULE = FollowUpRule()


@dataclass(frozen=True)
class World:
    """What moves contacts. Standard deviations on the log scale; ``memory``: autocorrelation from
    week to week of an area's own drift.
    """

    areas: int = 120
    dispersion: float = 0.05
    season: float = 0.2
    drift: float = 0.06
    memory: float = 0.9
    trend: float = 0.02
    shock: float = 0.1
    missing: float = 0.03


STEADY = World(dispersion=0.01, drift=0.02, trend=0.01, shock=0.05)
CALM = World(drift=0.0, trend=0.0)
USUAL = World()
ROUGH = World(dispersion=0.1, drift=0.12, memory=0.95, trend=0.04, shock=0.2)
WORLDS = {"steady": STEADY, "calm": CALM, "usual": USUAL, "rough": ROUGH}


def simulate(
    rng: np.random.Generator,
    mean: float,
    world: World = USUAL,
    loss: float = 0.0,
    *,
    by_channel: bool = True,
) -> list[Area]:
    """Areas whose first is of ``mean`` contacts a week, and loses the share ``loss`` at the change.

    The others are of a quarter to four times that size. Visits are three fifths of the contacts,
    telephone the rest; not ``by_channel``: all in one, as the verdict looks at them.
    """
    weeks = WEEKS_BEFORE + WEEKS_AFTER
    size = mean * np.exp(rng.uniform(np.log(0.25), np.log(4.0), world.areas))
    size[0] = mean
    per_resident = np.exp(rng.normal(np.log(0.01), 0.2, world.areas))
    level = np.log(size)[:, None] + _common(rng, world, weeks) + _own(rng, world, weeks)
    level[0, WEEKS_BEFORE:] += np.log1p(-loss)
    spread = rng.gamma(1 / world.dispersion, world.dispersion, level.shape)
    rate = np.exp(level) * spread
    visits, calls = rng.poisson(0.6 * rate), rng.poisson(0.4 * rate)
    channels = {"visit": visits, "phone": calls} if by_channel else {"all": visits + calls}
    gone = rng.random(level.shape) < world.missing
    residents = size / per_resident
    density = residents / np.exp(rng.normal(np.log(400), 0.8, world.areas))
    return [
        Area(
            code=f"area-{i}",
            residents=float(residents[i]),
            residents_after=float(residents[i]),
            contacts={
                name: np.where(gone[i], np.nan, counts[i]) for name, counts in channels.items()
            },
            density=float(density[i]),
        )
        for i in range(world.areas)
    ]


def _common(rng: np.random.Generator, world: World, weeks: int) -> np.ndarray:
    """What befalls everybody: holidays, shocks that last, one that halves contacts for a while."""
    mondays = [FIRST_MONDAY + timedelta(weeks=w) for w in range(weeks)]
    short = np.isin(
        [day.isocalendar().week for day in mondays], (1, 15, 16, 18, 20, 25, 49, 51, 52)
    )
    shocks = world.shock * _autoregressive(rng, 1, weeks, 0.8)
    first = rng.integers(0, weeks)
    shocks[0, first : first + 8] += np.log(0.5)
    return shocks + np.log(0.7) * short[None, :]


def _own(rng: np.random.Generator, world: World, weeks: int) -> np.ndarray:
    """Season, drift and trend of each area's own."""
    year = 2 * np.pi * np.arange(weeks)[None, :] / 52.18
    phase = rng.normal(0, 0.5, (world.areas, 1))
    season = world.season * rng.uniform(0.5, 1.5, (world.areas, 1)) * np.cos(year + phase)
    trend = rng.normal(0, world.trend, (world.areas, 1)) * np.arange(weeks)[None, :] / 52
    return season + trend + world.drift * _autoregressive(rng, world.areas, weeks, world.memory)


def _autoregressive(rng: np.random.Generator, rows: int, weeks: int, memory: float) -> np.ndarray:
    """Standard normal each week, correlated with the week before by ``memory``."""
    values = np.empty((rows, weeks))
    state = rng.normal(size=rows)
    step = np.sqrt(1 - memory**2)
    for week in range(weeks):
        values[:, week] = state
        state = memory * state + step * rng.normal(size=rows)
    return values


@dataclass(frozen=True)
class Share:
    """Shares of runs: a loss found at each look, at any of them, and what the last look said."""

    looks: tuple[float, ...]
    any_look: float
    no_loss_at_last: float
    held_at_last: float


def run(
    rng: np.random.Generator,
    runs: int,
    mean: float,
    world: World = USUAL,
    loss: float = 0.0,
    rule: FollowUpRule = RULE,
    *,
    fallen: bool = False,
) -> Share:
    """``runs`` follow-ups; ``held``: the last look's interval held the true loss.

    ``fallen``: follows up not the first area but the one that fell most in the year before, as an
    agency that closes where visits fall would choose it.
    """
    lost = np.zeros((runs, len(rule.looks)), dtype=bool)
    none, held = np.zeros(runs, dtype=bool), np.zeros(runs, dtype=bool)
    for i in range(runs):
        areas = simulate(rng, mean, world, loss, by_channel=False)
        code = most_fallen(areas) if fallen else "area-0"
        change = Change(code, ANNOUNCED, EFFECTIVE)
        for j, look in enumerate(rule.looks):
            found = follow_up(FIRST_MONDAY, areas, change, look, rule)
            lost[i, j] = found.verdict is Verdict.LOSS_FOUND
        none[i] = found.verdict is Verdict.NO_LOSS_FOUND
        low = getattr(found.total, "low", np.nan)
        held[i] = low <= -loss <= getattr(found.total, "high", np.nan)
    return Share(
        tuple(lost.mean(axis=0).tolist()),
        float(lost.any(axis=1).mean()),
        float(none.mean()),
        float(held.mean()),
    )


def most_fallen(areas: Sequence[Area]) -> str:
    """The area whose last 52 weeks before the announcement fell most against the 52 before them."""
    last = (ANNOUNCED - FIRST_MONDAY).days // 7

    def kept(area: Area) -> float:
        weeks = np.sum(list(area.contacts.values()), axis=0)
        return float(
            np.nanmean(weeks[last - 52 : last]) / np.nanmean(weeks[last - 104 : last - 52])
        )

    return min(areas, key=kept).code


def table(rng: np.random.Generator, runs: int, loss: float, *, fallen: bool = False) -> list[str]:
    months = [f"{look.months} months" for look in RULE.looks]
    heads = [
        "world",
        "contacts a week",
        *months,
        "any look",
        "no loss at the last",
        "interval held",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for name, world in WORLDS.items():
        for mean in SIZES:
            found = run(rng, runs, mean, world, loss, fallen=fallen)
            shares = (*found.looks, found.any_look, found.no_loss_at_last, found.held_at_last)
            lines.append(f"| {name} | {mean} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2018)
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(options.seed)
    began = time.perf_counter()
    for loss in (0.0, 0.15):
        print(f"\nTrue loss {loss:.0%}\n")
        print("\n".join(table(rng, options.runs, loss)), flush=True)
    print("\nNo loss, in the area that had fallen most\n")
    print("\n".join(table(rng, options.runs, 0.0, fallen=True)), flush=True)
    print(f"\n{options.runs} runs a cell, {time.perf_counter() - began:.0f} s.")


if __name__ == "__main__":
    main()
