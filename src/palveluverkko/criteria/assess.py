"""The main road: a policy and a snapshot in, an outcome with reasons for every point out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from palveluverkko.criteria.areas import area_results
from palveluverkko.criteria.checks import checks
from palveluverkko.criteria.jointly import jointly
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.model import Assessment
from palveluverkko.criteria.points import point_result, point_rules, wants_substitution
from palveluverkko.criteria.policy import Policy
from palveluverkko.criteria.subjects import Country, PointSubject, Tools, WeekFacts
from palveluverkko.criteria.tools import TOOLS
from palveluverkko.measuring import usable_weeks
from palveluverkko.measuring.censored import capped_weeks
from palveluverkko.measuring.model import Window
from palveluverkko.snapshot.model import DemandWeeks, Snapshot, WeekStatus


def assess(policy: Policy, snapshot: Snapshot, tools: Tools = TOOLS) -> Assessment:
    """What the policy says of every point, of areas, and of the country on the as-of date.

    Pure: the same policy and snapshot always give the same assessment. ``tools`` are the
    measurements; other ones may be put in to look at the rules alone.
    """
    subjects = _with_substitution(policy, snapshot, _subjects(policy, snapshot, tools), tools)
    rules = point_rules(policy)
    alone = tuple(point_result(policy, rules, subject) for subject in subjects)
    points, at_once = jointly(policy, snapshot, subjects, alone, tools)
    country = Country(snapshot, policy.travel, tools)
    return Assessment(
        policy=policy.id,
        policy_hash=policy.hash,
        points=points,
        areas=area_results(policy, country),
        checks=(*checks(policy, country, points), *at_once),
    )


def _windows(policy: Policy) -> tuple[Window, ...]:
    asked = (c.period.window for c in policy.criteria if "period" in METRICS[c.metric].options)
    return tuple(dict.fromkeys((policy.window, *asked)))


def _subjects(policy: Policy, snapshot: Snapshot, tools: Tools) -> list[PointSubject]:
    measured = {
        window: tools.measure(snapshot.demand, window, changes=window == policy.window)
        for window in _windows(policy)
    }
    facts = {window: week_facts(snapshot.demand, window) for window in measured}
    services = tuple(service.code for service in snapshot.services)
    return [
        PointSubject(
            point=point,
            demand={window: demand[i] for window, demand in measured.items()},
            weeks={window: shown[i] for window, shown in facts.items()},
            services=services,
            substitution_rules=policy.substitution,
        )
        for i, point in enumerate(snapshot.points)
    ]


def _with_substitution(
    policy: Policy, snapshot: Snapshot, subjects: list[PointSubject], tools: Tools
) -> list[PointSubject]:
    """Substitutes are worked out only where they can matter: it is the dear part."""
    if policy.substitution is None:
        return subjects
    candidates = [i for i, subject in enumerate(subjects) if wants_substitution(policy, subject)]
    demand = [subject.demand[policy.window] for subject in subjects]
    found = tools.substitute(snapshot, demand, policy.substitution, candidates)
    for i, substitution in zip(candidates, found, strict=True):
        subjects[i] = replace(subjects[i], substitution=substitution)
    return subjects


def week_facts(weeks: DemandWeeks, window: Window) -> tuple[WeekFacts, ...]:
    """What the window's weeks show, point by point; rows as in ``weeks``."""
    last = slice(-window.weeks, None)
    visits = weeks.visits[:, last].astype(np.float64)
    slots = weeks.slots[:, last].astype(np.float64)
    status = weeks.status[:, last]
    reported = (status == WeekStatus.COMPLETE) | (status == WeekStatus.HOLIDAY)
    usable = usable_weeks(status, window)
    free = usable & ~capped_weeks(visits, slots, usable)
    busiest = np.where(reported, np.maximum(visits, slots), 0.0).max(axis=1, initial=0.0)
    free_visits = np.where(free, visits, 0.0).sum(axis=1)
    return tuple(WeekFacts(float(b), float(f)) for b, f in zip(busiest, free_visits, strict=True))
