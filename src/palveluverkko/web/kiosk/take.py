"""Taking a queue number, at the kiosk or with the customer's own phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from palveluverkko.queueing import Unknown
from palveluverkko.walkins.errors import ClosedNow, PhoneInvalid, ServiceNotGiven, TooLateToday
from palveluverkko.walkins.models import TicketState, Via
from palveluverkko.walkins.queries import queue, ticket_by_token, wait_of_newcomer, walk_in_hours
from palveluverkko.walkins.services import take_ticket
from palveluverkko.walkins.values import TicketInfo
from palveluverkko.web.desk import words
from palveluverkko.web.desk.typed import plain_text
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal import words as portal_words
from palveluverkko.web.portal.opening import opening_of
from palveluverkko.web.portal.register import KnownPoint
from palveluverkko.web.texts import in_language

MINE = "ticket:"
WALK_IN = frozenset(("walk_in",))
GOES_ON = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)


@never_cache
def kiosk(request: HttpRequest, point_id: str) -> HttpResponse:
    """The touch screen in the waiting room."""
    return _take(request, point_id, Via.KIOSK)


@never_cache
def phone(request: HttpRequest, point_id: str) -> HttpResponse:
    """The same on the customer's phone. Who has a number already is shown it instead."""
    mine = ticket_by_token(request.session.get(MINE + point_id, ""))
    if mine is not None and mine.state in GOES_ON:
        return redirect("ticket-page", token=mine.token)
    return _take(request, point_id, Via.PHONE)


@never_cache
def given(request: HttpRequest, point_id: str, token: str) -> HttpResponse:
    """The number just taken at the kiosk, to remember, to print or to take along."""
    ticket = ticket_of(token)
    if ticket.point != point_id:
        raise Http404
    context = {"point": _point(point_id), "ticket": ticket, "qr": qr_of(ticket), "kiosk": True}
    return render(request, "kiosk/given.html", context | wait_context(ticket))


def _take(request: HttpRequest, point_id: str, via: str) -> HttpResponse:
    point = _point(point_id)
    context: dict[str, Any] = {
        "point": point,
        "kiosk": via == Via.KIOSK,
        "key": uuid4().hex,
    }
    if request.method != "POST":
        return _show(request, point, context)
    asked = request.POST.get("service", "")[:60]
    number = plain_text(request.POST.get("phone"), 40)
    context |= {"asked": asked, "key": _key(request), "number": number}
    try:
        ticket = take_ticket(
            point_id,
            asked,
            key=f"{via}:{context['key']}",
            via=via,
            language=_language(point),
            phone=number if via == Via.PHONE else "",
            though_late=request.POST.get("though_late") == "1",
            now=clock.now(),
        )
    except TooLateToday as late:
        context["late"] = words.wait(late.wait)
        context["closes"] = words.clock(late.closes_at, point.timetable.timezone)
    except PhoneInvalid as wrong:
        context["phone_problem"] = str(wrong) or _("This is not a phone number.")
    except ServiceNotGiven:
        context["problem"] = _("The point does not give this service to walk-ins today.")
    except ClosedNow:
        context["problem"] = _("The point serves nobody without an appointment at the moment.")
    else:
        if via == Via.KIOSK:
            return redirect("kiosk-given", point_id=point_id, token=ticket.token)
        request.session[MINE + point_id] = ticket.token
        return redirect("ticket-page", token=ticket.token)
    return _show(request, point, context, status=422)


def _show(
    request: HttpRequest, point: KnownPoint, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The services that walk-ins get now; or when they are served next."""
    now = clock.now()
    hours = walk_in_hours(point.id, None, now)
    names = words.service_names()
    open_now = [c for c in hours.services if opening_of(point, now, c, WALK_IN).until]
    context |= {
        "services": [
            (c, names.get(c, c), _wait_words(point.id, c, _language(point))) for c in open_now
        ],
        "booked_only": [names.get(c, c) for c in _booked_only(point.pairs_on(hours.day))],
        "opening": portal_words.opening(opening_of(point, now, modes=WALK_IN), point, now),
        "without_walk_in": not any(mode == "walk_in" for _c, mode in point.pairs_on(hours.day)),
    }
    return render(request, "kiosk/take.html", context, status=status)


def _booked_only(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The services that are given here today, but to nobody without an appointment."""
    ways: dict[str, set[str]] = {}
    for service, mode in pairs:
        ways.setdefault(service, set()).add(mode)
    return [service for service, modes in ways.items() if not modes & WALK_IN]


def _wait_words(point_id: str, service: str, language: str) -> str:
    found = wait_of_newcomer(point_id, service, language, now=clock.now())
    # Before the first desk opens nobody knows; saying so beside every service helps nobody.
    return "" if isinstance(found, Unknown) else words.wait(found)


def wait_context(ticket: TicketInfo) -> dict[str, Any]:
    """How many are before the ticket, and the wait in words."""
    names = words.service_names()
    found: dict[str, Any] = {"service": names.get(ticket.service, ticket.service)}
    place = queue(ticket.point, clock.now()).of(ticket.id)
    if place is not None:
        found["wait"] = words.wait(place.wait)
        found["unknown"] = isinstance(place.wait, Unknown)
    return found


def qr_of(ticket: TicketInfo) -> SafeString:
    """The ticket's own page as a QR code that scales; on paper too."""
    address = settings.PUBLIC_URL.rstrip("/") + reverse("ticket-page", args=[ticket.token])
    code = segno.make(address, error="m", micro=False)
    title = _("Scan the code to follow the queue with your phone")
    drawn = code.svg_inline(scale=6, border=4, svgclass="qr", lineclass=None, omitsize=True)
    # Drawn here from an address of our own; nothing a customer typed is in it.
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1))


def ticket_of(token: str) -> TicketInfo:
    """The ticket that a link opens; what cannot be a token is not asked of the database."""
    found = ticket_by_token(token) if token.isascii() and token.isprintable() else None
    if found is None:
        raise Http404
    return found


def _point(point_id: str) -> KnownPoint:
    point = register.current().points.get(point_id)
    if point is None:
        raise Http404(point_id)
    return point


def _language(point: KnownPoint) -> str:
    """The page's language where the point serves in it; else any language will do."""
    code = (get_language() or "fi")[:2]
    return code if code in point.languages else ""


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if key.isalnum() and len(key) <= 40 else uuid4().hex


def name_of(point_id: str) -> str:
    """The point's name in the language in use."""
    return in_language(_point(point_id).names)
