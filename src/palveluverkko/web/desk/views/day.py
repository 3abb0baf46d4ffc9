"""The manager's day: every point of a region that serves today, and what needs a hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.booking import offerings
from palveluverkko.booking.outcomes import without_outcome
from palveluverkko.walkins.day_overview import day_of_points, regions, today
from palveluverkko.web.desk import words
from palveluverkko.web.desk.dates import asked_day
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

REGION, YEAR_SECONDS = "desk-region", 365 * 86_400


@managers_page
def day(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shown = asked_day(request.GET.get("day"), today(now))
    region = _region(request)
    points = day_of_points(shown, now, region)
    context = {
        "day": shown,
        "is_today": shown == today(now),
        "region": region,
        "regions": regions(),
        "points": points,
        "now": words.clock(now, offerings.current().zone),
        "totals": {
            "at_work": sum(p.at_work for p in points),
            "rostered": sum(p.rostered for p in points),
            "absent": sum(len(p.absent) for p in points),
            "waiting": sum(p.waiting for p in points),
            "left": sum(p.left for p in points),
            "no_outcome": without_outcome(now, region).count(),
            "to_do": sum(p.to_do for p in points),
        },
    }
    page = render(request, "desk/day.html", context)
    page.set_cookie(REGION, region, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return page


def _region(request: HttpRequest) -> str:
    """The one that was asked for, else the one that was looked at last, on this computer."""
    asked = request.GET.get("region")
    found = plain_text(request.COOKIES.get(REGION) if asked is None else asked, 10)
    return found if asked is not None or any(r.code == found for r in regions()) else ""
