"""Each rule by name: what it refuses, what it lets pass, and what may be set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from palveluverkko.caseflow.content import content
from palveluverkko.caseflow.guards import GUARDS, check, refusals
from palveluverkko.caseflow.guards.decision import left_without_a_point, required_level
from palveluverkko.caseflow.model import (
    Agreement,
    CaseFacts,
    Change,
    CutBefore,
    FollowUpDone,
    PolicyRef,
    Refusal,
    Role,
    State,
    Statement,
    Weight,
)
from palveluverkko.caseflow.perform import Refused, next_actions, perform
from palveluverkko.caseflow.steps import Action, Name
from palveluverkko.criteria import Outcome
from tests.caseflow.cases import (
    ASKED_ON,
    AUDITOR,
    BOARD,
    BOARD_2,
    EFFECTIVE,
    HEAD,
    HEAD_2,
    LIETO,
    PALKANE,
    PLANNER,
    PUBLIC,
    REQUESTS,
    RULES,
    SYSTEM,
    announced,
    decided,
    do,
    draft,
    heard,
    hearing,
    in_effect,
    on,
    opinion,
    point,
    request,
    sign,
    substitute,
)

LAST_DAY = date(2018, 5, 31)


def codes(facts: CaseFacts, name: Name, actor, rules=RULES, **fields) -> set[tuple[str, str]]:
    """What blocks, but for fields that were not filled in."""
    found = refusals(facts, Action(name, actor, **fields), rules)
    return {(r.code, r.subject) for r in found if r.code != "action.incomplete"}


def warned(facts: CaseFacts, name: Name, actor, **fields) -> set[tuple[str, str]]:
    return {
        (r.code, r.subject) for r in check(facts, Action(name, actor, **fields), RULES).warnings
    }


def override(
    facts: CaseFacts, of: Name, refusal: Refusal, actor=BOARD, text="Because."
) -> CaseFacts:
    return do(
        facts,
        Name.OVERRIDE,
        actor,
        of=of,
        rule=refusal.rule,
        code=refusal.code,
        subject=refusal.subject,
        text=text,
    )


def only(facts: CaseFacts, name: Name, actor, **fields) -> Refusal:
    (found,) = [
        r
        for r in refusals(facts, Action(name, actor, **fields), RULES)
        if r.code != "action.incomplete"
    ]
    return found


# --- the whole way ---------------------------------------------------------------------------


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


# --- no_decision_before_opinions_or_deadline -------------------------------------------------


def test_the_hearing_is_open_through_its_last_day():
    assert codes(on(hearing(), LAST_DAY), Name.CLOSE_HEARING, PLANNER) == {
        ("hearing.open", "to-palkane"),
        ("hearing.open", "to-lieto"),
    }
    assert not codes(on(hearing(), LAST_DAY + timedelta(days=1)), Name.CLOSE_HEARING, PLANNER)


def test_the_hearing_closes_early_when_all_have_answered():
    facts = on(hearing(), date(2018, 5, 20))
    facts = do(facts, Name.RECORD_OPINION, PALKANE, opinion=opinion("palkane", facts.today))
    assert codes(facts, Name.CLOSE_HEARING, PLANNER) == {("hearing.open", "to-lieto")}
    facts = do(facts, Name.RECORD_OPINION, LIETO, opinion=opinion("lieto", facts.today))
    assert do(facts, Name.CLOSE_HEARING, PLANNER).state is State.HEARD


def test_a_municipality_that_was_not_asked_holds_the_decision():
    facts = do(draft(), Name.REQUEST_OPINIONS, PLANNER, requests=(request("palkane"),))
    late = on(facts, date(2018, 6, 30))
    assert codes(late, Name.CLOSE_HEARING, PLANNER) == {("hearing.not_asked", "lieto")}


def test_another_change_than_the_one_asked_about_is_not_decided():
    facts = do(heard(), Name.CHANGE_POINT, PLANNER, point="lieto", change=Change.MOVE, text="Why")
    assert ("hearing.not_asked", "lieto") in codes(facts, Name.SIGN, BOARD)
    milder = do(
        heard(), Name.CHANGE_POINT, PLANNER, point="lieto", change=Change.MORE_DAYS, text="Why"
    )
    assert not codes(milder, Name.SIGN, HEAD)


def test_an_answer_to_an_earlier_request_does_not_settle_a_later_one():
    facts = on(hearing(), date(2018, 5, 20))
    for clerk, place in ((PALKANE, "palkane"), (LIETO, "lieto")):
        facts = do(facts, Name.RECORD_OPINION, clerk, opinion=opinion(place, facts.today))
    facts = do(facts, Name.CLOSE_HEARING, PLANNER)
    again = request("lieto", id="again", sent=facts.today, deadline=date(2018, 6, 30))
    facts = do(facts, Name.REQUEST_OPINIONS, PLANNER, requests=(again,))
    assert codes(facts, Name.CLOSE_HEARING, PLANNER) == {("hearing.open", "again")}


def test_an_extension_asked_for_is_answered_and_then_waited_for():
    facts = on(hearing(), LAST_DAY)
    facts = do(facts, Name.ASK_EXTENSION, LIETO, request="to-lieto", until=date(2018, 6, 15))
    later = on(facts, date(2018, 6, 1))
    assert codes(later, Name.CLOSE_HEARING, PLANNER) == {
        ("hearing.extension_unanswered", "to-lieto")
    }
    refused = do(later, Name.REFUSE_EXTENSION, PLANNER, request="to-lieto", text="No time")
    assert not codes(refused, Name.CLOSE_HEARING, PLANNER)
    granted = do(later, Name.EXTEND, PLANNER, request="to-lieto", until=date(2018, 6, 15))
    assert codes(on(granted, date(2018, 6, 15)), Name.CLOSE_HEARING, PLANNER) == {
        ("hearing.open", "to-lieto")
    }
    assert not codes(on(granted, date(2018, 6, 16)), Name.CLOSE_HEARING, PLANNER)


def test_an_extension_is_later_and_of_a_request_that_exists():
    facts = hearing()
    for until in (LAST_DAY, LAST_DAY - timedelta(days=3)):
        assert codes(facts, Name.EXTEND, PLANNER, request="to-lieto", until=until) == {
            ("extension.not_later", "to-lieto")
        }
    assert codes(facts, Name.EXTEND, PLANNER, request="?", until=LAST_DAY) == {
        ("request.unknown", "?")
    }
    assert codes(facts, Name.REFUSE_EXTENSION, PLANNER, request="to-lieto", text="No") == {
        ("extension.none_asked", "to-lieto")
    }


# --- requests ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"deadline": date(2018, 5, 30)}, "deadline.too_short"),
        ({"sent": date(2018, 4, 2)}, "request.not_today"),
        ({"municipality": "turku"}, "request.unknown_municipality"),
        ({"asked": frozenset({("juva", Change.CLOSE)})}, "request.unknown_point"),
        ({"effective": date(2018, 10, 1)}, "request.other_effective_day"),
        ({"extended_to": date(2018, 7, 1)}, "request.begins_extended"),
        ({"deadline": date(2018, 9, 1)}, "effective.before_the_deadline"),
        ({"id": "to-palkane"}, "request.id_taken"),
    ],
)
def test_a_request_that_is_not_right_does_not_go_out(changes, code):
    asked = (request("palkane"), replace(request("lieto"), **changes))
    assert code in {c for c, _ in codes(draft(), Name.REQUEST_OPINIONS, PLANNER, requests=asked)}


def test_a_deadline_in_july_warns_and_does_not_refuse():
    facts = on(draft(), date(2018, 6, 11))
    asked = tuple(
        request(p, sent=facts.today, deadline=date(2018, 7, 13)) for p in ("palkane", "lieto")
    )
    assert not codes(facts, Name.REQUEST_OPINIONS, PLANNER, requests=asked)
    assert ("deadline.period", "to-lieto") in warned(
        facts, Name.REQUEST_OPINIONS, PLANNER, requests=asked
    )


def test_nobody_need_be_heard_on_a_new_point_and_everybody_on_a_closure():
    opening = draft(points=(point("lieto", change=Change.OPEN, outcome=Outcome.ADD_POINT),))
    assert do(opening, Name.GO_ON_UNHEARD, PLANNER).state is State.HEARD
    assert codes(draft(), Name.GO_ON_UNHEARD, PLANNER) == {
        ("hearing.required", "palkane"),
        ("hearing.required", "lieto"),
    }


def test_the_file_is_frozen_and_holds_the_alternatives():
    bare = draft(file_hash="", alternatives=frozenset({"no_change"}))
    assert codes(bare, Name.REQUEST_OPINIONS, PLANNER, requests=REQUESTS) == {
        ("file.not_frozen", ""),
        ("file.alternative_missing", "more_days"),
    }


# --- opinions ---------------------------------------------------------------------------------


def test_a_late_opinion_is_kept_and_marked():
    facts = on(heard(), date(2018, 6, 4))
    late = opinion("lieto", facts.today, arguments=1)
    assert warned(facts, Name.RECORD_OPINION, LIETO, opinion=late) == {
        ("opinion.late", "from-lieto")
    }
    kept = do(facts, Name.RECORD_OPINION, LIETO, opinion=late)
    assert kept.opinions == (late,)
    found = only(kept, Name.SIGN, BOARD)
    assert (found.code, found.subject) == ("argument.unanswered_late", "from-lieto/1")
    assert not codes(override(kept, Name.SIGN, found), Name.SIGN, BOARD)


@pytest.mark.parametrize("state", [s for s in State if s is not State.DRAFT])
def test_an_opinion_is_taken_in_every_state(state):
    facts = replace(hearing(), state=state, today=date(2019, 1, 1))
    asked = do(facts, Name.RECORD_OPINION, LIETO, opinion=opinion("lieto", facts.today))
    unasked = opinion("turku", facts.today, request="")
    both = do(asked, Name.RECORD_OPINION, PLANNER, opinion=unasked)
    assert len(both.opinions) == 2
    assert both.state is state


def test_a_municipality_speaks_for_itself_only():
    foreign = opinion("lieto", ASKED_ON)
    assert codes(hearing(), Name.RECORD_OPINION, PALKANE, opinion=foreign) == {
        ("role.other_municipality", "lieto")
    }
    assert codes(
        hearing(), Name.ASK_EXTENSION, PALKANE, request="to-lieto", until=date(2018, 6, 15)
    ) == {("role.other_municipality", "lieto")}
    crossed = opinion("palkane", ASKED_ON, request="to-lieto")
    assert codes(hearing(), Name.RECORD_OPINION, PALKANE, opinion=crossed) == {
        ("opinion.of_another_request", "from-palkane")
    }


def test_an_opinion_comes_after_the_request_and_not_from_the_future():
    facts = hearing()
    for received, code in (
        (ASKED_ON - timedelta(days=1), "opinion.before_the_request"),
        (ASKED_ON + timedelta(days=1), "opinion.in_the_future"),
    ):
        given = opinion("lieto", received)
        assert codes(facts, Name.RECORD_OPINION, LIETO, opinion=given) == {(code, "from-lieto")}


def with_arguments() -> CaseFacts:
    facts = on(hearing(), date(2018, 5, 20))
    given = opinion("lieto", facts.today, arguments=2)
    facts = do(facts, Name.RECORD_OPINION, LIETO, opinion=given)
    return do(on(facts, date(2018, 6, 1)), Name.CLOSE_HEARING, PLANNER)


def test_no_signature_while_an_argument_has_no_answer():
    facts = with_arguments()
    facts = do(facts, Name.ANSWER_ARGUMENT, PLANNER, subject="from-lieto", number=1, text="Yes.")
    found = only(facts, Name.SIGN, BOARD)
    assert (found.rule, found.subject) == ("no_signature_with_unanswered_argument", "from-lieto/2")
    assert not found.may_override
    facts = do(facts, Name.ANSWER_ARGUMENT, PLANNER, subject="from-lieto", number=2, text="No.")
    assert not codes(facts, Name.SIGN, BOARD)


def test_an_answer_of_spaces_is_none():
    action = Action(Name.ANSWER_ARGUMENT, PLANNER, subject="from-lieto", number=1, text="  \n")
    assert [r.code for r in refusals(with_arguments(), action, RULES)] == ["action.incomplete"]


def test_a_signed_answer_is_not_rewritten():
    facts = with_arguments()
    for number in (1, 2):
        facts = do(
            facts, Name.ANSWER_ARGUMENT, PLANNER, subject="from-lieto", number=number, text="Yes."
        )
    facts = sign(sign(facts, BOARD), BOARD_2)
    assert codes(
        facts, Name.ANSWER_ARGUMENT, PLANNER, subject="from-lieto", number=1, text="No!"
    ) == {("argument.answer_signed", "from-lieto")}


# --- level and signatures ---------------------------------------------------------------------


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


# --- grounds ----------------------------------------------------------------------------------


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


# --- the day ----------------------------------------------------------------------------------


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


# --- overrides --------------------------------------------------------------------------------


def short_notice() -> tuple[CaseFacts, Refusal]:
    late = on(decided(), date(2018, 8, 5))
    return late, only(late, Name.ANNOUNCE, PLANNER)


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


# --- after ------------------------------------------------------------------------------------


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


# --- what a page shows ------------------------------------------------------------------------


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
