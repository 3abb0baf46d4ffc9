"""Ill this morning: who, from when until when; first what it would do, then done."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import closures, offerings, outlets
from palveluverkko.booking.models import Resource
from palveluverkko.booking.rehearsal import rehearse_absence
from palveluverkko.booking.shifts import advisers
from palveluverkko.walkins.desks import close_absent
from palveluverkko.web.desk import words
from palveluverkko.web.desk.dates import instant, read_day, read_time
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

FIELDS = ("person", "first", "from", "last", "until", "reason")
MOST_DAYS = 366


@managers_page
def absence(request: HttpRequest) -> HttpResponse:
    asked = request.POST or request.GET
    given = {name: plain_text(asked.get(name), 40) for name in FIELDS}
    today = outlets.local_date(clock.now(), offerings.current().zone)
    typed = {"first": today.isoformat(), "last": today.isoformat()}
    typed |= {k: v for k, v in given.items() if v}
    context: dict[str, Any] = {"typed": typed, "people": advisers(today), "point": _point(request)}
    if request.method != "POST":
        return render(request, "desk/absence.html", context)
    person, span, problem = _read(given)
    if person is None or span is None:
        return render(request, "desk/absence.html", context | {"problem": problem}, status=422)
    if request.POST.get("confirm"):
        closure = closures.absence(
            person,
            *span,
            reason=given["reason"],
            key=f"absence:{plain_text(request.POST.get('key'), 64)}",
            by=request.user,
        )
        if span[0] <= clock.now() < span[1] and not close_absent(person.pk, now=clock.now()):
            messages.warning(
                request,
                _("The desk of %(name)s stays open: a customer is there. Close it afterwards.")
                % {"name": person.name},
            )
        return redirect("desk-work", closure_id=closure.pk)
    zone = offerings.current().zone_of(person.point_id)
    context |= {
        "person": person,
        "found": rehearse_absence(person, *span),
        "start": words.short_when(span[0], zone),
        "end": words.short_when(span[1], zone),
        "key": uuid4().hex,
    }
    return render(request, "desk/absence.html", context)


def _read(given: dict[str, str]) -> tuple[Resource | None, tuple[Any, Any] | None, str]:
    """The person and the time; or what is wrong. No times of day: whole days."""
    number = given["person"]
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    person = Resource.objects.filter(pk=pk).exclude(kind__in=("desk", "room")).first()
    if person is None:
        return None, None, _("Choose who is away.")
    first = read_day(given["first"])
    last = read_day(given["last"]) or first
    if first is None or last is None:
        return person, None, _("Choose the day.")
    if not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
        return person, None, _("The last day is before the first, or more than a year later.")
    zone = offerings.current().zone_of(person.point_id)
    start = instant(first, read_time(given["from"]) or time(), zone)
    until = read_time(given["until"])
    end = instant(last, until, zone) if until else instant(last + timedelta(days=1), time(), zone)
    if end <= start:
        return person, None, _("The absence ends before it begins.")
    return person, (start, end), ""


def _point(request: HttpRequest) -> str:
    """Whose people come first in the choice."""
    return request.GET.get("point", "")[:80]
