"""Callbacks at the desk: whom to call now, one press that calls, and how the call went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from auditlog.signals import accessed
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking import outlets
from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.contact import attempts, callback_queries
from palveluverkko.contact.callback_errors import CallbackError, DialFailed
from palveluverkko.contact.callback_queries import Call, Due
from palveluverkko.contact.dialling import Dial, dialler, key_of
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.contact.windows import zone
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import callback_words, words
from palveluverkko.web.desk.dates import instant, read_day, read_time
from palveluverkko.web.desk.rights import SERVES, advisers_page, managers_page, staff_page
from palveluverkko.web.portal import clock

DIAL_NOW = "dial-now"  # in the session: the attempt that the page is to call, told to it once


@staff_page
def callbacks(request: HttpRequest) -> HttpResponse:
    """An adviser's calls; a manager without a desk sees the figures and what needs a hand."""
    if adviser_of_user(request.user) is not None and request.user.has_perm(SERVES):
        return _adviser(request)
    return _manager(request)


@advisers_page
def _adviser(request: HttpRequest, post: Post) -> HttpResponse:
    now = clock.now()
    attempts.heard(post.adviser_id, now=now)
    call = callback_queries.call_of(post.adviser_id)
    due = callback_queries.due_for(post.adviser_id, now)
    context = {
        "call": call,
        "details": callback_words.details(call) if call else "",
        "rings": dialler().rings,
        "dial_now": call is not None and request.session.pop(DIAL_NOW, 0) == call.attempt,
        "due": [callback_words.row(d, now) for d in due],
        **_figures(now),
        **_watched(request, now),
    }
    return render(request, "desk/callbacks/callbacks.html", context)


@managers_page
def _manager(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return render(
        request, "desk/callbacks/callbacks.html", {**_figures(now), **_watched(request, now)}
    )


@require_POST
@advisers_page
def do(request: HttpRequest, post: Post) -> HttpResponse:
    """``do`` names the verb and the row: ``call 5``, or an outcome and the attempt: ``busy 7``."""
    verb, _space, number = request.POST.get("do", "").partition(" ")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    now = clock.now()
    try:
        if verb == "call":
            _call(request, post, pk, now)
        else:
            _finish(request, post, verb, pk, now)
    except CallbackError as error:
        messages.error(request, callback_words.problem(error))
    return redirect("desk-callbacks")


@require_POST
@managers_page
def give_up(request: HttpRequest) -> HttpResponse:
    """End a request that three calls did not reach and no text message can."""
    number = request.POST.get("request", "")
    try:
        attempts.give_up(int(number) if number.isdecimal() and len(number) < 19 else 0)
        messages.success(request, _("The request is closed."))
    except CallbackError as error:
        messages.error(request, callback_words.problem(error))
    return redirect("desk-callbacks")


def _call(request: HttpRequest, post: Post, pk: int, now: datetime) -> None:
    """Take the request, then dial: what the exchange says cannot undo what is written."""
    attempt = attempts.claim(pk, post.adviser_id, now=now)
    call = callback_queries.call_of(post.adviser_id)
    if call is None:
        return
    for row in CallbackRequest.objects.filter(pk=pk):
        accessed.send(sender=CallbackRequest, instance=row)
    _dial(request, call, attempt.pk)


def _dial(request: HttpRequest, call: Call, attempt: int) -> None:
    way = dialler()
    user: Any = request.user
    try:
        way.dial(Dial(key_of(attempt), call.phone, user.get_username(), call.reference))
    except DialFailed:
        messages.error(request, _("The exchange does not answer. Call the number by hand."))
        return
    if way.in_page:
        request.session[DIAL_NOW] = attempt
    if way.rings:
        messages.success(request, _("Your telephone rings first, then the customer's."))


def _finish(request: HttpRequest, post: Post, verb: str, attempt: int, now: datetime) -> None:
    """Only the adviser's own call; ``later`` comes with a day and a time."""
    mine = callback_queries.is_call_of(attempt, post.adviser_id)
    day, at = read_day(request.POST.get("day")), read_time(request.POST.get("at"))
    later = instant(day, at, zone().key) if day and at else None
    if not mine:
        messages.error(request, _("Nothing was changed. Look at the list again."))
        return
    closed = attempts.finish(attempt, verb, later=later, now=now)
    messages.success(request, callback_words.done(verb, closed))


def _figures(now: datetime) -> dict[str, Any]:
    day = now.astimezone(zone()).date()
    found = callback_queries.figures(now, outlets.day_span(day, zone().key)[0])
    waited = ""
    if found.longest_since is not None:
        waited = words.minutes((now - found.longest_since).total_seconds() / 60)
    return {
        "figures": found,
        "waited": waited,
        "now": words.clock(now, zone().key),
        "today": day,
        "texts": {
            "offline": _("The connection is lost. What you typed is kept; it is tried again."),
            "signedOut": _("You have been signed out. What you typed is kept in this window."),
            "saving": _("Saving…"),
        },
    }


def _watched(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What is about to be missed, for all; the rest for managers."""
    alarms = callback_queries.about_to_be_missed(now)
    found: dict[str, Any] = {"alarms": _rows(alarms, now)}
    if request.user.has_perm("booking.change_shift"):
        found["not_reached"] = _rows(callback_queries.not_reached(now), now)
        found["wrong_numbers"] = callback_queries.wrong_numbers(now)
        found["nobody"] = _rows(callback_queries.fits_nobody(callback_queries.due(now)), now)
    return found


def _rows(found: tuple[Due, ...], now: datetime) -> list[dict[str, Any]]:
    return [callback_words.row(due, now) for due in found]
