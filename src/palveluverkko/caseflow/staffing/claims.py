"""Whether what a document says of the staff is true by the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from palveluverkko.caseflow.staffing.model import (
    Checked,
    Claim,
    Contradiction,
    DailyTravel,
    Effect,
    PersonEffect,
    StaffEffect,
    Statement,
)
from palveluverkko.criteria.model import Verdict
from palveluverkko.snapshot.values import Unknown

_EQUAL = 1e-9
_FORBIDDEN: Mapping[Statement, tuple[Effect, ...]] = {
    Statement.NO_EFFECT_ON_STAFF: (
        Effect.FEWER_DAYS,
        Effect.OTHER_PLACE,
        Effect.OTHER_ROLE,
        Effect.MORE_TRAVEL,
    ),
    Statement.NOBODY_IS_CUT: (Effect.FEWER_DAYS,),
    Statement.NOBODY_MOVES: (Effect.OTHER_PLACE,),
    Statement.NOBODY_CHANGES_ROLE: (Effect.OTHER_ROLE,),
    Statement.NOBODY_TRAVELS_MORE: (Effect.MORE_TRAVEL,),
    Statement.NOBODY_TRAVELS_MORE_THAN: (),
}


def contradictions(claim: Claim, effect: StaffEffect) -> Checked:
    """For whom the claim is false, and of whom it is not known whether it is true.

    Travel that is unknown leaves a claim about travel open, unless the person's duties stay as they
    are: then travel did not grow, however long it is.
    """
    against: list[Contradiction] = []
    unknown = dict(effect.unknown)
    for one in effect.people:
        found = _against(claim, one)
        against += found
        if not found and (why := _not_known(claim, one)) is not None:
            unknown[one.code] = why
    verdict = Verdict.FALSE if against else Verdict.UNKNOWN if unknown else Verdict.TRUE
    return Checked(claim, verdict, tuple(against), unknown)


def _against(claim: Claim, one: PersonEffect) -> list[Contradiction]:
    found = [
        Contradiction(one.code, effect.value, _VALUES[effect](one))
        for effect in _FORBIDDEN[claim.statement]
        if effect in one.effects
    ]
    after = one.travel_after
    if claim.minutes is not None and isinstance(after, DailyTravel):
        values = {"minutes": after.longest_minutes, "limit": claim.minutes}
        if after.longest_minutes > claim.minutes + _EQUAL:
            found.append(Contradiction(one.code, Effect.TRAVEL_OVER_LIMIT.value, values))
    return found


def _not_known(claim: Claim, one: PersonEffect) -> Unknown | None:
    if claim.minutes is not None:
        return one.travel_after if isinstance(one.travel_after, Unknown) else None
    if Effect.MORE_TRAVEL not in _FORBIDDEN[claim.statement] or not (one.moves or one.lost):
        return None
    ways = (one.travel_before, one.travel_after)
    return next((way for way in ways if isinstance(way, Unknown)), None)


def _days(one: PersonEffect) -> dict[str, object]:
    return {"before": one.days_before, "after": one.days_after}


def _places(one: PersonEffect) -> dict[str, object]:
    moves = [m for m in one.moves if m.from_place != m.to_place]
    return {"before": [m.from_place for m in moves], "after": [m.to_place for m in moves]}


def _roles(one: PersonEffect) -> dict[str, object]:
    moves = [m for m in one.moves if m.from_role != m.to_role]
    return {"before": [m.from_role for m in moves], "after": [m.to_role for m in moves]}


def _travel(one: PersonEffect) -> dict[str, object]:
    sides = {"before": one.travel_before, "after": one.travel_after}
    return {k: v.longest_minutes for k, v in sides.items() if isinstance(v, DailyTravel)}


_VALUES: Mapping[Effect, Callable[[PersonEffect], dict[str, object]]] = {
    Effect.FEWER_DAYS: _days,
    Effect.OTHER_PLACE: _places,
    Effect.OTHER_ROLE: _roles,
    Effect.MORE_TRAVEL: _travel,
}
