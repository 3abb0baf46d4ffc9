"""The rows of the table as files: CSV, JSON and GeoJSON, with the same figures as the page."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from palveluverkko.web.rows import Row, why

FIELDS = (
    "id",
    "name",
    "municipality_code",
    "municipality",
    "region",
    "kind",
    "outcome",
    "proposals",
    "opening_days",
    "weekly_visits",
    "weekly_visits_low",
    "weekly_visits_high",
    "weekly_visits_note",
    "lat",
    "lon",
    "synthetic",
    "reason",
)

# A cell that begins like a formula would be run by a spreadsheet (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(row: Row) -> dict[str, Any]:
    """A row as plain values. A withheld figure is null and its note says so."""
    low, high = row.point["interval"] or (None, None)
    return {
        "id": row.id,
        "name": row.name,
        "municipality_code": row.municipality_code,
        "municipality": row.municipality,
        "region": row.region,
        "kind": row.kind,
        "outcome": row.outcome,
        "proposals": list(row.proposals),
        "opening_days": row.opening_days,
        "weekly_visits": row.weekly_visits,
        "weekly_visits_low": low,
        "weekly_visits_high": high,
        "weekly_visits_note": _note(row),
        "lat": row.point["lat"],
        "lon": row.point["lon"],
        "synthetic": list(row.point["synthetic"]),
        "reason": why(row),
    }


def _note(row: Row) -> str:
    if row.shielded:
        return "fewer than 5"
    return "unknown" if row.weekly_visits is None else ""


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(str(v) for v in value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_csv(rows: Sequence[Row], name: str) -> HttpResponse:
    """UTF-8 with a byte order mark, so that spreadsheets read ä, č and ŋ."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.DictWriter(response, FIELDS)
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in record(row).items()})
    return response


def _about(report: Mapping[str, Any]) -> dict[str, Any]:
    return {key: report[key] for key in ("policy", "policy_hash", "as_of", "data_hash")}


def as_json(rows: Sequence[Row], report: Mapping[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(
        {**_about(report), "points": [record(row) for row in rows]},
        json_dumps_params={"ensure_ascii": False},
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def as_geojson(rows: Sequence[Row], report: Mapping[str, Any], name: str) -> HttpResponse:
    """RFC 7946: longitude before latitude, WGS 84."""
    response = JsonResponse(
        {
            "type": "FeatureCollection",
            **_about(report),
            "features": [feature(row) for row in rows],
        },
        json_dumps_params={"ensure_ascii": False},
        content_type="application/geo+json",
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.geojson"'
    return response


def feature(row: Row) -> dict[str, Any]:
    properties = record(row)
    lat, lon = properties.pop("lat"), properties.pop("lon")
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }
