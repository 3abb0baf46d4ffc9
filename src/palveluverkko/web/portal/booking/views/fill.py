"""The form of a held time: what is booked, until when it is kept, who the customer is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import keeping, queries, services
from palveluverkko.booking.customers import checked
from palveluverkko.booking.errors import (
    BookingError,
    CustomerInvalid,
    HoldExpired,
    NotOpenAnyMore,
    SlotTaken,
)
from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Booking
from palveluverkko.booking.nearest import nearest
from palveluverkko.booking.wishes import wish_of
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking import drafts, problems
from palveluverkko.web.portal.booking.asked import choice_of
from palveluverkko.web.portal.booking.drafts import Draft
from palveluverkko.web.portal.booking.forms import CustomerForm
from palveluverkko.web.portal.booking.island import island
from palveluverkko.web.portal.booking.meeting import kept_until, shown
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.booking.who import Booker, booker_of

State = Booking.State


@private
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, token: str) -> HttpResponse:
    """Only for the browser that holds the time; anybody else is told where to begin."""
    now = clock.now()
    draft = drafts.draft_of(request.session, token, now)
    booking = Booking.objects.select_related("point").filter(token=token).first()
    if draft is None or booking is None:
        return render(request, "portal/booking/not_yours.html", status=404)
    if booking.state not in (State.HELD, State.EXPIRED):
        return _after(booking)
    if request.method == "POST":
        return _answer(request, booking, draft, now)
    return _page(request, booking, draft, now)


def _answer(request: HttpRequest, booking: Booking, draft: Draft, now: datetime) -> HttpResponse:
    """Keep longer, go back, or book; what was typed is kept first of all."""
    booker = booker_of(request)
    form = CustomerForm(request.POST, mode=booking.mode, booker=booker)
    drafts.remember(request.session, booking.token, draft.key, form.typed(), now)
    what = request.POST.get("do", "book")
    if what == "keep":
        return _keep(request, booking, now)
    if what == "back":
        services.release(booking)
        return redirect(f"{reverse('book-start')}?{choice_of(booking).query()}")
    return _book(request, booking, draft, form, booker, now)


def _book(
    request: HttpRequest,
    booking: Booking,
    draft: Draft,
    form: CustomerForm,
    booker: Booker,
    now: datetime,
) -> HttpResponse:
    form.is_valid()
    was_over = booking.state == State.EXPIRED
    try:
        if form.errors:
            checked(form.customer(), booking.mode, by_staff=booker.for_others)
            return _page(request, booking, draft, now, form)
        made = _confirm(booking, draft, form, booker, now)
    except CustomerInvalid as wrong:
        form.refuse(wrong)
        return _page(request, booking, draft, now, form)
    except HoldExpired as gone:
        return _gone(request, booking, gone, now)
    except NotOpenAnyMore:
        return _after(Booking.objects.get(pk=booking.pk))
    except BookingError as error:
        return _gone(request, booking, error, now)
    drafts.forget_text(request.session, booking.token, now)
    if was_over:
        messages.info(request, _("The time was not kept any more, but it was still free."))
    return redirect("booking-made", link=signed("booking", made.token))


def _confirm(
    booking: Booking, draft: Draft, form: CustomerForm, booker: Booker, now: datetime
) -> Booking:
    if not booker.for_others:
        return services.confirm(booking.pk, form.customer(), now=now)
    return services.book(
        wish_of(booking),
        form.customer(),
        key=draft.key,
        via=booker.via,
        by=booker.user,
        partner=form.cleaned_data.get("partner", ""),
        now=now,
    )


def _keep(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    try:
        kept = keeping.keep_longer(booking.pk, now=now)
    except NotOpenAnyMore:
        kept = booking
    if "application/json" in request.headers.get("Accept", ""):
        over = kept.state != State.HELD or kept.hold_until is None
        return JsonResponse({"seconds": 0 if over else _seconds(kept, now)})
    return redirect("book-form", token=booking.token)


def _page(
    request: HttpRequest,
    booking: Booking,
    draft: Draft,
    now: datetime,
    form: CustomerForm | None = None,
) -> HttpResponse:
    over = booking.state == State.EXPIRED or _seconds(booking, now) <= 0
    if booking.state == State.EXPIRED and not _still_free(booking, now):
        return _gone(request, booking, HoldExpired(nearest(wish_of(booking), now)), now)
    booker = booker_of(request)
    if form is None:
        text: Any = {**draft.text, "reminders": draft.text.get("reminders", "on") == "on"}
        form = CustomerForm(mode=booking.mode, booker=booker, initial=text)
    seconds = 0 if over else _seconds(booking, now)
    context = {
        "shown": shown(booking, now),
        "form": form,
        "booker": booker,
        "over": over,
        "until": "" if over else kept_until(booking),
        "minutes": max(1, round(seconds / 60)),
        "can_keep": not over and not keeping.was_kept_longer(booking),
        "island": island(seconds),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/booking/fill.html", context, status=status)


def _gone(
    request: HttpRequest, booking: Booking, error: BookingError, now: datetime
) -> HttpResponse:
    if isinstance(error, SlotTaken):
        error = HoldExpired(error.nearest)
    action = reverse("book-hold")
    return problems.page(request, error, choice_of(booking), now, action=action, typed=True)


def _after(booking: Booking) -> HttpResponse:
    """The form is over: to the booking that came of it, or back to the free times."""
    if booking.state == State.CANCELLED:
        return redirect(f"{reverse('book-start')}?{choice_of(booking).query()}")
    return redirect("booking-made", link=signed("booking", booking.token))


def _seconds(booking: Booking, now: datetime) -> int:
    return int((booking.hold_until - now).total_seconds()) if booking.hold_until else 0


def _still_free(booking: Booking, now: datetime) -> bool:
    wish = wish_of(booking)
    found = queries.free_times(
        wish.point, wish.mode, wish.service, wish.language, start=wish.start, limit=1, now=now
    )
    return bool(found) and found[0].start == wish.start
