"""Weekly rosters of a point: from which day on, who works on which weekdays."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.models import BookingMode, Resource, RosterPattern
from palveluverkko.booking.roster import make_shifts
from palveluverkko.booking.shifts import add_patterns, end_pattern, patterns_of, people_for
from palveluverkko.booking.terms import TermsBook
from palveluverkko.network.models import ServicePoint
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import Typed, read_pattern
from palveluverkko.web.labels import WEEKDAY
from palveluverkko.web.portal import clock


@managers_page
def patterns(request: HttpRequest, point_id: str) -> HttpResponse:
    point = get_object_or_404(ServicePoint, pk=point_id)
    zone = offerings.current().zone_of(point_id)
    today = outlets.local_date(clock.now(), zone)
    typed: Typed | None = None
    if request.method == "POST":
        if request.POST.get("what") == "end":
            _end(request, point)
            return redirect("desk-patterns", point_id=point_id)
        typed = read_pattern(request.POST, point_id)
        if not typed.problem:
            _add(request, typed, point)
            return redirect("desk-patterns", point_id=point_id)
    context = {
        "point": point,
        "today": today,
        "rows": [
            (pattern, WEEKDAY[pattern.weekday], [words.channel(m) for m in pattern.modes])
            for pattern in patterns_of(point_id, today)
        ],
        "people": people_for(point_id, today),
        "desks": Resource.objects.filter(kind=Resource.Kind.DESK, point=point).order_by("name"),
        "modes": BookingMode.choices,
        "weekdays": list(enumerate(WEEKDAY)),
        "typed": typed,
    }
    return render(request, "desk/patterns.html", context, status=422 if typed else 200)


def _add(request: HttpRequest, typed: Typed, point: ServicePoint) -> None:
    """The rows, and their shifts as far as times are given out already."""
    assert typed.person is not None
    assert typed.day is not None
    assert typed.begins is not None
    assert typed.ends is not None
    add_patterns(
        typed.person,
        typed.weekdays,
        typed.begins,
        typed.ends,
        point=point.pk,
        desk=typed.desk,
        modes=typed.modes,
        urgent_only=typed.urgent_only,
        since=typed.day,
    )
    last = typed.day + timedelta(days=TermsBook.load().horizon_days + 1)
    made = make_shifts(typed.day, last)
    messages.success(
        request,
        ngettext("%(n)s shift was made.", "%(n)s shifts were made.", made) % {"n": made},
    )
    messages.info(request, _("Where somebody works already or the point is shut, none is made."))


def _end(request: HttpRequest, point: ServicePoint) -> None:
    number = request.POST.get("pattern", "")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    pattern = get_object_or_404(RosterPattern, pk=pk, point=point)
    zone = offerings.current().zone_of(point.pk)
    now = clock.now()
    lost = end_pattern(pattern, outlets.local_date(now, zone), now=now)
    messages.success(request, _("The weekly roster ends today."))
    if lost:
        messages.warning(
            request,
            ngettext(
                "%(n)s booking cannot be kept and is on a work list.",
                "%(n)s bookings cannot be kept and are on a work list.",
                lost,
            )
            % {"n": lost},
        )
