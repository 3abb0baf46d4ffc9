"""Every press at the desk: carried out, said back, and shown on the desk's page again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking.errors import BookingError
from palveluverkko.network.errors import ImportRejected, PointUnknown
from palveluverkko.walkins import acting, services
from palveluverkko.walkins.acting import Done
from palveluverkko.walkins.errors import WalkInError
from palveluverkko.walkins.posts import Post
from palveluverkko.web.desk import memory, words
from palveluverkko.web.desk.rights import advisers_page, to_login
from palveluverkko.web.desk.sentences import done_words
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock

# What the undo button takes back; the rest is put right by pressing another button.
UNDONE = ("next", "call", "arrive", "start", "finish", "no_show", "leave")
MOST_NOTES = 20_000
REFUSED = (WalkInError, BookingError)


@require_POST
@advisers_page
def do(request: HttpRequest, post: Post) -> HttpResponse:
    """``do`` names the verb and the customer: ``finish ticket:5``."""
    verb, _space, ref = request.POST.get("do", "").partition(" ")
    act = ACTS.get(verb)
    if act is None:
        messages.error(request, _("Nothing was changed. Look at the list again."))
        return redirect("desk")
    try:
        done = act(request, post, ref)
    except REFUSED as error:
        messages.error(request, words.problem(error, post.zone))
    except ImportRejected as rejected:
        messages.error(request, " ".join(error.rule for error in rejected.errors))
    else:
        if done.verb in UNDONE and done.ref:
            memory.remember(request, done)
        messages.success(request, done_words(done, post))
    return redirect("desk")


def _next(request: HttpRequest, post: Post, _ref: str) -> Done:
    return acting.next_one(post, by=request.user, now=clock.now())


def _call(request: HttpRequest, post: Post, ref: str) -> Done:
    return acting.call_one(post, ref, by=request.user, now=clock.now())


def _undo(request: HttpRequest, post: Post, _ref: str) -> Done:
    last = memory.last_done(request)
    if last is None:
        return Done("undo")
    # Taken from the list also where it is too late: the next press must not meet it again.
    memory.forget_last(request)
    return acting.undo(post, last, by=request.user, now=clock.now())


def _transfer(request: HttpRequest, post: Post, ref: str) -> Done:
    adviser = request.POST.get("adviser", "")
    return acting.transfer(
        post,
        ref,
        service=request.POST.get("service") or None,
        adviser_id=int(adviser) if adviser.isdecimal() and len(adviser) < 19 else None,
        now=clock.now(),
    )


def _come_back(request: HttpRequest, post: Post, ref: str) -> Done:
    at = _time(request.POST.get("at", "")) or time()
    moment = datetime.combine(post.day, at, ZoneInfo(post.zone))
    return acting.come_back(post, ref, moment, now=clock.now())


def _time(text: str) -> time | None:
    try:
        return parse_time(text)
    except ValueError:
        return None


def _simply(verb: str) -> Callable[[HttpRequest, Post, str], Done]:
    def act(request: HttpRequest, post: Post, ref: str) -> Done:
        return acting.act(post, verb, ref, by=request.user, now=clock.now())

    return act


ACTS: dict[str, Callable[[HttpRequest, Post, str], Done]] = {
    "next": _next,
    "call": _call,
    "undo": _undo,
    "transfer": _transfer,
    "come_back": _come_back,
    **{verb: _simply(verb) for verb in acting.VERBS},
}


@require_POST
def notes(request: HttpRequest) -> HttpResponse:
    """Keep the notes; by script without leaving the page. Text outlives a session that ended."""
    text = plain_text(request.POST.get("text"), MOST_NOTES)
    if not request.user.is_authenticated:
        memory.keep_draft(request, request.POST.get("ref", ""), text)
        messages.warning(request, _("Please sign in again. What you typed is kept."))
        return to_login(request)
    return _keep_notes(request, text=text)


@advisers_page
def _keep_notes(request: HttpRequest, post: Post, text: str) -> HttpResponse:
    by_script = request.headers.get("Accept") == "application/json"
    try:
        acting.write_notes(post, request.POST.get("ref", ""), text, by=request.user)
    except REFUSED as error:
        if by_script:
            return JsonResponse({"said": words.problem(error, post.zone)}, status=409)
        messages.error(request, words.problem(error, post.zone))
        return redirect("desk")
    said = _("Notes saved at %(time)s.") % {"time": words.clock(clock.now(), post.zone)}
    if by_script:
        return JsonResponse({"said": said})
    messages.success(request, said)
    return redirect("desk")


@require_POST
@advisers_page
def place(request: HttpRequest, post: Post) -> HttpResponse:
    """Open a desk, take a break, come back from it, leave the desk."""
    what, number = request.POST.get("what", ""), request.POST.get("desk", "")
    try:
        if what == "open" and post.point is not None:
            desk_id = int(number) if number.isdecimal() and len(number) < 19 else 0
            services.open_desk(post.adviser_id, desk_id, post.point, now=clock.now())
        elif post.session is not None and what in PLACES:
            PLACES[what](post.session.id)
    except REFUSED as error:
        messages.error(request, words.problem(error, post.zone))
    except PointUnknown:
        messages.error(request, _("There is no such desk or adviser at this point."))
    return redirect("desk")


PLACES: dict[str, Callable[[int], object]] = {
    "break": services.take_break,
    "back": services.end_break,
    "leave": services.close_desk,
}


@require_POST
@advisers_page
def shortcuts(request: HttpRequest, post: Post) -> HttpResponse:
    """Switch the single-key shortcuts off or on (WCAG 2.1.4)."""
    memory.set_shortcuts(request, request.POST.get("on") == "1")
    return redirect("desk")
