"""A small network and what an assessment says of it: one point of every outcome."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

from palveluverkko.demand.models import PointWeek
from palveluverkko.network import models
from palveluverkko.snapshot.model import WeekStatus
from tests import factories

AS_OF = date(2018, 6, 1)
POLICY = "kela-2017-12"

TOWNS = (
    ("213", "Kangasniemi", "Kangasniemi", "10", "Etelä-Savo", "Södra Savolax"),
    ("322", "Kemiönsaari", "Kimitoön", "02", "Varsinais-Suomi", "Egentliga Finland"),
)


def build_network() -> None:
    """Two municipalities, five services, five points with hours, an exception, an agreement."""
    factories.AgencyFactory(closed_days=["12-24"])
    for code, fi, sv, region, region_fi, region_sv in TOWNS:
        town = factories.MunicipalityFactory(
            code=code,
            name_fi=fi,
            name_sv=sv,
            region_code=region,
            region_fi=region_fi,
            region_sv=region_sv,
        )
        factories.AreaFactory(code=f"{code}00", municipality=town)
    factories.ServiceFactory()
    factories.ServiceFactory(
        code="identification", name_fi="Tunnistaminen", name_en="Identification in person"
    )
    for point in POINTS:
        _register(point)
    monday = AS_OF + timedelta(days=3)
    for point_id in ("big", "small"):
        models.OpeningException.objects.create(
            point_id=point_id,
            first=monday,
            last=monday,
            closed=True,
            reason_fi="Koulutuspäivä",
            reason_en="Training day",
        )
    factories.JointAgreementFactory(point_id="joint", host="Kemiönsaaren kunta")


def _register(point: dict[str, Any]) -> None:
    registered = factories.ServicePointFactory(
        id=point["id"],
        name_fi=point["name"],
        kind=point["kind"],
        municipality_id=point["municipality_code"],
        lat=point["lat"],
        lon=point["lon"],
        synthetic=point["synthetic"],
    )
    for weekday in point["weekdays"]:
        factories.OpeningHoursFactory(point=registered, weekday=weekday, opens=time(9))
    factories.ServiceOfferFactory(point=registered, service_id="general")
    for weeks_ago in range(1, 13):
        PointWeek.objects.create(
            point=registered,
            monday=date(2018, 5, 28) - timedelta(weeks=weeks_ago),
            status=WeekStatus.MISSING if weeks_ago == 4 else WeekStatus.COMPLETE,
            visits=0 if weeks_ago == 4 else round(point["weekly_visits"] or 0),
            slots=round(point["capacity_per_week"]),
            days_open=len(point["weekdays"]),
            days_reported=len(point["weekdays"]),
        )


def _reason(criterion: str, code: str, verdict: str, english: str, **more: Any) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "code": code,
        "verdict": verdict,
        "figure": None,
        "interval": None,
        "unit": "",
        "operator": "",
        "threshold": None,
        "data": {},
        "text": {"fi": f"{english} (fi)", "sv": f"{english} (sv)", "en": english},
        **more,
    }


def _demand(visits: float, low: bool) -> dict[str, Any]:
    return _reason(
        "low_demand",
        "demand.below" if low else "demand.at_least",
        "true" if low else "false",
        f"Demand is {visits} visits a week; the limit is 100.",
        figure=visits,
        unit="visits/week",
        operator="<",
        threshold=100.0,
        data={"capacity_per_week": visits * 2},
    )


def _point(
    point_id: str,
    name: str,
    outcome: str,
    visits: float | None,
    *,
    kind: str = "service_point",
    town: int = 0,
    **more: Any,
) -> dict[str, Any]:
    code, town_name = TOWNS[town][0], TOWNS[town][1]
    days = more.pop("days", [1])
    reasons = [] if visits is None else [_demand(visits, visits < 100)]
    return {
        "id": point_id,
        "name": name,
        "names": {"fi": name, "sv": name, "en": name},
        "municipality": town_name,
        "municipality_code": code,
        "kind": kind,
        "lat": 61.9 if town == 0 else 60.2,
        "lon": 26.6 if town == 0 else 22.7,
        "opening_days": len(days),
        "weekdays": days,
        "regular_days": len(days),
        "weekly_open_minutes": 420 * len(days),
        "weekly_visits": visits,
        "interval": None if visits is None else [visits * 0.9, visits * 1.1],
        "effective_visits": visits,
        "effective_interval": None if visits is None else [visits * 0.9, None],
        "utilisation": None if visits is None else 0.612,
        "capacity_per_week": (visits or 10) * 2,
        "capped_weeks": 0,
        "trend_per_year": None,
        "trend_interval": None,
        "change": None,
        "weeks": {"complete": 50, "holiday": 1, "closed": 0, "missing": 1},
        "outcome": outcome,
        "failing": [],
        "proposals": [],
        "reasons": reasons,
        "needs": [],
        "substitutes": [],
        "access": None,
        "synthetic": [],
        **more,
    }


POINTS: list[dict[str, Any]] = [
    _point("big", "Mikkeli keskus", "keep", 412.0, days=[0, 1, 2, 3, 4]),
    _point(
        "small",
        "Kangasniemi",
        "may_be_replaced",
        3.217,
        synthetic=["opening_hours", "visits"],
        change={"direction": "falling", "since": "2017-03-06"},
        needs=[
            {
                "service": "identification",
                "visits_per_week": 1.087,
                "covered_share": 0.97,
                "by_channel": {"neighbour": 0.97, "phone": 0.0},
                "met": True,
                "why": None,
            }
        ],
        substitutes=[
            {
                "channel": "neighbour",
                "id": "big",
                "name": "Mikkeli keskus",
                "names": {"fi": "Mikkeli keskus"},
                "extra_visits": 2.044,
                "load_before": 412.0,
                "capacity": 824.0,
                "minutes": 43.0,
                "verdict": "fits",
            }
        ],
        access={
            "residents": 5400.0,
            "five_day_before": 0.62,
            "five_day_after": 0.41,
            "median_before": 9.0,
            "median_after": 26.0,
            "p90_before": 22.0,
            "p90_after": 48.0,
            "longest_after": 71.0,
            "histogram": [[30.0, 5000.0, 3000.0], [60.0, 400.0, 2000.0], [None, 0.0, 400.0]],
        },
    ),
    _point("middle", "Älgö Ådö", "not_permitted", 57.5, town=1, failing=["needs_met"]),
    _point("full", "Täynnä", "capacity_limited", 18.0, town=1, proposals=["add_day"], days=[0, 2]),
    _point(
        "joint",
        "Asiointipiste Kemiö",
        "keep",
        None,
        kind="joint_service_point",
        town=1,
        days=[0, 1, 2, 3, 4],
    ),
]
POINTS[2]["reasons"].append(
    _reason("needs_met", "needs.not_met", "false", "No substitute for identification.")
)

AREAS = [
    {
        "level": "municipality",
        "id": "322",
        "name": "Hiittinen",
        "names": {"fi": "Hiittinen"},
        "municipality": "Kemiönsaari",
        "municipality_code": "322",
        "lat": 59.9,
        "lon": 22.5,
        "residents": 307.0,
        "outcome": "add_pop_up",
        "reasons": [_reason("far_away", "far", "true", "307 residents live over 60 minutes away.")],
    }
]


def document() -> dict[str, Any]:
    """What the engine would say of the network."""
    return {
        "policy": POLICY,
        "policy_hash": "a1" * 32,
        "as_of": AS_OF.isoformat(),
        "data_hash": "d2" * 32,
        "summary": dict(Counter(point["outcome"] for point in POINTS)),
        "points": POINTS,
        "areas": AREAS,
        "checks": [_reason("five_days", "share", "true", "96 % have service on five weekdays.")],
    }
