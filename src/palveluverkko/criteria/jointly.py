"""Points that may be replaced one by one, looked at as if all of them ended at once.

Each point's outcome supposes that it alone ends. Two points that are each other's substitute both
pass that test, and so do twenty that fill the same phone line; permission for each is not
permission for all. So each point is told whom it leans on and what would hold if all ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

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

    The outcomes stay as they are: which of the points should end is the board's to say. The set is
    looked at where two or more may be replaced and the policy asks for substitutes. ``subjects``
    and ``results`` are aligned with the snapshot's points.
    """
    meeting = [i for i, result in enumerate(results) if result.outcome is Outcome.MAY_BE_REPLACED]
    alone = [s for i in meeting if (s := results[i].substitution) is not None]
    names = {point.id: point.name for point in snapshot.points}
    leaning, ends = relying(alone), _agreement_ends(snapshot)
    flags = {
        s.point: [*_relies(leaning.get(s.point, ()), names), *_ending(s, ends, names)]
        for s in alone
    }
    checks: tuple[Reason, ...] = ()
    if policy.substitution is not None and len(meeting) > 1 and alone:
        demand = [subject.demand[policy.window] for subject in subjects]
        at_once = tools.together(snapshot, demand, policy.substitution, meeting)
        for found in at_once:
            flags.setdefault(found.point, []).extend(_at_once(found))
        checks = (_check(at_once, names),)
    flagged = (
        replace(result, reasons=(*result.reasons, *flags.get(result.point, ())))
        for result in results
    )
    return tuple(flagged), checks


def is_flag(reason: Reason) -> bool:
    """Whether a reason asks to look twice at a point that meets the criteria."""
    return reason.code.startswith(FLAG) or reason.code.endswith(".uncertain")


def _relies(on: Sequence[str], names: Mapping[str, str]) -> Iterable[Reason]:
    if on:
        values = {"points": tuple(names[id_] for id_ in on)}
        yield Reason("parity.relies_on", "", Verdict.FALSE, values=values, data={"points": on})


def _agreement_ends(snapshot: Snapshot) -> dict[str, date]:
    return {
        point.id: point.agreement.until
        for point in snapshot.points
        if point.agreement is not None and point.agreement.until is not None
    }


def _ending(
    found: Substitution, ends: Mapping[str, date], names: Mapping[str, str]
) -> Iterable[Reason]:
    """Rooms that take visits by an agreement with an end: what is met today may not stay met."""
    rooms = sorted({r.id for r in found.receivers if r.channel == "video_room"} & ends.keys())
    if rooms:
        values = {"points": tuple(names[id_] for id_ in rooms), "day": min(ends[r] for r in rooms)}
        data = {"agreements": {id_: ends[id_] for id_ in rooms}}
        yield Reason("parity.agreement_ends", "", Verdict.UNKNOWN, values=values, data=data)


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


def _check(at_once: Sequence[Substitution], names: Mapping[str, str]) -> Reason:
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
