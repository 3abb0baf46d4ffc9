"""Points that may be replaced one by one, looked at as if all of them ended at once.

Each point's outcome supposes that it alone ends. Two points that are each other's substitute both
pass that test, and so do twenty that fill the same phone line; permission for each is not
permission for all. So each point is told whom it leans on and what would hold if all ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from palveluverkko.access import relying
from palveluverkko.access.model import Substitution
from palveluverkko.criteria import needs
from palveluverkko.criteria.model import Outcome, PointResult, Reason, Verdict
from palveluverkko.criteria.policy import Policy
from palveluverkko.criteria.subjects import PointSubject, Tools
from palveluverkko.snapshot.model import Snapshot

FLAG = "parity."


def jointly(
    policy: Policy,
    snapshot: Snapshot,
    subjects: Sequence[PointSubject],
    results: Sequence[PointResult],
    tools: Tools,
) -> tuple[tuple[PointResult, ...], tuple[Reason, ...]]:
    """``results`` with their flags as last reasons, and the network's own answer as a check.

    The outcomes stay as they are: which of the points should end is the board's to say. Nothing is
    added where fewer than two may be replaced, or where the policy does not ask for substitutes.
    ``subjects`` and ``results`` are aligned with the snapshot's points.
    """
    meeting = [i for i, result in enumerate(results) if result.outcome is Outcome.MAY_BE_REPLACED]
    alone = [s for i in meeting if (s := results[i].substitution) is not None]
    if policy.substitution is None or len(meeting) < 2 or not alone:
        return tuple(results), ()
    demand = [subject.demand[policy.window] for subject in subjects]
    at_once = tools.together(snapshot, demand, policy.substitution, meeting)
    names = {point.id: point.name for point in snapshot.points}
    leaning = relying(alone)
    flagged = list(results)
    for i, found in zip(meeting, at_once, strict=True):
        point = results[i].point
        flags = [*_relies(leaning.get(point, ()), names), *_at_once(found)]
        flagged[i] = replace(results[i], reasons=(*results[i].reasons, *flags))
    return tuple(flagged), (_check(at_once, names),)


def is_flag(reason: Reason) -> bool:
    """Whether a reason asks to look twice at a point that meets the criteria."""
    return reason.code.startswith(FLAG) or reason.code.endswith(".uncertain")


def _relies(on: Sequence[str], names: dict[str, str]) -> Iterable[Reason]:
    if on:
        values = {"points": tuple(names[id_] for id_ in on)}
        yield Reason("parity.relies_on", "", Verdict.FALSE, values=values, data={"points": on})


def _at_once(found: Substitution) -> Iterable[Reason]:
    """What would no longer hold for this point's customers; nothing if their needs stay met."""
    if found.needs_met:
        return
    unmet = needs.unmet(found)
    full = needs.over_capacity(found)
    data = needs.facts(found)
    if unmet:
        yield Reason("parity.needs_at_once", "", Verdict.FALSE, values={"needs": unmet}, data=data)
    if full:
        values = {"receivers": full}
        yield Reason("parity.full_at_once", "", Verdict.FALSE, values=values, data=data)
    if found.needs_met is None:
        yield Reason("parity.unknown_at_once", "", Verdict.UNKNOWN, data=data)


def _check(at_once: Sequence[Substitution], names: dict[str, str]) -> Reason:
    failing = [s.point for s in at_once if s.needs_met is False]
    unknown = [s.point for s in at_once if s.needs_met is None]
    code, verdict, told = "together.met", Verdict.TRUE, [s.point for s in at_once]
    if failing:
        code, verdict, told = "together.not_met", Verdict.FALSE, failing
    elif unknown:
        code, verdict, told = "together.unknown", Verdict.UNKNOWN, unknown
    return Reason(
        code,
        "",
        verdict,
        values={
            "points": tuple(names[id_] for id_ in told),
            "count": len(told),
            "of": len(at_once),
        },
        data={"points": told},
    )
