"""Choose what and how, then a free time. Looking at times keeps none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from palveluverkko.booking import queries
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.booking import drafts, offered, words
from palveluverkko.web.portal.booking.asked import Choice, ChoiceForm
from palveluverkko.web.portal.booking.days import Times, free_days, start_of, value_of
from palveluverkko.web.portal.booking.elsewhere import elsewhere, in_other_languages
from palveluverkko.web.portal.booking.pages import new_page
from palveluverkko.web.portal.booking.who import booker_of
from palveluverkko.web.portal.words import clock as clock_words
from palveluverkko.web.portal.words import weekday_and_date
from palveluverkko.web.texts import in_language


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The choices still to be made, and the free times once all are made."""
    known, now, booker = register.current(), clock.now(), booker_of(request)
    if not known.points:
        return render(request, "web/empty.html")
    form = ChoiceForm(request.GET, known, booker, now.date())
    context: dict[str, Any] = {"form": form, "booker": booker}
    if form.known and not offered.modes_at(form.known, now.date()):
        context["only_remote"] = True
    if form.is_valid():
        context |= _times(request, form.choice(), known, now)
    elif not form.started:
        form.errors.clear()
    status = 404 if "point" in form.errors else 200
    return render(request, "portal/booking/start.html", context, status=status)


def _times(
    request: HttpRequest, choice: Choice, known: register.Register, now: datetime
) -> dict[str, Any]:
    if choice.mode in ("appointment", "video_room") and not choice.point:
        asked = {"service": choice.service, "way": "point"}
        if choice.mode == "video_room":
            asked["way"] = "video"
        return {"choice": choice, "find": f"{reverse('find')}?{urlencode(asked)}"}
    since = day_of(request.GET.get("from", ""))
    times = free_days(choice, now, since)
    # Those who wait are offered an adviser's time, which says nothing of an interpreter.
    waiting = "" if choice.needs_more else f"{reverse('waiting-join')}?{choice.query()}"
    return {
        "choice": choice,
        "times": times,
        "since": since,
        "later": choice.query(**{"from": times.later.isoformat()}) if times.later else "",
        "earlier": choice.query() if since and _has_earlier(choice, times, now) else "",
        **_asked_for(request, choice, known, now),
        "languages": [] if times.any or since else in_other_languages(choice, now),
        "elsewhere": elsewhere(choice, now),
        "waiting": waiting,
        "action": reverse("book-hold"),
        "page": new_page(),
        **summary(choice, known),
    }


def _has_earlier(choice: Choice, times: Times, now: datetime) -> bool:
    """Whether the first days are others than those shown: a search may ask for the first one."""
    return free_days(choice, now).days != times.days


def summary(choice: Choice, known: register.Register) -> dict[str, Any]:
    """What was chosen, in words."""
    point = known.points.get(choice.at or "")
    return {
        "service": in_language(known.services[choice.service]),
        "place": in_language(point.names) if point else "",
        "way": words.way(choice.mode),
        "language": words.language(choice.language),
        "interpreter": words.language(choice.interpreter) if choice.interpreter else "",
    }


def _asked_for(
    request: HttpRequest, choice: Choice, known: register.Register, now: datetime
) -> dict[str, Any]:
    """The time that a search's answer led to, to be taken first; or that it is free no more."""
    value = request.GET.get("start", "")
    found = start_of(value) or _aware(value)
    if found is None:
        return {}
    mine = drafts.held_before(request.session, choice.wish(found), now)
    if mine is None and not _is_free(choice, found, now):
        return {"gone": True}
    point = known.points.get(choice.at or "")
    local = found.astimezone(ZoneInfo(point.timetable.timezone if point else known.timezone))
    return {
        "asked_for": {
            "value": value_of(found),
            "day": weekday_and_date(local.date()),
            "clock": clock_words(local),
        }
    }


def _is_free(choice: Choice, start: datetime, now: datetime) -> bool:
    """A page that was open for long, or an address that was edited, may name any time."""
    end = start + timedelta(minutes=1)
    return bool(
        queries.free_times(
            choice.at,
            choice.mode,
            choice.service,
            choice.language,
            start=start,
            end=end,
            limit=1,
            now=now,
        )
    )


def _aware(value: str) -> datetime | None:
    """An ISO time with an offset, as other pages may write it."""
    try:
        found = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo and 2000 <= found.year < 2200 else None


def day_of(text: str) -> date | None:
    """A day from an address; None for anything that is not one."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
