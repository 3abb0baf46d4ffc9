"""After the last customer: yesterday's open rows are closed, numbers forgotten, days reported."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from palveluverkko.booking.capacity import served_days
from palveluverkko.demand.queries import reported_days
from palveluverkko.demand.services import report_day
from palveluverkko.messages.services import cancel_messages
from palveluverkko.network.errors import ImportRejected
from palveluverkko.walkins.hours import local_day
from palveluverkko.walkins.models import ENDED, DeskSession, Tally, Ticket, TicketState

# A day is still reported after the server was off for so long.
REPORT_DAYS = 31
# Hours past midnight go on; whatever is open so long after its day's end was forgotten.
AFTER_MIDNIGHT = timedelta(hours=3)

Figures = Callable[[str, date], Mapping[str, int | None]]
logger = logging.getLogger(__name__)


def close_past_days(now: datetime | None = None) -> int:
    """Close tickets and desks left open on a past day, and delete phone numbers; rows changed.

    Such tickets become ``left``, marked as closed by the program: nobody knows what happened.
    """
    moment = now or timezone.now()
    changed = 0
    for point_id in _points_with_leftovers():
        day = local_day(point_id, moment - AFTER_MIDNIGHT)
        with transaction.atomic():
            changed += _close(point_id, day, moment)
    return changed


def report_finished_days(now: datetime | None = None, figures: Figures | None = None) -> int:
    """Report each finished day on which a desk was open, a visit tallied or a booked customer
    served; how many were.

    So a day without customers is a zero; a day without either stays missing. A day that is
    reported already is left alone. ``figures`` gives :func:`report_day` what else is known of a
    point's day (``slots``, ``booked``).
    """
    moment = now or timezone.now()
    since = (moment - timedelta(days=REPORT_DAYS)).date()
    kept = _kept_days(since)
    kept -= reported_days(sorted({point for point, _day in kept}), since)
    today = {point: local_day(point, moment) for point, _day in kept}
    reported = 0
    for point, day in sorted(kept):
        if day < today[point]:
            reported += _report(point, day, figures(point, day) if figures else {})
    return reported


def _points_with_leftovers() -> list[str]:
    tickets = Ticket.objects.exclude(state__in=ENDED) | Ticket.objects.exclude(phone="")
    sessions = DeskSession.objects.filter(until=None)
    points = {*tickets.values_list("point_id", flat=True)}
    return sorted(points | {*sessions.values_list("point_id", flat=True)})


def _close(point_id: str, day: date, now: datetime) -> int:
    # Desks are locked before tickets, as in a call; an adviser may press "finish" this moment.
    sessions = DeskSession.objects.filter(point_id=point_id, day__lt=day, until=None)
    list(sessions.select_for_update().order_by("pk").values_list("pk"))
    left = Ticket.objects.select_for_update().filter(point_id=point_id, day__lt=day)
    open_tickets = list(left.exclude(state__in=ENDED).order_by("pk"))
    for ticket in open_tickets:
        ticket.state = TicketState.LEFT
        ticket.ended_at = max(now, ticket.taken_at)
        ticket.closed_at_night = True
        ticket.save()
        cancel_messages(about=f"ticket:{ticket.pk}")
    numbers = Ticket.objects.filter(point_id=point_id, day__lt=day).exclude(phone="")
    forgotten = numbers.update(phone="")
    return len(open_tickets) + forgotten + sessions.update(until=now, closed_at_night=True)


def _kept_days(since: date) -> set[tuple[str, date]]:
    sessions = DeskSession.objects.filter(day__gte=since).order_by()
    tallies = Tally.objects.filter(day__gte=since, taken_back_at=None).order_by()
    return {
        *sessions.values_list("point_id", "day").distinct(),
        *tallies.values_list("point_id", "day").distinct(),
        *served_days(since),
    }


def _report(point_id: str, day: date, figures: Mapping[str, int | None]) -> int:
    try:
        report_day(point_id, day, **figures)
    except ImportRejected as refused:
        # Such as a point that has been ended for that day since: the others are reported.
        logger.warning("The day %s of %s was not reported: %s", day, point_id, refused)
        return 0
    return 1
