"""The customer's turn at the screen: one big button, or first the queue; then the meeting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from palveluverkko.contact.models import Contact
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.room_ends import join_turn
from palveluverkko.meeting.room_models import RoomTurn
from palveluverkko.web.meeting.passes import into_room
from palveluverkko.web.portal import clock
from palveluverkko.web.portal.video import queue
from palveluverkko.web.room.device import in_turn


@require_safe
@in_turn
def turn(request: HttpRequest, turn: RoomTurn) -> HttpResponse:
    """What the customer sees first, alone in the room."""
    if turn.booking_id is not None:
        return render(request, "room/begin.html", {"turn": turn, "room": turn.room})
    context = queue.context(
        request, enter=reverse("room-enter"), join=reverse("room-join"), back=reverse("room-turn")
    )
    token = turn.contact.token if turn.contact is not None else ""
    context["island"]["token"] = token
    return render(request, "room/at_once.html", context | {"turn": turn, "room": turn.room})


@require_POST
@in_turn
def join(request: HttpRequest, turn: RoomTurn) -> HttpResponse:
    """Into the meeting; where there is none any more, back to the first page of the turn."""
    try:
        given = join_turn(turn, clock.now())
    except MeetingError:
        return render(request, "room/begin.html", {"turn": turn, "room": turn.room, "over": True})
    return into_room(request, given)


@require_POST
@in_turn
def enter(request: HttpRequest, turn: RoomTurn) -> HttpResponse:
    """Into the queue without a booking; once a turn, however often it is pressed."""
    if turn.booking_id is not None:
        return JsonResponse({"problem": "broken"}, status=400)
    held = turn.contact
    if held is not None and held.state in Contact.OPEN:
        return JsonResponse({"token": held.token})
    contact, answer = queue.enter(request, tries=turn.pk, point=turn.room.point_id)
    if contact is not None:
        RoomTurn.objects.filter(pk=turn.pk, ended_at=None).update(contact=contact)
    return answer
