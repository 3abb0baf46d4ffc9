"""The example network of June 2018 from facts and a seed, as plain records; no database."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from palveluverkko.example.agency import SERVICES, channels
from palveluverkko.example.facts import read_facts
from palveluverkko.example.history import demand_history
from palveluverkko.example.placement import place
from palveluverkko.example.profiles import draw_profiles
from palveluverkko.example.records import Network
from palveluverkko.example.register import point_records
from palveluverkko.example.roles import draw_roles, nearest_residents

SEED = 2018

__all__ = ["SEED", "build_network", "demand_history"]


@lru_cache(maxsize=2)
def build_network(seed: int = SEED) -> Network:
    """180 service points and 138 joint points with their register records and demand profiles.

    Places follow from the facts alone; the seed draws what is not public. The same seed gives the
    same network. Its daily visits: :func:`demand_history`.
    """
    facts = read_facts()
    placement = place(facts)
    residents = nearest_residents(facts, placement.sites)
    rng = np.random.default_rng(seed)
    roles = draw_roles(placement, residents, rng)
    points = point_records(placement, roles, rng)
    return Network(
        seed=seed,
        towns=facts.towns,
        areas=facts.areas,
        services=SERVICES,
        channels=channels(),
        points=points,
        profiles=draw_profiles(placement, points, roles, residents, rng),
    )
