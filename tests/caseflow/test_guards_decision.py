"""The decision by its rules: who signs, and on which grounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from palveluverkko.caseflow.content import content
from palveluverkko.caseflow.guards.decision import left_without_a_point, required_level
from palveluverkko.caseflow.model import (
    Change,
    CutBefore,
    PolicyRef,
    Role,
    State,
    Statement,
)
from palveluverkko.caseflow.steps import Name
from palveluverkko.criteria import Outcome
from tests.caseflow.cases import (
    ASKED_ON,
    BOARD,
    BOARD_2,
    EFFECTIVE,
    HEAD,
    HEAD_2,
    LIETO,
    PLANNER,
    RULES,
    SYSTEM,
    announced,
    codes,
    decided,
    do,
    draft,
    heard,
    on,
    only,
    opinion,
    override,
    point,
    sign,
    warned,
)


def test_leaving_a_municipality_without_a_point_is_for_the_board():
    facts = heard()  # Lieto has no other point
    assert left_without_a_point(facts) == ("lieto",)
    assert codes(facts, Name.SIGN, HEAD) == {("level.too_low", "")}
    assert not codes(facts, Name.SIGN, BOARD)


@pytest.mark.parametrize(
    ("others", "level"), [(0, Role.BOARD), (None, Role.BOARD), (1, Role.UNIT_HEAD)]
)
def test_points_that_nobody_counted_are_not_there(others, level):
    lieto = replace(draft().municipalities[1], other_points=others)
    facts = draft(municipalities=(draft().municipalities[0], lieto))
    assert required_level(facts, RULES) is level


def test_the_whole_package_counts_and_not_each_point_alone():
    """Two points of one municipality close together; each alone would leave the other."""
    two = (point("lieto"), point("lieto-2", municipality="lieto"))
    assert left_without_a_point(draft(points=two)) == ("lieto",)
    one_stays = (two[0], replace(two[1], change=Change.FEWER_DAYS))
    assert left_without_a_point(draft(points=one_stays)) == ()
    opened = (two[0], replace(two[1], change=Change.OPEN))
    assert left_without_a_point(draft(points=opened)) == ()
    popped_up = (two[0], replace(two[1], change=Change.POP_UP))
    assert left_without_a_point(draft(points=popped_up)) == ("lieto",)


def test_taking_out_the_point_brings_the_case_back_to_the_unit_head():
    facts = do(heard(), Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Not permitted.")
    assert not codes(facts, Name.SIGN, HEAD)


def test_two_signatures_are_two_peoples():
    once = sign(heard(), BOARD)
    assert once.state is State.HEARD
    assert codes(once, Name.SIGN, BOARD, content=content(once)) == {
        ("signature.already_given", "chair")
    }
    assert sign(once, BOARD_2).state is State.DECIDED


def test_who_signs_what_has_changed_meanwhile_is_told():
    facts = heard()
    seen = content(facts)
    changed = do(facts, Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Not permitted.")
    assert codes(changed, Name.SIGN, BOARD, content=seen) == {("signature.changed_since", "")}


def test_an_earlier_signature_does_not_count_for_what_came_later():
    once = sign(heard(), BOARD)
    changed = do(once, Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Not permitted.")
    assert sign(changed, BOARD_2).state is State.HEARD
    assert sign(sign(changed, BOARD_2), BOARD).state is State.DECIDED
    late = opinion("lieto", once.today)
    answered = do(once, Name.RECORD_OPINION, LIETO, opinion=late)
    assert sign(answered, BOARD_2).state is State.HEARD


def test_a_decision_that_is_amended_is_signed_and_announced_again():
    facts = announced()
    assert codes(facts, Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Why") == {
        ("level.too_low", "")
    }
    smaller = do(facts, Name.TAKE_OUT_POINT, BOARD, point="lieto", text="Not permitted.")
    assert (smaller.state, smaller.decision, smaller.announced) == (State.HEARD, None, None)
    later = do(facts, Name.SET_EFFECTIVE, BOARD, effective=date(2018, 10, 1), text="Later")
    assert later.state is State.HEARD


def test_a_decision_changed_behind_the_rules_neither_is_announced_nor_takes_effect():
    for facts, name in ((decided(), Name.ANNOUNCE), (on(announced(), EFFECTIVE), Name.TAKE_EFFECT)):
        changed = replace(facts, file_hash="f2")
        assert ("decision.changed_since", "") in codes(changed, name, SYSTEM)
        unsigned = replace(facts, signatures=facts.signatures[:1])
        assert ("decision.signatures_missing", "") in codes(unsigned, name, SYSTEM)
        assert ("decision.none", "") in codes(replace(facts, decision=None), name, SYSTEM)


def test_signatures_of_too_low_a_level_do_not_hold_when_more_is_lost_than_was_thought():
    few = do(heard(), Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Why")
    facts = sign(sign(few, HEAD), HEAD_2)
    lost = tuple(replace(m, other_points=0) for m in facts.municipalities)
    changed = replace(facts, municipalities=lost)
    assert codes(changed, Name.ANNOUNCE, SYSTEM) == {("decision.signatures_missing", "")}


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.MAY_BE_REPLACED])
def test_a_point_that_is_not_permitted_stays(outcome):
    points = (point("palkane"), point("lieto", outcome=outcome))
    facts = replace(heard(), points=points)
    found = only(facts, Name.SIGN, BOARD)
    assert (found.rule, found.subject) == ("not_permitted_point_stays", "lieto")
    assert not found.may_override
    without = do(facts, Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Not permitted.")
    assert not codes(without, Name.SIGN, BOARD)
    assert ("outcome.not_permitted", "lieto") in warned(
        draft(points=points), Name.REQUEST_OPINIONS, PLANNER
    )


def test_a_point_that_closed_meanwhile_is_taken_out():
    ended = (point("palkane"), point("lieto", ended=date(2018, 5, 25)))
    facts = replace(heard(), points=ended)
    assert only(facts, Name.SIGN, BOARD).code == "point.closed_meanwhile"
    assert (
        only(replace(decided(), points=ended), Name.ANNOUNCE, PLANNER).rule == "point_still_there"
    )
    last = on(replace(announced(), points=ended), EFFECTIVE)
    assert ("point.closed_meanwhile", "lieto") in warned(last, Name.TAKE_EFFECT, SYSTEM)
    without = do(facts, Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Fire.")
    assert not codes(without, Name.SIGN, BOARD)
    assert codes(draft(), Name.ADD_POINT, PLANNER, added=point("juva", ended=ASKED_ON)) == {
        ("point.closed_meanwhile", "juva")
    }


def test_a_point_in_two_cases_needs_a_reason():
    facts = replace(heard(), points=(point("palkane", other_case="case-2"), point("lieto")))
    found = only(facts, Name.SIGN, BOARD)
    assert (found.code, found.may_override) == ("point.other_case", True)


def test_the_last_point_is_not_taken_out():
    facts = do(heard(), Name.TAKE_OUT_POINT, PLANNER, point="lieto", text="Why")
    assert codes(facts, Name.TAKE_OUT_POINT, PLANNER, point="palkane", text="Why") == {
        ("points.last", "palkane")
    }
    assert do(facts, Name.WITHDRAW, PLANNER, text="Nothing left.").state is State.WITHDRAWN


@pytest.mark.parametrize(
    ("cut", "known", "code"),
    [
        (CutBefore(0.8, 8.0), True, "hours.cut_before"),
        (CutBefore(0.3, 18.0), True, "hours.cut_before"),
        (None, False, "hours.history_unknown"),
        (CutBefore(0.29, 8.0), True, None),
        (CutBefore(0.8, 18.1), True, None),
        (None, True, None),
    ],
)
def test_a_cut_shortly_before_is_explained(cut, known, code):
    points = (point("palkane", hours_cut=cut, hours_known=known), point("lieto"))
    facts = replace(heard(), points=points)
    if code is None:
        assert not codes(facts, Name.SIGN, BOARD)
        return
    found = only(facts, Name.SIGN, BOARD)
    assert (found.code, found.subject, found.may_override) == (code, "palkane", True)
    assert not codes(override(facts, Name.SIGN, found), Name.SIGN, BOARD)


def test_a_statement_that_the_figures_contradict_is_not_published():
    false = Statement("no_effect_on_staff", ("travel_grows",))
    for facts, name, actor in (
        (draft(statements=(false,)), Name.REQUEST_OPINIONS, PLANNER),
        (replace(heard(), statements=(false,)), Name.SIGN, BOARD),
        (replace(decided(), statements=(false,)), Name.ANNOUNCE, PLANNER),
    ):
        found = only(facts, name, actor)
        assert (found.code, found.may_override) == ("statement.contradicted", False)
    unchecked = replace(decided(), statements=(Statement("no_effect_on_staff", None),))
    assert only(unchecked, Name.ANNOUNCE, PLANNER).code == "statement.unchecked"
    true = replace(decided(), statements=(Statement("no_effect_on_staff", ()),))
    assert not codes(true, Name.ANNOUNCE, PLANNER)


def test_the_case_keeps_its_policy_and_says_so():
    facts = replace(heard(), policy_now=PolicyRef("kela-2017", "bb"))
    assert not codes(facts, Name.SIGN, BOARD)
    assert ("policy.changed", "kela-2017") in warned(facts, Name.SIGN, BOARD)
    other = sign(sign(facts, BOARD), BOARD_2)
    assert other.policy == PolicyRef("kela-2017", "aa")
    gone = replace(heard(), policy_now=None)
    assert ("policy.none_now", "kela-2017") in warned(gone, Name.SIGN, BOARD)
