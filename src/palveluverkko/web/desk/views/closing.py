"""Closing a point on some days: first how many bookings it touches, then the work list."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palveluverkko.booking import closures, offerings, outlets
from palveluverkko.network.errors import EntryInvalid, ExceptionOverlaps, RegisterError
from palveluverkko.network.models import ServicePoint
from palveluverkko.web.desk.dates import read_day
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

MOST_DAYS = 366
MOST_REASON = 150


@managers_page
def closing(request: HttpRequest, point_id: str) -> HttpResponse:
    point = get_object_or_404(ServicePoint, pk=point_id)
    today = outlets.local_date(clock.now(), offerings.current().zone_of(point_id))
    reason = plain_text(request.POST.get("reason"), MOST_REASON).strip()
    first = read_day(request.POST.get("first")) if request.method == "POST" else today
    last = read_day(request.POST.get("last")) or first
    context: dict[str, Any] = {"point": point, "first": first, "last": last, "reason": reason}
    if request.method != "POST":
        return render(request, "desk/closing.html", context)
    problem = _problem(first, last, today)
    if problem or first is None or last is None:
        return render(request, "desk/closing.html", context | {"problem": problem}, status=422)
    if not request.POST.get("confirm"):
        count = closures.would_affect(point_id, first, last)
        context |= {"previewed": True, "count": count, "key": uuid4().hex}
        return render(request, "desk/closing.html", context)
    key = f"close:{point_id}:{plain_text(request.POST.get('key'), 32)}"
    try:
        closure = closures.close_days(
            point_id, first, last, reason=reason, key=key, by=request.user
        )
    except RegisterError as refused:
        context["problem"] = _refused(refused)
        return render(request, "desk/closing.html", context, status=422)
    return redirect("desk-work", closure_id=closure.pk)


def _problem(first: date | None, last: date | None, today: date) -> str:
    if first is None or last is None:
        return _("Choose the days.")
    if first < today:
        return _("The first day has passed.")
    if last < first or (last - first).days > MOST_DAYS:
        return _("The last day is before the first, or more than a year later.")
    return ""


def _refused(error: RegisterError) -> str:
    if isinstance(error, ExceptionOverlaps):
        return _("The hours differ already from %(first)s to %(last)s. Remove that first.") % {
            "first": date_format(error.first, "SHORT_DATE_FORMAT"),
            "last": date_format(error.last, "SHORT_DATE_FORMAT"),
        }
    if isinstance(error, EntryInvalid):
        return " ".join(text for texts in error.messages.values() for text in texts)
    return _("The register refused the change.")
