"""A small case, June 2018 in miniature: two points in Pälkäne and Lieto, ending on 1 September."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from palveluverkko.calendar import HolidayCalendar, Season
from palveluverkko.caseflow.content import content
from palveluverkko.caseflow.guards import check, refusals
from palveluverkko.caseflow.model import (
    Actor,
    Agreement,
    Argument,
    CaseFacts,
    Change,
    Municipality,
    Opinion,
    OpinionRequest,
    PointChange,
    PolicyRef,
    Requirement,
    Role,
    Stance,
    State,
    Substitute,
)
from palveluverkko.caseflow.perform import perform
from palveluverkko.caseflow.rules import Refusal, Rules
from palveluverkko.caseflow.steps import Action, Name
from palveluverkko.criteria import Outcome

FINLAND = HolidayCalendar("FI", closed_days=("12-24",))
ALAND = HolidayCalendar("FI", "01", closed_days=("12-24",))

PLANNER = Actor("planner", Role.PLANNER)
HEAD = Actor("head", Role.UNIT_HEAD)
HEAD_2 = Actor("second head", Role.UNIT_HEAD)
BOARD = Actor("chair", Role.BOARD)
BOARD_2 = Actor("vice chair", Role.BOARD)
SYSTEM = Actor("system", Role.SYSTEM)
PALKANE = Actor("palkane clerk", Role.MUNICIPALITY, "palkane")
LIETO = Actor("lieto clerk", Role.MUNICIPALITY, "lieto")
PUBLIC = Actor("anybody", Role.PUBLIC)
AUDITOR = Actor("auditor", Role.AUDITOR)

ASKED_ON = date(2018, 5, 2)
LAST_DAY = date(2018, 5, 31)
EFFECTIVE = date(2018, 9, 1)  # a Saturday

RULES = Rules(
    opinion_working_days=20,
    notice_days=28,
    signatures=2,
    decides=dict.fromkeys(Change, Role.UNIT_HEAD),
    leaving_decides=Role.BOARD,
    hearing_for=frozenset(
        {Change.CLOSE, Change.REPLACE, Change.FEWER_DAYS, Change.OTHER_DAYS, Change.MOVE}
    ),
    permission_for=frozenset({Change.CLOSE, Change.REPLACE}),
    substitute_for=frozenset({Change.CLOSE, Change.REPLACE}),
    substitute_needs={"pop_up": frozenset({Requirement.ROOM, Requirement.HOURS})},
    alternatives=frozenset({"no_change", "more_days"}),
    hours_cut_share=0.3,
    hours_cut_months=18,
    warning_periods=(
        ("july", Season("07-01", "07-31")),
        ("christmas", Season("12-20", "01-06")),
    ),
    follow_up_months=(3, 6, 12),
)


def point(id: str, **changes: Any) -> PointChange:
    base = PointChange(id, Change.CLOSE, id, Outcome.MAY_BE_REPLACED)
    return replace(base, **changes)


def substitute(point: str, **changes: Any) -> Substitute:
    base = Substitute(
        id=f"{point}-room",
        point=point,
        what="video_room",
        agreement=Agreement(date(2018, 1, 1)),
        tested_room=date(2018, 4, 1),
        tested_link=date(2018, 4, 1),
        hours_published=date(2018, 4, 1),
        available_from=date(2018, 8, 1),
    )
    return replace(base, **changes)


def draft(**changes: Any) -> CaseFacts:
    base = CaseFacts(
        id="case-1",
        state=State.DRAFT,
        today=ASKED_ON,
        points=(point("palkane"), point("lieto")),
        municipalities=(
            Municipality("palkane", FINLAND, other_points=1),
            Municipality("lieto", FINLAND, other_points=0),
        ),
        policy=PolicyRef("kela-2017", "aa"),
        policy_now=PolicyRef("kela-2017", "aa"),
        file_hash="f1",
        alternatives=frozenset({"no_change", "more_days"}),
        effective=EFFECTIVE,
        substitutes=(substitute("palkane"), substitute("lieto")),
    )
    return replace(base, **changes)


def request(municipality: str, **changes: Any) -> OpinionRequest:
    base = OpinionRequest(
        id=f"to-{municipality}",
        municipality=municipality,
        sent=ASKED_ON,
        deadline=LAST_DAY,  # 20 working days on, Ascension on 10 May left out
        asked=frozenset({(municipality, Change.CLOSE), (municipality, Change.MORE_DAYS)}),
        effective=EFFECTIVE,
    )
    return replace(base, **changes)


REQUESTS = (request("palkane"), request("lieto"))


def opinion(municipality: str, received: date, arguments: int = 0, **changes: Any) -> Opinion:
    base = Opinion(
        id=f"from-{municipality}",
        municipality=municipality,
        received=received,
        stance=Stance.AGAINST,
        request=f"to-{municipality}",
        arguments=tuple(Argument(n + 1) for n in range(arguments)),
    )
    return replace(base, **changes)


def do(
    facts: CaseFacts, name: Name, actor: Actor, rules: Rules = RULES, **fields: Any
) -> CaseFacts:
    return perform(facts, Action(name, actor, **fields), rules)


def on(facts: CaseFacts, day: date) -> CaseFacts:
    return replace(facts, today=day)


def hearing() -> CaseFacts:
    return do(draft(), Name.REQUEST_OPINIONS, PLANNER, requests=REQUESTS)


def heard() -> CaseFacts:
    return do(on(hearing(), date(2018, 6, 1)), Name.CLOSE_HEARING, PLANNER)


def sign(facts: CaseFacts, actor: Actor, rules: Rules = RULES) -> CaseFacts:
    return do(facts, Name.SIGN, actor, rules, content=content(facts))


def decided() -> CaseFacts:
    return sign(sign(heard(), BOARD), BOARD_2)


def announced() -> CaseFacts:
    return do(on(decided(), date(2018, 6, 11)), Name.ANNOUNCE, PLANNER)


def in_effect() -> CaseFacts:
    return do(on(announced(), EFFECTIVE), Name.TAKE_EFFECT, SYSTEM)


def with_arguments() -> CaseFacts:
    facts = on(hearing(), date(2018, 5, 20))
    given = opinion("lieto", facts.today, arguments=2)
    facts = do(facts, Name.RECORD_OPINION, LIETO, opinion=given)
    return do(on(facts, date(2018, 6, 1)), Name.CLOSE_HEARING, PLANNER)


def short_notice() -> tuple[CaseFacts, Refusal]:
    late = on(decided(), date(2018, 8, 5))
    return late, only(late, Name.ANNOUNCE, PLANNER)


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
