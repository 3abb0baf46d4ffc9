"""Who would meet the needs of a point's customers if it ended, and could they carry the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palveluverkko.access.catchment import Catchments, catchments_of, points_of
from palveluverkko.access.journey import Weekdays, journey
from palveluverkko.access.load import Flow, Receivers, displaced_visits
from palveluverkko.access.model import (
    NeedCover,
    Receiver,
    Substitution,
    SubstitutionRules,
)
from palveluverkko.access.nearest import NEAREST, Nearest, Reach
from palveluverkko.access.needs import Asked, Cover, Residents
from palveluverkko.access.personal import OWN
from palveluverkko.access.standins import StandIns, areas_of, find_standins, need_classes
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.model import Snapshot
from palveluverkko.snapshot.values import Unknown


def substitute(
    snapshot: Snapshot,
    demand: Sequence[PointDemand],
    rules: SubstitutionRules,
    candidates: Sequence[int],
) -> tuple[Substitution, ...]:
    """What would replace each of ``candidates`` if it alone ended; aligned with ``candidates``.

    ``demand`` is aligned with ``snapshot.points``, ``candidates`` are indices into them. Visits
    are per week, times in minutes by car, one way. Method, definitions and the codes of what may
    be unknown: docs/methods/access.md.
    """
    return _substitute(snapshot, demand, rules, candidates, frozenset())


def together(
    snapshot: Snapshot,
    demand: Sequence[PointDemand],
    rules: SubstitutionRules,
    candidates: Sequence[int],
) -> tuple[Substitution, ...]:
    """What would replace the points ``candidates`` if all of them ended at once.

    As :func:`substitute`, but none of them receives anybody, and every receiver's verdict is about
    what all of them send there (``others_extra`` is the part of the others).
    """
    return _substitute(snapshot, demand, rules, candidates, frozenset(candidates))


def relying(substitutions: Sequence[Substitution]) -> Mapping[str, tuple[str, ...]]:
    """Which of these points lean on others of them: point id to ids of receivers in the set.

    To be asked of :func:`substitute`'s answer for points that might end together; where it is not
    empty, :func:`together` tells what then holds.
    """
    ids = {s.point for s in substitutions}
    leaning = {
        s.point: tuple(sorted({r.id for r in s.receivers if r.id in ids})) for s in substitutions
    }
    return {point: receivers for point, receivers in leaning.items() if receivers}


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all candidates share: looked up once, for all of their areas."""

    snapshot: Snapshot
    demand: Sequence[PointDemand]
    rules: SubstitutionRules
    catchments: Catchments
    standins: StandIns
    own_after: Nearest
    weekdays: Weekdays
    columns: Mapping[str, int]
    channels: frozenset[str]

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        demand: Sequence[PointDemand],
        rules: SubstitutionRules,
        candidates: Sequence[int],
        gone: frozenset[int],
    ) -> _Setting:
        reach = Reach(snapshot, rules.travel)
        own = points_of(snapshot, OWN)
        catchments = catchments_of(reach, own, snapshot)
        areas = areas_of(catchments, candidates)
        after = catchments.nearest
        if gone:
            after = reach.nearest(areas, own[~np.isin(own, list(gone))], NEAREST)
        return cls(
            snapshot=snapshot,
            demand=demand,
            rules=rules,
            catchments=catchments,
            standins=find_standins(snapshot, rules, reach, catchments, candidates, gone),
            own_after=after,
            weekdays=Weekdays.of(snapshot, reach, areas, gone),
            columns={s: i for i, s in enumerate(snapshot.demand.services)},
            channels=frozenset(c.code for c in snapshot.channels),
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A candidate's answer before anybody's load has been looked at."""

    substitution: Substitution
    flow: Flow
    visits: float | None
    unknown: tuple[Unknown, ...]


def _substitute(
    snapshot: Snapshot,
    demand: Sequence[PointDemand],
    rules: SubstitutionRules,
    candidates: Sequence[int],
    gone: frozenset[int],
) -> tuple[Substitution, ...]:
    setting = _Setting.of(snapshot, demand, rules, candidates, gone)
    drafts = [_draft(setting, candidate) for candidate in candidates]
    receivers = Receivers(snapshot, demand, rules.full)
    if gone:
        receivers.together([(draft.flow, draft.visits) for draft in drafts])
    return tuple(_conclude(draft, receivers.of(draft.flow, draft.visits)) for draft in drafts)


def _draft(setting: _Setting, candidate: int) -> _Draft:
    areas, share = setting.catchments.of(candidate)
    who = Residents(candidate, areas, share * setting.snapshot.areas.residents[areas])
    classes = need_classes(setting.snapshot, candidate)
    blank = Substitution(
        point=setting.snapshot.points[candidate].id,
        needs_met=None,
        needs=(),
        receivers=(),
        residents=who.total,
        five_day_before=None,
        five_day_after=None,
        journey=None,
    )
    missing = _why_not(setting, who, classes)
    if missing is not None:
        return _Draft(blank, Flow(), None, (missing,))
    visits = displaced_visits(setting.demand[candidate])
    weekly = None if isinstance(visits, Unknown) else visits
    flow, needs, unknown = _needs(setting, who, classes, weekly)
    limit = setting.rules.minutes
    five_before, five_after = setting.weekdays.shares(areas, who.people, limit, candidate)
    before = setting.catchments.nearest.at(areas)[1].min(axis=1, initial=np.inf)
    after = setting.own_after.at(areas, candidate)[1].min(axis=1, initial=np.inf)
    draft = replace(
        blank,
        needs=needs,
        five_day_before=five_before,
        five_day_after=five_after,
        journey=journey(before, after, who.people),
        unmet_visits=None if weekly is None else flow.unmet * weekly,
    )
    return _Draft(
        draft, flow, weekly, (visits, *unknown) if isinstance(visits, Unknown) else unknown
    )


def _needs(
    setting: _Setting, who: Residents, classes: Sequence[str], weekly: float | None
) -> tuple[Flow, tuple[NeedCover, ...], tuple[Unknown, ...]]:
    """Flow and cover of every need class, and what is unknown about them."""
    rules = setting.rules
    mix, why = _mix(setting, who.point, classes)
    flow = Flow()
    covers: dict[object, Cover] = {}
    weights: dict[object, float] = {}
    needs: list[NeedCover] = []
    for service in classes:
        asked = Asked.by(service, who.point, rules, setting.standins, setting.channels)
        if asked.key not in covers:
            covers[asked.key] = Cover.of(asked, who, rules.minutes)
        cover = covers[asked.key]
        weights[asked.key] = weights.get(asked.key, 0.0) + mix[service]
        visits = None if weekly is None else mix[service] * weekly
        need = cover.need(service, rules.minimum_share, visits)
        if why is not None:
            # A guessed mix proves nothing, but geography alone can disprove.
            need = replace(need, met=None if need.met else need.met, why=need.why or why)
        needs.append(need)
    for key, cover in covers.items():
        cover.send(weights[key], rules.shift, flow)
    unknown = [] if why is None else [why]
    unknown += [n.why for n in needs if n.met is None and n.why is not None and n.why != why]
    return flow, tuple(needs), tuple(unknown)


def _why_not(setting: _Setting, who: Residents, classes: Sequence[str]) -> Unknown | None:
    """Why nothing can be said of a candidate's customers, if so."""
    if setting.snapshot.points[who.point].kind not in OWN:
        return Unknown("access.not_own_point")
    if who.total <= 0:
        return Unknown("access.catchment_empty")
    if not classes:
        return Unknown("access.offers_unknown")
    return None


def _mix(
    setting: _Setting, candidate: int, classes: Sequence[str]
) -> tuple[dict[str, float], Unknown | None]:
    """Share of each need class in the point's visits; equal parts, and why, if nobody counted."""
    counts = setting.snapshot.demand.service_visits
    known = [s for s in classes if s in setting.columns]
    visits = {s: float(counts[candidate, setting.columns[s]]) for s in known}
    total = sum(visits.values())
    if len(known) < len(classes) or total <= 0:
        return dict.fromkeys(classes, 1.0 / len(classes)), Unknown("access.mix_unknown")
    return {s: visits[s] / total for s in classes}, None


def _conclude(draft: _Draft, receivers: tuple[Receiver, ...]) -> Substitution:
    """Join cover and load: True needs both, a proven failure is False, anything else is None."""
    met = [need.met for need in draft.substitution.needs]
    unsure = [r.id for r in receivers if r.verdict == "unknown"]
    unknown = list(draft.unknown)
    needs_met: bool | None
    if any(m is False for m in met):
        needs_met = False
    elif unknown:
        needs_met = None
    elif any(r.verdict == "over_capacity" for r in receivers):
        needs_met = False
    elif unsure:
        needs_met = None
        unknown = [Unknown("access.capacity_unknown", {"receivers": tuple(unsure)})]
    else:
        needs_met = True
    return replace(
        draft.substitution,
        needs_met=needs_met,
        receivers=receivers,
        unknown=unknown[0] if unknown else None,
    )
