"""Effective demand: what would come if capacity did not cap it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import optimize, stats

from palveluverkko.measuring import PointDemand, Window, measure
from palveluverkko.measuring.censored import effective_mean, hazard, tail_mean
from palveluverkko.measuring.intervals import REFERENCE_DISPERSION, mean_interval
from palveluverkko.snapshot.model import WeekStatus
from palveluverkko.snapshot.values import Estimate
from tests.measuring.series import counts, demand


def point(visits, slots) -> PointDemand:
    return measure(demand(visits, slots), Window(), changes=False)[0]


def effective(visits, slots) -> Estimate:
    figure = point(visits, slots).effective
    assert isinstance(figure, Estimate)
    return figure


def test_eighteen_visits_at_twenty_slots_is_a_capped_point_not_low_demand():
    capped = point([18] * 52, 20)
    assert capped.utilisation == pytest.approx(0.9)
    assert capped.capped_weeks == 52
    assert capped.capacity_per_week == 20
    assert isinstance(capped.effective, Estimate)
    assert capped.effective.high == math.inf
    assert capped.effective.value == 18.0
    assert capped.effective.method == "always_capped"


def test_without_known_slots_effective_demand_is_what_was_observed():
    unknown = point([30, 20, 25] * 10, -1)
    assert isinstance(unknown.effective, Estimate)
    assert isinstance(unknown.observed, Estimate)
    assert unknown.effective.method == "slots_unknown"
    assert unknown.effective.value == unknown.observed.value
    assert unknown.effective.high == unknown.observed.high
    assert unknown.utilisation is None
    assert unknown.capacity_per_week is None


def test_with_room_to_spare_effective_demand_is_what_was_observed():
    spare = point([30, 20, 25] * 10, 60)
    assert isinstance(spare.effective, Estimate)
    assert isinstance(spare.observed, Estimate)
    assert spare.effective.method == "never_capped"
    assert spare.effective.value == spare.observed.value
    assert spare.capped_weeks == 0


def test_holiday_weeks_are_capped_only_where_they_count():
    status = [WeekStatus.COMPLETE] * 10 + [WeekStatus.HOLIDAY] * 2
    weeks = demand([5] * 10 + [20] * 2, 20, status)
    assert measure(weeks, Window(), changes=False)[0].capped_weeks == 0
    included = measure(weeks, Window(holiday_weeks="include"), changes=False)[0]
    assert included.capped_weeks == 2


@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.3, 1.0])
@pytest.mark.parametrize(("mean", "floor"), [(3.0, 4), (20.0, 18), (100.0, 130), (0.5, 40)])
def test_tail_mean_agrees_with_a_plain_sum(mean, floor, alpha):
    size = 1 / alpha
    law = stats.nbinom(size, size / (size + mean))
    values = np.arange(floor, floor + 20_000)
    mass = np.exp(law.logpmf(values) - law.logpmf(floor))
    expected = (values * mass).sum() / mass.sum()
    ours, slope = tail_mean(np.array([float(floor)]), np.array([mean]), np.array([alpha]))
    assert ours[0] == pytest.approx(expected, rel=1e-7)
    step = 1e-5 * mean
    up, _ = tail_mean(np.array([float(floor)]), np.array([mean + step]), np.array([alpha]))
    assert slope[0] == pytest.approx((up[0] - ours[0]) / step, abs=1e-4)


def test_hazard_stays_exact_where_the_tail_underflows():
    floor, mean, alpha = np.array([5000.0]), np.array([2.0]), np.array([0.05])
    law = stats.nbinom(20, 20 / 22)
    values = np.arange(5000, 9000)
    mass = np.exp(law.logpmf(values) - law.logpmf(5000))
    assert law.sf(4999) < 1e-200
    assert hazard(floor, mean, alpha)[0] == pytest.approx(1 / mass.sum(), rel=1e-10)


def test_value_is_the_peak_of_the_censored_likelihood():
    rng = np.random.default_rng(2)
    demanded = counts(rng, 40, 0.05, (40,))
    slots = np.full(40, 45)
    visits = np.minimum(demanded, slots)
    size = 1 / REFERENCE_DISPERSION

    def loss(mean: float) -> float:
        law = stats.nbinom(size, size / (size + mean))
        capped = visits >= 0.9 * slots
        return -(law.logpmf(visits[~capped]).sum() + law.logsf(visits[capped] - 1).sum())

    peak = optimize.minimize_scalar(
        loss, bounds=(10, 200), method="bounded", options={"xatol": 1e-8}
    )
    assert effective(visits, slots).value == pytest.approx(peak.x, rel=1e-5)


@pytest.mark.parametrize("dispersion", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("capacity", [0.8, 1.0, 1.1])
def test_planted_demand_above_capacity_is_found(capacity, dispersion):
    """Demand of 60 a week, let in up to a share of it: observed is too low, effective is not."""
    rng = np.random.default_rng(9)
    demanded = counts(rng, 60, dispersion, (1500, 40)).astype(float)
    slots = np.full_like(demanded, round(60 * capacity))
    visits = np.minimum(demanded, slots)
    usable = np.ones_like(visits, dtype=bool)
    observed = mean_interval(visits, usable)
    ours = effective_mean(visits, slots, usable, observed, np.ones(1500))
    covered = np.mean((ours.low <= 60) & (ours.high >= 60))
    assert covered >= 0.9
    assert np.all(ours.value >= observed.value)
    assert np.mean(np.abs(ours.value - 60)) <= np.mean(np.abs(observed.value - 60)) + 1.5
    if capacity < 1:
        assert np.mean(observed.high < 60) > 0.9  # the plain count would have misled


samples = st.integers(8, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 120), min_size=n, max_size=n),
        st.lists(st.sampled_from([-1, 0, 1, 5, 20, 40, 100]), min_size=n, max_size=n),
        st.integers(0, n - 1),
        st.integers(1, 30),
    )
)


@given(samples)
@example(([17] + [18] * 9, [20] * 10, 0, 1))  # the last free week becomes a capped one
@example(([0] + [100] * 9, [100] * 10, 0, 90))
def test_adding_a_visit_never_lowers_effective_demand(sample):
    visits, slots, week, extra = sample
    more = list(visits)
    more[week] += extra
    before, after = effective(visits, slots), effective(more, slots)
    assert after.value >= before.value * (1 - 1e-9)


@given(samples)
def test_effective_demand_is_never_below_observed(sample):
    visits, slots, _, _ = sample
    measured = point(visits, slots)
    assert isinstance(measured.effective, Estimate)
    assert isinstance(measured.observed, Estimate)
    assert measured.effective.value >= measured.observed.value
    assert measured.effective.low <= measured.effective.value <= measured.effective.high
    assert measured.effective.high >= measured.observed.high


@given(samples)
def test_upper_bound_is_infinite_just_where_every_week_was_capped(sample):
    visits, slots, _, _ = sample
    measured = point(visits, slots)
    assert isinstance(measured.effective, Estimate)
    assert (measured.effective.high == math.inf) == (measured.capped_weeks == len(visits))
