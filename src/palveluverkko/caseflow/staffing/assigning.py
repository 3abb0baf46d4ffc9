"""Who moves where: the duties that a package takes away, and the cheapest places for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from palveluverkko.caseflow.staffing.errors import AssignmentInvalid
from palveluverkko.caseflow.staffing.model import (
    Assignment,
    Block,
    Duty,
    Package,
    Person,
    Travel,
)

Pair = tuple[int, int]
_EQUAL = 1e-9


def lost_blocks(people: Iterable[Person], package: Package) -> tuple[Block, ...]:
    """The duties that the package takes away, by person, place and role."""
    lost: dict[tuple[str, str, str], list[Duty]] = defaultdict(list)
    for person in people:
        for duty in person.roster or ():
            if package.loses(duty):
                lost[person.code, duty.place, duty.role].append(duty)
    return tuple(Block(*key, tuple(sorted(duties))) for key, duties in sorted(lost.items()))


def cheapest(
    people: Sequence[Person], package: Package, travel: Travel, *, role_minutes: float = 0.0
) -> Assignment:
    """Places for as many person-days as the free desks allow, then with the least travel.

    Each block goes to one receiver, on its own weekdays, as long as desks are free on each of them.
    The cost is minutes of daily travel there and back over the week's person-days, and
    ``role_minutes`` for each person-day in another role. Where a home is not known, the way from
    the lost place stands in for the choice (not for the effect). A way that is not known is not
    taken. Exact: a mixed-integer programme (HiGHS through SciPy).
    """
    blocks = lost_blocks(people, package)
    homes = {person.code: person.home for person in people}
    pairs, costs = _possible(blocks, package, homes, travel, role_minutes)
    if not pairs:
        return {}
    # One person-day placed outweighs all travel that placing it could add.
    least = min(block.days for block in blocks)
    reward = (1.0 + costs.sum()) / least
    value = costs - reward * np.array([blocks[b].days for b, _ in pairs])
    answer = optimize.milp(
        value,
        integrality=np.ones(len(pairs), dtype=np.int_),
        bounds=optimize.Bounds(0, 1),
        constraints=_limits(blocks, package, pairs),
    )
    if answer.x is None:
        raise RuntimeError(f"The assignment was not solved: {answer.message}")
    chosen = np.flatnonzero(answer.x > 0.5).tolist()
    return {blocks[pairs[i][0]]: package.receivers[pairs[i][1]].place for i in chosen}


def check(assignment: Assignment, people: Iterable[Person], package: Package) -> None:
    """Raises ``AssignmentInvalid`` where an assignment names what is not there or overfills it."""
    blocks = set(lost_blocks(people, package))
    receivers = {receiver.place: receiver for receiver in package.receivers}
    taken: dict[tuple[str, int], float] = defaultdict(float)
    for block, place in assignment.items():
        if block not in blocks:
            raise AssignmentInvalid("not_lost", block.person, block.place)
        if place not in receivers:
            raise AssignmentInvalid("no_receiver", block.person, place)
        for duty in block.duties:
            taken[place, duty.weekday] += duty.days
            if taken[place, duty.weekday] > package.free(receivers[place], duty.weekday) + _EQUAL:
                raise AssignmentInvalid("no_desk", block.person, place)


def _possible(
    blocks: Sequence[Block],
    package: Package,
    homes: dict[str, str | None],
    travel: Travel,
    role_minutes: float,
) -> tuple[list[Pair], NDArray[np.float64]]:
    """Blocks with the receivers that could take them alone, and what it costs, minutes a week."""
    pairs: list[Pair] = []
    costs: list[float] = []
    for b, block in enumerate(blocks):
        for r, receiver in enumerate(package.receivers):
            if any(package.free(receiver, d.weekday) < d.days for d in block.duties):
                continue
            trip = travel(homes[block.person] or block.place, receiver.place)
            if trip is None:
                continue
            other = 0.0 if block.role in receiver.roles else role_minutes
            pairs.append((b, r))
            costs.append(block.days * (2 * trip.minutes + other))
    return pairs, np.array(costs)


def _limits(
    blocks: Sequence[Block], package: Package, pairs: Sequence[Pair]
) -> optimize.LinearConstraint:
    """Each block at one place at most; on each weekday no more person-days than free desks."""
    rows: dict[tuple[str, int, int], int] = {}
    bounds: list[float] = []
    entries: list[tuple[float, int, int]] = []
    for column, (b, r) in enumerate(pairs):
        wanted = [(("block", b, 0), 1.0, 1.0)]
        for duty in blocks[b].duties:
            free = package.free(package.receivers[r], duty.weekday)
            wanted.append((("desk", r, duty.weekday), free, duty.days))
        for key, bound, amount in wanted:
            if key not in rows:
                rows[key] = len(rows)
                bounds.append(bound)
            entries.append((amount, rows[key], column))
    amounts, row, column_of = zip(*entries, strict=True)
    matrix = sparse.csr_array((amounts, (row, column_of)), shape=(len(rows), len(pairs)))
    return optimize.LinearConstraint(matrix, ub=bounds)
