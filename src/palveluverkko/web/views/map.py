"""The national map, its data and its boundaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.snapshot.model import PointKind
from palveluverkko.web import credits, map_data, symbols
from palveluverkko.web.labels import label
from palveluverkko.web.rows import Row, rows_of
from palveluverkko.web.selection import Selection
from palveluverkko.web.texts import in_language
from palveluverkko.web.views.common import needs_network, show

FINLAND = [19.1, 59.5, 31.7, 70.2]  # west, south, east, north


@needs_network
def map_page(request: HttpRequest, selection: Selection) -> HttpResponse:
    rows = rows_of(selection.report, selection.staff)
    return show(
        request,
        "web/map.html",
        selection,
        {
            "headline": headline(rows),
            "outcomes": outcome_table(rows),
            "kinds": [kind.value for kind in _kinds(rows)],
            "areas": selection.report["areas"],
            "layers": _layers(rows, selection.report["areas"]),
            "map_config": _config(selection),
            "map_locale": _locale(),
        },
    )


def headline(rows: list[Row]) -> dict[str, int]:
    """The network in figures: own points, those open on five days or fewer, and the others."""
    own = [row for row in rows if row.kind == PointKind.SERVICE_POINT]
    regular = Counter("five" if row.regular_days >= 5 else "fewer" for row in own)
    return {
        "service_points": len(own),
        "five_days": regular["five"],
        "fewer_days": regular["fewer"],
        "joint_points": sum(row.kind == PointKind.JOINT_SERVICE_POINT for row in rows),
        "pop_ups": sum(row.kind == PointKind.POP_UP_POINT for row in rows),
        "may_be_replaced": sum(row.outcome == "may_be_replaced" for row in rows),
    }


def _kinds(rows: list[Row]) -> list[PointKind]:
    return [kind for kind in PointKind if any(row.kind == kind for row in rows)]


def outcome_table(rows: list[Row]) -> list[dict[str, Any]]:
    """Points by outcome and kind: what the map shows, as a table with links to the points."""
    kinds = _kinds(rows)
    counts = Counter((row.outcome, row.kind) for row in rows)
    return [
        {
            "outcome": outcome.value,
            "cells": [(kind.value, counts[outcome.value, kind.value]) for kind in kinds],
            "total": sum(counts[outcome.value, kind.value] for kind in kinds),
        }
        for outcome in symbols.SHAPES
        if any(counts[outcome.value, kind.value] for kind in kinds)
    ]


def _layers(rows: list[Row], areas: list[dict[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    """What can be switched on and off, with counts."""
    located = [area for area in areas if area["lat"] is not None]
    outcomes = Counter([*(r.outcome for r in rows), *(a["outcome"] for a in located)])
    kinds = Counter([*(r.kind for r in rows), *(symbols.AREA for _a in located)])
    return {
        "outcomes": [(o.value, outcomes[o.value]) for o in symbols.SHAPES if outcomes[o.value]],
        "kinds": [(kind, kinds[kind]) for kind in symbols.SIZES if kinds[kind]],
    }


def _config(selection: Selection) -> dict[str, Any]:
    shown = [credits.names(), settings.MAP_TILE_ATTRIBUTION]
    return {
        "places": reverse("map-places") + selection.query,
        "boundaries": reverse("boundaries"),
        "tiles": settings.MAP_TILE_URL,
        "attribution": " | ".join(credit for credit in shown if credit),
        "bounds": FINLAND,
        "shapes": symbols.shapes_as_data(),
        "sizes": symbols.SIZES,
        "texts": {
            "open": _("Open the point's page"),
            "failed": _("The map could not be drawn. The table of points has the same content."),
        },
    }


def _locale() -> dict[str, str]:
    """The map library's own words."""
    return {
        "Map.Title": _("Map of the service network. The table of points has the same content."),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "Popup.Close": _("Close"),
        "AttributionControl.ToggleAttribution": _("Show the sources of the map"),
        "CooperativeGesturesHandler.MobileHelpText": _("Use two fingers to move the map."),
        "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map."),
        "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map."),
    }


@needs_network
def map_places(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Points and proposals as GeoJSON for the map; unchanged data are not sent again."""
    etag = quote_etag(f"{selection.state}.{get_language()}")
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    rows = rows_of(selection.report, selection.staff)
    features = [
        *(_point_feature(row, selection.query) for row in rows),
        *_area_features(selection.report["areas"]),
    ]
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)  # ask again, by the ETag
    return response


_RANK = {outcome.value: rank for rank, outcome in enumerate(symbols.DRAWING_ORDER)}


def _point_feature(row: Row, query: str) -> dict[str, Any]:
    proposals = ", ".join(label("outcome", proposal) for proposal in row.proposals)
    visits = _("Visits a week: %(visits)s") % {"visits": row.visits_text}
    if row.interval_text:
        visits = _("Visits a week: %(visits)s (95 %% interval %(interval)s)") % {
            "visits": row.visits_text,
            "interval": row.interval_text,
        }
    notes = [
        _("Proposed: %(proposals)s") % {"proposals": proposals} if proposals else "",
        _("Some of the data are synthetic.") if row.synthetic else "",
    ]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.point["lon"], row.point["lat"]]},
        "properties": {
            "name": row.name,
            "place": row.municipality,
            "kind": row.kind,
            "kind_label": row.kind_label,
            "outcome": row.outcome,
            "outcome_label": row.outcome_label,
            "visits": visits,
            "note": " ".join(note for note in notes if note),
            "url": reverse("point", args=[row.id]) + query,
            "rank": _RANK[row.outcome],
        },
    }


def _area_features(areas: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for area in areas:
        if area["lat"] is None:
            continue
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [area["lon"], area["lat"]]},
            "properties": {
                "name": in_language(area["names"]),
                "place": area["municipality"],
                "kind": symbols.AREA,
                "kind_label": label("level", area["level"]),
                "outcome": area["outcome"],
                "outcome_label": label("outcome", area["outcome"]),
                "visits": "",
                "note": " ".join(
                    reason["text"][get_language() or "fi"] for reason in area["reasons"][:1]
                ),
                "url": "",
                "rank": _RANK[area["outcome"]],
            },
        }


def boundaries(request: HttpRequest) -> HttpResponse | FileResponse:
    """Municipality boundaries as TopoJSON; they change with the program, so by its ETag."""
    path = map_data.boundaries_path()
    stat = path.stat()
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = HttpResponse(path.read_bytes(), content_type="application/json")
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=86_400)
    return response
