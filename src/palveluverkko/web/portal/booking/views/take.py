"""Keep the time that was pressed, once, however often it is pressed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from palveluverkko.booking.errors import BookingError, SlotTaken
from palveluverkko.booking.models import Booking
from palveluverkko.booking.services import hold, release
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import drafts, problems
from palveluverkko.web.portal.booking.asked import Choice, ChoiceForm
from palveluverkko.web.portal.booking.days import start_of, value_of
from palveluverkko.web.portal.booking.pages import page_of
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.booking.who import Booker, booker_of

GONE = (Booking.State.EXPIRED, Booking.State.CANCELLED)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Hold the time and go to the form; a time that is gone answers with the nearest ones."""
    if request.method != "POST":
        return redirect("book-start")
    now, booker = clock.now(), booker_of(request)
    form = ChoiceForm(request.POST, register.current(), booker, now.date())
    start, page = start_of(request.POST.get("start", "")), page_of(request.POST)
    if not form.is_valid() or start is None or page is None:
        return problems.forged(request)
    choice = form.choice()
    if choice.weeks > 1:
        value = request.POST["start"]
        return redirect(f"{reverse('book-series')}?{choice.query(start=value)}")
    try:
        booking, key = _held(request, choice, start, f"{page}:{_name(choice, start)}", booker, now)
    except BookingError as error:
        before = drafts.held_before(request.session, choice.wish(start), now)
        if before is not None and isinstance(error, SlotTaken):
            return redirect("book-form", token=before.token)
        action = reverse("book-hold")
        return problems.page(request, error, choice, now, action=action)
    _turn_to(request, booking, key, now)
    return redirect("book-form", token=booking.token)


def _held(
    request: HttpRequest, choice: Choice, start: datetime, key: str, booker: Booker, now: datetime
) -> tuple[Booking, str]:
    """The hold of this page and its key; a new one where the visitor let the time go before."""
    visitor = "" if booker.for_others else drafts.visitor(request.session)
    wish = choice.wish(start)
    _let_go_of_others(request, key, now)
    booking = hold(wish, key=key, via=booker.via, by=booker.user, visitor=visitor, now=now)
    while booking.state in GONE:
        key = ":".join((*key.split(":")[:2], str(booking.pk)))
        booking = hold(wish, key=key, via=booker.via, by=booker.user, visitor=visitor, now=now)
    return booking, key


def _name(choice: Choice, start: datetime) -> str:
    """What was pressed on the page, in a few letters."""
    return sha256(choice.query(start=value_of(start)).encode()).hexdigest()[:16]


def _let_go_of_others(request: HttpRequest, key: str, now: datetime) -> None:
    """Who goes back and takes another time from the same page wants one of them, not both."""
    for token, draft in drafts.from_page(request.session, key, now).items():
        if draft.key != key and not draft.key.startswith(f"{key}:"):
            for booking in Booking.objects.filter(token=token, state=Booking.State.HELD):
                release(booking)


def _turn_to(request: HttpRequest, booking: Booking, key: str, now: datetime) -> None:
    """From now on the visitor fills in this booking, with what they have typed before."""
    if drafts.draft_of(request.session, booking.token, now) is None:
        text = drafts.take_text(request.session, now)
        drafts.remember(request.session, booking.token, key, text, now)
