"""How long a service takes: finished visits, drawn towards what is known of the others.

Few visits say little: each service's mean is shrunk towards the mean of all services, and that
towards a prior (James-Stein in its empirical Bayes form, Efron & Morris 1975), with the prior
worth a fixed number of visits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# A shorter visit is a double press, a longer one a forgotten key press: counted as these.
SHORTEST_MINUTES = 1.0
LONGEST_MINUTES = 90.0


@dataclass(frozen=True, slots=True)
class Duration:
    """Mean and standard deviation of one service's visits, in minutes."""

    minutes: float
    sd_minutes: float


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before any visit; ``weight`` is how many visits the belief is worth.

    ``variation`` is standard deviation over mean; the durations of service counters are skewed
    with about 0.8 of it (between Erlang-2, 0.71, and exponential, 1).
    """

    minutes: float = 12.0
    variation: float = 0.8
    weight: float = 10.0


PRIOR = Prior()


def service_minutes(
    finished: Iterable[tuple[str, float]], services: Iterable[str], prior: Prior = PRIOR
) -> dict[str, Duration]:
    """Duration of each of ``services`` and of each service with finished visits.

    ``finished`` are pairs of service and minutes; a figure that is not finite is left out.
    """
    by_service: dict[str, list[float]] = defaultdict(list)
    for service, minutes in finished:
        if math.isfinite(minutes):
            by_service[service].append(min(max(minutes, SHORTEST_MINUTES), LONGEST_MINUTES))
    everything = [m for visits in by_service.values() for m in visits]
    overall = _shrunk(everything, prior.minutes, prior.weight)
    variation = _variation(by_service, overall, prior)
    found = {}
    for service in {*services, *by_service}:
        mean = _shrunk(by_service.get(service, []), overall, prior.weight)
        found[service] = Duration(mean, variation * mean)
    return found


def _shrunk(visits: list[float], towards: float, weight: float) -> float:
    return (math.fsum(visits) + weight * towards) / (len(visits) + weight)


def _variation(by_service: dict[str, list[float]], overall: float, prior: Prior) -> float:
    """One coefficient of variation for all services: alone, each would be too uncertain."""
    squares, count = 0.0, 0
    for visits in by_service.values():
        mean = _shrunk(visits, overall, prior.weight)
        squares += math.fsum((m / mean - 1) ** 2 for m in visits)
        count += len(visits)
    return math.sqrt((squares + prior.weight * prior.variation**2) / (count + prior.weight))
