"""Recording visits: counts as they are known, and visitors one by one as they come."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Router, Schema
from ninja.errors import HttpError

from palveluverkko.api.auth import require_recorder, signed_in
from palveluverkko.api.errors import Refusal
from palveluverkko.demand import services

router = Router(tags=["visits"], auth=signed_in)
MOST_COUNTS = 10_000  # larger deliveries are files for the import

Value = str | int | float | None


class CountIn(Schema):
    """Visits of one point, day (YYYY-MM-DD), service and mode. A repeated one replaces.

    The rules are those of files of counts, and so are the errors: the types here are wide.
    """

    point: Value = None
    date: Value = None
    service: Value = None
    mode: Value = None
    visits: Value = None


class ArrivalIn(Schema):
    """One visitor, now."""

    point: str
    service: str
    mode: str


class Recorded(Schema):
    """How many counts were written, of how many points, and how many finished weeks changed."""

    counts: int
    points: int
    weeks: int


@router.post("/visits", response={200: Recorded, 422: Refusal}, summary="Set counts of visits")
def record(request: HttpRequest, counts: Body[list[CountIn] | CountIn]) -> dict[str, Any]:
    """One count or a list; all of them are written, or none."""
    require_recorder(request.auth)  # type: ignore[attr-defined]
    rows = [counts] if isinstance(counts, CountIn) else counts
    if len(rows) > MOST_COUNTS:
        limit = _("Send at most %(most)s counts at a time.") % {"most": MOST_COUNTS}
        raise HttpError(413, limit)
    done = services.record_counts([row.model_dump() for row in rows])
    return {"counts": done.counts, "points": done.points, "weeks": done.weeks}


@router.post("/arrivals", response={204: None, 422: Refusal}, summary="Count one visitor more")
def arrive(request: HttpRequest, arrival: ArrivalIn) -> HttpResponse:
    require_recorder(request.auth)  # type: ignore[attr-defined]
    services.add_visit(arrival.point, arrival.service, arrival.mode)
    return HttpResponse(status=204)
