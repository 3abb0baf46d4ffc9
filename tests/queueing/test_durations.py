"""Durations: few visits say little, many say all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.queueing import Prior, service_minutes
from palveluverkko.queueing.durations import LONGEST_MINUTES

PRIOR = Prior(minutes=12, variation=0.8, weight=10)
visits = st.lists(
    st.tuples(st.sampled_from(["general", "family"]), st.floats(-5, 500)), max_size=60
)


def test_without_visits_the_prior_is_told():
    found = service_minutes([], ["general"], PRIOR)["general"]
    assert (found.minutes, found.sd_minutes) == (12, pytest.approx(9.6))


def test_the_mean_is_worked_out_as_on_paper():
    # All: (5 × 20 + 10 × 12) / 15; general: (5 × 20 + 10 × that) / 15.
    overall = 220 / 15
    found = service_minutes([("general", 20.0)] * 5, ["general", "family"], PRIOR)
    assert found["general"].minutes == pytest.approx((100 + 10 * overall) / 15)
    assert found["family"].minutes == pytest.approx(overall)


def test_many_visits_outweigh_the_prior():
    drawn = np.random.default_rng(3).gamma(4, 7.5, 4000)  # mean 30, variation 0.5
    found = service_minutes([("general", float(m)) for m in drawn], [], PRIOR)["general"]
    assert found.minutes == pytest.approx(30, rel=0.03)
    assert found.sd_minutes / found.minutes == pytest.approx(0.5, abs=0.03)


def test_shrinking_comes_nearer_to_the_truth_than_the_bare_means():
    chance = np.random.default_rng(11)
    shrunk, bare = [], []
    for _ in range(200):
        truth = {f"s{i}": float(m) for i, m in enumerate(chance.normal(14, 3, 8))}
        seen = [(s, float(x)) for s, m in truth.items() for x in chance.gamma(1.6, m / 1.6, 4)]
        found = service_minutes(seen, truth, PRIOR)
        for service, mean in truth.items():
            shrunk.append((found[service].minutes - mean) ** 2)
            bare.append((np.mean([x for s, x in seen if s == service]) - mean) ** 2)
    assert np.mean(shrunk) < np.mean(bare) / 3


def test_a_forgotten_key_press_does_not_spoil_the_mean():
    told = service_minutes([("general", 10.0)] * 30 + [("general", 5000.0)], [], PRIOR)
    assert told["general"].minutes < 14


@given(visits)
def test_durations_are_positive_and_within_what_was_seen_and_believed(seen):
    for duration in service_minutes(seen, ["pension"], PRIOR).values():
        assert 1 <= duration.minutes <= LONGEST_MINUTES
        assert duration.sd_minutes > 0
