"""An assessment as the one document that the CLI prints, pages show and runs store.

Everything in it is plain JSON; numbers are rounded to what they can bear, so that the bytes do not
depend on the last bit of a floating-point unit.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from django.utils import translation

from palveluverkko.access.model import Journey, NeedCover, Receiver, Substitution
from palveluverkko.criteria.model import AreaResult, Assessment, PointResult, Reason
from palveluverkko.decisions.reasons import render
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.model import Municipality, Point, Snapshot
from palveluverkko.snapshot.values import Estimate, Figure, Unknown

LANGUAGES = ("fi", "sv", "en")
Names = Mapping[str, str]


def plain(value: object) -> Any:
    """``value`` as JSON can hold it; infinity and unknown become null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Estimate):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(v) for v in value)
    if hasattr(value, "item"):  # a NumPy scalar
        return plain(value.item())
    return value


def document(assessment: Assessment, snapshot: Snapshot, data_hash: str) -> dict[str, Any]:
    """The whole document; see ``docs/formats.md`` for every key."""
    municipalities = {m.code: m for m in snapshot.municipalities}
    points = {p.id: p for p in snapshot.points}
    texts = _texts(assessment, snapshot)
    return {
        "policy": assessment.policy,
        "policy_hash": assessment.policy_hash,
        "as_of": snapshot.as_of.isoformat(),
        "data_hash": data_hash,
        "summary": dict(sorted(Counter(r.outcome.value for r in assessment.points).items())),
        "points": [_point(result, points, municipalities, texts) for result in assessment.points],
        "areas": [_area(result, municipalities, texts) for result in assessment.areas],
        "checks": [_reason(reason, texts) for reason in assessment.checks],
    }


def to_bytes(content: Mapping[str, Any]) -> bytes:
    """Canonical bytes: the same content always gives the same bytes."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _texts(assessment: Assessment, snapshot: Snapshot) -> dict[int, dict[str, str]]:
    """Every reason's sentence in every language, language by language (switching is slow)."""
    reasons = [
        *(r for result in assessment.points for r in result.reasons),
        *(r for result in assessment.areas for r in result.reasons),
        *assessment.checks,
    ]
    texts: dict[int, dict[str, str]] = {id(r): {} for r in reasons}
    for language in LANGUAGES:
        names = _names(snapshot, language)
        with translation.override(language):
            for reason in reasons:
                texts[id(reason)][language] = render(reason, language, names)
    return texts


def _names(snapshot: Snapshot, language: str) -> Names:
    """Names in ``language`` of what sentences speak of: services by code, places by their name."""
    names = {s.code: s.names.get(language, "") for s in snapshot.services}
    names |= {m.name_fi: getattr(m, f"name_{language}") for m in snapshot.municipalities}
    names |= {p.name: p.names.get(language, "") for p in snapshot.points}
    return {key: name for key, name in names.items() if name}


def _figure(figure: Figure | float | None) -> tuple[float | None, list[float | None] | None]:
    if isinstance(figure, Estimate):
        return plain(figure.value), [plain(figure.low), plain(figure.high)]
    return plain(figure), None


def _reason(reason: Reason, texts: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    value, interval = _figure(reason.figure)
    return {
        "criterion": reason.criterion,
        "code": reason.code,
        "verdict": reason.verdict.value,
        "figure": value,
        "interval": interval,
        "unit": reason.unit,
        "operator": reason.operator,
        "threshold": plain(reason.threshold),
        "data": plain(reason.data),
        "text": dict(texts[id(reason)]),
    }


def _demand(demand: PointDemand) -> dict[str, Any]:
    visits, interval = _figure(demand.observed)
    effective, effective_interval = _figure(demand.effective)
    return {
        "weekly_visits": visits,
        "interval": interval,
        "effective_visits": effective,
        "effective_interval": effective_interval,
        "utilisation": plain(demand.utilisation),
        "capacity_per_week": plain(demand.capacity_per_week),
        "capped_weeks": demand.capped_weeks,
        "trend_per_year": _figure(demand.trend_per_year)[0],
        "trend_interval": _figure(demand.trend_per_year)[1],
        "change": None
        if demand.change is None
        else {"direction": demand.change.direction, "since": demand.change.since.isoformat()},
        "weeks": {
            "complete": demand.weeks.complete,
            "holiday": demand.weeks.holiday,
            "closed": demand.weeks.closed,
            "missing": demand.weeks.missing,
        },
    }


def _point(
    result: PointResult,
    points: Mapping[str, Point],
    municipalities: Mapping[str, Municipality],
    texts: Mapping[int, Mapping[str, str]],
) -> dict[str, Any]:
    point, substitution = points[result.point], result.substitution
    return {
        "id": point.id,
        "name": point.name,
        "names": _all_names(point.name, point.names),
        "municipality": _municipality_name(point.municipality, municipalities),
        "municipality_code": point.municipality,
        "kind": point.kind.value,
        "lat": point.lat,
        "lon": point.lon,
        "opening_days": len(point.open_weekdays),
        "weekdays": list(point.open_weekdays),
        "regular_days": len(point.regular_weekdays),
        "weekly_open_minutes": point.weekly_open_minutes,
        **_demand(result.demand),
        "outcome": result.outcome.value,
        "failing": list(result.failing),
        "proposals": [p.value for p in result.proposals],
        "reasons": [_reason(r, texts) for r in result.reasons],
        "needs": [] if substitution is None else [_need(n) for n in substitution.needs],
        "substitutes": []
        if substitution is None
        else [_receiver(r, points) for r in substitution.receivers],
        "access": None if substitution is None else _access(substitution),
        "synthetic": list(point.synthetic),
    }


def _municipality_name(code: str, municipalities: Mapping[str, Municipality]) -> str:
    return municipalities[code].name_fi if code in municipalities else code


def _need(need: NeedCover) -> dict[str, Any]:
    return {
        "service": need.service,
        "visits_per_week": plain(need.visits_per_week),
        "covered_share": plain(need.covered_share),
        "by_channel": plain(need.by_channel),
        "met": need.met,
        "why": None if need.why is None else need.why.code,
    }


def _all_names(name: str, names: Names) -> dict[str, str]:
    """A name in every language; one that is not translated stays as it is."""
    return {language: names.get(language) or name for language in LANGUAGES}


def _receiver(receiver: Receiver, points: Mapping[str, Point]) -> dict[str, Any]:
    names = points[receiver.id].names if receiver.id in points else {}
    return {
        "channel": receiver.channel,
        "id": receiver.id,
        "name": receiver.name,
        "names": _all_names(receiver.name, names),
        "extra_visits": plain(receiver.extra_visits),
        "load_before": plain(receiver.load_before),
        "capacity": plain(receiver.capacity),
        "minutes": plain(receiver.minutes),
        "verdict": receiver.verdict,
    }


def _access(substitution: Substitution) -> dict[str, Any]:
    return {
        "residents": plain(substitution.residents),
        "five_day_before": plain(substitution.five_day_before),
        "five_day_after": plain(substitution.five_day_after),
        **_journey(substitution.journey),
    }


def _journey(journey: Journey | None) -> dict[str, Any]:
    names = ("median_before", "median_after", "p90_before", "p90_after", "longest_after")
    found = {name: None if journey is None else plain(getattr(journey, name)) for name in names}
    return {**found, "histogram": [] if journey is None else plain(journey.histogram)}


def _area_names(result: AreaResult, municipalities: Mapping[str, Municipality]) -> dict[str, str]:
    town = municipalities.get(result.id) if result.level == "municipality" else None
    names = {} if town is None else {x: getattr(town, f"name_{x}") for x in LANGUAGES}
    return _all_names(result.name, names)


def _area(
    result: AreaResult,
    municipalities: Mapping[str, Municipality],
    texts: Mapping[int, Mapping[str, str]],
) -> dict[str, Any]:
    return {
        "level": result.level,
        "id": result.id,
        "name": result.name,
        "names": _area_names(result, municipalities),
        "municipality": _municipality_name(result.municipality, municipalities),
        "municipality_code": result.municipality,
        "lat": plain(result.lat),
        "lon": plain(result.lon),
        "residents": plain(result.residents),
        "outcome": result.outcome.value,
        "reasons": [_reason(r, texts) for r in result.reasons],
    }
