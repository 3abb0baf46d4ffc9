"""The browser's pass: given with the way into the room, read from it, and taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from palveluverkko.meeting.links import Pass
from palveluverkko.meeting.passes import COOKIE

# A meeting closes before that; the browser need not keep the cookie any longer.
KEPT_SECONDS = 24 * 3600


def into_room(request: HttpRequest, given: Pass) -> HttpResponse:
    """To the room's page, whose address says nothing; the pass is in the cookie."""
    response = redirect("meeting-room")
    response.set_cookie(
        COOKIE,
        given.secret,
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    return response


def held(request: HttpRequest) -> str:
    """The pass that the browser has; empty where it has none."""
    return request.COOKIES.get(COOKIE, "")


def take_back(response: HttpResponseBase) -> None:
    """The browser is in no meeting any more."""
    response.delete_cookie(COOKIE, samesite="Lax")
