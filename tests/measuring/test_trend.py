"""Season and trend."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from palveluverkko.measuring import Window, measure, seasonal_profile
from palveluverkko.measuring.trend import design, fit_trends
from palveluverkko.snapshot.model import WeekStatus
from palveluverkko.snapshot.values import Estimate, Unknown
from tests.measuring.series import counts, demand


def wave(weeks: int, mean: float, yearly: float, season: float) -> np.ndarray:
    mondays = list(demand([0] * weeks).mondays)
    days = np.array([(day - mondays[0]).days for day in mondays])
    angle = 2 * np.pi * np.array([day.timetuple().tm_yday for day in mondays]) / 365.25
    return mean * (1 + yearly) ** (days / 365.25) * np.exp(season * np.cos(angle))


def trend(visits, status=None):
    return measure(demand(visits, status=status), Window(), changes=False)[0].trend_per_year


@pytest.mark.parametrize(("weeks", "width"), [(261, 6), (90, 2)])
def test_trend_agrees_with_a_quasi_poisson_regression(weeks, width):
    rng = np.random.default_rng(4)
    visits = counts(rng, wave(weeks, 80, -0.1, 0.2), 0.05, (weeks,))
    mondays = list(demand(visits).mondays)
    usable = rng.random(weeks) > 0.1
    columns = design(mondays)[:, :width]
    fit = sm.GLM(visits[usable], columns[usable], family=sm.families.Poisson()).fit(scale="X2")
    ours = fit_trends(visits[None, :].astype(float), usable[None, :], mondays)
    assert ours.coefficients[0, :width] == pytest.approx(fit.params, abs=1e-7)
    # Autocorrelation may only widen what the independent-weeks regression says.
    low, high = 100 * np.expm1(fit.conf_int()[1])
    assert ours.low[0] <= low + 0.5
    assert ours.high[0] >= high - 0.5
    assert ours.high[0] - ours.low[0] < 2.0 * (high - low)


@pytest.mark.parametrize("yearly", [-0.2, 0.0, 0.15])
def test_interval_covers_the_planted_trend(yearly):
    rng = np.random.default_rng(6)
    visits = counts(rng, wave(208, 50, yearly, 0.25), 0.1, (800, 208)).astype(float)
    mondays = list(demand(visits[0]).mondays)
    ours = fit_trends(visits, np.ones_like(visits, dtype=bool), mondays)
    covered = np.mean((ours.low <= 100 * yearly) & (100 * yearly <= ours.high))
    assert 0.93 <= covered <= 0.985


def test_a_season_alone_is_no_trend():
    figure = trend(np.round(wave(156, 200, 0.0, 0.4)))
    assert isinstance(figure, Estimate)
    assert abs(figure.value) < 1.0
    assert figure.method == "quasi_poisson_seasonal"


def test_under_a_year_of_weeks_has_no_trend():
    figure = trend([20] * 51)
    assert figure == Unknown("demand.trend_too_short", {"usable": 51, "needed": 52})


def test_missing_weeks_do_not_pull_the_trend():
    rng = np.random.default_rng(8)
    visits = counts(rng, 90, 0.02, (208,))
    status = np.full(208, WeekStatus.COMPLETE)
    status[150:] = np.where(np.arange(58) % 2, WeekStatus.MISSING, WeekStatus.COMPLETE)
    blank = np.where(status == WeekStatus.MISSING, 0, visits)
    figure = trend(blank, status)
    assert isinstance(figure, Estimate)
    assert figure.low < 0 < figure.high


@pytest.mark.parametrize("visits", [[0] * 120, [0] * 119 + [1], [3] + [0] * 119])
def test_series_that_hold_no_trend_do_not_invent_one(visits):
    figure = trend(visits)
    if isinstance(figure, Estimate):
        assert figure.low <= 0 <= figure.high
    else:
        assert figure.code == "demand.trend_not_estimable"


def test_seasonal_profile_shows_the_planted_wave():
    weeks = demand(np.round(wave(261, 500, 0.05, 0.3)))
    profile = seasonal_profile(weeks, 0)
    assert not isinstance(profile, Unknown)
    assert profile.shape == (52,)
    assert profile.mean() == pytest.approx(1.0)
    assert profile.argmax() in (51, 0, 1)
    assert profile.max() / profile.min() == pytest.approx(np.exp(0.6), rel=0.05)


def test_seasonal_profile_needs_two_years():
    assert isinstance(seasonal_profile(demand([10] * 100), 0), Unknown)
