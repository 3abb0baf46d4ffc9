"""Bookings of past days without an outcome: a manager says of each what became of it."""

from __future__ import annotations

from auditlog.signals import accessed
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palveluverkko.booking import offerings
from palveluverkko.booking.errors import BookingError
from palveluverkko.booking.models import Booking
from palveluverkko.booking.outcomes import did_not_come, was_served, without_outcome
from palveluverkko.network.errors import ImportRejected
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

MOST = 50


@managers_page
def outcomes(request: HttpRequest) -> HttpResponse:
    region = plain_text(request.GET.get("region"), 10)
    if request.method == "POST":
        _settle(request)
        return redirect(request.get_full_path())
    rows = without_outcome(clock.now(), region)
    shown = list(rows[:MOST])
    for booking in shown:
        accessed.send(sender=Booking, instance=booking)
    context = {"total": rows.count(), "lines": [_line(one) for one in shown]}
    return render(request, "desk/outcomes.html", context)


def _settle(request: HttpRequest) -> None:
    what, _space, number = request.POST.get("do", "").partition(" ")
    act = {"served": was_served, "no_show": did_not_come}.get(what)
    try:
        if act is None or not (number.isdecimal() and len(number) < 19):
            raise BookingError
        booking = act(int(number), clock.now(), by=request.user)
    except BookingError:
        messages.error(request, _("Nothing was changed. Look at the list again."))
    except ImportRejected as rejected:
        messages.error(request, " ".join(error.rule for error in rejected.errors))
    else:
        said = {
            "served": _("Booking %(reference)s was served. The visit counts on its own day."),
            "no_show": _("Booking %(reference)s is marked as not having come."),
        }
        messages.success(request, said[what] % {"reference": booking.reference})


def _line(booking: Booking) -> dict[str, object]:
    names = words.service_names()
    return {
        "id": booking.pk,
        "reference": booking.reference,
        "name": booking.name,
        "when": words.when(booking.start, offerings.current().zone_of(booking.point_id)),
        "channel": words.channel(booking.mode),
        "service": names.get(booking.service_id, booking.service_id),
        "point": booking.point.name if booking.point else "",
        "state": words.state(booking.state),
    }
