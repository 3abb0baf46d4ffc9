"""Who works where and how they travel, before and after a package of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from palveluverkko.criteria.model import Verdict
from palveluverkko.snapshot.values import Unknown


@dataclass(frozen=True, slots=True)
class Trip:
    """One way from one place to another."""

    km: float
    minutes: float


Travel = Callable[[str, str], Trip | None]
"""From a home or a place to a place; ``None``: not known."""


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """Work on ``weekday`` (0 is Monday) at ``place`` in ``role``, for ``days`` of that day.

    0.5 is half the day, or every second week.
    """

    weekday: int
    place: str
    role: str
    days: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6 or not 0 < self.days <= 1:
            raise ValueError(f"A weekday from 0 to 6 and at most one day: {self}")


@dataclass(frozen=True, slots=True)
class Person:
    """``home``: where daily travel begins, a name that the travel function knows; ``None`` unknown.
    ``roster``: duties of a week, ``None`` unknown (not the same as none).
    """

    code: str
    home: str | None
    roster: tuple[Duty, ...] | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A place that can take people over: ``free`` desks by weekday, in person-days.

    Who comes keeps their role where it is among ``roles``, else takes the first of them.
    """

    place: str
    roles: tuple[str, ...]
    free: Mapping[int, float]

    def role_for(self, role: str) -> str:
        return role if role in self.roles else self.roles[0]


@dataclass(frozen=True, slots=True)
class Package:
    """What changes at once: the weekdays on which each place it touches is open afterwards.

    An empty set closes the place. Places not named stay as they are.
    """

    open_after: Mapping[str, frozenset[int]]
    receivers: tuple[Receiver, ...] = ()

    def loses(self, duty: Duty) -> bool:
        days = self.open_after.get(duty.place)
        return days is not None and duty.weekday not in days

    def free(self, receiver: Receiver, weekday: int) -> float:
        """Free desks, person-days; none where the package leaves the receiver itself shut."""
        days = self.open_after.get(receiver.place)
        if days is not None and weekday not in days:
            return 0.0
        return receiver.free.get(weekday, 0.0)


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """The duties that a person loses at one place in one role; they move together."""

    person: str
    place: str
    role: str
    duties: tuple[Duty, ...]

    @property
    def days(self) -> float:
        return sum(duty.days for duty in self.duties)


Assignment = Mapping[Block, str]
"""The receiving place of each block; a block that is missing is placed nowhere."""


@dataclass(frozen=True, slots=True)
class DailyTravel:
    """There and back on a working day: mean over the week by person-days, and the longest day."""

    mean_km: float
    mean_minutes: float
    longest_minutes: float


class Effect(StrEnum):
    """What a change does to a person."""

    OTHER_PLACE = "other_place"
    OTHER_ROLE = "other_role"
    FEWER_DAYS = "fewer_days"
    MORE_TRAVEL = "more_travel"
    TRAVEL_OVER_LIMIT = "travel_over_limit"


@dataclass(frozen=True, slots=True)
class Move:
    """``days`` person-days a week go from one place and role to another."""

    weekdays: tuple[int, ...]
    days: float
    from_place: str
    to_place: str
    from_role: str
    to_role: str


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """One person before and after. ``effects``: what is known to change; it may be more where
    ``travel_before`` or ``travel_after`` is unknown. ``lost``: blocks placed nowhere.
    """

    code: str
    days_before: float
    days_after: float
    travel_before: DailyTravel | Unknown
    travel_after: DailyTravel | Unknown
    moves: tuple[Move, ...]
    lost: tuple[Block, ...]
    effects: frozenset[Effect]


@dataclass(frozen=True, slots=True)
class Total:
    """Person-days a week before and after, of the people whose roster is known."""

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class StaffEffect:
    """A package's effect on everybody. ``unknown``: people without a roster, by code, with why."""

    people: tuple[PersonEffect, ...]
    by_place: Mapping[str, Total]
    by_role: Mapping[str, Total]
    total: Total
    unknown: Mapping[str, Unknown] = field(default_factory=dict)


class Statement(StrEnum):
    """What a document may say of the staff."""

    NO_EFFECT_ON_STAFF = "no_effect_on_staff"
    NOBODY_IS_CUT = "nobody_is_cut"
    NOBODY_MOVES = "nobody_moves"
    NOBODY_CHANGES_ROLE = "nobody_changes_role"
    NOBODY_TRAVELS_MORE = "nobody_travels_more"
    NOBODY_TRAVELS_MORE_THAN = "nobody_travels_more_than"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as it stands in a document; ``minutes`` a day there and back, for the last."""

    statement: Statement
    minutes: float | None = None

    def __post_init__(self) -> None:
        limited = self.statement is Statement.NOBODY_TRAVELS_MORE_THAN
        if limited is (self.minutes is None):
            raise ValueError(f"{self.statement} {'needs' if limited else 'takes no'} minutes")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A person for whom a statement is false, by which effect, and the figures."""

    person: str
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Checked:
    """``FALSE``: somebody contradicts the claim. ``UNKNOWN``: nobody does, but of ``unknown``
    (people, with why) it is not known; it may not be published as a fact either.
    """

    claim: Claim
    verdict: Verdict
    contradictions: tuple[Contradiction, ...]
    unknown: Mapping[str, Unknown]
