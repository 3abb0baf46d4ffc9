"""Parity: every point that meets the criteria is listed, whoever proposes what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from palveluverkko.criteria.jointly import is_flag
from palveluverkko.criteria.model import Assessment, Outcome, PointResult, Reason
from palveluverkko.snapshot.model import Point, Snapshot


@dataclass(frozen=True, slots=True)
class ParityRow:
    """A point that meets the criteria, or misses them by exactly one (``missed``: its id).

    ``flags`` are reasons to look twice: it relies on a point that meets the criteria itself, its
    customers' needs would not be met if all such points ended at once, or its figure is not
    certain.
    """

    point: Point
    outcome: Outcome
    meets: bool
    missed: str | None
    reasons: tuple[Reason, ...]
    flags: tuple[Reason, ...]


def parity(assessment: Assessment, snapshot: Snapshot) -> tuple[ParityRow, ...]:
    """All points that meet the criteria, then all that miss them by exactly one, each by id.

    A point misses by exactly one when every criterion of its rule was tested and all but one are
    true. Substitutes are not tested where demand is known not to be low, so such a point is not
    listed: it misses at least one, and nobody knows whether only one.
    """
    points = {point.id: point for point in snapshot.points}
    meeting = {r.point for r in assessment.points if r.outcome is Outcome.MAY_BE_REPLACED}
    rows = [row for r in assessment.points if (row := _row(r, points, meeting))]
    return tuple(sorted(rows, key=lambda row: (not row.meets, row.point.id)))


def _row(result: PointResult, points: Mapping[str, Point], meeting: set[str]) -> ParityRow | None:
    meets = result.point in meeting
    missed = None if meets else _missed(result)
    if not meets and missed is None:
        return None
    return ParityRow(
        point=points[result.point],
        outcome=result.outcome,
        meets=meets,
        missed=missed,
        reasons=result.reasons,
        flags=tuple(reason for reason in result.reasons if is_flag(reason)),
    )


def _missed(result: PointResult) -> str | None:
    if result.outcome not in (Outcome.NOT_PERMITTED, Outcome.CAPACITY_LIMITED, Outcome.UNKNOWN):
        return None
    if result.substitution is None:
        return None
    standing = [c for c in result.failing if ":" not in c]
    return standing[0] if len(standing) == 1 else None
