"""A customer's own queue number: place, wait, coming back later, leaving."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import offerings
from palveluverkko.walkins.errors import WalkInError
from palveluverkko.walkins.models import TicketState
from palveluverkko.walkins.queries import queue, walk_in_hours
from palveluverkko.walkins.services import come_back_at, leave, wait_here
from palveluverkko.walkins.values import TicketInfo
from palveluverkko.web.desk import words
from palveluverkko.web.desk.dates import instant, read_time
from palveluverkko.web.kiosk.take import name_of, ticket_of, wait_context
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private

STEP = timedelta(minutes=15)
MOST_TIMES = 16


@private
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    found = ticket_of(token)
    zone = offerings.current().zone_of(found.point)
    if request.method == "POST":
        _change(request, found, zone)
        return redirect("ticket-page", token=token)
    context: dict[str, Any] = {
        "ticket": found,
        "point_id": found.point,
        "point_name": name_of(found.point),
        "taken": words.clock(found.taken_at, zone),
        "zone": zone,
    }
    if found.state == TicketState.WAITING:
        context |= wait_context(found) | {
            "before": _before(found),
            "times": _times(found, zone),
            "back": words.clock(found.come_back_at, zone) if found.come_back_at else "",
        }
    return render(request, "kiosk/ticket.html", context)


def _change(request: HttpRequest, found: TicketInfo, zone: str) -> None:
    """Leave, come back at a time, or wait here after all; again: nothing more."""
    what = request.POST.get("what", "")
    now = clock.now()
    try:
        if what == "leave":
            leave(found.id, now=now)
        elif what == "back":
            at = read_time(request.POST.get("at"))
            if at is None:
                messages.error(request, _("Choose a time."))
                return
            come_back_at(found.id, instant(found.day, at, zone), now=now)
        elif what == "here":
            wait_here(found.id)
    except WalkInError as error:
        messages.error(request, words.problem(error, zone))


def _before(found: TicketInfo) -> int:
    """How many numbers with an earlier place wait."""
    ahead = 0
    for place in queue(found.point, clock.now()).places:
        if place.ticket.id == found.id:
            return ahead
        ahead += 1
    return ahead


def _times(found: TicketInfo, zone: str) -> list[tuple[str, str]]:
    """Quarters of an hour until closing, of which the customer chooses one to come back at."""
    now = clock.now()
    closes = walk_in_hours(found.point, found.service, now).closes_at
    if closes is None:
        return []
    first = _next_quarter(now + STEP)
    times = [first + n * STEP for n in range(MOST_TIMES)]
    kept = [t for t in times if t < closes - STEP]
    return [(words.clock24(t, zone), words.clock(t, zone)) for t in kept]


def _next_quarter(moment: datetime) -> datetime:
    floor = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return floor + STEP
