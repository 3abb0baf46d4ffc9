"""The table of all points with its exports: the map's content without a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from palveluverkko.criteria.model import Outcome
from palveluverkko.snapshot.model import PointKind
from palveluverkko.web import exports
from palveluverkko.web.rows import FILTERS, Row, chosen, headings, ordered, rows_of
from palveluverkko.web.selection import Selection
from palveluverkko.web.views.common import needs_network, show


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in FILTERS}


def _filtered(request: HttpRequest, selection: Selection) -> tuple[list[Row], list[Row]]:
    rows = rows_of(selection.report, selection.staff)
    return rows, ordered(chosen(rows, _asked(request)), request.GET.get("sort", "name"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: only what occurs."""

    kinds: list[str]
    outcomes: list[str]
    regions: list[tuple[str, str]]
    municipalities: list[tuple[str, str]]


def _choices(rows: Sequence[Row]) -> Choices:
    occurring = {row.outcome for row in rows} | {p for row in rows for p in row.proposals}
    return Choices(
        kinds=[kind.value for kind in PointKind if any(row.kind == kind for row in rows)],
        outcomes=[o.value for o in Outcome if o.value in occurring],
        regions=_named({(r.region_code, r.region) for r in rows if r.region_code}),
        municipalities=_named({(r.municipality_code, r.municipality) for r in rows}),
    )


def _named(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())


@needs_network
def points(request: HttpRequest, selection: Selection) -> HttpResponse:
    rows, shown = _filtered(request, selection)
    kept = {key: value for key, value in request.GET.items() if value}
    return show(
        request,
        "web/points.html",
        selection,
        {
            "rows": shown,
            "total": len(rows),
            "asked": _asked(request),
            "choices": _choices(rows),
            "headings": headings(request.GET),
            "export_query": f"?{urlencode(kept)}" if kept else "",
        },
    )


@needs_network
def points_export(request: HttpRequest, selection: Selection, form: str) -> HttpResponse:
    """The filtered rows as ``csv``, ``json`` or ``geojson``."""
    _rows, shown = _filtered(request, selection)
    name = f"points-{selection.name}-{selection.as_of.isoformat()}"
    if form == "csv":
        return exports.as_csv(shown, name)
    if form == "json":
        return exports.as_json(shown, selection.report, name)
    return exports.as_geojson(shown, selection.report, name)
