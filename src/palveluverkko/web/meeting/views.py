"""The way into a meeting, the room itself, and the test of camera, microphone and connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from palveluverkko.contact.turn import ice_servers
from palveluverkko.meeting import asks, notes
from palveluverkko.meeting.errors import LinkDead
from palveluverkko.meeting.links import open_link, seat_of_pass
from palveluverkko.meeting.meetings import is_alive
from palveluverkko.meeting.models import Seat
from palveluverkko.meeting.signalling.page import serves_as
from palveluverkko.web.meeting.languages import in_asked_language
from palveluverkko.web.meeting.passes import held, into_room
from palveluverkko.web.meeting.texts import page_texts, role_names
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.texts import in_language

SOCKET = "/ws/meeting/"


@require_http_methods(["GET", "HEAD", "POST"])
@private
@in_asked_language
def by_link(request: HttpRequest, link: str) -> HttpResponse:
    """A press opens the link: programs that look at the links in messages must not use it up.

    Before the press the page is the same for every link, whether it opens anything or not.
    """
    if request.method != "POST":
        return render(request, "meeting/link.html")
    try:
        given = open_link(link, held=held(request), now=clock.now())
    except LinkDead:
        return _closed(request)
    return into_room(request, given)


@require_safe
@private
@in_asked_language
def room(request: HttpRequest) -> HttpResponse:
    """For whoever has a pass; everybody else gets the answer of a link that opens nothing."""
    seat = seat_of_pass(held(request))
    if seat is None or not _may_see(request, seat):
        return _closed(request)
    context: dict[str, Any] = {
        "seat": seat,
        "service": in_language(_names(seat)),
        "notes": notes.text_of(seat),
        "island": {
            "socket": SOCKET,
            "room": seat.meeting.token,
            "role": seat.role,
            "ways": reverse("meeting-ways"),
            "language": seat.meeting.language,
            "roles": role_names(),
            "texts": page_texts(seat.role),
        },
    }
    return render(request, "meeting/room.html", context)


@require_safe
@private
@in_asked_language
def test(request: HttpRequest) -> HttpResponse:
    """Anybody, at any time: it says nothing of any meeting."""
    island = {"socket": SOCKET, "ways": reverse("meeting-ways"), "texts": page_texts("")}
    return render(request, "meeting/test.html", {"island": island, "back": _came_from(request)})


@require_POST
@private
def ways(request: HttpRequest) -> HttpResponse:
    """Servers by which browsers find each other, for the test; not many times an hour."""
    if not asks.may_ask_ways(request.META.get("REMOTE_ADDR", ""), clock.now()):
        return JsonResponse({"problem": "too_many"}, status=429)
    return JsonResponse({"ice": ice_servers()})


def _came_from(request: HttpRequest) -> str:
    """Our own page that led to the test, such as a booking or an invitation; or the front page."""
    came = request.META.get("HTTP_REFERER", "")
    here = request.build_absolute_uri()
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    path = urlsplit(came).path if ours else ""
    tests = {translate_url(urlsplit(here).path, code) for code, _name in settings.LANGUAGES}
    return reverse("home") if not path or path in tests else path


def _may_see(request: HttpRequest, seat: Seat) -> bool:
    if seat.state in Seat.GONE or not is_alive(seat.meeting, clock.now()):
        return False
    if seat.role == Seat.Role.ADVISER:
        return serves_as(request.user, seat.meeting.adviser_id)
    return True


def _names(seat: Seat) -> dict[str, str]:
    service = seat.meeting.service
    return {"fi": service.name_fi, "sv": service.name_sv, "en": service.name_en}


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "meeting/closed.html", status=404)
