"""Whose areas are served from afar, by month; small cells are withheld from the public.

Only finished months: a figure that grew from day to day would tell of single people.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from palveluverkko.api.auth import sees_small_cells
from palveluverkko.demand.clock import today
from palveluverkko.demand.contacts import RemoteMonth, remote_months
from palveluverkko.demand.privacy import is_small
from palveluverkko.network.models import Municipality

router = Router(tags=["contacts"])
CHANNELS = ("phone", "video")


class ChannelOut(Schema):
    """``contacts`` is null where it is withheld (``suppressed``) or unknown."""

    contacts: int | None
    suppressed: bool


class MonthOut(Schema):
    """``told`` of the country's ``served`` contacts came with a known area; the others' areas are
    unknown. Where ``told`` is 0, so is what the municipality had; any more is for staff only.
    """

    month: date
    phone: ChannelOut
    video: ChannelOut
    told: int | None
    served: int


@router.get(
    "/municipalities/{code}/remote-contacts",
    response=list[MonthOut],
    summary="Customers of a municipality served by phone and video",
)
def remote_contacts(
    request: HttpRequest, code: str, months: Annotated[int, Query(ge=1, le=120)] = 12
) -> list[dict[str, Any]]:
    """The finished months in which anybody was served, the oldest first."""
    get_object_or_404(Municipality, pk=code)
    before = today().replace(day=1)
    first = before
    for _month in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    staff = sees_small_cells(request)
    return [_month_of(month, staff) for month in remote_months(code, first, before)]


def _month_of(found: RemoteMonth, staff: bool) -> dict[str, Any]:
    cells = {name: _cell(found, name, staff) for name in CHANNELS}
    # Less what the other cells say, the exact sum would tell what is withheld in one of them.
    told = found.told if staff or not found.told else None
    return {"month": found.month, "told": told, "served": found.served, **cells}


def _cell(found: RemoteMonth, channel: str, staff: bool) -> dict[str, Any]:
    if found.by_channel is None:
        return {"contacts": None, "suppressed": False}
    contacts = found.by_channel.get(channel, 0)
    hidden = is_small(contacts) and not staff
    return {"contacts": None if hidden else contacts, "suppressed": hidden}
