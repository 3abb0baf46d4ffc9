"""A point's own page: where it is, when it serves, how to get service, and what will change."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.web.portal import cards, clock, days, notices, register, words
from palveluverkko.web.portal.asked import Asked
from palveluverkko.web.portal.cards import HOW, point_card
from palveluverkko.web.portal.opening import local, opening_of
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.portal.search import nearest_offers
from palveluverkko.web.texts import in_language

INSTEAD = 3


def point(request: HttpRequest, point_id: str) -> HttpResponse:
    known, now = register.current(), clock.now()
    shown = known.points.get(point_id)
    if shown is None:
        raise Http404(point_id)
    today = local(now, shown).date()
    reasons = days.reasons_of(shown, today)
    ended = notices.ended(shown, today)
    opening = opening_of(shown, now)
    context = {
        "point": shown,
        "address": words.address(shown),
        "map_link": _map_link(shown),
        "ended": ended,
        "opening": "" if ended else words.opening(opening, shown, now),
        "open_now": opening.until is not None,
        "zone": cards.zone_note(shown, known),
        "notices": notices.notices(shown, known, today),
        "deviations": () if ended else days.deviations(shown, known, today, reasons),
        "days": () if ended else days.coming_days(shown, known, today, reasons),
        "services": _services(shown, known, today),
        "walk_in": any(mode == "walk_in" for _code, mode in shown.pairs_on(today)),
        "bookable": any(mode != "walk_in" for _code, mode in shown.pairs_on(today)),
        "languages": words.languages(shown),
        "instead": _instead(shown, known, now) if ended else (),
    }
    return render(request, "portal/point.html", context)


def _services(point: KnownPoint, known: Register, today: date) -> list[tuple[str, list[str]]]:
    """The services given now, each with how to get it; a future point's first ones."""
    since = point.timetable.valid.start
    pairs = point.pairs_on(max(today, since) if since else today)
    return [
        (in_language(known.services[service]), [str(HOW[m]) for m in HOW if (service, m) in pairs])
        for service in dict.fromkeys(code for code, _mode in pairs)
    ]


def _instead(point: KnownPoint, known: Register, now: datetime) -> list[cards.Card]:
    offers = nearest_offers(point, known, now, INSTEAD)
    return [point_card(offer, Asked(), known, now) for offer in offers]


def _map_link(point: KnownPoint) -> str:
    """The reader's own map program (RFC 5870); nothing is sent anywhere unless they open it."""
    name = quote(in_language(point.names))
    return f"geo:{point.lat},{point.lon}?q={point.lat},{point.lon}({name})"
