"""One point: what the criteria say of it and why, its demand, hours and substitutes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from palveluverkko.demand.contacts import remote_contacts
from palveluverkko.demand.privacy import is_small
from palveluverkko.network.models import JointAgreement, ServiceOffer, ServicePoint, valid_on
from palveluverkko.network.queries import timetables
from palveluverkko.web import hours, places
from palveluverkko.web.demand_chart import chart_data, chart_weeks
from palveluverkko.web.labels import label
from palveluverkko.web.privacy import point_for
from palveluverkko.web.selection import Selection
from palveluverkko.web.views.common import needs_network, show

REMOTE_MODES = ("phone", "video")
REMOTE_DAYS = 364


@needs_network
def point(request: HttpRequest, selection: Selection, point_id: str) -> HttpResponse:
    found = next((p for p in selection.report["points"] if p["id"] == point_id), None)
    registered = ServicePoint.objects.filter(pk=point_id).first()
    if found is None or registered is None:
        raise Http404(point_id)
    shown = point_for(found, selection.staff)
    weeks = chart_weeks(point_id, selection.as_of, selection.staff)
    window = selection.policy.policy.window.weeks
    town = places.municipalities().get(found["municipality_code"])
    return show(
        request,
        "web/point.html",
        selection,
        {
            "point": shown,
            "registered": registered,
            "municipality": town.name if town else found["municipality"],
            "weeks": list(reversed(weeks)),
            "withheld": any(week.withheld for week in weeks),
            "chart": chart_data(weeks, shown, selection.as_of, window) if weeks else None,
            "remote": _remote(found["municipality_code"], selection),
            "needs": _needs(shown),
            "journeys": _journeys(shown),
            **_service(registered, selection.as_of),
        },
    )


def _remote(municipality: str, selection: Selection) -> dict[str, Any] | None:
    """Who of the municipality was served remotely in a year; few are not told to the public."""
    first = selection.as_of - timedelta(days=REMOTE_DAYS - 1)
    found = remote_contacts(municipality, first, selection.as_of)
    if found is None:
        return None
    counts = {mode: found.by_channel.get(mode, 0) for mode in REMOTE_MODES}
    return {
        "lines": [
            (label("mode", mode), n, is_small(n) and not selection.staff)
            for mode, n in counts.items()
        ],
        "share": found.told / max(found.served, found.told),
        "first": first,
    }


def _service(registered: ServicePoint, day: date) -> dict[str, Any]:
    """What the point offers, when, and by whose agreement, on ``day``."""
    timetable = timetables([registered.pk]).get(registered.pk)
    offers = ServiceOffer.objects.filter(valid_on(day), point=registered)
    modes: dict[str, list[str]] = {}
    for offer in offers.select_related("service").order_by("service__position", "mode"):
        modes.setdefault(offer.service.name, []).append(label("mode", offer.mode))
    agreements = JointAgreement.objects.filter(valid_on(day), point=registered)
    return {
        "offers": modes.items(),
        "week": hours.regular_week(registered, day),
        "deviations": hours.deviations(timetable, registered, day) if timetable else [],
        "agreement": agreements.first(),
        "languages": [label("language", code) for code in registered.languages],
    }


def _needs(point: dict[str, Any]) -> list[dict[str, Any]]:
    """The need classes with their names, and the channels that reach anybody for each."""
    names = places.services()
    return [
        {
            **need,
            "name": names.get(need["service"], need["service"]),
            "channels": [(c, share) for c, share in need["by_channel"].items() if share],
        }
        for need in point["needs"]
    ]


def _journeys(point: dict[str, Any]) -> list[dict[str, Any]]:
    """Residents per band of travel time, with widths for the bars in per cent."""
    access = point["access"]
    bands = access["histogram"] if access else []
    most = max((max(before, after) for _upper, before, after in bands), default=0)
    lower = 0.0
    lines = []
    for upper, before, after in bands:
        lines.append(
            {
                "lower": lower,
                "upper": upper,
                "before": before,
                "after": after,
                "before_width": round(100 * before / most) if most else 0,
                "after_width": round(100 * after / most) if most else 0,
            }
        )
        lower = upper or lower
    return lines
