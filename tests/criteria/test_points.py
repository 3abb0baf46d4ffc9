"""Outcomes of points, with measurements given by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.criteria import Outcome, Verdict, assess
from palveluverkko.criteria.model import PointResult
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.model import Mode, PointKind
from palveluverkko.snapshot.values import Unknown
from tests.criteria import world

KELA = world.policy()


def outcome_of(measured: PointDemand, met: bool | None = True, **details: object) -> PointResult:
    subject = world.point("here", **details.pop("point", {}))  # type: ignore[arg-type]
    weeks = details.pop("weeks", world.demand_weeks([[40] * 52]))
    given_substitution = world.substitution("here", met, **details)  # type: ignore[arg-type]
    found = assess(
        KELA,
        world.snapshot([subject], weeks),  # type: ignore[arg-type]
        world.tools([measured], {"here": given_substitution}),
    )
    return found.points[0]


def codes(result: PointResult) -> list[str]:
    return [reason.code for reason in result.reasons]


def test_low_demand_with_every_need_met_may_be_replaced():
    result = outcome_of(world.demand(40))
    assert result.outcome is Outcome.MAY_BE_REPLACED
    assert codes(result) == ["demand.below", "needs.met", "rule.may_be_replaced"]
    assert result.failing == ()


def test_40_visits_and_one_need_without_substitute_is_not_permitted_and_named():
    result = outcome_of(world.demand(40), met=False, unmet=["identification"])
    assert result.outcome is Outcome.NOT_PERMITTED
    assert result.failing == ("needs_met", "need:identification")
    [reason] = [r for r in result.reasons if r.code == "needs.not_met"]
    assert reason.values["needs"] == ("identification",)


def test_a_receiver_over_capacity_blocks_and_is_named():
    result = outcome_of(world.demand(40), met=False, full=["jämsä"])
    assert result.outcome is Outcome.NOT_PERMITTED
    assert result.failing == ("needs_met", "receiver:jämsä")
    assert "needs.receiver_full" in codes(result)


@pytest.mark.parametrize("value", [100.0, 100.0000000001, 99.9999999999])
def test_exactly_100_is_not_low(value: float):
    result = outcome_of(world.demand(value))
    assert result.outcome is Outcome.KEEP
    assert codes(result) == ["demand.at_least", "rule.keep"]
    assert result.substitution is None


def test_just_under_100_is_low():
    assert outcome_of(world.demand(99.98)).outcome is Outcome.MAY_BE_REPLACED


def test_18_visits_at_20_slots_are_capacity_limited_not_low():
    full = world.demand(18, world.estimate(18, 17, math.inf), capped=44, capacity=20.0)
    result = outcome_of(full)
    assert result.outcome is Outcome.CAPACITY_LIMITED
    assert result.failing == ("low_demand",)
    assert result.reasons[0].code == "demand.capacity_limited"
    assert result.reasons[0].verdict is Verdict.UNKNOWN


def test_a_capped_point_whose_upper_end_is_below_the_limit_is_low():
    capped = world.demand(18, world.estimate(22, 18, 40), capped=10, capacity=20.0)
    weeks = world.demand_weeks([[17] * 42 + [20] * 10], 20)
    assert outcome_of(capped, weeks=weeks).outcome is Outcome.MAY_BE_REPLACED


def test_a_point_full_in_a_third_of_its_weeks_near_the_limit_is_capacity_limited():
    capped = world.demand(82, world.estimate(86, 80, 99), capped=15, capacity=90.0)
    weeks = world.demand_weeks([[78] * 37 + [90] * 15], 90)
    assert outcome_of(capped, weeks=weeks).outcome is Outcome.CAPACITY_LIMITED


def test_a_full_point_open_two_days_is_capacity_limited_and_proposed_a_day():
    full = world.demand(
        18, world.estimate(18, 17, math.inf), capped=44, capacity=18.0, utilisation=1.0
    )
    result = outcome_of(full, point={"weekdays": (0, 1)})
    assert result.outcome is Outcome.CAPACITY_LIMITED
    assert result.proposals == (Outcome.ADD_DAY,)


def test_a_busy_full_point_open_two_days_gets_a_day():
    result = outcome_of(world.demand(300, utilisation=0.97), point={"weekdays": (0, 1)})
    assert result.outcome is Outcome.ADD_DAY
    assert result.proposals == ()
    assert codes(result)[-3:] == ["load.at_least", "metric.below", "rule.add_day"]


def test_a_busy_full_point_open_every_weekday_gets_a_point_beside_it():
    assert outcome_of(world.demand(300, utilisation=0.97)).outcome is Outcome.ADD_POINT


def test_unknown_demand_is_unknown_even_where_needs_are_met():
    nothing = world.demand(Unknown("demand.too_few_weeks", {"usable": 3, "needed": 8}))
    result = outcome_of(nothing)
    assert result.outcome is Outcome.UNKNOWN
    assert result.failing == ("low_demand",)


def test_low_demand_with_unknown_needs_is_unknown():
    result = outcome_of(world.demand(40), met=None)
    assert result.outcome is Outcome.UNKNOWN
    assert result.failing == ("needs_met",)
    assert result.reasons[1].values["why"] == "access.mix_unknown"


def test_an_interval_that_reaches_the_limit_is_told_of():
    result = outcome_of(world.demand(world.estimate(95, 88, 103)))
    assert result.outcome is Outcome.MAY_BE_REPLACED
    assert "demand.uncertain" in codes(result)


def test_an_appointment_only_point_of_unknown_capacity_is_never_low():
    result = outcome_of(world.demand(18, capacity=None), point={"mode": Mode.APPOINTMENT})
    assert result.outcome is Outcome.UNKNOWN
    assert result.reasons[0].code == "demand.capacity_unknown"


def test_an_appointment_only_point_where_nothing_could_be_booked_is_never_low():
    result = outcome_of(world.demand(0, capacity=0.0), point={"mode": Mode.APPOINTMENT})
    assert result.outcome is Outcome.UNKNOWN
    assert result.reasons[0].code == "demand.capacity_unknown"


@pytest.mark.parametrize("kind", [PointKind.JOINT_SERVICE_POINT, PointKind.POP_UP_POINT])
def test_kinds_without_a_rule_stay_and_say_so(kind: PointKind):
    result = outcome_of(world.demand(3), point={"kind": kind})
    assert result.outcome is Outcome.KEEP
    assert codes(result) == ["rule.none_for_kind"]


def test_the_upper_basis_lets_only_a_whole_interval_prove_low_demand():
    strict = world.policy_text("kela-2017-12").replace('basis = "estimate"', 'basis = "upper"')
    from palveluverkko.criteria import load_policy

    policy = load_policy(strict, "strict.toml")
    unsure, sure = (world.demand(world.estimate(95, 88, high)) for high in (103, 99))
    points = [world.point("a"), world.point("b")]
    found = assess(policy, world.snapshot(points), world.tools([unsure, sure])).points
    assert [p.outcome for p in found] == [Outcome.KEEP, Outcome.MAY_BE_REPLACED]
    assert found[0].reasons[0].code == "demand.not_proven"


def test_missing_weeks_that_could_lift_demand_make_it_unknown():
    # 44 weeks at 95 and 8 missing: 128 visits in each would make 100; the busiest week had 100.
    weeks = world.demand_weeks([[95] * 43 + [100] + [0] * 8], status=[[0] * 44 + [3] * 8])
    measured = world.demand(95, missing=8)
    found = assess(KELA, world.snapshot([world.point("here")], weeks), world.tools([measured]))
    assert found.points[0].outcome is Outcome.UNKNOWN
    assert found.points[0].reasons[0].code == "demand.missing_weeks"
    assert found.points[0].reasons[0].values["needed"] == pytest.approx(
        (100 * 52 - 95 * 43 - 100) / 8
    )


def test_missing_weeks_that_could_not_lift_demand_leave_it_low():
    weeks = world.demand_weeks([[12] * 51 + [0]], status=[[0] * 51 + [3]])
    found = assess(
        KELA,
        world.snapshot([world.point("here")], weeks),
        world.tools([world.demand(12, missing=1)]),
    )
    assert found.points[0].outcome is Outcome.MAY_BE_REPLACED


@given(
    value=st.floats(0, 300),
    below=st.floats(0, 50),
    above=st.floats(0, 50),
    capped=st.integers(0, 44),
    more=st.floats(0, 50),
)
def test_more_demand_never_makes_a_point_more_replaceable(value, below, above, capped, more):
    def outcome(mean: float) -> Outcome:
        wanted = world.estimate(mean, max(0.0, mean - below), mean + above)
        return outcome_of(world.demand(mean, wanted, capped=capped)).outcome

    if outcome(value) is not Outcome.MAY_BE_REPLACED:
        assert outcome(value + more) is not Outcome.MAY_BE_REPLACED


@given(met=st.sampled_from([True, False, None]), low=st.booleans(), known=st.booleans())
def test_unknown_never_passes(met, low, known):
    """The oracle is the conjunction itself: replaceable only when both halves are known true."""
    figure = 40 if low else 140
    measured = world.demand(figure if known else Unknown("demand.not_measured"))
    result = outcome_of(measured, met=met, unmet=["pension"] if met is False else [])
    expected = low and known and met is True
    assert (result.outcome is Outcome.MAY_BE_REPLACED) == expected
    if low and known and met is None:
        assert result.outcome is Outcome.UNKNOWN
    if not known:
        assert result.outcome is Outcome.UNKNOWN
