"""The hearing by its rules: whom to ask, how long, and what becomes of what comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from palveluverkko.caseflow.guards import refusals
from palveluverkko.caseflow.model import (
    Change,
    State,
)
from palveluverkko.caseflow.steps import Action, Name
from palveluverkko.criteria import Outcome
from tests.caseflow.cases import (
    ASKED_ON,
    BOARD,
    BOARD_2,
    HEAD,
    LAST_DAY,
    LIETO,
    PALKANE,
    PLANNER,
    REQUESTS,
    RULES,
    codes,
    do,
    draft,
    heard,
    hearing,
    on,
    only,
    opinion,
    override,
    point,
    request,
    sign,
    warned,
    with_arguments,
)


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
