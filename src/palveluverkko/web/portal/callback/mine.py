"""My callback request, opened by its link without a login: see, change, cancel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from palveluverkko.contact import callbacks
from palveluverkko.contact.callback_errors import NotOpenAnyMore, WindowTaken
from palveluverkko.contact.callback_links import read_callback
from palveluverkko.contact.callback_notices import can_be_told
from palveluverkko.contact.models import CallbackAttempt, CallbackRequest
from palveluverkko.contact.texts.callbacks import not_before, promised
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import words
from palveluverkko.web.portal.booking.private import by_link
from palveluverkko.web.portal.callback.times import SOON, read, times
from palveluverkko.web.texts import in_language

State = CallbackRequest.State

BROKEN = "portal/callback/broken_link.html"


@by_link(read_callback, BROKEN)
@require_safe
def callback(request: HttpRequest, found: CallbackRequest, link: str) -> HttpResponse:
    return render(request, "portal/callback/mine.html", _shown(found, link))


@by_link(read_callback, BROKEN)
@require_safe
def asked(request: HttpRequest, found: CallbackRequest, link: str) -> HttpResponse:
    """The same page right after asking: it says first that all went well."""
    context = {**_shown(found, link), "made": found.state == State.OPEN}
    return render(request, "portal/callback/mine.html", context)


@by_link(read_callback, BROKEN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, found: CallbackRequest, link: str) -> HttpResponse:
    """Another time; also for those whom we could not reach."""
    now, problem, status = clock.now(), "", 200
    if request.method == "POST":
        start = request.POST.get("start", "")
        starts = read([start])
        if not starts and start != SOON:
            problem, status = _("Choose when we may call you."), 422
        else:
            try:
                callbacks.change(found.pk, starts, soon=start == SOON, now=now)
                return redirect("callback", link=link)
            except WindowTaken:
                problem, status = _("Others have just taken that time. Choose another one."), 409
            except NotOpenAnyMore:
                return _closed(request, link)
    elif found.state not in (State.OPEN, State.UNREACHED):
        return redirect("callback", link=link)
    context = {
        **_shown(found, link),
        "times": times(found.service_id, found.language, now, found.pk),
        "problem": problem,
    }
    return render(request, "portal/callback/change.html", context, status=status)


@by_link(read_callback, BROKEN)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, found: CallbackRequest, link: str) -> HttpResponse:
    """Asks first. A cancellation sent again shows the cancelled request."""
    if request.method == "POST":
        try:
            callbacks.cancel(found.pk, now=clock.now())
        except NotOpenAnyMore:
            return _closed(request, link)
        return redirect("callback", link=link)
    if found.state != State.OPEN:
        return redirect("callback", link=link)
    return render(request, "portal/callback/cancel.html", _shown(found, link))


def _closed(request: HttpRequest, link: str) -> HttpResponse:
    messages.warning(request, _("This request cannot be changed any more. See how it stands."))
    return redirect("callback", link=link)


def _shown(found: CallbackRequest, link: str) -> dict[str, Any]:
    last = found.tries.exclude(outcome="").order_by("number").last()
    wrong = last is not None and last.outcome == CallbackAttempt.Outcome.WRONG_NUMBER
    return {
        "asked": found,
        "link": link,
        "when": promised(found),
        "not_before": not_before(found, clock.now()),
        "service": in_language(register.current().services.get(found.service_id, "")),
        "language": words.language(found.language),
        "texts_go_out": can_be_told(found),
        "wrong_number": wrong and found.state == State.UNREACHED,
    }
