"""Move my booking: another time there first, then other places and ways."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import services
from palveluverkko.booking.errors import BookingError
from palveluverkko.booking.links import read_link, signed
from palveluverkko.booking.models import Booking
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import problems
from palveluverkko.web.portal.booking.asked import Choice, choice_of
from palveluverkko.web.portal.booking.days import free_days, start_of
from palveluverkko.web.portal.booking.elsewhere import elsewhere
from palveluverkko.web.portal.booking.meeting import shown
from palveluverkko.web.portal.booking.pages import new_page, page_of
from palveluverkko.web.portal.booking.private import by_link
from palveluverkko.web.portal.booking.views.start import day_of, summary


@by_link(read_link)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """A move sent again shows the moved booking."""
    now = clock.now()
    if request.method == "POST":
        return moved(request, found, now, reverse("booking-move", args=[link]))
    here, asked = shown(found, now), _asked(request, found)
    if asked is None:
        return problems.forged(request)
    if not here.open:
        return redirect("booking", link=link)
    times = free_days(asked, now, day_of(request.GET.get("from", "")))
    context = {
        "shown": here,
        "link": link,
        "choice": asked,
        "times": times,
        "later": asked.query(**{"from": times.later.isoformat()}) if times.later else "",
        "elsewhere": elsewhere(asked, now),
        "action": reverse("booking-move", args=[link]),
        "page": new_page(),
        **summary(asked, register.current()),
    }
    return render(request, "portal/booking/move.html", context)


def moved(request: HttpRequest, found: Booking, now: datetime, action: str) -> HttpResponse:
    """Carry out a move that one of our forms asks for, and show the booking as it is then."""
    asked, page = _asked(request, found), page_of(request.POST)
    start = start_of(request.POST.get("start", ""))
    if asked is None or start is None or page is None:
        return problems.forged(request)
    key = f"{found.pk}:{page}:{start:%Y%m%dT%H%M}"
    try:
        services.move(found.pk, start, key=key, point=asked.at, mode=asked.mode, now=now)
    except BookingError as error:
        here = shown(Booking.objects.get(pk=found.pk), now)
        link = signed("booking", found.token)
        stays = here if here.open else None
        return problems.page(request, error, asked, now, action=action, link=link, unmoved=stays)
    messages.success(request, _("Your appointment was moved."))
    return redirect("booking", link=signed("booking", found.token))


def _asked(request: HttpRequest, found: Booking) -> Choice | None:
    """The booking in the place and way that are asked for; as it is where nothing is."""
    given = request.POST if request.method == "POST" else request.GET
    now = choice_of(found)
    point, mode = given.get("point", now.point), given.get("mode", now.mode)
    if point and point not in register.current().points:
        return None
    return choice_of(found, point=point, mode=mode)
