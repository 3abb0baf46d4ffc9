"""The screen in the video room: locked, opened by the staff, then one customer's alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from palveluverkko.meeting import rooms
from palveluverkko.meeting.room_keys import KeyRefused, TooManyTries
from palveluverkko.meeting.room_models import RoomDevice, RoomTurn
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.room import words
from palveluverkko.web.room.device import (
    COOKIES,
    Kind,
    device_here,
    forget_customer,
    in_turn,
    on_device,
    remember,
    remember_tries,
    trying,
    turn_here,
)

Ended = RoomTurn.Ended


@require_safe
@private
def start(request: HttpRequest) -> HttpResponse:
    """Locked, the staff's list, or the customer's page: whichever is true of this screen now."""
    device = device_here(request, Kind.ROOM)
    if device is None:
        return _cleared(request) or locked(request, Kind.ROOM)
    if rooms.turn_on(device) is not None:
        return redirect("room-turn")
    return render(request, "room/list.html", words.day_context(device, clock.now()))


@require_POST
@private
def unlock(request: HttpRequest, kind: str) -> HttpResponse:
    """With the key, typed by the staff. A wrong one says nothing of what there is."""
    by = trying(request)
    try:
        _device, secret = rooms.unlock(
            request.POST.get("key", "")[:60],
            kind,
            by=by,
            now=clock.now(),
        )
    except KeyRefused:
        said = _(
            "This key opens nothing. Look at the sheet again, or ask the agency for a new key."
        )
        response = locked(request, kind, said, status=422)
        remember_tries(response, by)
        return response
    except TooManyTries:
        said = _("Too many wrong keys. Try again in an hour, or phone the agency.")
        return locked(request, kind, said, status=429)
    response = redirect("room" if kind == Kind.ROOM else "room-host")
    remember(response, kind, secret)
    return response


def locked(request: HttpRequest, kind: str, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"kind": kind, "problem": problem, "host": kind == Kind.HOST}
    return render(request, "room/locked.html", context, status=status)


def _cleared(request: HttpRequest) -> HttpResponse | None:
    """A screen that was a customer's or the staff's until now forgets them first.

    By an answer of its own: browsers throw away cookies that come with the order to do so.
    """
    if not request.COOKIES.get(COOKIES[Kind.ROOM]):
        return None
    response = redirect("room")
    forget_customer(response)
    return response


@require_POST
@on_device(Kind.ROOM)
def lock(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    if rooms.turn_on(device) is None:
        rooms.lock(device.pk, now=clock.now())
    return redirect("room")


@require_POST
@on_device(Kind.ROOM)
def begin(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    """The staff hand the screen to the customer."""
    number = request.POST.get("booking", "")
    booking_id = int(number) if number.isdecimal() and len(number) < 19 else None
    try:
        rooms.begin_turn(device, booking_id, now=clock.now())
    except rooms.RoomTaken:
        messages.error(request, _("The room is in use on another screen. End that meeting first."))
        return redirect("room")
    except rooms.NotInRoom:
        messages.error(request, _("This time is not in this room any more. Look at the list."))
        return redirect("room")
    return redirect("room-turn")


@require_POST
@in_turn
def end(request: HttpRequest, turn: RoomTurn) -> HttpResponse:
    """The customer is ready; or the screen's script says that nobody is there any more."""
    why = Ended.IDLE if request.POST.get("why") == "idle" else Ended.DONE
    rooms.end_turn(turn.pk, why, now=clock.now())
    return redirect("room")


@require_POST
@in_turn
def ask_host(request: HttpRequest, turn: RoomTurn) -> HttpResponse:
    """Ring at the staff's own computer."""
    rooms.ask_host(turn.pk, now=clock.now())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_state(request))
    messages.success(request, _("The staff have been asked to come."))
    return redirect("room-turn")


@require_safe
@private
def state(request: HttpRequest) -> HttpResponse:
    """What is true now, for the page's script; asking also tells that the screen is there."""
    return JsonResponse(_state(request))


def _state(request: HttpRequest) -> dict[str, Any]:
    device = device_here(request, Kind.ROOM)
    turn = turn_here(request)
    return {
        "open": device is not None,
        "turn": turn.pk if turn is not None else None,
        "host": words.host_state(turn),
    }
