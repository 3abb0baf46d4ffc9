"""The page of the staff at a joint point: the room's day, and a bell when they are wanted there.

Of the meeting it tells that there is one, and since when; nothing else can be learnt here.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from palveluverkko.meeting import rooms
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.room_ends import host_is_there, host_pass, meeting_of
from palveluverkko.meeting.room_models import RoomDevice, RoomTurn
from palveluverkko.web.meeting.passes import into_room
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.room import words
from palveluverkko.web.room.device import Kind, device_here, on_device
from palveluverkko.web.room.screen import locked


@require_safe
@private
def host(request: HttpRequest) -> HttpResponse:
    device = device_here(request, Kind.HOST)
    if device is None:
        return locked(request, Kind.HOST)
    context = words.day_context(device, clock.now())
    turn = context["turn"]
    context |= {
        "host_state": words.host_state(turn),
        "can_join": turn is not None and meeting_of(turn) is not None,
    }
    return render(request, "room/host.html", context)


@require_safe
@private
def state(request: HttpRequest) -> HttpResponse:
    """What is true now, for the page's script."""
    device = device_here(request, Kind.HOST)
    turn = rooms.turn_in(device.key.room_id) if device is not None else None
    if turn is not None:
        host_is_there(turn, clock.now())
    return JsonResponse(
        {
            "open": device is not None,
            "turn": turn.pk if turn is not None else None,
            "host": words.host_state(turn),
        }
    )


@require_POST
@on_device(Kind.HOST)
def answer(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    """The ringing stops, and the customer reads that somebody is coming."""
    turn = rooms.turn_in(device.key.room_id)
    if turn is not None:
        rooms.answer_host(turn.pk, now=clock.now())
    return redirect("room-host")


@require_POST
@on_device(Kind.HOST)
def join(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    """From this computer into the meeting, where the host was asked in; else they wait outside."""
    turn = rooms.turn_in(device.key.room_id)
    try:
        if turn is None or turn.host_asked_at is None:
            raise MeetingError
        given = host_pass(turn, clock.now())
    except MeetingError:
        messages.error(request, _("You are not wanted in the room any more."))
        return redirect("room-host")
    rooms.answer_host(turn.pk, now=clock.now())
    return into_room(request, given)


@require_POST
@on_device(Kind.HOST)
def free(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    """The customer has gone without ending the turn: lock the screen."""
    turn = rooms.turn_in(device.key.room_id)
    if turn is not None:
        rooms.end_turn(turn.pk, RoomTurn.Ended.HOST, now=clock.now())
        messages.success(request, _("The screen in the room is locked."))
    return redirect("room-host")


@require_POST
@on_device(Kind.HOST)
def lock(request: HttpRequest, device: RoomDevice) -> HttpResponse:
    rooms.lock(device.pk, now=clock.now())
    return redirect("room-host")
