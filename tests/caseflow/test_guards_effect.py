"""The effective day by its rules, and what must stand ready on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from palveluverkko.caseflow.guards import refusals
from palveluverkko.caseflow.model import (
    Agreement,
    State,
)
from palveluverkko.caseflow.steps import Action, Name
from tests.caseflow.cases import (
    BOARD,
    EFFECTIVE,
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
    override,
    substitute,
    warned,
)


def test_nothing_takes_effect_before_its_day_and_on_it_it_does():
    eve = on(announced(), date(2018, 8, 31))
    assert codes(eve, Name.TAKE_EFFECT, SYSTEM) == {("effective.not_yet", "")}
    assert do(on(eve, EFFECTIVE), Name.TAKE_EFFECT, SYSTEM).state is State.IN_EFFECT
    missed = on(eve, date(2018, 9, 3))
    assert not codes(missed, Name.TAKE_EFFECT, SYSTEM)
    assert ("effective.passed", "") in warned(missed, Name.TAKE_EFFECT, SYSTEM)


def test_the_day_lies_ahead_and_not_before_what_municipalities_were_told():
    assert codes(draft(effective=None), Name.REQUEST_OPINIONS, PLANNER) == {
        ("effective.not_set", "")
    }
    assert ("effective.not_ahead", "") in codes(on(heard(), EFFECTIVE), Name.SIGN, BOARD)
    earlier = do(heard(), Name.SET_EFFECTIVE, PLANNER, effective=date(2018, 8, 1), text="Sooner")
    found = {r.code: r for r in refusals(earlier, Action(Name.SIGN, BOARD), RULES)}
    assert found["effective.earlier_than_told"].may_override


def test_an_effective_day_on_which_offices_are_shut_warns():
    assert ("effective.shut_day", "lieto") in warned(heard(), Name.SIGN, BOARD)  # a Saturday
    monday = replace(heard(), effective=date(2018, 9, 3))
    assert not any(c == "effective.shut_day" for c, _ in warned(monday, Name.SIGN, BOARD))
    independence = {"effective": date(2018, 12, 6), "text": "Later"}
    assert ("effective.shut_day", "lieto") in warned(
        heard(), Name.SET_EFFECTIVE, PLANNER, **independence
    )


def test_a_notice_that_is_too_short_needs_a_reason():
    in_time = on(decided(), date(2018, 8, 4))
    assert not codes(in_time, Name.ANNOUNCE, PLANNER)
    late = on(decided(), date(2018, 8, 5))
    found = only(late, Name.ANNOUNCE, PLANNER)
    assert (found.code, found.may_override) == ("notice.too_short", True)
    assert do(override(late, Name.ANNOUNCE, found), Name.ANNOUNCE, PLANNER).announced == late.today


NOT_READY = {
    "substitute.agreement_missing": {"agreement": None},
    "substitute.agreement_not_in_force": {
        "agreement": Agreement(date(2018, 1, 1), date(2018, 8, 31))
    },
    "substitute.room_not_tested": {"tested_room": None},
    "substitute.link_not_tested": {"tested_link": date(2018, 9, 2)},
    "substitute.hours_not_published": {"hours_published": None},
    "substitute.gap": {"available_from": date(2018, 9, 2)},
}


@pytest.mark.parametrize(("code", "changes"), NOT_READY.items())
def test_a_point_ends_only_when_its_substitute_stands_ready(code, changes):
    substitutes = (substitute("palkane"), substitute("lieto", **changes))
    last = on(replace(announced(), substitutes=substitutes), EFFECTIVE)
    found = only(last, Name.TAKE_EFFECT, SYSTEM)
    assert (found.rule, found.code, found.subject) == ("substitute_ready", code, "lieto-room")
    assert not found.may_override
    before = only(replace(decided(), substitutes=substitutes), Name.ANNOUNCE, PLANNER)
    assert (before.code, before.may_override) == (code, True)
    assert (code, "lieto-room") in warned(
        replace(heard(), substitutes=substitutes), Name.SIGN, BOARD
    )


def test_a_point_without_any_substitute_does_not_end():
    last = on(replace(announced(), substitutes=(substitute("palkane"),)), EFFECTIVE)
    assert codes(last, Name.TAKE_EFFECT, SYSTEM) == {("substitute.none", "lieto")}


def test_a_kind_of_substitute_needs_what_the_rules_say_and_an_unknown_kind_everything():
    bare = {"agreement": None, "tested_link": None}
    for what, expected in (
        ("pop_up", set()),
        ("boat", {"substitute.agreement_missing", "substitute.link_not_tested"}),
    ):
        substitutes = (substitute("palkane"), substitute("lieto", what=what, **bare))
        last = on(replace(announced(), substitutes=substitutes), EFFECTIVE)
        assert {c for c, _ in codes(last, Name.TAKE_EFFECT, SYSTEM)} == expected


def test_an_agreement_that_ran_out_before_a_missed_day_was_made_up_for_is_seen():
    short = substitute("lieto", agreement=Agreement(date(2018, 1, 1), EFFECTIVE))
    facts = replace(announced(), substitutes=(substitute("palkane"), short))
    assert not codes(on(facts, EFFECTIVE), Name.TAKE_EFFECT, SYSTEM)
    assert codes(on(facts, date(2018, 9, 3)), Name.TAKE_EFFECT, SYSTEM) == {
        ("substitute.agreement_not_in_force", "lieto-room")
    }
