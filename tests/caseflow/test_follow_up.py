"""A loss that is there is found, one that is not is not, and thin data say that they are thin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from benchmarks.follow_up import (
    ANNOUNCED,
    CALM,
    EFFECTIVE,
    FIRST_MONDAY,
    WEEKS_BEFORE,
    run,
    simulate,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from palveluverkko.caseflow.followup import (
    Area,
    Breach,
    Change,
    Compared,
    FollowUpRule,
    Look,
    Verdict,
    breach,
    follow_average,
    follow_up,
)
from palveluverkko.caseflow.followup.changes import Windows, average_changes, count_changes
from palveluverkko.caseflow.followup.matching import features, most_alike
from palveluverkko.caseflow.followup.placebo import difference
from palveluverkko.caseflow.followup.windows import windows
from palveluverkko.snapshot.values import Unknown

RULE = FollowUpRule()
STEADY = replace(CALM, dispersion=0.01)
CHANGE = Change("area-0", ANNOUNCED, EFFECTIVE)
THREE, SIX, TWELVE = RULE.looks


def look_at(areas, look=TWELVE, rule=RULE, change=CHANGE):
    return follow_up(FIRST_MONDAY, areas, change, look, rule)


def world(loss=0.0, mean=100, seed=1, **options):
    return simulate(np.random.default_rng(seed), mean, replace(STEADY, **options), loss)


# -- what is found ---------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "least"), [(20, 0.4), (400, 0.6)])
def test_a_planted_loss_of_fifteen_per_cent_is_found(mean, least):
    """The power that docs/methods/follow-up.md states, less the chance of 30 runs."""
    found = run(np.random.default_rng(5), 30, mean, STEADY, loss=0.15)
    assert found.any_look >= least
    assert found.no_loss_at_last <= 0.1


@pytest.mark.parametrize("mean", [20, 100, 400])
def test_no_loss_is_found_no_more_often_than_stated(mean):
    """Five per cent at most over the three looks; the bound leaves chance one in a thousand."""
    runs = 30
    found = run(np.random.default_rng(6), runs, mean)
    assert found.any_look * runs <= stats.binom.ppf(0.999, runs, RULE.false_rate)


def test_an_area_that_had_fallen_before_is_no_loss_by_that():
    runs = 30
    found = run(np.random.default_rng(7), runs, 50, fallen=True)
    assert found.any_look * runs <= stats.binom.ppf(0.999, runs, RULE.false_rate)


def test_what_befalls_everybody_is_no_loss():
    areas = world(mean=400)
    halved = [
        replace(a, contacts={k: halve_after(v) for k, v in a.contacts.items()}) for a in areas
    ]
    found = look_at(halved)
    assert found.verdict is Verdict.NO_LOSS_FOUND
    assert found.total.after < 0.6 * found.total.before
    assert found.total.expected == pytest.approx(found.total.after, rel=0.1)


def halve_after(counts):
    weeks = np.arange(len(counts))
    return np.where(weeks < WEEKS_BEFORE, counts, np.floor(counts / 2))


def test_a_move_between_channels_is_no_loss_and_is_shown():
    areas = world(mean=400)
    moved = 0.6 * areas[0].contacts["visit"]
    after = np.arange(len(moved)) >= WEEKS_BEFORE
    shifted = np.where(after, np.round(moved), 0.0)
    contacts = {
        "visit": areas[0].contacts["visit"] - shifted,
        "phone": areas[0].contacts["phone"] + shifted,
    }
    found = look_at([replace(areas[0], contacts=contacts), *areas[1:]])
    assert found.verdict is Verdict.NO_LOSS_FOUND
    assert found.channels["visit"].high < -0.3
    assert found.channels["phone"].low > 0.3


def test_fewer_residents_are_no_loss():
    areas = world(loss=0.2, mean=400)
    gone = replace(areas[0], residents_after=0.8 * areas[0].residents)
    assert look_at(areas).verdict is Verdict.LOSS_FOUND
    assert look_at([gone, *areas[1:]]).verdict is Verdict.NO_LOSS_FOUND


def test_a_point_left_without_a_visit_is_a_loss_not_an_error():
    areas = world()
    nobody = {
        name: np.where(np.arange(len(c)) < WEEKS_BEFORE, c, 0.0)
        for name, c in areas[0].contacts.items()
    }
    found = look_at([replace(areas[0], contacts=nobody), *areas[1:]])
    assert found.verdict is Verdict.LOSS_FOUND
    assert found.total.effect < -0.95


# -- what is told with it --------------------------------------------------------------------


def test_areas_and_weights_are_told():
    areas = world(missing=0.0)
    areas[5] = replace(areas[5], touched=True)
    areas[6] = replace(areas[6], residents=None)
    areas[7] = replace(areas[7], density=None)
    found = look_at(areas)
    assert len(found.matched) == RULE.pool
    assert sum(m.weight for m in found.matched) == pytest.approx(1)
    assert [m.distance for m in found.matched] == sorted(m.distance for m in found.matched)
    assert {m.code for m in found.matched} | set(found.left_out) | {"area-0"} == {
        a.code for a in areas
    }
    assert not {m.code for m in found.matched} & set(found.left_out)
    assert found.left_out["area-5"] == "touched"
    assert found.left_out["area-6"] == found.left_out["area-7"] == "data_missing"
    assert set(found.left_out.values()) == {"touched", "data_missing", "not_alike", "not_needed"}
    assert found.features == (
        "level",
        "size",
        "density",
        "season_cosine",
        "season_sine",
        "trend",
    )


def test_a_touched_area_stands_for_nobody():
    areas = world()
    nearest = look_at(areas).matched[0].code
    touched = look_at([replace(a, touched=a.code == nearest) for a in areas])
    assert nearest not in {m.code for m in touched.matched}
    assert touched.left_out[nearest] == "touched"


def test_residents_taken_as_unchanged_are_told():
    areas = world()
    assert look_at(areas).assumed == ()
    areas = [replace(a, residents_after=None) for a in areas]
    assert look_at(areas).assumed == ("residents_unchanged",)


def test_features_that_the_area_lacks_are_not_compared():
    areas = world()
    found = look_at([replace(areas[0], density=None), *areas[1:]])
    assert "density" not in found.features
    assert isinstance(found.total, Compared)


def test_the_order_of_the_areas_does_not_matter():
    areas = world(loss=0.1)
    there, back = look_at(areas), look_at(areas[::-1])
    assert there.total.effect == pytest.approx(back.total.effect)
    assert there.total.low == pytest.approx(back.total.low)
    assert {m.code for m in there.matched} == {m.code for m in back.matched}


# -- unknown ---------------------------------------------------------------------------------


def why(found):
    assert found.verdict is Verdict.UNKNOWN
    assert isinstance(found.why, Unknown)
    return found.why.code


def test_a_look_before_its_time_is_unknown():
    areas = [
        replace(a, contacts={k: v[: WEEKS_BEFORE + 25] for k, v in a.contacts.items()})
        for a in world()
    ]
    assert why(look_at(areas, SIX)) == "follow_up.too_early"
    ends = EFFECTIVE + timedelta(weeks=26)
    assert look_at(areas, SIX).why.detail == {"known_from": ends.isoformat()}
    assert isinstance(look_at(areas, THREE).total, Compared)


def test_too_few_contacts_are_unknown():
    assert why(look_at(world(mean=1), THREE)) == "follow_up.too_few_contacts"


def test_an_interval_that_holds_both_nothing_and_the_concern_is_unknown():
    found = look_at(world(mean=20, dispersion=0.5), THREE)
    assert why(found) == "follow_up.too_wide"
    assert found.total.low < -RULE.concern < 0 < found.total.high


def test_too_few_alike_areas_are_unknown():
    areas = world()
    found = look_at(areas[: RULE.least_areas])
    assert why(found) == "follow_up.too_few_areas"
    assert found.why.detail == {"areas": 20 - 1 - len(found.left_out), "needed": 20}
    assert why(look_at(areas, rule=replace(RULE, limit=0.01))) == "follow_up.too_few_areas"


def test_unknown_residents_are_unknown():
    areas = world()
    assert why(look_at([replace(areas[0], residents=None), *areas[1:]])) == (
        "follow_up.residents_not_known"
    )


def test_missing_weeks_are_unknown_and_never_a_loss():
    areas = world(mean=400)
    blank = {k: v.copy() for k, v in areas[0].contacts.items()}
    blank["phone"][WEEKS_BEFORE + 5 : WEEKS_BEFORE + 13] = np.nan
    few = replace(areas[0], contacts=blank)
    assert why(look_at([few, *areas[1:]], THREE)) == "follow_up.weeks_missing"
    assert look_at([few, *areas[1:]], TWELVE).verdict is Verdict.NO_LOSS_FOUND


def test_a_series_that_begins_at_the_change_is_unknown():
    areas = [
        replace(a, contacts={k: v[WEEKS_BEFORE:] for k, v in a.contacts.items()}) for a in world()
    ]
    found = follow_up(EFFECTIVE, areas, CHANGE, TWELVE, RULE)
    assert why(found) == "follow_up.no_weeks_before"


def test_a_channel_without_contacts_is_unknown_by_itself():
    areas = [
        replace(a, contacts={**a.contacts, "video": np.zeros_like(a.contacts["visit"])})
        for a in world(mean=400)
    ]
    found = look_at(areas)
    assert found.verdict is Verdict.NO_LOSS_FOUND
    assert found.channels["video"].code == "follow_up.too_few_contacts"


def test_an_area_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="No area"):
        look_at(world(), change=replace(CHANGE, area="nowhere"))


def test_series_of_different_lengths_are_refused():
    areas = world()
    short = replace(areas[0], contacts={k: v[1:] for k, v in areas[0].contacts.items()})
    with pytest.raises(ValueError, match="lengths"):
        look_at([short, *areas[1:]])


# -- weeks -----------------------------------------------------------------------------------


def test_the_weeks_before_are_the_same_weeks_of_earlier_years_and_not_after_the_notice():
    spans = windows(FIRST_MONDAY, 208, CHANGE, TWELVE, RULE)
    assert list(np.flatnonzero(spans.after)) == list(range(156, 208))
    assert list(np.flatnonzero(spans.before)) == list(range(52, 145))
    spans = windows(FIRST_MONDAY, 208, CHANGE, THREE, RULE)
    assert list(np.flatnonzero(spans.before)) == [*range(52, 65), *range(104, 117)]


@pytest.mark.parametrize(("effective", "first"), [(0, 156), (1, 157), (6, 157), (7, 157)])
def test_a_week_in_which_the_change_came_is_left_out(effective, first):
    change = replace(CHANGE, effective=EFFECTIVE + timedelta(days=effective))
    spans = windows(FIRST_MONDAY, 220, change, THREE, RULE)
    assert np.flatnonzero(spans.after)[0] == first


# -- the rule --------------------------------------------------------------------------------


def test_the_false_rate_is_that_of_all_looks_and_can_be_shared():
    assert RULE.false_rate == pytest.approx(0.05)
    assert RULE.shared_by(4).false_rate == pytest.approx(0.0125)


def test_a_breach_is_the_first_loss_found():
    areas = world(loss=0.3, mean=400)
    found = [look_at(areas, look) for look in (TWELVE, SIX, THREE)]
    assert breach(found, RULE) == Breach(3, found[2].total, RULE.false_rate)
    assert breach([look_at(world(mean=400), look) for look in RULE.looks], RULE) is None


@pytest.mark.parametrize(
    "options",
    [
        {"looks": ()},
        {"looks": (Look(24, 0.01),)},
        {"looks": (Look(3, 0.0),)},
        {"looks": (Look(3, 1.0),)},
        {"concern": 0.0},
        {"pool": 10},
        {"least_areas": 2},
    ],
)
def test_a_rule_that_means_nothing_is_refused(options):
    with pytest.raises(ValueError, match=r"rate|look|concern|area"):
        FollowUpRule(**options)


# -- averages --------------------------------------------------------------------------------


def waits(rise=0.0, seed=3, spread=1.0):
    """Mean wait by week of 60 points, minutes; the first one's rises at the change."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 2, 208)
    level = rng.uniform(8, 14, (60, 1))
    series = level + common + rng.normal(0, spread, (60, 208))
    series[0, WEEKS_BEFORE:] += rise
    return {f"point-{i}": row for i, row in enumerate(series)}


def wait_after(series, concern=2.0, **options):
    change = Change("point-0", ANNOUNCED, EFFECTIVE)
    return follow_average(FIRST_MONDAY, series, change, TWELVE, RULE, concern=concern, **options)


def test_a_longer_wait_at_a_receiver_is_found_in_minutes():
    found = wait_after(waits(rise=3.0))
    assert found.verdict is Verdict.RISE_FOUND
    assert found.total.effect == pytest.approx(3.0, abs=0.5)
    assert found.total.after - found.total.expected == pytest.approx(found.total.effect)
    assert breach([found], RULE).compared is found.total


def test_an_equal_wait_is_no_rise():
    assert wait_after(waits()).verdict is Verdict.NO_RISE_FOUND
    assert wait_after(waits(rise=-3.0)).verdict is Verdict.NO_RISE_FOUND


def test_a_concern_smaller_than_the_data_can_tell_is_unknown():
    assert why(wait_after(waits(spread=6.0), concern=0.1)) == "follow_up.too_wide"


def test_rises_are_found_no_more_often_than_stated():
    runs = 150
    found = sum(wait_after(waits(seed=s)).verdict is Verdict.RISE_FOUND for s in range(runs))
    assert found <= stats.binom.ppf(0.999, runs, TWELVE.false_rate)


def test_other_receivers_of_the_package_stand_for_nobody():
    touched = frozenset(f"point-{i}" for i in range(1, 6))
    found = wait_after(waits(), touched=touched)
    assert not touched & {m.code for m in found.matched}
    assert {found.left_out[code] for code in touched} == {"touched"}
    assert why(wait_after(waits(), touched=frozenset(waits()) - {"point-0"})) == (
        "follow_up.too_few_areas"
    )


def test_an_average_of_nobody_is_unknown():
    series = waits()
    series["point-0"][WEEKS_BEFORE : WEEKS_BEFORE + 20] = np.nan
    assert why(wait_after(series)) == "follow_up.weeks_missing"
    with pytest.raises(ValueError, match="No series"):
        wait_after({"other": series["point-1"]})


# -- the parts, against other ways of working them out ---------------------------------------


def test_the_drift_agrees_with_a_random_effects_meta_analysis():
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(8)
    variances = rng.uniform(0.01, 0.1, 30)
    pool = rng.normal(0.1, np.sqrt(variances + 0.05))
    oracle = combine_effects(pool, variances, method_re="iterated", atol=1e-10)
    ours = difference(0.4, 0.02, pool, variances)
    assert ours.spread**2 == pytest.approx(oracle.tau2, rel=1e-3)
    assert ours.expected == pytest.approx(oracle.mean_effect_re, rel=1e-3)
    assert ours.standard_error**2 == pytest.approx(
        0.02 + oracle.tau2 + oracle.var_eff_w_re, rel=1e-3
    )


@pytest.mark.parametrize("drift", [0.0, 0.2])
def test_the_interval_holds_a_further_area(drift):
    rng = np.random.default_rng(9)
    held, runs = 0, 1500
    for _ in range(runs):
        variances = rng.uniform(0.005, 0.05, 21)
        changes = rng.normal(0.3, np.sqrt(variances + drift**2))
        low, high = difference(changes[0], variances[0], changes[1:], variances[1:]).interval(0.9)
        held += low <= 0 <= high
    assert 0.88 <= held / runs <= 0.95


@given(st.floats(-3, 3), st.floats(-1, 1))
@settings(deadline=None, max_examples=50)
def test_a_change_that_all_share_is_no_difference(shift, change):
    rng = np.random.default_rng(10)
    pool, variances = rng.normal(0, 0.1, 25), rng.uniform(0.01, 0.02, 25)
    one = difference(change, 0.01, pool, variances)
    other = difference(change + shift, 0.01, pool + shift, variances)
    assert other.value == pytest.approx(one.value, abs=1e-6)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-4)


def test_ranks_are_those_of_a_change_among_the_others():
    pool, variances = np.arange(1.0, 20.0), np.ones(19)
    lowest = difference(-50.0, 1.0, pool, variances)
    assert (lowest.low_rank, lowest.high_rank) == (1 / 20, 1.0)
    highest = difference(70.0, 1.0, pool, variances)
    assert (highest.low_rank, highest.high_rank) == (1.0, 1 / 20)


def test_a_pool_of_one_is_refused():
    with pytest.raises(ValueError, match="two"):
        difference(0.0, 1.0, np.zeros(1), np.ones(1))


def halves(weeks):
    first = np.arange(weeks) < weeks // 2
    return Windows(first, ~first)


def test_a_change_of_counts_is_the_ratio_of_rates_where_no_week_is_missing():
    rng = np.random.default_rng(11)
    counts = rng.poisson(50, (30, 40)).astype(float)
    before, after = rng.uniform(900, 1100, 30), rng.uniform(900, 1100, 30)
    ours = count_changes(counts, before, after, halves(40))
    plain = np.log(counts[:, 20:].sum(axis=1) / after / (counts[:, :20].sum(axis=1) / before))
    differences = ours.change - plain
    assert differences == pytest.approx(np.full(30, differences.mean()), abs=2e-3)


def test_weeks_missing_in_a_holiday_are_no_rise():
    """Everybody's first week of each half is empty; one area does not report the second one."""
    counts = np.full((30, 20), 100.0)
    counts[:, [0, 10]] = 5.0
    counts[3, 10] = np.nan
    ours = count_changes(counts, np.ones(30), np.ones(30), halves(20))
    assert ours.change[3] == pytest.approx(ours.change[4], abs=1e-3)


def test_chance_alone_has_the_variance_that_is_said():
    rng = np.random.default_rng(12)
    counts = rng.poisson(rng.gamma(10, 0.1, (3000, 60)) * 40).astype(float)
    ours = count_changes(counts, np.ones(3000), np.ones(3000), halves(60))
    assert ours.variance.mean() == pytest.approx(ours.change.var(), rel=0.1)
    averages = rng.normal(10, 2, (3000, 60))
    ours = average_changes(averages, halves(60))
    assert ours.variance.mean() == pytest.approx(ours.change.var(), rel=0.1)


def test_the_most_alike_are_alike():
    rng = np.random.default_rng(13)
    counts = rng.poisson(np.repeat([[20.0], [80.0]], 15, axis=0), (30, 50)).astype(float)
    compared = features(counts, np.full(30, 1000.0), np.full(30, 10.0))
    candidates = np.ones(30, dtype=bool)
    candidates[0] = False
    alike = most_alike(compared, 0, candidates, 14, 9.0)
    assert set(alike.order.tolist()) == set(range(1, 15))


def test_season_and_trend_need_their_weeks():
    counts = np.full((5, 110), 10.0)
    ones = np.ones(5)
    assert "trend" not in features(counts[:, :103], ones, ones).names
    assert "trend" in features(counts[:, :104], ones, ones).names
    assert features(counts[:, :51], ones, ones).names == ("level", "size", "density")


def test_an_area_without_any_series_of_a_channel_is_no_area_without_contacts():
    areas = world()
    areas[3] = Area("area-3", 1000.0, {"visit": areas[3].contacts["visit"]}, density=2.0)
    assert look_at(areas).left_out["area-3"] == "data_missing"


def test_dates_are_whole_weeks():
    assert FIRST_MONDAY.weekday() == 0
    assert date(2018, 9, 3) == EFFECTIVE
