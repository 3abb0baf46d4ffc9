"""The observed mean and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.discrete.discrete_model import NegativeBinomial

from palveluverkko.measuring import Window, measure
from palveluverkko.measuring.intervals import mean_interval, variance_inflation
from palveluverkko.snapshot.model import WeekStatus
from palveluverkko.snapshot.values import Estimate, Unknown
from tests.measuring.series import counts, demand


def estimate(visits, **kwargs) -> Estimate:
    (point,) = measure(demand(visits, **kwargs), Window(), changes=False)
    assert isinstance(point.observed, Estimate)
    return point.observed


@pytest.mark.parametrize("mean", [3.0, 20.0, 150.0])
@pytest.mark.parametrize("dispersion", [0.05, 0.3])
def test_mean_and_interval_agree_with_a_maximum_likelihood_fit(mean, dispersion):
    rng = np.random.default_rng(11)
    visits = counts(rng, mean, dispersion, (200,))
    fit = NegativeBinomial(visits, np.ones((200, 1))).fit(disp=0)
    low, high = np.exp(fit.conf_int()[0])
    usable = np.ones((1, 200), dtype=bool)
    # Without inflation, so that the comparison is of the count model alone.
    ours = mean_interval(visits[None, :].astype(float), usable, np.ones(1))
    assert ours.value[0] == pytest.approx(np.exp(fit.params[0]), rel=1e-4)
    assert ours.low[0] == pytest.approx(low, rel=0.03)
    assert ours.high[0] == pytest.approx(high, rel=0.03)


@pytest.mark.parametrize("weeks", [8, 16, 52])
@pytest.mark.parametrize("dispersion", [0.0, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("mean", [3.0, 20.0, 100.0])
def test_interval_covers_the_truth_about_as_often_as_it_says(weeks, mean, dispersion):
    rng = np.random.default_rng(7)
    visits = counts(rng, mean, dispersion, (3000, weeks)).astype(float)
    ours = mean_interval(visits, np.ones_like(visits, dtype=bool))
    covered = np.mean((ours.low <= mean) & (mean <= ours.high))
    # A few weeks of small counts are covered too often, by the exact Poisson floor.
    assert 0.935 <= covered <= 0.995


def test_autocorrelated_weeks_widen_the_interval():
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(500, 53))
    echo = noise[:, 1:] + noise[:, :-1]
    usable = np.ones_like(echo, dtype=bool)
    assert variance_inflation(echo, usable).mean() > 2.0
    assert variance_inflation(noise[:, 1:], usable).mean() < 1.2


def test_no_visits_at_all_has_the_exact_upper_bound():
    none = estimate([0] * 12)
    assert (none.value, none.low, none.method) == (0.0, 0.0, "gamma_no_visits")
    # The mean under which twelve empty weeks have probability 2.5 per cent.
    assert stats.poisson.pmf(0, none.high * 12) == pytest.approx(0.025)


def test_interval_is_never_narrower_than_the_exact_poisson_interval():
    same = estimate([3] * 10)
    assert same.low <= stats.gamma.ppf(0.025, 30) / 10
    assert same.high >= stats.gamma.ppf(0.975, 31) / 10


@given(
    visits=st.lists(st.integers(0, 5000), min_size=8, max_size=60),
    week=st.integers(0, 59),
    extra=st.integers(1, 50),
)
def test_adding_a_visit_never_lowers_observed_demand(visits, week, extra):
    more = list(visits)
    more[week % len(visits)] += extra
    before, after = estimate(visits), estimate(more)
    if week % len(visits) >= len(visits) - 52:
        assert after.value > before.value
    else:
        assert after.value == before.value
    assert after.low <= after.value <= after.high


def test_missing_closed_and_holiday_weeks_are_left_out_and_told_apart():
    status = [WeekStatus.COMPLETE] * 49
    status += [WeekStatus.HOLIDAY, WeekStatus.CLOSED, WeekStatus.MISSING]
    weeks = demand([40] * 49 + [10, 0, 0], status=status)
    (left_out,) = measure(weeks, Window(), changes=False)
    (included,) = measure(weeks, Window(holiday_weeks="include"), changes=False)
    assert isinstance(left_out.observed, Estimate)
    assert isinstance(included.observed, Estimate)
    assert (left_out.observed.value, left_out.observed.weeks_used) == (40.0, 49)
    assert included.observed.value == pytest.approx((40 * 49 + 10) / 50)
    tally = left_out.weeks
    assert (tally.complete, tally.holiday, tally.closed, tally.missing) == (49, 1, 1, 1)


def test_too_few_weeks_are_unknown_and_say_what_is_lacking():
    status = [WeekStatus.COMPLETE] * 7 + [WeekStatus.MISSING] * 5 + [WeekStatus.CLOSED] * 40
    (point,) = measure(demand([9] * 52, status=status), Window(), changes=False)
    detail = {"usable": 7, "needed": 8, "missing": 5, "closed": 40}
    assert point.observed == Unknown("demand.too_few_weeks", detail)
    assert point.effective == point.observed


def test_a_point_never_reported_is_not_measured():
    weeks = demand([0] * 60, status=[WeekStatus.MISSING] * 60)
    (point,) = measure(weeks, Window())
    assert point.observed == Unknown("demand.not_measured")
    assert point.effective == Unknown("demand.not_measured")
    assert point.trend_per_year == Unknown("demand.not_measured")
    assert point.change is None
    assert point.utilisation is None


def test_weeks_before_the_series_count_as_missing():
    (point,) = measure(demand([5] * 20), Window(weeks=52), changes=False)
    assert (point.weeks.complete, point.weeks.missing) == (20, 32)


@given(
    visits=st.lists(st.integers(0, 300), min_size=52, max_size=52),
    lost=st.sets(st.integers(0, 51)),
)
def test_losing_reports_only_ever_loses_weeks(visits, lost):
    status = [WeekStatus.MISSING if w in lost else WeekStatus.COMPLETE for w in range(52)]
    kept = [0 if w in lost else v for w, v in enumerate(visits)]
    (point,) = measure(demand(kept, status=status), Window(), changes=False)
    if 52 - len(lost) < 8:
        assert isinstance(point.observed, Unknown)
        return
    assert isinstance(point.observed, Estimate)
    assert point.observed.weeks_used == 52 - len(lost)
    left = [v for w, v in enumerate(visits) if w not in lost]
    assert point.observed.value == pytest.approx(np.mean(left))


def test_points_do_not_influence_each_other():
    rng = np.random.default_rng(5)
    visits = counts(rng, [[4.0], [40.0], [400.0]], 0.1, (3, 120))
    slots = [[6], [45], [900]]
    together = measure(demand(visits, slots), Window())
    for row in range(3):
        (alone,) = measure(demand(visits[row], slots[row]), Window())
        assert alone.weeks == together[row].weeks
        assert alone.change == together[row].change
        pairs = [(alone.observed, together[row].observed)]
        pairs.append((alone.effective, together[row].effective))
        for mine, theirs in pairs:
            assert isinstance(mine, Estimate)
            assert isinstance(theirs, Estimate)
            assert mine.value == pytest.approx(theirs.value, rel=1e-12)
            assert mine.high == pytest.approx(theirs.high, rel=1e-9)
