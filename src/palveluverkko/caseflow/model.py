"""The facts of a case on which every guard judges: what is proposed, heard, signed and known.

All days are local days of the place. Nothing here is read from a clock or a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palveluverkko.calendar import HolidayCalendar
from palveluverkko.criteria import Outcome


class State(StrEnum):
    DRAFT = "draft"
    HEARING = "hearing"
    HEARD = "heard"
    DECIDED = "decided"
    ANNOUNCED = "announced"
    IN_EFFECT = "in_effect"
    FOLLOWED = "followed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    CLOSE = "close"
    REPLACE = "replace"
    FEWER_DAYS = "fewer_days"
    MORE_DAYS = "more_days"
    OTHER_DAYS = "other_days"
    MOVE = "move"
    OPEN = "open"
    POP_UP = "pop_up"


ENDS = frozenset({Change.CLOSE, Change.REPLACE})
BEGINS = frozenset({Change.OPEN, Change.POP_UP})


class Role(StrEnum):
    PLANNER = "planner"
    UNIT_HEAD = "unit_head"
    BOARD = "board"
    MUNICIPALITY = "municipality"
    AUDITOR = "auditor"
    PUBLIC = "public"
    SYSTEM = "system"


# Who can sign, from the lowest level to the highest.
LEVELS = (Role.UNIT_HEAD, Role.BOARD)


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ON_CONDITIONS = "on_conditions"
    NONE = "none"


class Requirement(StrEnum):
    """What a substitute must have before the point ends."""

    AGREEMENT = "agreement"
    ROOM = "room"
    LINK = "link"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``municipality`` only for those who speak for one."""

    name: str
    role: Role
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class PolicyRef:
    id: str
    hash: str


@dataclass(frozen=True, slots=True)
class CutBefore:
    """Opening hours fell by ``share`` (0 to 1), ``months`` before the case began."""

    share: float
    months: float


@dataclass(frozen=True, slots=True)
class PointChange:
    """What the case does to one point.

    ``outcome`` is the assessment's under the policy of the case. ``ended`` is the day on which the
    point closed without this case; ``other_case`` another open case on it. ``hours_cut`` is the
    largest cut found, None where there was none; with ``hours_known`` false nobody can tell.
    """

    point: str
    change: Change
    municipality: str
    outcome: Outcome
    ended: date | None = None
    other_case: str = ""
    hours_cut: CutBefore | None = None
    hours_known: bool = True


@dataclass(frozen=True, slots=True)
class Municipality:
    """``other_points``: points open there on the effective day besides those of this case.

    None: nobody counted them, which is judged like none at all.
    """

    id: str
    calendar: HolidayCalendar
    other_points: int | None


@dataclass(frozen=True, slots=True)
class OpinionRequest:
    """One request for an opinion. Who answers on the last day answers in time.

    ``asked``: the points and changes, alternatives included, that the municipality was shown, and
    ``effective`` the earliest day it was told. ``extension_open``: the day asked for in a request
    for more time that nobody has answered yet.
    """

    id: str
    municipality: str
    sent: date
    deadline: date
    asked: frozenset[tuple[str, Change]]
    effective: date
    extended_to: date | None = None
    extension_open: date | None = None

    @property
    def due(self) -> date:
        return self.extended_to or self.deadline


@dataclass(frozen=True, slots=True)
class Argument:
    number: int
    answer: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.answer.strip())


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as it came in. ``request`` is empty where nobody had asked."""

    id: str
    municipality: str
    received: date
    stance: Stance
    request: str = ""
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """From ``start`` to ``until``, both included; no ``until``: until it is ended."""

    start: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Substitute:
    """What serves the residents of ``point`` instead; ``what`` is the kind (video_room, ...).

    Each day is the one on which that was seen to be done; None: not done, or not known.
    """

    id: str
    point: str
    what: str
    agreement: Agreement | None = None
    tested_room: date | None = None
    tested_link: date | None = None
    hours_published: date | None = None
    available_from: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim in a document. ``contradictions``: codes of figures against it; None: unchecked."""

    code: str
    contradictions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Override:
    """A refusal that somebody set aside, with the reason; it is never taken back or removed.

    It covers this ``action``, ``rule``, ``code`` and ``subject`` and nothing else.
    """

    action: str
    rule: str
    code: str
    subject: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Signature:
    """``content`` names what was signed, see :func:`palveluverkko.caseflow.content.content`."""

    signer: str
    role: Role
    on: date
    content: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the last signature made final. ``proposal`` must still hold when it takes effect."""

    content: str
    proposal: str
    on: date


@dataclass(frozen=True, slots=True)
class FollowUpDone:
    """A follow-up ``months`` after the change. A breach opens a review, which somebody settles."""

    months: int
    done: date
    breach: bool
    review_settled: str = ""

    @property
    def review_open(self) -> bool:
        return self.breach and not self.review_settled.strip()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything about a case that a guard may look at, on the day ``today``.

    ``policy`` is the one that the case was begun under and keeps; ``policy_now`` the one in force
    today. ``file_hash`` names the frozen case file; empty: not frozen yet. ``alternatives`` are
    the codes of those shown side by side.
    """

    id: str
    state: State
    today: date
    points: tuple[PointChange, ...]
    municipalities: tuple[Municipality, ...]
    policy: PolicyRef
    policy_now: PolicyRef | None
    file_hash: str = ""
    alternatives: frozenset[str] = frozenset()
    effective: date | None = None
    announced: date | None = None
    took_effect: date | None = None
    requests: tuple[OpinionRequest, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    statements: tuple[Statement, ...] = ()
    overrides: tuple[Override, ...] = ()
    signatures: tuple[Signature, ...] = ()
    decision: Decision | None = None
    follow_ups: tuple[FollowUpDone, ...] = ()

    def municipality(self, id: str) -> Municipality | None:
        return next((m for m in self.municipalities if m.id == id), None)
