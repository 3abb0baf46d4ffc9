"""The way of a case as a whole, what is set aside, what follows, and what a page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from palveluverkko.caseflow.content import content
from palveluverkko.caseflow.guards import GUARDS, check, refusals
from palveluverkko.caseflow.model import FollowUpDone, State
from palveluverkko.caseflow.perform import Refused, next_actions, perform
from palveluverkko.caseflow.rules import Weight
from palveluverkko.caseflow.steps import Action, Name
from tests.caseflow.cases import (
    AUDITOR,
    BOARD,
    BOARD_2,
    HEAD,
    PLANNER,
    PUBLIC,
    RULES,
    SYSTEM,
    codes,
    decided,
    do,
    heard,
    in_effect,
    on,
    override,
    short_notice,
    sign,
    with_arguments,
)


def test_a_case_goes_from_draft_to_closed():
    facts = in_effect()
    assert facts.state is State.IN_EFFECT
    for months, day in ((3, date(2018, 12, 1)), (6, date(2019, 3, 1)), (12, date(2019, 9, 1))):
        facts = do(on(facts, day), Name.FOLLOW_UP, SYSTEM, months=months, breach=False)
    assert facts.state is State.FOLLOWED
    assert do(facts, Name.CLOSE, HEAD).state is State.CLOSED


def test_a_refused_action_says_everything_at_once():
    facts = replace(heard(), effective=None, file_hash="")
    with pytest.raises(Refused) as caught:
        do(facts, Name.SIGN, HEAD, content=content(facts))
    found = {r.rule for r in caught.value.check.blocking}
    assert {"right_level", "effective_day_ahead", "file_is_complete"} <= found


def test_every_code_that_a_rule_gives_is_declared_and_unique():
    declared = [c for g in GUARDS.values() for c in g.codes]
    assert len(declared) == len(set(declared))


def test_an_override_needs_a_reason_and_the_deciding_level():
    facts, found = short_notice()
    with pytest.raises(Refused, match=r"action\.incomplete"):
        override(facts, Name.ANNOUNCE, found, text=" ")
    with pytest.raises(Refused, match=r"level\.too_low"):
        override(facts, Name.ANNOUNCE, found, actor=HEAD)


def test_what_may_not_be_overridden_is_not():
    facts = with_arguments()
    for found in refusals(facts, Action(Name.SIGN, BOARD), RULES):
        with pytest.raises(Refused, match="override"):
            override(facts, Name.SIGN, found)
    # Nor does one that got into the records lift it.
    facts_2, notice = short_notice()
    lifted = override(facts_2, Name.ANNOUNCE, notice)
    forged = replace(
        lifted.overrides[0],
        action="sign",
        rule="no_signature_with_unanswered_argument",
        code="argument.unanswered",
        subject="from-lieto/1",
    )
    assert ("argument.unanswered", "from-lieto/1") in codes(
        replace(facts, overrides=(forged,)), Name.SIGN, BOARD
    )


def test_an_override_covers_what_it_names_and_nothing_else():
    facts, found = short_notice()
    lifted = override(facts, Name.ANNOUNCE, found)
    assert not codes(lifted, Name.ANNOUNCE, PLANNER)
    (shown,) = check(lifted, Action(Name.ANNOUNCE, PLANNER), RULES).overridden
    assert shown[0].code == "notice.too_short"
    assert shown[1].reason == "Because."
    # Another effective day is another matter; its decision is signed anew.
    other = do(lifted, Name.SET_EFFECTIVE, BOARD, effective=date(2018, 9, 1), text="Same")
    other = do(other, Name.SET_EFFECTIVE, BOARD, effective=date(2018, 9, 2), text="Next")
    other = sign(sign(other, BOARD), BOARD_2)
    assert codes(on(other, date(2018, 8, 20)), Name.ANNOUNCE, PLANNER) == {
        ("notice.too_short", "2018-09-02")
    }
    assert other.overrides == lifted.overrides  # it shows for ever


def test_nothing_is_set_aside_beforehand():
    facts = on(decided(), date(2018, 7, 1))
    _, found = short_notice()
    with pytest.raises(Refused, match="nothing_to_set_aside"):
        override(facts, Name.ANNOUNCE, found)
    with pytest.raises(Refused, match="no_such_rule"):
        override(facts, Name.SIGN, found)


def test_a_follow_up_is_not_early_not_twice_and_in_order():
    facts = in_effect()
    early = on(facts, date(2018, 11, 30))
    done = {"breach": False}
    assert codes(early, Name.FOLLOW_UP, SYSTEM, months=3, **done) == {("follow_up.too_early", "3")}
    late = on(facts, date(2019, 3, 1))
    assert codes(late, Name.FOLLOW_UP, SYSTEM, months=6, **done) == {
        ("follow_up.not_in_order", "6")
    }
    once = do(late, Name.FOLLOW_UP, SYSTEM, months=3, **done)
    assert codes(once, Name.FOLLOW_UP, SYSTEM, months=3, **done) == {("follow_up.done", "3")}
    assert codes(once, Name.FOLLOW_UP, SYSTEM, months=4, **done) == {
        ("follow_up.unknown_month", "4")
    }


def test_a_breach_opens_a_review_over_which_no_case_is_closed():
    facts = in_effect()
    for months, day in ((3, date(2018, 12, 1)), (6, date(2019, 3, 1)), (12, date(2019, 9, 1))):
        breach = months == 6
        facts = do(on(facts, day), Name.FOLLOW_UP, SYSTEM, months=months, breach=breach)
    assert codes(facts, Name.CLOSE, HEAD) == {("review.open", "6")}
    assert codes(facts, Name.SETTLE_REVIEW, HEAD, months=3, text="?") == {("review.none_open", "3")}
    settled = do(facts, Name.SETTLE_REVIEW, HEAD, months=6, text="A day was added.")
    assert do(settled, Name.CLOSE, HEAD).state is State.CLOSED
    missing = replace(facts, follow_ups=(FollowUpDone(3, facts.today, False),))
    assert codes(missing, Name.CLOSE, HEAD) == {
        ("follow_up.not_in_order", "6"),
        ("follow_up.not_in_order", "12"),
    }


def test_a_page_sees_each_open_action_with_what_it_lacks():
    offers = {o.name: o for o in next_actions(with_arguments(), BOARD, RULES)}
    assert set(offers) == {
        Name.CHANGE_POINT,
        Name.TAKE_OUT_POINT,
        Name.SET_EFFECTIVE,
        Name.SIGN,
        Name.OVERRIDE,
        Name.WITHDRAW,
    }
    assert {r.subject for r in offers[Name.SIGN].blocking} == {"from-lieto/1", "from-lieto/2"}
    assert offers[Name.SIGN].needs == ("content",)
    assert offers[Name.SIGN].leads == (State.HEARD, State.DECIDED)
    assert not next_actions(with_arguments(), PUBLIC, RULES)
    assert not next_actions(with_arguments(), AUDITOR, RULES)


def test_weights_are_told_apart():
    facts, found = short_notice()
    assert found.weight is Weight.OVERRIDABLE
    assert facts.state is State.DECIDED
    with pytest.raises(Refused):
        perform(facts, Action(Name.ANNOUNCE, PLANNER), RULES)
