"""The steps of a case: which action is open in which state, to whom, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palveluverkko.caseflow.model import (
    Actor,
    Change,
    Opinion,
    OpinionRequest,
    PointChange,
    Role,
    State,
)


class Name(StrEnum):
    ADD_POINT = "add_point"
    CHANGE_POINT = "change_point"
    TAKE_OUT_POINT = "take_out_point"
    SET_EFFECTIVE = "set_effective"
    REQUEST_OPINIONS = "request_opinions"
    GO_ON_UNHEARD = "go_on_unheard"
    RECORD_OPINION = "record_opinion"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    ANSWER_ARGUMENT = "answer_argument"
    CLOSE_HEARING = "close_hearing"
    SIGN = "sign"
    OVERRIDE = "override"
    ANNOUNCE = "announce"
    TAKE_EFFECT = "take_effect"
    FOLLOW_UP = "follow_up"
    SETTLE_REVIEW = "settle_review"
    CLOSE = "close"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody wants to do. Which fields an action needs stands in :data:`STEPS`.

    ``content``: the hash of what the signer saw. ``until``: the day an extension runs to.
    ``rule``, ``code``, ``subject`` and ``of``: the refusal that an override sets aside.
    """

    name: Name
    actor: Actor
    point: str | None = None
    change: Change | None = None
    added: PointChange | None = None
    effective: date | None = None
    requests: tuple[OpinionRequest, ...] | None = None
    request: str | None = None
    opinion: Opinion | None = None
    until: date | None = None
    number: int | None = None
    text: str | None = None
    content: str | None = None
    of: Name | None = None
    rule: str | None = None
    code: str | None = None
    subject: str | None = None
    months: int | None = None
    breach: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """``leads`` from each state in which the action is open to the states it may end in."""

    leads: dict[State, tuple[State, ...]]
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()


S = State
_OPEN = (S.DRAFT, S.HEARING, S.HEARD)
_SIGNED = (S.DECIDED, S.ANNOUNCED)
_AGENCY = frozenset({Role.PLANNER, Role.UNIT_HEAD})
_DECIDERS = frozenset({Role.UNIT_HEAD, Role.BOARD})
_ANY_STAFF = _AGENCY | _DECIDERS


def _stays(*states: State) -> dict[State, tuple[State, ...]]:
    return {state: (state,) for state in states}


def _leads(to: State, *states: State) -> dict[State, tuple[State, ...]]:
    return dict.fromkeys(states, (to,))


# A signed decision that is amended must be signed and announced again.
_AMENDS = _stays(*_OPEN) | _leads(S.HEARD, *_SIGNED)
_AFTER_ASKING = tuple(s for s in State if s is not S.DRAFT)

STEPS: dict[Name, Step] = {
    Name.ADD_POINT: Step(_stays(S.DRAFT), _AGENCY, ("added",)),
    Name.CHANGE_POINT: Step(_stays(*_OPEN), _ANY_STAFF, ("point", "change", "text")),
    Name.TAKE_OUT_POINT: Step(_AMENDS, _ANY_STAFF, ("point", "text")),
    Name.SET_EFFECTIVE: Step(_AMENDS, _ANY_STAFF, ("effective", "text")),
    Name.REQUEST_OPINIONS: Step(_leads(S.HEARING, *_OPEN), _AGENCY, ("requests",)),
    Name.GO_ON_UNHEARD: Step(_leads(S.HEARD, S.DRAFT), _AGENCY),
    Name.RECORD_OPINION: Step(
        _stays(*_AFTER_ASKING), frozenset({Role.PLANNER, Role.MUNICIPALITY}), ("opinion",)
    ),
    Name.ASK_EXTENSION: Step(
        _stays(S.HEARING), frozenset({Role.PLANNER, Role.MUNICIPALITY}), ("request", "until")
    ),
    Name.EXTEND: Step(_stays(S.HEARING), _AGENCY, ("request", "until")),
    Name.REFUSE_EXTENSION: Step(_stays(S.HEARING), _AGENCY, ("request", "text")),
    Name.ANSWER_ARGUMENT: Step(_stays(*_AFTER_ASKING), _AGENCY, ("subject", "number", "text")),
    Name.CLOSE_HEARING: Step(_leads(S.HEARD, S.HEARING), _AGENCY | {Role.SYSTEM}),
    Name.SIGN: Step({S.HEARD: (S.HEARD, S.DECIDED)}, _DECIDERS, ("content",)),
    Name.OVERRIDE: Step(
        _stays(*_OPEN, *_SIGNED), _DECIDERS, ("of", "rule", "code", "subject", "text")
    ),
    Name.ANNOUNCE: Step(_leads(S.ANNOUNCED, S.DECIDED), _AGENCY | {Role.SYSTEM}),
    Name.TAKE_EFFECT: Step(_leads(S.IN_EFFECT, S.ANNOUNCED), _AGENCY | {Role.SYSTEM}),
    Name.FOLLOW_UP: Step(
        {S.IN_EFFECT: (S.IN_EFFECT, S.FOLLOWED)},
        frozenset({Role.PLANNER, Role.SYSTEM}),
        ("months", "breach"),
    ),
    Name.SETTLE_REVIEW: Step(_stays(S.IN_EFFECT, S.FOLLOWED), _DECIDERS, ("months", "text")),
    Name.CLOSE: Step(_leads(S.CLOSED, S.FOLLOWED), _DECIDERS),
    Name.WITHDRAW: Step(_leads(S.WITHDRAWN, *_OPEN, *_SIGNED), _ANY_STAFF, ("text",)),
}

FINAL = frozenset({State.CLOSED, State.WITHDRAWN})


def missing(action: Action) -> tuple[str, ...]:
    """The fields that ``action`` needs and does not have; text of spaces is no text.

    ``subject`` alone may be empty: some refusals are about the case as a whole.
    """
    lacking = []
    for name in STEPS[action.name].needs:
        value = getattr(action, name)
        empty = value is None or value == () or (isinstance(value, str) and not value.strip())
        if empty and not (name == "subject" and value == ""):
            lacking.append(name)
    return tuple(lacking)
