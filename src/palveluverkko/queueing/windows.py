"""How many calls can be promised in a span of time: by whom they can be made, and not twice.

Advisers who speak two languages are one person, not one in each queue. Calls of some kinds
(service and language) can all be made if every set of kinds asks for no more minutes than those
who can serve any of it have (Hall 1935; for minutes: Gale 1957). Whether that holds for every set
at once is answered by one greatest flow from kinds to advisers (Ford and Fulkerson 1956).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Kind = tuple[str, str]  # service, language
Group = frozenset[Kind]  # the kinds that some advisers can serve


@dataclass(frozen=True, slots=True)
class Staff:
    """One adviser in the span. ``minutes``: those that may be promised to callbacks."""

    services: frozenset[str]
    languages: frozenset[str]
    minutes: int

    def serves(self, kind: Kind) -> bool:
        return kind[0] in self.services and kind[1] in self.languages


@dataclass(frozen=True, slots=True)
class Promised:
    """Calls of one kind that are owed in the span; ``minutes`` each."""

    service: str
    language: str
    calls: int
    minutes: int

    @property
    def kind(self) -> Kind:
        return self.service, self.language


def covers(staff: Iterable[Staff], promised: Iterable[Promised]) -> bool:
    """Whether everything that is promised can be kept."""
    asked = _asked(promised)
    return _made(_supply(staff, asked), asked) == sum(asked.values())


def room_for(
    staff: Sequence[Staff], promised: Sequence[Promised], service: str, language: str, minutes: int
) -> int:
    """How many more calls of ``minutes`` can be promised; 0 where it is too much already.

    Minutes may be shared out between advisers: a forecast, which is why only a share of the
    advisers' time is given in.
    """
    if minutes <= 0:
        raise ValueError("a call takes time")
    kind = service, language
    asked = _asked(promised)
    owed = sum(asked.values())
    supply = _supply(staff, {**asked, kind: 0})
    if _made(supply, asked) < owed:
        return 0
    # What is owed can be kept beside as many minutes of this kind as the flow can take: a flow
    # that serves everything else can always be added to without taking from it.
    greedy = {**asked, kind: asked.get(kind, 0) + sum(supply.values())}
    return (_made(supply, greedy) - owed) // minutes


def _asked(promised: Iterable[Promised]) -> dict[Kind, int]:
    asked: dict[Kind, int] = defaultdict(int)
    for row in promised:
        asked[row.kind] += row.calls * row.minutes
    return dict(asked)


def _supply(staff: Iterable[Staff], asked: Mapping[Kind, int]) -> dict[Group, int]:
    """Minutes by what can be served in them: advisers who are alike here count as one."""
    supply: dict[Group, int] = defaultdict(int)
    for person in staff:
        group = frozenset(kind for kind in asked if person.serves(kind))
        if group and person.minutes > 0:
            supply[group] += person.minutes
    return dict(supply)


def _made(supply: Mapping[Group, int], asked: Mapping[Kind, int]) -> int:
    """The most minutes of what is asked for that can be served."""
    free = dict(supply)
    given: dict[tuple[Kind, Group], int] = defaultdict(int)
    total = 0
    for kind, minutes in asked.items():
        left = minutes
        while left > 0 and (step := _add(kind, left, free, given)):
            left -= step
            total += step
    return total


def _add(
    kind: Kind, most: int, free: dict[Group, int], given: dict[tuple[Kind, Group], int]
) -> int:
    """Serve up to ``most`` minutes more of ``kind``, moving other kinds to other advisers."""
    came: dict[Group, tuple[Kind, Group | None]] = {}
    looked = {kind}
    queue: list[tuple[Kind, Group | None]] = [(kind, None)]
    while queue:
        here, before = queue.pop(0)
        for group in free:
            if here not in group or group in came:
                continue
            came[group] = (here, before)
            if free[group] > 0:
                return _move(group, most, came, free, given)
            for other in group:
                if other not in looked and given[other, group] > 0:
                    looked.add(other)
                    queue.append((other, group))
    return 0


def _move(
    last: Group,
    most: int,
    came: Mapping[Group, tuple[Kind, Group | None]],
    free: dict[Group, int],
    given: dict[tuple[Kind, Group], int],
) -> int:
    """Push minutes along the path that ends at ``last``; how many."""
    path: list[tuple[Kind, Group, Group | None]] = []
    at: Group | None = last
    while at is not None:
        kind, before = came[at]
        path.append((kind, at, before))
        at = before
    step = min([most, free[last], *(given[k, b] for k, _g, b in path if b is not None)])
    free[last] -= step
    for kind, group, before in path:
        given[kind, group] += step
        if before is not None:
            given[kind, before] -= step
    return step
