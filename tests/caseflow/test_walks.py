"""Random walks through cases, against a little book-keeper who knows nothing of the guards.

Steps are sensible and silly, in any order, by anybody; meanwhile rooms fail, points burn down,
figures turn out otherwise. The book-keeper writes down what was done and asks, whenever the rules
let something through, whether a person with the books before them would have let it through.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from palveluverkko.caseflow.content import content
from palveluverkko.caseflow.guards import check
from palveluverkko.caseflow.model import (
    Agreement,
    Argument,
    CaseFacts,
    Change,
    Opinion,
    OpinionRequest,
    PolicyRef,
    Role,
    Stance,
    State,
    Statement,
)
from palveluverkko.caseflow.perform import Refused, perform
from palveluverkko.caseflow.steps import STEPS, Action, Name
from palveluverkko.criteria import Outcome
from tests.caseflow import cases
from tests.caseflow.cases import ASKED_ON, RULES, draft, point, substitute
from tests.caseflow.test_deadlines import SHUT

ACTORS = (
    *(cases.PLANNER, cases.HEAD, cases.HEAD_2, cases.BOARD, cases.BOARD_2, cases.SYSTEM),
    *(cases.PALKANE, cases.LIETO, cases.PUBLIC, cases.AUDITOR),
)
ENDING = ("close", "replace")
HEARD_ON = ("close", "replace", "fewer_days", "other_days", "move")
FORWARD = (
    *(Name.REQUEST_OPINIONS, Name.CLOSE_HEARING, Name.SIGN, Name.ANNOUNCE, Name.TAKE_EFFECT),
    *(Name.FOLLOW_UP, Name.SETTLE_REVIEW, Name.CLOSE),
)
WALKS, LENGTH = 150, 160


# --- the world --------------------------------------------------------------------------------


def a_case(rng: random.Random) -> CaseFacts:
    places = tuple(
        replace(m, other_points=rng.choice([0, 1, 1, 2, None])) for m in draft().municipalities
    )
    points = tuple(
        point(p, outcome=rng.choice([Outcome.MAY_BE_REPLACED] * 9 + [Outcome.UNKNOWN]))
        for p in ("palkane", "lieto")
    )
    if rng.random() < 0.08:
        points = (point("new", municipality="lieto", change=Change.OPEN),)
    return draft(
        points=points,
        municipalities=places,
        file_hash=rng.choice(["f1"] * 9 + [""]),
        effective=rng.choice([date(2018, 9, 1), date(2018, 9, 3), date(2018, 6, 15), None]),
        substitutes=tuple(substitute(p) for p in ("palkane", "lieto")),
    )


def something_happens(facts: CaseFacts, rng: random.Random) -> CaseFacts:
    """What no action brings about."""
    which = rng.randrange(8)
    i = rng.randrange(len(facts.points))
    if which == 0:
        day = rng.choice([None, facts.today, facts.today])
        s = replace(facts.substitutes[0], tested_room=day, hours_published=facts.today)
        return replace(facts, substitutes=(s, *facts.substitutes[1:]))
    if which == 1:
        until = rng.choice([None, None, facts.today, facts.today + timedelta(days=60)])
        s = replace(facts.substitutes[1], agreement=Agreement(date(2018, 1, 1), until))
        return replace(facts, substitutes=(facts.substitutes[0], s))
    if which == 2:
        outcome = rng.choice([Outcome.MAY_BE_REPLACED] * 3 + [Outcome.NOT_PERMITTED])
        p = replace(facts.points[i], outcome=outcome)
        return replace(facts, points=(*facts.points[:i], p, *facts.points[i + 1 :]))
    if which == 3:
        m = replace(facts.municipalities[1], other_points=rng.choice([0, 1, None]))
        return replace(facts, municipalities=(facts.municipalities[0], m))
    if which == 4:
        claim = Statement("no_effect_on_staff", rng.choice([(), (), (), ("travel",)]))
        return replace(facts, statements=(claim,))
    if which == 5:
        return replace(facts, policy_now=PolicyRef("kela-2017", rng.choice(["aa", "bb"])))
    if which == 6 and facts.state in (State.DECIDED, State.ANNOUNCED):
        return replace(facts, effective=facts.today + timedelta(days=rng.choice([0, 30])))
    if rng.random() < 0.2:
        p = replace(facts.points[i], ended=facts.today)
        return replace(facts, points=(*facts.points[:i], p, *facts.points[i + 1 :]))
    return facts


def time_passes(facts: CaseFacts, rng: random.Random) -> CaseFacts:
    days = [facts.today + timedelta(days=rng.choice([1, 1, 2, 7]))]
    days += [r.due + timedelta(days=rng.choice([0, 1])) for r in facts.requests]
    if facts.state is State.ANNOUNCED and facts.effective:
        days += [facts.effective, facts.effective - timedelta(days=1)] * 3
    if facts.state is State.IN_EFFECT and facts.effective:
        days += [facts.effective + timedelta(days=n) for n in (91, 92, 182, 366)]
    return replace(facts, today=rng.choice([d for d in days if d >= facts.today]))


def an_action(facts: CaseFacts, rng: random.Random) -> Action:
    names = list(Name)
    open_ones = [n for n in names if facts.state in STEPS[n].leads and n is not Name.WITHDRAW]
    onward = [n for n in open_ones if n in FORWARD]
    pick = rng.random()
    name = rng.choice(names if pick < 0.05 or not open_ones else open_ones)
    if facts.state is not State.DRAFT and Name.CLOSE_HEARING not in onward and pick < 0.9:
        onward = [n for n in onward if n is not Name.REQUEST_OPINIONS]
    hurry = facts.state in (State.DECIDED, State.ANNOUNCED, State.FOLLOWED)
    if onward and pick > (0.2 if hurry else 0.5):
        name = rng.choice(onward)
    actors = [a for a in ACTORS if a.role in STEPS[name].roles]
    actor = rng.choice(actors if rng.random() < 0.9 else ACTORS)
    if name is Name.SIGN and rng.random() < 0.7:
        actor = rng.choice([cases.BOARD, cases.BOARD_2])
    if name is Name.OVERRIDE:
        return _some_override(facts, actor, rng)
    if name is Name.ANSWER_ARGUMENT and rng.random() < 0.8:
        return _an_answer(facts, actor, rng)
    fields = {n: _value(n, facts, rng) for n in STEPS[name].needs if rng.random() < 0.97}
    return Action(name, actor, **fields)


def _some_override(facts: CaseFacts, actor: Any, rng: random.Random) -> Action:
    of = rng.choice([Name.SIGN, Name.ANNOUNCE, Name.TAKE_EFFECT, Name.CLOSE_HEARING])
    standing = check(facts, Action(of, cases.BOARD), RULES).blocking
    if not standing:
        return Action(
            Name.OVERRIDE, actor, of=of, rule="right_level", code="?", subject="", text="x"
        )
    r = rng.choice(standing)
    text = rng.choice(["A reason", "A reason", " "])
    return Action(
        Name.OVERRIDE, actor, of=of, rule=r.rule, code=r.code, subject=r.subject, text=text
    )


def _an_answer(facts: CaseFacts, actor: Any, rng: random.Random) -> Action:
    bare = [(o.id, a.number) for o in facts.opinions for a in o.arguments if not a.answered]
    id, number = rng.choice(bare or [("none", 1)])
    return Action(Name.ANSWER_ARGUMENT, actor, subject=id, number=number, text="We looked at it.")


def _value(field_name: str, facts: CaseFacts, rng: random.Random) -> Any:
    today = facts.today
    request = rng.choice(facts.requests) if facts.requests else None
    if field_name == "opinion":
        return _some_opinion(facts, request, rng)
    if field_name == "requests":
        return _some_requests(facts, rng)
    by_name = {
        "point": lambda: rng.choice(["palkane", "lieto"]),
        "change": lambda: rng.choice([Change.CLOSE] * 4 + list(Change)),
        "added": lambda: point(rng.choice(["lieto", "new"]), municipality="lieto"),
        "effective": lambda: today + timedelta(days=rng.choice([-1, 0, 10, 40, 90])),
        "request": lambda: request.id if request else "none",
        "until": lambda: (request.due if request else today) + timedelta(days=rng.choice([0, 5])),
        "subject": lambda: rng.choice([o.id for o in facts.opinions] or ["none"]),
        "number": lambda: rng.choice([1, 2]),
        "text": lambda: rng.choice(["Because", "Because", "Because", " "]),
        "content": lambda: content(facts) if rng.random() < 0.9 else "seen before",
        "months": lambda: rng.choice([3, 6, 12, 5]),
        "breach": lambda: rng.random() < 0.2,
    }
    return by_name[field_name]()


def _some_requests(facts: CaseFacts, rng: random.Random) -> tuple[OpinionRequest, ...]:
    changes = [Change.CLOSE, Change.MORE_DAYS, Change.FEWER_DAYS]
    places = ("palkane", "lieto") if rng.random() < 0.8 else ("lieto",)
    return tuple(
        OpinionRequest(
            id=f"r{len(facts.requests)}-{place}",
            municipality=place,
            sent=facts.today - timedelta(days=rng.choice([0] * 9 + [20])),
            deadline=facts.today + timedelta(days=rng.choice([31, 31, 35, 10])),
            asked=frozenset((p.point, c) for p in facts.points for c in changes),
            effective=facts.effective or facts.today,
        )
        for place in places
    )


def _some_opinion(facts: CaseFacts, request: OpinionRequest | None, rng: random.Random) -> Opinion:
    place = request.municipality if request and rng.random() < 0.9 else "palkane"
    return Opinion(
        id=f"o{len(facts.opinions)}",
        municipality=place,
        received=facts.today + timedelta(days=rng.choice([0] * 9 + [1])),
        stance=Stance.AGAINST,
        request=request.id if request else "",
        arguments=tuple(Argument(n + 1) for n in range(rng.choice([0, 0, 1, 2]))),
    )


# --- the book-keeper --------------------------------------------------------------------------


@dataclass
class Books:
    """What happened, in the order of events, and nothing that the rules keep."""

    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    came: list[dict[str, Any]] = field(default_factory=list)
    open_extensions: set[str] = field(default_factory=set)
    signed: list[tuple[str, Role, Any]] = field(default_factory=list)
    set_aside: set[tuple[str, str, str]] = field(default_factory=set)
    decided: Any = None
    told_on: date | None = None
    in_effect_on: date | None = None
    followed: dict[int, bool] = field(default_factory=dict)

    def write(self, before: CaseFacts, action: Action, after: CaseFacts) -> None:
        """Object to what should not have been let through, then write it down."""
        self._who(before, action)
        objection = getattr(self, f"object_to_{action.name.value}", None)
        if objection:
            objection(before, action, after)
        note = getattr(self, f"note_{action.name.value}", None)
        if note:
            note(before, action)
        if after.state is State.HEARD and before.state in (State.DECIDED, State.ANNOUNCED):
            self.decided, self.told_on = None, None

    def view(self, facts: CaseFacts) -> Any:
        """What somebody who signs has before their eyes."""
        points = sorted((p.point, str(p.change)) for p in facts.points)
        came = [(o["id"], sorted(o["answers"].items())) for o in self.came]
        claims = [s.code for s in facts.statements]
        return repr((points, facts.effective, claims, came, sorted(self.set_aside)))

    # notes

    def note_request_opinions(self, facts: CaseFacts, action: Action) -> None:
        for r in action.requests or ():
            self.asked[r.id] = {
                "place": r.municipality,
                "sent": facts.today,
                "last": r.deadline,
                "about": r.asked,
            }

    def note_record_opinion(self, facts: CaseFacts, action: Action) -> None:
        o = action.opinion
        assert o is not None
        self.came.append(
            {
                "id": o.id,
                "to": o.request,
                "on": o.received,
                "answers": {a.number: "" for a in o.arguments},
            }
        )

    def note_answer_argument(self, facts: CaseFacts, action: Action) -> None:
        for o in self.came:
            if o["id"] == action.subject:
                o["answers"][action.number] = action.text

    def note_ask_extension(self, facts: CaseFacts, action: Action) -> None:
        self.open_extensions.add(str(action.request))

    def note_extend(self, facts: CaseFacts, action: Action) -> None:
        self.asked[str(action.request)]["last"] = action.until
        self.open_extensions.discard(str(action.request))

    def note_refuse_extension(self, facts: CaseFacts, action: Action) -> None:
        self.open_extensions.discard(str(action.request))

    def note_override(self, facts: CaseFacts, action: Action) -> None:
        assert action.text
        assert action.text.strip()
        self.set_aside.add((str(action.of), str(action.code), str(action.subject)))

    def note_announce(self, facts: CaseFacts, action: Action) -> None:
        self.told_on = facts.today

    def note_take_effect(self, facts: CaseFacts, action: Action) -> None:
        self.in_effect_on = facts.today

    # objections

    def object_to_close_hearing(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        self._everybody_was_heard(before, "close_hearing")

    def object_to_go_on_unheard(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        assert not [p for p in before.points if p.change in HEARD_ON]

    def object_to_sign(self, before: CaseFacts, action: Action, after: CaseFacts) -> None:
        view = self.view(before)
        assert action.content != "seen before"
        assert before.file_hash
        assert action.actor.name not in {n for n, _, v in self.signed if v == view}
        self.signed.append((action.actor.name, action.actor.role, view))
        assert all(p.outcome == "may_be_replaced" for p in before.points if p.change in ENDING)
        assert not [p for p in before.points if p.ended and p.change not in ("open", "pop_up")]
        assert before.effective is not None
        assert before.today < before.effective
        assert not [s for s in before.statements if s.contradictions]
        self._everybody_was_heard(before, "sign")
        self._every_argument_is_answered()
        assert self._high_enough(before, action.actor.role)
        names = {n for n, role, v in self.signed if v == view and self._high_enough(before, role)}
        assert (after.state is State.DECIDED) == (len(names) >= 2)
        if after.state is State.DECIDED:
            self.decided = self._what(before)

    def object_to_announce(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        assert self.decided is not None
        assert self.decided == self._what(before)
        assert before.effective is not None
        days = (before.effective - before.today).days
        reason = ("announce", "notice.too_short", before.effective.isoformat())
        assert days >= 28 or (days > 0 and reason in self.set_aside)
        assert not [s for s in before.statements if s.contradictions]

    def object_to_take_effect(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        assert self.told_on is not None
        assert self.decided == self._what(before)
        assert before.effective is not None
        assert before.today >= before.effective
        for p in before.points:
            if p.change not in ENDING:
                continue
            assert p.outcome == "may_be_replaced"
            (s,) = [s for s in before.substitutes if s.point == p.point]
            assert s.agreement is not None
            assert s.agreement.until is None or s.agreement.until >= before.today
            assert s.tested_room
            assert s.tested_link
            assert s.hours_published
            assert s.available_from is not None
            assert s.available_from <= before.effective

    def object_to_override(self, before: CaseFacts, action: Action, after: CaseFacts) -> None:
        assert self._high_enough(before, action.actor.role)
        assert str(action.code) in {
            *("notice.too_short", "argument.unanswered_late", "deadline.too_short"),
            *("effective.earlier_than_told", "statement.unchecked", "hours.cut_before"),
            *("substitute.room_not_tested", "substitute.agreement_not_in_force"),
            *("substitute.none", "substitute.gap"),
        }

    def object_to_follow_up(self, before: CaseFacts, action: Action, after: CaseFacts) -> None:
        assert self.in_effect_on is not None
        assert action.months is not None
        days = (before.today - self.in_effect_on).days
        assert days >= {3: 89, 6: 181, 12: 365}[action.months]
        assert action.months not in self.followed
        self.followed[action.months] = bool(action.breach)
        assert (after.state is State.FOLLOWED) == (set(self.followed) == {3, 6, 12})

    def note_settle_review(self, facts: CaseFacts, action: Action) -> None:
        assert self.followed[action.months or 0]
        self.followed[action.months or 0] = False

    def object_to_close(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        assert self.followed == {3: False, 6: False, 12: False}

    def object_to_withdraw(self, before: CaseFacts, action: Action, _: CaseFacts) -> None:
        assert self.in_effect_on is None

    # what a person would look up

    def _who(self, facts: CaseFacts, action: Action) -> None:
        role, name = action.actor.role, action.name.value
        assert role not in ("auditor", "public")
        if role == "municipality":
            assert name in ("record_opinion", "ask_extension")
            place = (
                action.opinion.municipality
                if action.opinion
                else self.asked[str(action.request)]["place"]
            )
            assert place == action.actor.municipality
        if name in ("sign", "override", "close", "settle_review"):
            assert role in ("unit_head", "board")
        if role == "system":
            assert name in ("close_hearing", "announce", "take_effect", "follow_up")
        if self.decided and name in ("withdraw", "take_out_point", "set_effective"):
            assert self._high_enough(facts, role)

    def _what(self, facts: CaseFacts) -> Any:
        return (sorted((p.point, str(p.change)) for p in facts.points), facts.effective)

    def _high_enough(self, facts: CaseFacts, role: Role) -> bool:
        left = Counter({m.id: m.other_points or 0 for m in facts.municipalities})
        left.update(
            p.municipality
            for p in facts.points
            if p.change not in (*ENDING, "pop_up") and not p.ended
        )
        leaves = any(p.change in ENDING and left[p.municipality] == 0 for p in facts.points)
        return role == "board" or (role == "unit_head" and not leaves)

    def _everybody_was_heard(self, facts: CaseFacts, doing: str) -> None:
        for p in facts.points:
            if p.change in HEARD_ON:
                assert any(
                    r["place"] == p.municipality and (p.point, p.change) in r["about"]
                    for r in self.asked.values()
                )
        here = {p.point for p in facts.points}
        for id, r in self.asked.items():
            if not here & {point for point, _ in r["about"]}:
                continue
            assert id not in self.open_extensions
            if any(o["to"] == id for o in self.came):
                continue
            assert facts.today > r["last"]
            after_sending = r["sent"] + timedelta(days=1)
            counted = np.busday_count(after_sending, r["last"] + timedelta(days=1), holidays=SHUT)
            assert counted >= 20 or (doing, "deadline.too_short", id) in self.set_aside

    def _every_argument_is_answered(self) -> None:
        for o in self.came:
            late = o["to"] and o["on"] > self.asked[o["to"]]["last"]
            for number, answer in o["answers"].items():
                reason = ("sign", "argument.unanswered_late", f"{o['id']}/{number}")
                assert answer.strip() or (late and reason in self.set_aside)


# --- the walks --------------------------------------------------------------------------------


def walk(seed: int) -> tuple[set[State], Counter[str]]:
    rng = random.Random(seed)
    facts, books = a_case(rng), Books()
    seen, done = {facts.state}, Counter[str]()
    for _ in range(LENGTH):
        turn = rng.random()
        if turn < 0.06:
            facts = something_happens(facts, rng)
        elif turn < 0.25:
            facts = time_passes(facts, rng)
        else:
            action = an_action(facts, rng)
            try:
                after = perform(facts, action, RULES)
            except Refused:
                continue
            books.write(facts, action, after)
            nothing_is_lost(facts, after)
            done[action.name.value] += 1
            facts = after
            seen.add(facts.state)
    return seen, done


def nothing_is_lost(before: CaseFacts, after: CaseFacts) -> None:
    assert after.policy == before.policy
    assert after.overrides[: len(before.overrides)] == before.overrides
    assert after.signatures[: len(before.signatures)] == before.signatures
    assert [o.id for o in after.opinions][: len(before.opinions)] == [o.id for o in before.opinions]
    assert [r.id for r in after.requests][: len(before.requests)] == [r.id for r in before.requests]


@pytest.fixture(scope="module")
def walked() -> tuple[Counter[State], Counter[str]]:
    reached: Counter[State] = Counter()
    done: Counter[str] = Counter()
    for seed in range(WALKS):
        seen, did = walk(seed)
        reached.update(seen)
        done.update(did)
    return reached, done


def test_no_walk_finds_a_way_round_a_guard(walked):
    reached, _ = walked
    assert reached[State.DRAFT] == WALKS


def test_the_walks_go_everywhere(walked):
    """A book-keeper who sees nothing objects to nothing."""
    reached, done = walked
    assert set(reached) == set(State)
    assert reached[State.IN_EFFECT] >= 10
    assert set(done) == {n.value for n in Name}


def test_the_world_begins_where_the_books_do():
    assert draft().today == ASKED_ON
