"""Move my booking: another time there first, then other places and ways; asks before it moves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import offerings, services
from palveluverkko.booking.errors import BookingError, NotOpenAnyMore
from palveluverkko.booking.links import read_link, signed
from palveluverkko.booking.models import Booking, BookingMode
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import problems
from palveluverkko.web.portal.booking.asked import Choice, choice_of
from palveluverkko.web.portal.booking.days import free_days, start_of, value_of, zone_note
from palveluverkko.web.portal.booking.elsewhere import elsewhere
from palveluverkko.web.portal.booking.meeting import shown
from palveluverkko.web.portal.booking.pages import new_page, page_of
from palveluverkko.web.portal.booking.private import by_link
from palveluverkko.web.portal.booking.views.start import day_of, summary
from palveluverkko.web.portal.words import clock as clock_words
from palveluverkko.web.portal.words import weekday_and_date


@by_link(read_link)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """A move sent again shows the moved booking."""
    now = clock.now()
    if request.method == "POST":
        if request.POST.get("sure") != "1":
            return _ask(request, found, link, now)
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


def _ask(request: HttpRequest, found: Booking, link: str, now: datetime) -> HttpResponse:
    """The old time and the new one: a finger slips easily on a list of times."""
    here, asked, page = shown(found, now), _asked(request, found), page_of(request.POST)
    start = start_of(request.POST.get("start", ""))
    if asked is None or start is None or page is None:
        return problems.forged(request)
    if not here.open:
        return problems.page(request, NotOpenAnyMore(found.state), asked, now, link=link)
    zone = ZoneInfo(offerings.current().zone_of(asked.at))
    local = start.astimezone(zone)
    context = {
        "shown": here,
        "link": link,
        "choice": asked,
        "page": page,
        "start": value_of(start),
        "day": weekday_and_date(local.date()),
        "time": clock_words(local),
        "zone_note": zone_note(zone),
        **summary(asked, register.current()),
    }
    return render(request, "portal/booking/move_sure.html", context)


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
    if (point and point not in register.current().points) or mode not in BookingMode.values:
        return None
    return choice_of(found, point=point, mode=mode)
