"""Ask to be called: the topic, then when and at which number. Works without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking.links import signed
from palveluverkko.contact import callbacks, calls
from palveluverkko.contact.callback_errors import (
    AskInvalid,
    CallbackError,
    TooManyAsks,
    WindowTaken,
)
from palveluverkko.contact.limits import Asker
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.network.models import KindChoices, ServicePoint
from palveluverkko.web import reports
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import drafts, problems, words
from palveluverkko.web.portal.booking.island import island
from palveluverkko.web.portal.booking.pages import new_page, page_of
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.booking.who import Booker, booker_of
from palveluverkko.web.portal.call.views import IN_QUEUE
from palveluverkko.web.portal.callback.before import asked_before, draft_token, request_key
from palveluverkko.web.portal.callback.forms import AskForm, TopicForm
from palveluverkko.web.portal.callback.times import times
from palveluverkko.web.texts import in_language

Via = CallbackRequest.Via


@private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Without a topic the topic is asked first: when we can call depends on it."""
    if not reports.has_network():
        return render(request, "web/empty.html")
    now, booker = clock.now(), booker_of(request)
    given = request.POST if request.method == "POST" else request.GET
    topic = TopicForm(given, register.current())
    if not topic.is_valid():
        if request.method == "POST":
            return problems.forged(request)
        if not topic.started:
            topic.errors.clear()
        return render(request, "portal/callback/topic.html", {"form": topic, "booker": booker})
    if request.method == "POST":
        return _answer(request, topic, booker, now)
    page, text = new_page(), drafts.take_text(request.session, now)
    if text:
        drafts.remember(request.session, draft_token(page), draft_token(page), text, now)
    initial: Any = {**text, "reminders": text.get("reminders", "on") == "on"}
    form = AskForm(initial=initial, for_others=booker.for_others)
    before = None if booker.for_others else asked_before(request.session, now)
    return _page(request, topic, form, booker, page, now, before=before)


def _answer(request: HttpRequest, topic: TopicForm, booker: Booker, now: datetime) -> HttpResponse:
    page = page_of(request.POST)
    if page is None:
        return problems.forged(request)
    form = AskForm(request.POST, for_others=booker.for_others)
    valid = form.is_valid()
    wanted = form.wanted(topic.cleaned_data["service"], topic.cleaned_data["language"])
    draft = draft_token(page)
    drafts.remember(request.session, draft, draft, form.typed(), now)
    left = calls.waiting(request.session.get(IN_QUEUE, ""))
    via = _via(booker, topic.cleaned_data["point"])
    try:
        if not valid:
            callbacks.check(wanted)
            return _page(request, topic, form, booker, page, now)
        made = callbacks.ask(
            wanted,
            key=request_key(page),
            via=Via.QUEUE if left and via == Via.WEB else via,
            by=booker.user,
            asker=_asker(request),
            entered_at=left.entered_at if left else None,
            now=now,
        )
    except AskInvalid as wrong:
        form.refuse(wrong)
        return _page(request, topic, form, booker, page, now)
    except WindowTaken:
        form.add_error("start", _("Others have just taken that time. Choose another one."))
        return _page(request, topic, form, booker, page, now, status=409)
    except TooManyAsks:
        return render(request, "portal/callback/too_many.html", status=429)
    except CallbackError:
        return problems.forged(request)
    if left:
        calls.take_callback(left, made)
    drafts.forget_text(request.session, draft, now)
    return redirect("callback-asked", link=signed("callback", made.token))


def _page(
    request: HttpRequest,
    topic: TopicForm,
    form: AskForm,
    booker: Booker,
    page: str,
    now: datetime,
    status: int = 0,
    before: dict[str, Any] | None = None,
) -> HttpResponse:
    service, language = topic.cleaned_data["service"], topic.cleaned_data["language"]
    found = times(service, language, now)
    chosen = str(form.data.get("start", "")) if form.is_bound else ""
    context = {
        "topic": topic,
        "form": form,
        "booker": booker,
        "page": page,
        "before": before,
        "times": found,
        "chosen": chosen if chosen in found.values else "",
        "also": set(form.others),
        "service": in_language(register.current().services[service]),
        "language": words.language(language),
        "fields": {n: v for n, v in topic.cleaned_data.items() if v},
        "again": urlencode({n: v for n, v in topic.cleaned_data.items() if v}),
        "island": island(0),
    }
    status = status or (422 if form.errors else 200)
    return render(request, "portal/callback/ask.html", context, status=status)


def _asker(request: HttpRequest) -> Asker:
    return Asker(drafts.visitor(request.session), request.META.get("REMOTE_ADDR", ""))


def _via(booker: Booker, point: str) -> str:
    if booker.for_others:
        return booker.via
    joint = ServicePoint.objects.filter(pk=point, kind=KindChoices.JOINT_SERVICE_POINT)
    return Via.JOINT_POINT if point and joint.exists() else Via.WEB
