"""Why the needs of a point's customers are met by other services, are not, or cannot be known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from palveluverkko.access.model import NeedCover, Receiver, Substitution
from palveluverkko.criteria.model import Reason, Verdict
from palveluverkko.criteria.policy import Criterion
from palveluverkko.criteria.subjects import PointSubject


def reasons(criterion: Criterion, verdict: Verdict, subject: PointSubject) -> tuple[Reason, ...]:
    """One reason for what stands in the way: need classes, full receivers, unknown things."""
    found = subject.substitution
    if found is None:
        return (_reason(criterion, "needs.unknown", verdict, subject, why="needs.not_computed"),)
    if found.needs_met:
        return (_reason(criterion, "needs.met", verdict, subject),)
    unmet, full = _unmet(found), _full(found)
    told = []
    if unmet:
        told.append(_reason(criterion, "needs.not_met", verdict, subject, needs=_codes(unmet)))
    if full:
        told.append(
            _reason(criterion, "needs.receiver_full", verdict, subject, receivers=_names(full))
        )
    if found.needs_met is None or not told:
        told.extend(_unknown(criterion, verdict, subject, found))
    return tuple(told)


def _unknown(
    criterion: Criterion, verdict: Verdict, subject: PointSubject, found: Substitution
) -> list[Reason]:
    told = []
    unknown = [n for n in found.needs if n.met is None]
    unsure = [r for r in found.receivers if r.verdict == "unknown"]
    if unknown:
        told.append(
            _reason(criterion, "needs.unknown_needs", verdict, subject, needs=_codes(unknown))
        )
    if unsure:
        told.append(
            _reason(criterion, "needs.receiver_unknown", verdict, subject, receivers=_names(unsure))
        )
    if not told:
        why = found.unknown.code if found.unknown else "needs.not_computed"
        detail = dict(found.unknown.detail) if found.unknown else {}
        told.append(_reason(criterion, "needs.unknown", verdict, subject, why=why, detail=detail))
    return told


def unmet(found: Substitution) -> tuple[str, ...]:
    """Need classes that are known to have no substitute."""
    return _codes(_unmet(found))


def over_capacity(found: Substitution) -> tuple[str, ...]:
    """Receivers that are known to be pushed over their capacity, as sentences name them."""
    return _names(_full(found))


def _unmet(found: Substitution) -> list[NeedCover]:
    return [n for n in found.needs if n.met is False]


def _full(found: Substitution) -> list[Receiver]:
    return [r for r in found.receivers if r.verdict == "over_capacity"]


def failing(found: Substitution | None) -> tuple[str, ...]:
    """``need:<class>`` and ``receiver:<id>`` for everything that is known to stand in the way."""
    if found is None:
        return ()
    needs = (f"need:{n.service}" for n in _unmet(found))
    receivers = (f"receiver:{r.id}" for r in _full(found))
    return (*needs, *receivers)


def _reason(
    criterion: Criterion, code: str, verdict: Verdict, subject: PointSubject, **values: object
) -> Reason:
    rules = subject.substitution_rules
    share = None if rules is None else 100.0 * rules.minimum_share
    minutes = None if rules is None else rules.minutes
    return Reason(
        code=code,
        criterion=criterion.id,
        verdict=verdict,
        unit=criterion.unit,
        operator=criterion.operator,
        values={"title": criterion.title, "share": share, "minutes": minutes, **values},
        data={"role": criterion.role.value, **facts(subject.substitution)},
    )


def facts(found: Substitution | None) -> dict[str, Any]:
    """What lies behind a finding about substitutes."""
    if found is None:
        return {}
    return {
        "residents": found.residents,
        "needs": {n.service: {"covered_share": n.covered_share, "met": n.met} for n in found.needs},
        "receivers": [
            {
                "channel": r.channel,
                "id": r.id,
                "extra_visits": r.extra_visits,
                "others_extra": r.others_extra,
                "load_before": r.load_before,
                "capacity": r.capacity,
                "verdict": r.verdict,
            }
            for r in found.receivers
        ],
    }


def _codes(found: Iterable[NeedCover]) -> tuple[str, ...]:
    return tuple(n.service for n in found)


def _names(found: Iterable[Receiver]) -> tuple[str, ...]:
    """Names of points; codes of remote channels, which the reader's language names."""
    return tuple(
        r.name if r.channel in ("neighbour", "video_room") else f"channel:{r.channel}"
        for r in found
    )
