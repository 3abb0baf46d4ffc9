"""``PointDemand`` as plain JSON values and back, without loss.

An open upper bound (``inf``) is written as null: JSON has no infinity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from palveluverkko.measuring.model import Change, PointDemand, WeekTally
from palveluverkko.snapshot.values import Estimate, Figure, Unknown

FIGURES = ("observed", "effective", "trend_per_year")


def to_plain(demand: PointDemand) -> dict[str, Any]:
    change = demand.change
    return {
        **{name: _figure(getattr(demand, name)) for name in FIGURES},
        "weeks": asdict(demand.weeks),
        "capped_weeks": int(demand.capped_weeks),
        "utilisation": _float(demand.utilisation),
        "capacity_per_week": _float(demand.capacity_per_week),
        "change": None
        if change is None
        else {
            "direction": change.direction,
            "since": change.since.isoformat(),
            "statistic": float(change.statistic),
            "limit": float(change.limit),
        },
    }


def from_plain(content: Mapping[str, Any]) -> PointDemand:
    change = content["change"]
    return PointDemand(
        observed=_read_figure(content["observed"]),
        effective=_read_figure(content["effective"]),
        trend_per_year=_read_figure(content["trend_per_year"]),
        weeks=WeekTally(**content["weeks"]),
        capped_weeks=content["capped_weeks"],
        utilisation=content["utilisation"],
        capacity_per_week=content["capacity_per_week"],
        change=None
        if change is None
        else Change(**{**change, "since": date.fromisoformat(change["since"])}),
    )


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _figure(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, Unknown):
        return {"unknown": figure.code, "detail": dict(figure.detail)}
    return {
        "value": float(figure.value),
        "low": float(figure.low) if math.isfinite(figure.low) else None,
        "high": float(figure.high) if math.isfinite(figure.high) else None,
        "weeks_used": int(figure.weeks_used),
        "method": figure.method,
        "level": float(figure.level),
    }


def _read_figure(content: Mapping[str, Any]) -> Figure:
    if "unknown" in content:
        return Unknown(content["unknown"], content["detail"])
    return Estimate(
        **{
            **content,
            "low": -math.inf if content["low"] is None else content["low"],
            "high": math.inf if content["high"] is None else content["high"],
        }
    )
