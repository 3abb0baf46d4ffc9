"""What a package does to each person and to the person-days of each place and role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from palveluverkko.caseflow.staffing.assigning import check, lost_blocks
from palveluverkko.caseflow.staffing.model import (
    Assignment,
    Block,
    DailyTravel,
    Duty,
    Effect,
    Move,
    Package,
    Person,
    PersonEffect,
    Receiver,
    StaffEffect,
    Total,
    Travel,
)
from palveluverkko.snapshot.values import Unknown

_EQUAL = 1e-9


def staff_effect(
    people: Sequence[Person],
    package: Package,
    assignment: Assignment,
    travel: Travel,
    *,
    travel_limit: float | None = None,
) -> StaffEffect:
    """Everybody before and after the package, under an assignment of the duties it takes away.

    ``travel_limit``: minutes a day, there and back, over which travel that grew is marked. People
    without a roster are unknown, whatever the package. Raises ``AssignmentInvalid``.
    """
    check(assignment, people, package)
    receivers = {receiver.place: receiver for receiver in package.receivers}
    blocks: dict[str, list[Block]] = defaultdict(list)
    for block in lost_blocks(people, package):
        blocks[block.person].append(block)
    found = [
        _of_one(person, blocks[person.code], assignment, receivers, travel, travel_limit)
        for person in people
        if person.roster is not None
    ]
    rosters = [(before, after) for _, before, after in found]
    total = [Total(_days(before), _days(after)) for before, after in rosters]
    return StaffEffect(
        people=tuple(effect for effect, _, _ in found),
        by_place=_totals(rosters, lambda duty: duty.place),
        by_role=_totals(rosters, lambda duty: duty.role),
        total=Total(sum(t.before for t in total), sum(t.after for t in total)),
        unknown={
            person.code: Unknown("staffing.roster_not_known")
            for person in people
            if person.roster is None
        },
    )


def _of_one(
    person: Person,
    blocks: Sequence[Block],
    assignment: Assignment,
    receivers: Mapping[str, Receiver],
    travel: Travel,
    limit: float | None,
) -> tuple[PersonEffect, list[Duty], list[Duty]]:
    """The person's effect, and the duties before and after."""
    before = list(person.roster or ())
    moves = tuple(_move(b, receivers[assignment[b]]) for b in blocks if b in assignment)
    gone = [duty for block in blocks for duty in block.duties]
    after = [duty for duty in before if duty not in gone]
    for block in blocks:
        if block in assignment:
            to = receivers[assignment[block]]
            role = to.role_for(block.role)
            after += [replace(duty, place=to.place, role=role) for duty in block.duties]
    one = PersonEffect(
        code=person.code,
        days_before=_days(before),
        days_after=_days(after),
        travel_before=daily_travel(person.home, before, travel),
        travel_after=daily_travel(person.home, after, travel),
        moves=moves,
        lost=tuple(block for block in blocks if block not in assignment),
        effects=frozenset(),
    )
    return replace(one, effects=_effects(one, limit)), before, after


def daily_travel(home: str | None, duties: Sequence[Duty], travel: Travel) -> DailyTravel | Unknown:
    """There and back on a working day from home; nothing at all without duties."""
    if not duties:
        return DailyTravel(0.0, 0.0, 0.0)
    if home is None:
        return Unknown("staffing.home_not_known")
    trips = [(duty, travel(home, duty.place)) for duty in duties]
    km = minutes = longest = 0.0
    for duty, trip in trips:
        if trip is None:
            return Unknown("staffing.trip_not_known", {"place": duty.place})
        km += duty.days * 2 * trip.km
        minutes += duty.days * 2 * trip.minutes
        longest = max(longest, 2 * trip.minutes)
    days = _days(duties)
    return DailyTravel(km / days, minutes / days, longest)


def _move(block: Block, to: Receiver) -> Move:
    return Move(
        weekdays=tuple(sorted({duty.weekday for duty in block.duties})),
        days=block.days,
        from_place=block.place,
        to_place=to.place,
        from_role=block.role,
        to_role=to.role_for(block.role),
    )


def _effects(one: PersonEffect, limit: float | None) -> frozenset[Effect]:
    found = set()
    if one.days_after < one.days_before - _EQUAL:
        found.add(Effect.FEWER_DAYS)
    if any(move.to_place != move.from_place for move in one.moves):
        found.add(Effect.OTHER_PLACE)
    if any(move.to_role != move.from_role for move in one.moves):
        found.add(Effect.OTHER_ROLE)
    before, after = one.travel_before, one.travel_after
    if isinstance(before, DailyTravel) and isinstance(after, DailyTravel):
        longer = after.longest_minutes > before.longest_minutes + _EQUAL
        if longer or after.mean_minutes > before.mean_minutes + _EQUAL:
            found.add(Effect.MORE_TRAVEL)
        if longer and limit is not None and after.longest_minutes > limit + _EQUAL:
            found.add(Effect.TRAVEL_OVER_LIMIT)
    return frozenset(found)


def _totals(
    rosters: Iterable[tuple[Sequence[Duty], Sequence[Duty]]], key: Callable[[Duty], str]
) -> dict[str, Total]:
    """Person-days a week before and after by what ``key`` says of a duty."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for sides in rosters:
        for side, duties in enumerate(sides):
            for duty in duties:
                sums[key(duty)][side] += duty.days
    return {name: Total(before, after) for name, (before, after) in sorted(sums.items())}


def _days(duties: Iterable[Duty]) -> float:
    return sum(duty.days for duty in duties)
