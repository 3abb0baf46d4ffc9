"""Small made-up networks for tests of the criteria: the least that matters, all of it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

import palveluverkko
from palveluverkko.access.model import (
    Coverage,
    NeedCover,
    Receiver,
    Substitution,
)
from palveluverkko.criteria import Policy, load_policy
from palveluverkko.criteria.subjects import Tools
from palveluverkko.measuring.model import PointDemand, WeekTally
from palveluverkko.snapshot.model import (
    Areas,
    DemandWeeks,
    Mode,
    Municipality,
    Offer,
    Point,
    PointKind,
    RemoteChannel,
    Service,
    Snapshot,
    WeekStatus,
)
from palveluverkko.snapshot.values import Estimate, Figure, Unknown

POLICIES = Path(palveluverkko.__file__).parent / "policies"
NEEDS = ("family", "general", "identification", "pension", "social_assistance_urgent")
AS_OF = date(2018, 6, 1)
WEEKS = 52


def policy_text(name: str) -> str:
    return (POLICIES / f"{name}.toml").read_text(encoding="utf-8")


def policy(name: str = "kela-2017-12") -> Policy:
    return load_policy(policy_text(name), f"{name}.toml")


def point(
    id_: str,
    lat: float = 62.0,
    lon: float = 25.0,
    kind: PointKind = PointKind.SERVICE_POINT,
    weekdays: Sequence[int] = (0, 1, 2, 3, 4),
    mode: Mode = Mode.WALK_IN,
    municipality: str = "001",
) -> Point:
    days = tuple(weekdays)
    return Point(
        id=id_,
        name=id_.title(),
        kind=kind,
        municipality=municipality,
        lat=lat,
        lon=lon,
        regular_weekdays=days,
        open_weekdays=days,
        weekly_open_minutes=len(days) * 360,
        offers=tuple(Offer(service, mode, days) for service in NEEDS),
    )


def demand_weeks(
    visits: Sequence[Sequence[int]],
    slots: Sequence[Sequence[int]] | int = -1,
    status: Sequence[Sequence[int]] | None = None,
) -> DemandWeeks:
    counts = np.array(visits, dtype=np.int32).reshape(
        len(visits), len(visits[0]) if visits else WEEKS
    )
    states = np.zeros(counts.shape) if status is None else np.array(status)
    return DemandWeeks(
        first_monday=date(2017, 5, 29),
        visits=np.where(states == WeekStatus.MISSING, 0, counts).astype(np.int32),
        slots=np.broadcast_to(np.array(slots, dtype=np.int32), counts.shape).copy(),
        open_minutes=np.full(counts.shape, 1800, dtype=np.int32),
        status=states.astype(np.uint8),
        services=NEEDS,
        service_visits=np.full((len(counts), len(NEEDS)), 100, dtype=np.int64),
    )


def areas(positions: Sequence[tuple[float, float, float]], municipality: str = "001") -> Areas:
    lat, lon, residents = (np.array(column, dtype=float) for column in zip(*positions, strict=True))
    count = len(positions)
    return Areas(
        ids=tuple(f"{i:05d}" for i in range(count)),
        names=tuple(f"Area {i}" for i in range(count)),
        municipalities=(municipality,) * count,
        lat=lat,
        lon=lon,
        residents=residents,
    )


def snapshot(
    points: Sequence[Point],
    weeks: DemandWeeks | None = None,
    places: Areas | None = None,
    phone: float | None = 100_000.0,
) -> Snapshot:
    return Snapshot(
        as_of=AS_OF,
        agency="agency",
        points=tuple(points),
        areas=places or areas([(62.0, 25.0, 1000.0)]),
        municipalities=(
            Municipality("001", "Ykkölä", "Ettby", "Onetown", "fi", "rural", 1000),
            Municipality("002", "Kakkola", "Tvåby", "Twotown", "fi", "urban", 1000),
        ),
        services=tuple(Service(code, code == "identification") for code in NEEDS),
        channels=(RemoteChannel("phone", phone, 0.0, True),),
        demand=weeks or demand_weeks([[40] * WEEKS for _ in points]),
    )


def estimate(value: float, low: float | None = None, high: float | None = None) -> Estimate:
    low = value if low is None else low
    return Estimate(value, low, value if high is None else high, 44, "test")


def demand(
    observed: Figure | float,
    effective: Figure | float | None = None,
    *,
    capped: int = 0,
    missing: int = 0,
    utilisation: float | None = 0.5,
    capacity: float | None = 200.0,
) -> PointDemand:
    seen = estimate(observed) if isinstance(observed, (int, float)) else observed
    wanted = estimate(effective) if isinstance(effective, (int, float)) else effective
    return PointDemand(
        observed=seen,
        effective=seen if wanted is None else wanted,
        weeks=WeekTally(complete=44, holiday=8 - missing, closed=0, missing=missing),
        capped_weeks=capped,
        utilisation=utilisation,
        capacity_per_week=capacity,
        trend_per_year=Unknown("demand.trend_too_short", {"usable": 44, "needed": 60}),
        change=None,
    )


def substitution(
    point_id: str,
    met: bool | None = True,
    unmet: Sequence[str] = (),
    full: Sequence[str] = (),
    receivers: Sequence[str] = ("neighbour",),
) -> Substitution:
    return Substitution(
        point=point_id,
        needs_met=met,
        needs=tuple(
            NeedCover(s, 8.0, 0.4 if s in unmet else 1.0, {}, s not in unmet) for s in NEEDS
        ),
        receivers=tuple(
            Receiver(
                "neighbour",
                r,
                r.title(),
                10.0,
                50.0,
                100.0,
                20.0,
                "over_capacity" if r in full else "fits",
            )
            for r in (*receivers, *full)
        ),
        residents=1000.0,
        five_day_before=1.0,
        five_day_after=0.9,
        journey=None,
        unknown=Unknown("access.mix_unknown") if met is None else None,
    )


def tools(
    measured: Sequence[PointDemand],
    substitutions: dict[str, Substitution] | None = None,
    at_once: dict[str, Substitution] | None = None,
) -> Tools:
    """Measurements that answer what the test says."""
    given = substitutions or {}
    gone = given | (at_once or {})
    everywhere = Coverage(share=1.0, residents=1000.0, by_municipality={"001": 1.0}, uncovered=())
    return Tools(
        measure=lambda weeks, window, changes=True: tuple(measured),
        substitute=lambda snap, dem, rules, candidates: tuple(
            given.get(snap.points[i].id, substitution(snap.points[i].id)) for i in candidates
        ),
        together=lambda snap, dem, rules, candidates: tuple(
            gone.get(snap.points[i].id, substitution(snap.points[i].id)) for i in candidates
        ),
        coverage=lambda snap, **asked: everywhere,
        five_day_access=lambda snap, minutes, travel: everywhere,
    )
