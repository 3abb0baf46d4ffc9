"""The waiting room's screen: called numbers and the desks to go to. Never a name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from palveluverkko.booking import offerings
from palveluverkko.network.models import ServicePoint
from palveluverkko.walkins.queries import called, queue
from palveluverkko.walkins.values import Call
from palveluverkko.web.desk import words
from palveluverkko.web.portal import clock

MOST_CALLS = 8


@never_cache
def screen(request: HttpRequest, point_id: str) -> HttpResponse:
    point = ServicePoint.objects.filter(pk=point_id).first()
    if point is None:
        raise Http404(point_id)
    now = clock.now()
    context = {
        "point": point,
        "calls": [(c, spoken(c), key_of(c)) for c in called(point_id, now)[:MOST_CALLS]],
        "waiting": len(queue(point_id, now).places),
        "now": words.clock(now, offerings.current().zone_of(point_id)),
    }
    return render(request, "kiosk/screen.html", context)


def spoken(call: Call) -> str:
    """What is read aloud and told to screen readers."""
    return _("Number %(number)s, please come to %(desk)s.") % {
        "number": call.label,
        "desk": call.desk,
    }


def key_of(call: Call) -> str:
    """Another key for each call, also for the same number called again."""
    return f"{call.label}-{call.times}-{int(call.called_at.timestamp())}"
