"""After a closure: other times for a booking that cannot be kept, or a call instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from palveluverkko.booking.callbacks import ask_for_call, has_asked_for_call
from palveluverkko.booking.links import read_link, signed
from palveluverkko.booking.models import Affected, Booking, Closure
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.asked import choice_of
from palveluverkko.web.portal.booking.days import free_days
from palveluverkko.web.portal.booking.elsewhere import elsewhere
from palveluverkko.web.portal.booking.meeting import shown
from palveluverkko.web.portal.booking.pages import new_page
from palveluverkko.web.portal.booking.private import by_link
from palveluverkko.web.portal.booking.views.move import moved


@by_link(read_link, purpose="alternatives")
@require_http_methods(["GET", "HEAD", "POST"])
def alternatives(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """Choosing a time moves the booking. Whatever is sent again shows how it stands."""
    now = clock.now()
    if request.method == "POST":
        if request.POST.get("do") == "call":
            ask_for_call(found)
            return redirect("alternatives", link=link)
        return moved(request, found, now, reverse("alternatives", args=[link]))
    context = {
        "shown": shown(found, now),
        "link": link,
        "booking": signed("booking", found.token),
        **_other_times(found, link, now),
    }
    return render(request, "portal/booking/alternatives.html", context)


def _other_times(found: Booking, link: str, now: datetime) -> dict[str, Any]:
    affected = found.affected.filter(state__in=Affected.TO_DO).select_related("closure").first()
    if affected is None or found.state != Booking.State.CONFIRMED:
        return {"affected": None}
    choice = choice_of(found)
    absent = affected.closure.cause == Closure.Cause.ABSENCE
    return {
        "affected": affected,
        # Why an adviser is away is the adviser's own matter.
        "reason": "" if absent else affected.closure.reason,
        "asked_for_call": has_asked_for_call(found),
        "times": free_days(choice, now),
        "choice": choice,
        "elsewhere": elsewhere(choice, now),
        "action": reverse("alternatives", args=[link]),
        "page": new_page(),
    }
