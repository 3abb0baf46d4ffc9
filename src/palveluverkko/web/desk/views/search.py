"""A manager looks for a booking of any point: a customer calls and knows only their name."""

from __future__ import annotations

from auditlog.signals import accessed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.booking import offerings
from palveluverkko.booking.desk_queries import Appointment, search
from palveluverkko.booking.models import Booking
from palveluverkko.network.models import ServicePoint
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock


@managers_page
def search_page(request: HttpRequest) -> HttpResponse:
    """Asked by POST: a name stays out of the address. Whoever is listed is logged."""
    asked = plain_text(request.POST.get("q"), 100).strip()
    found = search(asked, None, clock.now()) if asked else ()
    for booking in Booking.objects.filter(pk__in=[one.id for one in found]):
        accessed.send(sender=Booking, instance=booking)
    points = ServicePoint.objects.in_bulk({one.point for one in found if one.point})
    rows = [_row(one, points) for one in found]
    return render(request, "desk/search.html", {"asked": asked, "found": rows})


def _row(one: Appointment, points: dict[str, ServicePoint]) -> dict[str, object]:
    place = points.get(one.point or "")
    return {
        "booking": one.id,
        "when": words.short_when(one.start, offerings.current().zone_of(one.point)),
        "name": one.name,
        "channel": words.channel(one.mode),
        "point": place.name if place else "",
        "state": words.state(one.state),
        "reference": one.reference,
    }
