"""Visits of a small point without a queue: one tap a visit."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.demand.queries import reported_days
from palveluverkko.demand.services import report_day
from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.models import ServicePoint
from palveluverkko.network.queries import points_in_force
from palveluverkko.walkins.floor import visits_on
from palveluverkko.walkins.hours import WalkInHours, walk_in_hours
from palveluverkko.walkins.queries import today_counts
from palveluverkko.walkins.services import tally as count
from palveluverkko.walkins.services import untally
from palveluverkko.walkins.taps import last_tap
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import RECORDS, is_manager, may_tally, staff_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

MOST_POINTS = 60


@staff_page
def tallies(request: HttpRequest) -> HttpResponse:
    """Choose the point; who has only one goes there."""
    adviser = adviser_of_user(request.user)
    everywhere = is_manager(request.user) or request.user.has_perms(RECORDS)
    if not everywhere and (adviser is None or adviser.point_id is None):
        raise PermissionDenied(_("Your account may not record visits."))
    if not everywhere and adviser is not None:
        return redirect("desk-tally", point_id=adviser.point_id)
    asked = plain_text(request.GET.get("q"), 100).strip()
    points = points_in_force(clock.now().date()).order_by("name_fi")
    for word in asked.split():
        points = points.filter(Q(name_fi__icontains=word) | Q(name_sv__icontains=word))
    context = {"points": points[:MOST_POINTS], "asked": asked, "more": MOST_POINTS}
    return render(request, "desk/tallies.html", context)


@staff_page
def tally(request: HttpRequest, point_id: str) -> HttpResponse:
    """The big buttons. Each page has a key of its own, so that a double tap counts once."""
    if not may_tally(request.user, point_id):
        raise PermissionDenied(_("Your account may not record visits."))
    point = get_object_or_404(ServicePoint, pk=point_id)
    now = clock.now()
    hours = walk_in_hours(point_id, None, now)
    if request.method == "POST":
        try:
            _change(request, point_id, hours)
        except ImportRejected as rejected:
            messages.error(request, " ".join(error.rule for error in rejected.errors))
        return redirect("desk-tally", point_id=point_id)
    names, counts = words.service_names(), today_counts(point_id, now)
    last = last_tap(point_id, hours.day)
    context = {
        "point": point,
        "day": hours.day,
        "key": uuid4().hex,
        "services": [(c, names.get(c, c), counts.tallied.get(c, 0)) for c in hours.services],
        "total": sum(n for _service, _mode, n in visits_on(point_id, hours.day)),
        "last": names.get(last.service, last.service) if last else "",
        "last_key": last.key if last else "",
        "closed": hours.closes_at is None,
        "reported": bool(reported_days([point_id], hours.day) & {(point_id, hours.day)}),
    }
    return render(request, "desk/tally.html", context)


def _change(request: HttpRequest, point_id: str, hours: WalkInHours) -> None:
    names = words.service_names()
    if service := request.POST.get("service"):
        named = {"service": names.get(service, service)}
        if service not in hours.services:
            messages.error(request, _("The point does not give this service to walk-ins today."))
        elif count(point_id, service, key=_key(request), now=clock.now()):
            messages.success(request, _("Counted: %(service)s.") % named)
    elif taken := request.POST.get("undo"):
        last = last_tap(point_id, hours.day)
        if last is not None and last.key == taken and untally(taken, now=clock.now()):
            messages.success(
                request,
                _("Taken back: %(service)s.") % {"service": names.get(last.service, last.service)},
            )
    elif request.POST.get("close"):
        report_day(point_id, hours.day)
        messages.success(request, _("The day is reported. Visits can still be added."))


def _key(request: HttpRequest) -> str:
    """From the page; it belongs to one button, so that two buttons of one page both count."""
    key = request.POST.get("key", "")
    service = request.POST.get("service", "")
    return f"tap:{key[:32]}:{service[:40]}" if key.isalnum() else f"tap:{uuid4().hex}"
