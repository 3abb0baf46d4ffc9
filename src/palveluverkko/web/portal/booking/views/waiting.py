"""The waiting list: join it, see one's place on it, leave it, and answer an offer from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import waiting
from palveluverkko.booking.customers import checked
from palveluverkko.booking.errors import BookingError, CustomerInvalid, NotOpenAnyMore
from palveluverkko.booking.links import read_offer, read_waiting, signed
from palveluverkko.booking.models import WaitingEntry, WaitingOffer
from palveluverkko.booking.texts.meeting import clock as clock_words
from palveluverkko.booking.texts.meeting import day_in_words, zone_of
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import problems
from palveluverkko.web.portal.booking.asked import Choice, ChoiceForm
from palveluverkko.web.portal.booking.forms import WaitingForm
from palveluverkko.web.portal.booking.island import island
from palveluverkko.web.portal.booking.meeting import shown
from palveluverkko.web.portal.booking.pages import new_page, page_of
from palveluverkko.web.portal.booking.private import by_link, private
from palveluverkko.web.portal.booking.views.start import summary
from palveluverkko.web.portal.booking.who import Booker

FIRST_SPAN = timedelta(days=14)
ON_LIST = (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The days and the customer, for what the address or the form says."""
    now, known = clock.now(), register.current()
    given = request.POST if request.method == "POST" else request.GET
    chosen = ChoiceForm(given, known, Booker(), now.date())
    if not chosen.is_valid():
        return redirect("book-start") if given is request.GET else problems.forged(request)
    choice = replace(chosen.choice(), interpreter="", advisers=1, weeks=1)
    today = now.astimezone(zone_of(None)).date()
    if request.method == "POST":
        form = WaitingForm(request.POST, mode=choice.mode, today=today)
        page = page_of(request.POST)
        if page is None:
            return problems.forged(request)
        entry = _joined(form, choice, page, now)
        if entry is not None:
            return redirect("waiting-entry", link=signed("waiting-entry", entry.token))
    else:
        days = {"first": today, "last": today + FIRST_SPAN}
        form, page = WaitingForm(mode=choice.mode, today=today, initial=days), new_page()
    context = {
        "form": form,
        "choice": choice,
        "page": page,
        "island": island(0),
        **summary(choice, known),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/booking/join.html", context, status=status)


def _joined(form: WaitingForm, choice: Choice, page: str, now: datetime) -> WaitingEntry | None:
    """The entry; None where the form has errors, which it then says."""
    valid = form.is_valid()
    try:
        known = checked(form.customer(), choice.mode)
        if not valid:
            return None
        given = form.cleaned_data
        wish = choice.wish(now)
        return waiting.join(wish, given["first"], given["last"], known, key=page, now=now)
    except CustomerInvalid as wrong:
        form.refuse(wrong)
    except BookingError:
        form.add_error("last", _("That day has passed. Choose today or a later day."))
    return None


@by_link(read_waiting)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, found: WaitingEntry, link: str) -> HttpResponse:
    """You are on the list; a POST leaves it. Leaving twice shows the same."""
    if request.method == "POST":
        waiting.leave(found)
        return redirect("waiting-entry", link=link)
    choice = Choice(found.mode, found.service_id, found.language, found.point_id or "")
    offer = found.offers.filter(state=WaitingOffer.State.OPEN).select_related("booking").first()
    context = {
        "entry": found,
        "on_list": found.state in ON_LIST,
        "first": day_in_words(found.first),
        "last": day_in_words(found.last) if found.last != found.first else "",
        "link": link,
        "offer": signed("offer", offer.booking.token) if offer else "",
        "again": choice.query(),
        **summary(choice, register.current()),
    }
    return render(request, "portal/booking/entry.html", context)


@by_link(read_offer)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, found: WaitingOffer, link: str) -> HttpResponse:
    """A time that is kept for the customer: take it or let it go on to the next one."""
    now = clock.now()
    if request.method == "POST":
        if request.POST.get("do") == "decline":
            waiting.decline(found)
            return redirect("offer", link=link)
        try:
            made = waiting.accept(found, now=now)
        except NotOpenAnyMore:
            return redirect("offer", link=link)
        except BookingError:
            messages.error(request, _("Somebody else has the time now."))
            return redirect("offer", link=link)
        return redirect("booking-made", link=signed("booking", made.token))
    return render(request, "portal/booking/offer.html", _offer_context(found, link, now))


def _offer_context(found: WaitingOffer, link: str, now: datetime) -> dict[str, Any]:
    until = found.until.astimezone(zone_of(found.booking.point))
    return {
        "offer": found,
        "open": found.state == WaitingOffer.State.OPEN and found.until > now,
        "accepted": found.state == WaitingOffer.State.ACCEPTED,
        "until_day": day_in_words(until.date()),
        "until_time": clock_words(until),
        "shown": shown(found.booking, now),
        "link": link,
        "booking": signed("booking", found.booking.token),
        "waiting": signed("waiting-entry", found.entry.token),
        "on_list": found.entry.state in ON_LIST,
    }
