"""My booking, opened by its link without a login: see, cancel, take along, reminders off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from palveluverkko.booking import reminders, services
from palveluverkko.booking.errors import NotOpenAnyMore
from palveluverkko.booking.ics import calendar_of
from palveluverkko.booking.letters import CannotMakeLetters, letter_of
from palveluverkko.booking.links import read_link, signed
from palveluverkko.booking.models import Booking
from palveluverkko.booking.texts.bookings import Why, news_of
from palveluverkko.booking.texts.meeting import Meeting, meeting_of
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking import problems
from palveluverkko.web.portal.booking.asked import choice_of
from palveluverkko.web.portal.booking.meeting import shown
from palveluverkko.web.portal.booking.private import by_link

State = Booking.State


@by_link(read_link)
@require_safe
def booking(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    return _page(request, found, link)


@by_link(read_link)
@require_safe
def made(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """The same page right after booking: it says first that all went well."""
    return _page(request, found, link, made=found.state == State.CONFIRMED)


@by_link(read_link)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """Asks first. A cancellation sent again shows the cancelled booking."""
    now = clock.now()
    if request.method == "POST":
        try:
            if found.state != State.CANCELLED and found.start <= now:
                raise NotOpenAnyMore(found.state)
            services.cancel(found.pk)
        except NotOpenAnyMore as over:
            return problems.page(request, over, choice_of(found), now, link=link)
        return redirect("booking", link=link)
    here = shown(found, now)
    if not here.open:
        return redirect("booking", link=link)
    return render(request, "portal/booking/cancel.html", {"shown": here, "link": link})


@by_link(read_link)
@require_safe
def calendar(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    response = HttpResponse(calendar_of(found), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response


@by_link(read_link)
@require_safe
def letter(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """The confirmation as a PDF in the page's language, to print or to take along."""
    news = news_of(found, "confirmed", Why())
    try:
        page = letter_of(news, f"{found.name}\n{found.postal_address}", clock.now().date())
    except CannotMakeLetters:
        messages.warning(request, _("The PDF cannot be made now. You can print this page."))
        return redirect("booking", link=link)
    response = HttpResponse(page, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.pdf"'
    return response


@by_link(read_link)
@require_POST
def stop_reminders(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    reminders.stop_reminders(found)
    messages.success(request, _("We do not remind you of this appointment."))
    return redirect("booking", link=link)


@by_link(read_link, purpose="reminders-off")
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_off(request: HttpRequest, found: Booking, link: str) -> HttpResponse:
    """From a reminder's own link. Asks first: programs that look at mail follow links."""
    if request.method == "POST":
        reminders.stop_reminders(found)
        return redirect("reminders-off", link=link)
    here = {"shown": shown(found, clock.now()), "link": link}
    return render(request, "portal/booking/reminders_off.html", here)


def _page(request: HttpRequest, found: Booking, link: str, made: bool = False) -> HttpResponse:
    here = shown(found, clock.now())
    context = {
        "shown": here,
        "link": link,
        "made": made,
        "reminders": reminders.reminders_to_come(found),
        "alternatives": signed("alternatives", found.token) if here.in_danger else "",
        "again": choice_of(found).query(),
        "siblings": _siblings(found),
        "device_test": reverse("meeting-test"),
    }
    return render(request, "portal/booking/mine.html", context)


def _siblings(found: Booking) -> list[tuple[Meeting, str]]:
    """The other bookings that were made together with this one, each with its link."""
    if found.series_id is None:
        return []
    others = Booking.objects.select_related("point").filter(
        series=found.series_id, state=State.CONFIRMED
    )
    return [
        (meeting_of(other), signed("booking", other.token))
        for other in others.exclude(pk=found.pk).order_by("start")
    ]
