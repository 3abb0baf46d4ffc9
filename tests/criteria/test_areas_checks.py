"""Areas out of reach, shares of residents, and requirements, with the real measurements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from palveluverkko.criteria import Outcome, Verdict, assess, load_policy
from palveluverkko.criteria.model import Assessment
from palveluverkko.snapshot.model import Areas, Snapshot
from tests.criteria import world

# One degree of latitude is about 111 km, 145 road kilometres: well over an hour.
FAR = [(63.5, 25.0), (63.6, 25.0)]


def places(*residents: float, municipalities: tuple[str, ...] = ("001", "002", "002")) -> Areas:
    positions = [(62.0, 25.0), *FAR]
    rows = [(lat, lon, r) for (lat, lon), r in zip(positions, residents, strict=True)]
    return replace(world.areas(rows), municipalities=municipalities)


def judged(policy: str, network: Snapshot) -> Assessment:
    return assess(world.policy(policy), network)


def network(*residents: float) -> Snapshot:
    return world.snapshot([world.point("here")], places=places(*residents))


def by_criterion(assessment: Assessment) -> dict[str, Verdict]:
    return {r.criterion: r.verdict for r in assessment.checks if r.criterion}


def test_one_proposal_for_a_municipality_with_residents_and_the_longest_journey():
    [area] = judged("kela-2017-12", network(1000, 300, 100)).areas
    assert area.outcome is Outcome.ADD_POP_UP
    assert (area.level, area.id, area.name) == ("municipality", "002", "Kakkola")
    assert area.residents == 400
    assert area.lat == pytest.approx((63.5 * 300 + 63.6 * 100) / 400)
    reason = area.reasons[0]
    assert reason.values["areas"] == ("Area 1", "Area 2")
    assert isinstance(reason.figure, float)
    assert reason.figure > 60


def test_more_residents_too_far_away_earn_a_point_and_few_earn_nothing():
    [area] = judged("kela-2017-12", network(1000, 2000, 1000)).areas
    assert area.outcome is Outcome.ADD_POINT
    assert judged("kela-2017-12", network(1000, 30, 69)).areas == ()


def test_nobody_within_reach_of_any_point_is_told_as_such():
    empty = replace(world.snapshot([world.point("here", weekdays=())]), areas=places(500, 1, 1))
    [first, *_] = judged("kela-2017-12", empty).areas
    assert first.reasons[0].code == "far.unreachable"


def test_a_share_of_the_nation_holds_from_the_threshold_on():
    found = judged("service-canada-outreach", network(900, 60, 40))
    assert by_criterion(found)["within_50_km"] is Verdict.TRUE
    assert found.checks[0].figure == pytest.approx(90.0)
    assert [a.outcome for a in found.areas] == [Outcome.ADD_POP_UP]
    worse = judged("service-canada-outreach", network(899, 60, 41))
    assert by_criterion(worse)["within_50_km"] is Verdict.FALSE


def test_a_good_mean_does_not_hide_a_municipality_out_of_reach():
    found = judged("uk-post-office-2008", network(100_000, 1, 1))
    verdicts = by_criterion(found)
    assert verdicts["population_3_miles"] is Verdict.TRUE
    assert verdicts["each_district_6_miles"] is Verdict.FALSE
    [reason] = [r for r in found.checks if r.criterion == "each_district_6_miles"]
    assert reason.data["failing"] == ["002"]


def test_a_stratum_that_nobody_counted_is_unknown_and_the_rule_never_passes():
    near = replace(network(1000, 1, 1), areas=world.areas([(62.0, 25.0, 1000.0)]))
    found = judged("uk-post-office-2008", near)
    assert by_criterion(found)["deprived_urban_1_mile"] is Verdict.UNKNOWN
    last = found.checks[-1]
    assert last.data["rule"] == "access"
    assert last.verdict is not Verdict.TRUE


def test_a_policy_without_rules_for_points_keeps_them_and_says_so():
    [point] = judged("uk-post-office-2008", network(1000, 1, 1)).points
    assert point.outcome is Outcome.KEEP
    assert [r.code for r in point.reasons] == ["rule.none_for_points"]


def test_unrecorded_staff_leave_the_label_unknown():
    found = judged("france-services", network(1000, 1, 1))
    [point] = found.points
    assert [r.verdict for r in point.reasons if r.criterion == "bundle"] == [Verdict.TRUE]
    assert point.reasons[-1].code == "rule.required_unknown"
    [every] = [r for r in found.checks if r.code == "rule.points_required"]
    assert every.verdict is Verdict.UNKNOWN
    assert (every.values["points"], every.values["unknown"]) == (1, 1)


def test_a_policy_applied_before_its_time_says_so():
    found = judged("finland-state-network", network(1000, 1, 1))
    assert found.checks[0].code == "policy.not_in_force"


def test_a_policy_applied_after_its_time_says_until_when_it_held():
    ended = world.policy_text("service-canada-outreach").replace(
        "valid_from = 2011-01-01", "valid_from = 2011-01-01\nvalid_until = 2018-05-31"
    )
    found = assess(load_policy(ended, "ended.toml"), network(1000, 1, 1))
    assert found.checks[0].code == "policy.expired"
    assert found.checks[0].values["valid_until"] == date(2018, 5, 31)


def test_a_service_that_only_the_policy_knows_is_told():
    typo = world.policy_text("kela-2017-12").replace(
        'video_room = { value = ["social', 'video_room = { value = ["sosial'
    )
    found = assess(load_policy(typo, "typo.toml"), network(1000, 1, 1))
    assert found.checks[0].code == "policy.unknown_services"
    assert found.checks[0].values["services"] == "sosial_assistance_urgent"


def test_the_opening_decree_looks_at_hours_a_day_of_points_open_five_days():
    short = replace(world.point("short"), weekly_open_minutes=5 * 300)
    points = [world.point("long"), short, world.point("two-days", weekdays=(0, 1))]
    found = judged("finland-opening-decree-1203-2022", world.snapshot(points))
    assert [p.reasons[-1].verdict for p in found.points] == [
        Verdict.TRUE,
        Verdict.FALSE,
        Verdict.TRUE,
    ]
