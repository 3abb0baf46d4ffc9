"""The monitor that tells when a point starts to fall or rise."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from benchmarks.false_alarms import alarms, per_ten_years, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from palveluverkko.measuring import Change, Window, measure, new_state, update
from palveluverkko.measuring.cusum import (
    ALLOWANCE,
    BASELINE_WEEKS,
    LIMIT,
    accumulate,
    find_changes,
    new_bank,
    normal_residual,
)
from palveluverkko.snapshot.model import WeekStatus
from tests.measuring.series import FIRST_MONDAY, counts, demand


def change(visits, status=None) -> Change | None:
    return measure(demand(visits, status=status), Window())[0].change


@pytest.mark.parametrize(("factor", "direction"), [(0.6, "falling"), (1.6, "rising")])
def test_a_lasting_shift_is_found_with_its_week(factor, direction):
    rng = np.random.default_rng(12)
    level = np.full(261, 80.0)
    level[230:] *= factor
    planted = FIRST_MONDAY + timedelta(weeks=230)
    points = measure(demand(counts(rng, level, 0.02, (60, 261))), Window())
    found = [point.change for point in points if point.change is not None]
    assert len(found) >= 59
    assert sum(each.direction == direction for each in found) >= 57
    assert all(each.since.weekday() == 0 and each.statistic > LIMIT for each in found)
    assert all(each.limit == LIMIT for each in found)
    errors = [abs((each.since - planted).days) // 7 for each in found]
    assert np.median(errors) <= 1
    assert np.quantile(errors, 0.9) <= 6


def test_a_change_older_than_the_window_is_history():
    rng = np.random.default_rng(12)
    level = np.full(261, 80.0)
    level[100:] *= 0.5
    visits = counts(rng, level, 0.02, (261,))
    assert change(visits) is None
    found = measure(demand(visits), Window(weeks=200))[0].change
    assert found is not None
    assert found.direction == "falling"


def test_one_freak_week_is_no_change():
    visits = [50, 55, 45, 52, 48] * 30
    assert change(visits) is None
    assert change([*visits[:-3], 900, *visits[-2:]]) is None
    assert change([*visits[:-3], 0, *visits[-2:]]) is None


def test_holiday_closed_and_missing_weeks_are_not_a_fall():
    visits = np.array([50, 55, 45, 52, 48] * 30)
    for status in (WeekStatus.HOLIDAY, WeekStatus.CLOSED, WeekStatus.MISSING):
        statuses = np.full(150, WeekStatus.COMPLETE)
        statuses[130:] = status
        blank = np.where(statuses == status, 0, visits)
        assert change(blank, statuses) is None


def test_without_a_years_baseline_the_monitor_keeps_silent():
    visits = [80] * 30 + [20] * (BASELINE_WEEKS - 31)
    assert change(visits) is None


def test_changes_can_be_left_out():
    rng = np.random.default_rng(1)
    visits = counts(rng, [100.0] * 100 + [30.0] * 30, 0.0, (130,))
    assert measure(demand(visits), Window())[0].change is not None
    assert measure(demand(visits), Window(), changes=False)[0].change is None


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), mean=st.sampled_from([0.2, 3.0, 60.0, 2000.0]))
def test_week_by_week_and_all_at_once_say_the_same(seed, mean):
    rng = np.random.default_rng(seed)
    level = mean * np.exp(np.cumsum(rng.normal(0, 0.08, 180)))
    visits = counts(rng, level, 0.05, (180,))
    status = rng.choice([0, 0, 0, 0, 0, 0, 1, 2, 3], 180)
    state, last, raised = new_state(FIRST_MONDAY), None, -1
    for week in range(180):
        state, found = update(state, int(visits[week]), int(status[week]))
        if found:
            last, raised = found, week
    weeks = demand(visits, status=status)
    complete = weeks.status == WeekStatus.COMPLETE
    batch = find_changes(weeks.visits.astype(float), complete, list(weeks.mondays))
    assert batch.raised[0] == raised
    assert state.monday == FIRST_MONDAY + timedelta(weeks=180)
    if last is not None:
        assert batch.direction[0] == (1.0 if last.direction == "rising" else -1.0)
        assert FIRST_MONDAY + timedelta(weeks=int(batch.since[0])) == last.since
        assert batch.statistic[0] == pytest.approx(last.statistic, rel=1e-9)


def test_a_stored_state_is_a_value():
    state = new_state(FIRST_MONDAY)
    for visits in [40, 50, 45] * 10:
        state, _ = update(state, visits, WeekStatus.COMPLETE)
    assert update(state, 44, 0) == update(state, 44, 0)
    assert hash(state) == hash(state)


@pytest.mark.parametrize(("mean", "alpha"), [(5.0, 0.1), (30.0, 0.0), (200.0, 0.1)])
def test_residuals_are_close_to_standard_normal(mean, alpha):
    rng = np.random.default_rng(3)
    visits = counts(rng, mean, alpha, (200_000,)).astype(float)
    residual = normal_residual(visits, np.full_like(visits, mean), np.full_like(visits, alpha))
    assert abs(residual.mean()) < 0.03
    assert abs(residual.std() - 1) < 0.04
    assert abs(stats.skew(residual)) < 0.12


def test_with_everything_known_the_run_length_is_the_published_one():
    """Two-sided CUSUM, k = 0.5, h = 5: average run length 465 (Montgomery, table 9.3)."""
    rng = np.random.default_rng(10)
    bank, everyone, nothing = new_bank(3000), np.ones(3000, dtype=bool), np.zeros(3000)
    hits = 0
    for _ in range(1500):
        noise = rng.normal(size=3000)
        accumulate(bank, "up", noise - ALLOWANCE, everyone, nothing, nothing)
        accumulate(bank, "down", -noise - ALLOWANCE, everyone, nothing, nothing)
        over = (bank.up > 5) | (bank.down > 5)
        hits += int(over.sum())
        bank.up[over] = bank.down[over] = 0.0
    assert 3000 * 1500 / hits == pytest.approx(465, rel=0.05)


@pytest.mark.parametrize("mean", [3.0, 30.0, 300.0])
@pytest.mark.parametrize("dispersion", [0.02, 0.2])
def test_false_alarms_stay_below_one_per_point_in_ten_years(mean, dispersion):
    series = simulate(np.random.default_rng(21), 300, 585, mean, dispersion)
    assert per_ten_years(series) <= 1.0


def test_a_fall_of_thirty_per_cent_is_seen_within_a_year():
    rng = np.random.default_rng(22)
    series = simulate(rng, 300, 208, 60.0, 0.03, shift=-0.3, shift_week=156)
    raised = alarms(series)
    assert np.mean((raised[:, 156:] < 0).any(axis=1)) > 0.95


def test_autocorrelated_demand_raises_no_more_false_alarms():
    rng = np.random.default_rng(23)
    series = simulate(rng, 300, 585, 100.0, 0.05, autocorrelation=0.4)
    assert per_ten_years(series) <= 1.0
