"""Addresses of video rooms. None holds a key, a name or a number of a booking."""

from django.urls import URLPattern, path

from palveluverkko.web.room import host, screen, turn
from palveluverkko.web.room.device import Kind

urlpatterns: list[URLPattern] = [
    path("room/", screen.start, name="room"),
    path("room/unlock/", screen.unlock, {"kind": Kind.ROOM}, name="room-unlock"),
    path("room/lock/", screen.lock, name="room-lock"),
    path("room/state.json", screen.state, name="room-state"),
    path("room/begin/", screen.begin, name="room-begin"),
    path("room/turn/", turn.turn, name="room-turn"),
    path("room/enter/", turn.enter, name="room-enter"),
    path("room/join/", turn.join, name="room-join"),
    path("room/end/", screen.end, name="room-end"),
    path("room/ask-host/", screen.ask_host, name="room-ask-host"),
    path("room/host/", host.host, name="room-host"),
    path("room/host/unlock/", screen.unlock, {"kind": Kind.HOST}, name="room-host-unlock"),
    path("room/host/state.json", host.state, name="room-host-state"),
    path("room/host/answer/", host.answer, name="room-host-answer"),
    path("room/host/join/", host.join, name="room-host-join"),
    path("room/host/free/", host.free, name="room-host-free"),
    path("room/host/lock/", host.lock, name="room-host-lock"),
]
