"""The parity report lists every point that meets the criteria, whoever proposes what."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.criteria import Outcome, assess, parity
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
