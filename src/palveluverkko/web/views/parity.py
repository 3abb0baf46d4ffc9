"""The parity report: every point that meets the criteria, and those that nearly do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from palveluverkko.criteria.model import Outcome
from palveluverkko.web import exports
from palveluverkko.web.rows import Row, ordered, rows_of
from palveluverkko.web.selection import Selection
from palveluverkko.web.views.common import needs_network, show


@dataclass(frozen=True, slots=True)
class Parity:
    """``meets``: may be replaced. ``near``: some criteria hold, others fail or are not known."""

    meets: list[Row]
    near: list[Row]


def parity_of(rows: list[Row]) -> Parity:
    """Every point that meets the criteria, none left out, and every near miss."""
    near = (Outcome.NOT_PERMITTED, Outcome.CAPACITY_LIMITED, Outcome.UNKNOWN)
    by_visits = ordered(rows, "weekly_visits")
    return Parity(
        meets=[row for row in by_visits if row.outcome == Outcome.MAY_BE_REPLACED],
        near=[row for row in by_visits if row.outcome in near],
    )


@needs_network
def parity(request: HttpRequest, selection: Selection) -> HttpResponse:
    found = parity_of(rows_of(selection.report, selection.staff))
    return show(request, "web/parity.html", selection, {"parity": found})


@needs_network
def parity_csv(request: HttpRequest, selection: Selection) -> HttpResponse:
    found = parity_of(rows_of(selection.report, selection.staff))
    name = f"parity-{selection.name}-{selection.as_of.isoformat()}"
    return exports.as_csv([*found.meets, *found.near], name)
