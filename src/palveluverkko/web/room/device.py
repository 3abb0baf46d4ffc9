"""Which unlocked device a page is shown on, known by a cookie that scripts cannot read."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from palveluverkko.meeting import rooms
from palveluverkko.meeting.passes import COOKIE
from palveluverkko.meeting.room_keys import Trying
from palveluverkko.meeting.room_models import RoomDevice, RoomTurn
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private

P = ParamSpec("P")
Kind = RoomDevice.Kind
COOKIES = {Kind.ROOM: "room_screen", Kind.HOST: "room_host"}
# Which browser typed wrong keys; signed, so that nobody makes up another's.
TRIES = "room_tries"
STARTS = {Kind.ROOM: "room", Kind.HOST: "room-host"}


def device_here(request: HttpRequest, kind: str) -> RoomDevice | None:
    """The unlocked device; ``None`` where it is locked."""
    found = rooms.device_of(request.COOKIES.get(COOKIES[Kind(kind)], ""), now=clock.now())
    return found if found is not None and found.kind == kind else None


def turn_here(request: HttpRequest) -> RoomTurn | None:
    """The customer's turn at the room's screen."""
    device = device_here(request, Kind.ROOM)
    return rooms.turn_on(device) if device is not None else None


def remember(response: HttpResponse, kind: str, secret: str) -> None:
    """Until the browser is closed or the device is locked."""
    response.set_cookie(
        COOKIES[Kind(kind)],
        secret,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def trying(request: HttpRequest) -> Trying:
    """Who types a key. A device that was opened here, though locked by now, is known by itself."""
    address = request.META.get("REMOTE_ADDR", "")
    for name in COOKIES.values():
        opened = rooms.ever_opened(request.COOKIES.get(name, ""))
        if opened is not None:
            return Trying(address, f"device {opened}", trusted=True)
    known = request.get_signed_cookie(TRIES, default="")
    return Trying(address, known or secrets.token_urlsafe(16))


def remember_tries(response: HttpResponse, by: Trying) -> None:
    """For the hour in which the browser's wrong keys are counted."""
    if not by.trusted:
        response.set_signed_cookie(
            TRIES,
            by.browser,
            max_age=3600,
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def on_device(
    kind: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, RoomDevice, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Pages of an unlocked device; a locked one is sent to its start."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, RoomDevice, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @private
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            device = device_here(request, kind)
            if device is None:
                return redirect(STARTS[Kind(kind)])
            return view(request, device, *args, **kwargs)

        return page

    return decorate


def in_turn(
    view: Callable[Concatenate[HttpRequest, RoomTurn, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Pages of the customer's turn; without one the screen shows its start."""

    @private
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        turn = turn_here(request)
        if turn is None:
            return redirect("room")
        return view(request, turn, *args, **kwargs)

    return page


def forget_customer(response: HttpResponse) -> None:
    """Nothing of the customer stays in the browser: no cookies, nothing that scripts kept.

    Browsers obey the header on pages served by https; our own cookies are deleted anyway.
    """
    response["Clear-Site-Data"] = '"cookies", "storage"'
    for name in (COOKIES[Kind.ROOM], COOKIE, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name)
