"""The table of points: rows from the document, filtered and sorted as the address asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from palveluverkko.web import figures, places
from palveluverkko.web.labels import label
from palveluverkko.web.privacy import point_for, reason_text
from palveluverkko.web.texts import in_language

FILTERS = ("q", "kind", "outcome", "region", "municipality")
COLUMNS = ("name", "municipality", "kind", "opening_days", "weekly_visits", "outcome")


@dataclass(frozen=True, slots=True)
class Row:
    """One point as the table, the map and the exports show it. ``point`` is the whole record."""

    id: str
    name: str
    municipality: str
    municipality_code: str
    region: str
    region_code: str
    kind: str
    kind_label: str
    outcome: str
    outcome_label: str
    proposals: tuple[str, ...]
    opening_days: int
    regular_days: int
    weekly_visits: float | None
    shielded: bool
    visits_text: str
    interval_text: str
    synthetic: bool
    point: Mapping[str, Any]


def rows_of(report: Mapping[str, Any], staff: bool) -> list[Row]:
    """A row for every point of the document, small figures withheld unless ``staff``."""
    towns = places.municipalities()
    return [_row(point, towns, staff) for point in report["points"]]


def _row(point: Mapping[str, Any], towns: Mapping[str, places.Place], staff: bool) -> Row:
    shown = point_for(point, staff)
    shielded = shown["shielded"]
    town = towns.get(point["municipality_code"])
    return Row(
        id=point["id"],
        name=in_language(point["names"]),
        municipality=town.name if town else point["municipality"],
        municipality_code=point["municipality_code"],
        region=town.region if town else "",
        region_code=town.region_code if town else "",
        kind=point["kind"],
        kind_label=label("kind", point["kind"]),
        outcome=point["outcome"],
        outcome_label=label("outcome", point["outcome"]),
        proposals=tuple(point["proposals"]),
        opening_days=point["opening_days"],
        regular_days=point["regular_days"],
        weekly_visits=shown["weekly_visits"],
        shielded=shielded,
        visits_text=figures.visits(shown["weekly_visits"], shielded),
        interval_text=figures.interval(shown["interval"]),
        synthetic=bool(point["synthetic"]),
        point=shown,
    )


def chosen(rows: Sequence[Row], asked: Mapping[str, str]) -> list[Row]:
    """The rows that every given filter accepts. ``q`` looks in name, id and municipality."""
    text = asked.get("q", "").strip().casefold()
    return [
        row
        for row in rows
        if (not text or text in f"{row.name} {row.municipality} {row.id}".casefold())
        and asked.get("kind") in (None, "", row.kind)
        and (not asked.get("outcome") or asked["outcome"] in (row.outcome, *row.proposals))
        and asked.get("region") in (None, "", row.region_code)
        and asked.get("municipality") in (None, "", row.municipality_code)
    ]


def _visits_key(row: Row) -> tuple[bool, float]:
    # Withheld figures are equal among themselves, below every figure that is shown.
    return (row.weekly_visits is None and not row.shielded, row.weekly_visits or 0.0)


_KEYS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: row.name.casefold(),
    "municipality": lambda row: row.municipality.casefold(),
    "kind": lambda row: row.kind_label,
    "opening_days": lambda row: row.opening_days,
    "weekly_visits": _visits_key,
    "outcome": lambda row: row.outcome_label,
}


def ordered(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows by one column, ``-`` before its name for descending; ties by name.

    Unknown figures come last in both directions: they are neither small nor large.
    """
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    by_name = sorted(rows, key=_KEYS["name"])
    if column not in _KEYS:
        return by_name
    result = sorted(by_name, key=_KEYS[column], reverse=descending)
    if column == "weekly_visits":
        result.sort(key=lambda row: _visits_key(row)[0])
    return result


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: where it leads and how the table is sorted now."""

    column: str
    query: str
    direction: str  # ascending | descending | none, as aria-sort says it


def headings(params: QueryDict) -> list[Heading]:
    """The sortable headings, each with the address that sorts by it (again: the other way)."""
    sort = params.get("sort", "name")
    return [_heading(column, sort, params) for column in COLUMNS]


def _heading(column: str, sort: str, params: QueryDict) -> Heading:
    direction = {column: "ascending", f"-{column}": "descending"}.get(sort, "none")
    target = f"-{column}" if direction == "ascending" else column
    others = {key: value for key, value in params.items() if value and key != "sort"}
    return Heading(column, "?" + urlencode({**others, "sort": target}), direction)


def why(row: Row) -> str:
    """The sentence that decided: of a failing criterion if any, else the first."""
    reasons = row.point["reasons"]
    failing = set(row.point["failing"])
    deciding = [r for r in reasons if r["criterion"] in failing] or reasons
    return reason_text(deciding[0]) if deciding else ""
