"""Areas out of reach, put together by municipality: one proposal for each, not one per area."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from palveluverkko.access.model import CoverageArea
from palveluverkko.criteria.findings import Finding, compared, reason
from palveluverkko.criteria.logic import best_case, criteria_in, evaluate
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.model import AreaResult, Reason, Verdict
from palveluverkko.criteria.policy import OPENING, Criterion, Policy, Rule
from palveluverkko.criteria.subjects import AreaGroup, Country
from palveluverkko.snapshot.model import Areas, Snapshot
from palveluverkko.snapshot.values import Unknown


@dataclass(frozen=True, slots=True)
class _Places:
    """Where areas are and what municipalities are called, looked up once for all groups."""

    areas: Areas
    row: Mapping[str, int]
    names: Mapping[str, str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> _Places:
        return cls(
            snapshot.areas,
            {id_: i for i, id_ in enumerate(snapshot.areas.ids)},
            {m.code: m.name_fi for m in snapshot.municipalities},
        )


def area_results(policy: Policy, country: Country) -> tuple[AreaResult, ...]:
    """What the policy's area rules propose, by municipality; the first rule that holds decides."""
    found: dict[str, AreaResult] = {}
    places = _Places.of(country.snapshot)
    for rule in policy.rules:
        criteria = [policy.criterion(c) for c in criteria_in(rule.when)]
        if any(METRICS[c.metric].level == "area" for c in criteria):
            for code, result in _by_rule(rule, criteria, country, places).items():
                found.setdefault(code, result)
    return tuple(found[code] for code in sorted(found))


def _by_rule(
    rule: Rule, criteria: list[Criterion], country: Country, places: _Places
) -> Mapping[str, AreaResult]:
    far = [c for c in criteria if METRICS[c.metric].level == "area"]
    grouped = [c for c in criteria if METRICS[c.metric].level == "group"]
    beyond = {c.id: _beyond(c, country) for c in far}
    uncovered: dict[str, CoverageArea] = {}
    for areas in beyond.values():
        if areas is not None:
            uncovered.update(areas)
    waived = {c.id for c in grouped}
    groups: dict[str, list[CoverageArea]] = {}
    for id_, area in sorted(uncovered.items()):

        def verdict_of(criterion: str, id_: str = id_) -> Verdict:
            areas = beyond[criterion]
            if areas is None:
                return Verdict.UNKNOWN
            return Verdict.TRUE if id_ in areas else Verdict.FALSE

        if best_case(rule.when, verdict_of, waived) is Verdict.TRUE:
            groups.setdefault(area.municipality, []).append(area)
    results = {}
    for code, members in groups.items():
        group = AreaGroup(code, tuple(members))
        findings = {c.id: _group_finding(c, group) for c in grouped}
        answers = {c.id: Verdict.TRUE for c in far} | {c: f.verdict for c, f in findings.items()}
        if evaluate(rule.when, answers.__getitem__) is Verdict.TRUE:
            told = [_far_reason(c, group) for c in far]
            told += [r for f in findings.values() for r in f.reasons]
            results[code] = _result(rule, group, told, places)
    return results


def _beyond(criterion: Criterion, country: Country) -> dict[str, CoverageArea] | None:
    """The areas that are too far, by id; None where the stratum is unknown."""
    coverage = METRICS[criterion.metric].compute(country, criterion)
    if isinstance(coverage.share, Unknown):
        return None
    return {area.id: area for area in coverage.uncovered}


def _group_finding(criterion: Criterion, group: AreaGroup) -> Finding:
    metric = METRICS[criterion.metric]
    return compared(criterion, metric, float(metric.compute(group, criterion)), {})


def _far_reason(criterion: Criterion, group: AreaGroup) -> Reason:
    """How far the farthest of the areas is, how many there are and how many people live there."""
    metric = METRICS[criterion.metric]
    in_minutes = metric.name == "nearest_minutes"
    farthest = max(area.minutes if in_minutes else area.km for area in group.areas)
    code = f"{metric.sentence}.above" if math.isfinite(farthest) else "far.unreachable"
    return reason(
        criterion,
        code,
        Verdict.TRUE,
        farthest,
        {"areas": [area.id for area in group.areas]},
        areas=tuple(area.name for area in group.areas),
        count=len(group.areas),
        residents=sum(area.residents for area in group.areas),
    )


def _result(rule: Rule, group: AreaGroup, reasons: list[Reason], places: _Places) -> AreaResult:
    rows = np.array([places.row[area.id] for area in group.areas])
    weights = np.array([area.residents for area in group.areas])
    return AreaResult(
        level="municipality",
        id=group.municipality,
        name=places.names.get(group.municipality, group.municipality),
        municipality=group.municipality,
        lat=float(np.average(places.areas.lat[rows], weights=weights)),
        lon=float(np.average(places.areas.lon[rows], weights=weights)),
        residents=float(weights.sum()),
        outcome=OPENING[rule.action],
        reasons=tuple(reasons),
    )
