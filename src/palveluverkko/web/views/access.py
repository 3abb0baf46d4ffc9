"""Access: who reaches personal service, by municipality, and the areas that are too far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from palveluverkko.web import places
from palveluverkko.web.coverage import reach_of
from palveluverkko.web.selection import NOT_IN_FORCE, Selection
from palveluverkko.web.views.common import needs_network, show


@dataclass(frozen=True, slots=True)
class MunicipalityShare:
    """A check's share in one municipality."""

    name: str
    share: float


def _shares(check: dict[str, Any], towns: dict[str, places.Place]) -> list[MunicipalityShare]:
    """Shares by municipality behind a check, lowest first."""
    by_code: dict[str, float] = check["data"].get("by_municipality", {})
    lines = [
        MunicipalityShare(towns[code].name if code in towns else code, value)
        for code, value in by_code.items()
    ]
    return sorted(lines, key=lambda line: (line.share, line.name))


@needs_network
def access(request: HttpRequest, selection: Selection) -> HttpResponse:
    towns = places.municipalities()
    report = selection.report
    checks = [
        {**check, "shares": _shares(check, towns)}
        for check in report["checks"]
        if check["code"] not in NOT_IN_FORCE  # the head of the page says so already
    ]
    reach = reach_of(selection.policy.policy, selection.as_of)
    affected = [
        point
        for point in report["points"]
        if point["access"] and point["access"]["five_day_after"] is not None
    ]
    affected.sort(key=lambda p: p["access"]["five_day_after"] - p["access"]["five_day_before"])
    return show(
        request,
        "web/access.html",
        selection,
        {
            "checks": checks,
            "areas": report["areas"],
            "affected": affected,
            "reach": reach,
            "municipalities": [
                (towns[line.code].name if line.code in towns else line.code, line)
                for line in reach.municipalities
            ],
        },
    )
