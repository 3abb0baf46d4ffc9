"""The parity report lists every point that meets the criteria, whoever proposes what."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.criteria import Outcome, assess, parity
from palveluverkko.snapshot.model import Agreement, PointKind
from palveluverkko.snapshot.values import Unknown
from tests.criteria import world

KELA = world.policy()


def report(points, measured, substitutions):
    snapshot = world.snapshot([world.point(p) for p in points])
    assessment = assess(KELA, snapshot, world.tools(measured, substitutions))
    return parity(assessment, snapshot)


def test_points_that_meet_come_first_then_those_that_miss_by_one():
    rows = report(
        ["a-busy", "b-blocked", "c-meets", "d-capped"],
        [
            world.demand(200),
            world.demand(40),
            world.demand(40),
            world.demand(18, world.estimate(18, 17, math.inf), capped=44),
        ],
        {"b-blocked": world.substitution("b-blocked", False, unmet=["pension"])},
    )
    assert [(r.point.id, r.meets, r.missed) for r in rows] == [
        ("c-meets", True, None),
        ("b-blocked", False, "needs_met"),
        ("d-capped", False, "low_demand"),
    ]


def test_two_things_in_the_way_are_not_one():
    rows = report(
        ["here"],
        [world.demand(Unknown("demand.not_measured"))],
        {"here": world.substitution("here", False, unmet=["pension"])},
    )
    assert rows == ()


def test_relying_on_a_point_that_meets_the_criteria_itself_is_flagged():
    rows = report(
        ["a", "b"],
        [world.demand(40), world.demand(world.estimate(95, 90, 101))],
        {
            "a": world.substitution("a", receivers=["b"]),
            "b": world.substitution("b", receivers=["elsewhere"]),
        },
    )
    flags = {row.point.id: [flag.code for flag in row.flags] for row in rows}
    assert flags == {"a": ["parity.relies_on"], "b": ["demand.uncertain"]}
    assert rows[0].flags[0].values["points"] == ("B",)


@given(st.lists(st.tuples(st.floats(0, 200), st.sampled_from([True, False, None])), max_size=8))
def test_nobody_who_meets_the_criteria_is_left_out(rows):
    """Oracle: the board's sentence, applied by hand."""
    ids = [f"p{i}" for i in range(len(rows))]
    measured = [world.demand(value) for value, _ in rows]
    given_substitutions = {
        id_: world.substitution(id_, met, unmet=["pension"] if met is False else [])
        for id_, (_, met) in zip(ids, rows, strict=True)
    }
    listed = {row.point.id for row in report(ids, measured, given_substitutions) if row.meets}
    by_hand = {
        id_ for id_, (v, met) in zip(ids, rows, strict=True) if round(v, 6) < 100 and met is True
    }
    assert listed == by_hand


def test_every_row_has_its_outcome_and_reasons():
    [row] = report(["here"], [world.demand(40)], {})
    assert row.outcome is Outcome.MAY_BE_REPLACED
    assert row.reasons


def at_once(points, substitutions, together):
    snapshot = world.snapshot([world.point(p) for p in points])
    measured = [world.demand(40) for _ in points]
    return assess(KELA, snapshot, world.tools(measured, substitutions, together)), snapshot


def test_points_that_stand_in_for_each_other_are_told_that_not_all_may_end_at_once():
    leaning = {
        "a": world.substitution("a", receivers=["b"]),
        "b": world.substitution("b", receivers=["a"]),
    }
    gone = {
        "a": world.substitution("a", False, unmet=["pension"]),
        "b": world.substitution("b", False, full=["c"]),
    }
    found, snapshot = at_once(["a", "b"], leaning, gone)
    assert [r.outcome for r in found.points] == [Outcome.MAY_BE_REPLACED] * 2
    flags = {row.point.id: {f.code: f.values for f in row.flags} for row in parity(found, snapshot)}
    assert flags == {
        "a": {
            "parity.relies_on": {"points": ("B",)},
            "parity.needs_at_once": {"needs": ("pension",)},
        },
        "b": {
            "parity.relies_on": {"points": ("A",)},
            "parity.full_at_once": {"receivers": ("C",)},
        },
    }
    [check] = found.checks
    assert (check.code, check.verdict.value) == ("together.not_met", "false")
    assert check.values == {"points": ("A", "B"), "count": 2, "of": 2}


def test_needs_that_stay_met_at_once_are_said_to_stay_met():
    found, snapshot = at_once(["a", "b"], {}, {})
    assert [c.code for c in found.checks] == ["together.met"]
    assert all(row.flags == () for row in parity(found, snapshot))


def test_what_is_not_known_at_once_is_not_called_met():
    found, snapshot = at_once(["a", "b"], {}, {"b": world.substitution("b", None)})
    assert [(c.code, c.values["points"]) for c in found.checks] == [("together.unknown", ("B",))]
    assert [[f.code for f in row.flags] for row in parity(found, snapshot)] == [
        [],
        ["parity.unknown_at_once"],
    ]


def test_one_point_alone_needs_no_answer_about_all_of_them():
    found, _ = at_once(["a"], {}, {"a": world.substitution("a", False)})
    assert found.checks == ()


def test_two_neighbours_that_are_each_others_only_substitute_are_caught_by_the_real_rules():
    """Nothing made up but the network: each is the other's only counter within an hour."""
    points = [world.point("east", lon=25.0), world.point("west", lon=25.2)]
    weeks = world.demand_weeks([[40] * world.WEEKS] * 2, slots=200)
    places = world.areas([(62.0, 25.0, 500.0), (62.0, 25.2, 500.0)])
    found = assess(KELA, world.snapshot(points, weeks, places))
    assert [r.outcome for r in found.points] == [Outcome.MAY_BE_REPLACED] * 2
    assert [c.code for c in found.checks] == ["together.not_met"]
    for result in found.points:
        [needs] = [r for r in result.reasons if r.code == "parity.needs_at_once"]
        assert needs.values["needs"] == ("identification",)


def test_a_substitute_by_an_agreement_with_an_end_is_flagged():
    """One point alone too; an agreement until further notice is no reason to look twice."""
    until = date(2018, 6, 30)
    joint = [
        replace(
            world.point(id_, kind=PointKind.JOINT_SERVICE_POINT),
            agreement=Agreement("host", date(2017, 1, 1), ends, 90, video_room=True),
        )
        for id_, ends in (("ending", until), ("lasting", None))
    ]
    room = replace(world.substitution("a").receivers[0], channel="video_room")
    found = replace(
        world.substitution("a"),
        receivers=tuple(replace(room, id=point.id) for point in joint),
    )
    snapshot = world.snapshot([world.point("a"), *joint])
    measured = [world.demand(40) for _ in snapshot.points]
    assessment = assess(KELA, snapshot, world.tools(measured, {"a": found}))
    [row] = parity(assessment, snapshot)
    [flag] = row.flags
    assert flag.code == "parity.agreement_ends"
    assert flag.values == {"points": ("Ending",), "day": until}
