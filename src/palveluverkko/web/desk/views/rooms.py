"""Keys of video rooms: made, listed and revoked by managers; the sheet for the staff of a point."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palveluverkko.booking import offerings
from palveluverkko.booking.models import Resource
from palveluverkko.meeting import room_keys, room_queries, rooms
from palveluverkko.meeting.room_models import RoomKey
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page

LANGUAGES = dict(settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_page
def room_keys_page(request: HttpRequest) -> HttpResponse:
    """Every room with its keys; POST makes one, which is shown on its sheet and never again."""
    known = room_queries.rooms()
    if request.method == "POST":
        number = request.POST.get("room", "")
        room = next((r for r in known if str(r.pk) == number), None)
        if room is None:
            raise Http404(number)
        return _sheet(request, room, room_keys.make_key(room.pk, by=request.user))
    keys = RoomKey.objects.filter(room__in=known, revoked_at=None).select_related("made_by")
    context = {
        "rooms": [(r, [_told(k) for k in keys if k.room_id == r.pk]) for r in known],
        "languages": LANGUAGES.items(),
        "chosen": translation.get_language(),
    }
    return render(request, "desk/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_page
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Asks first, and tells whether a customer would be put out of the room; POST revokes."""
    if request.method != "POST":
        return _asked(request, key_id)
    if rooms.revoke_key(key_id) is None:
        raise Http404(key_id)
    messages.success(request, _("The key is revoked. What it opened is locked now."))
    return redirect("desk-rooms")


def _asked(request: HttpRequest, key_id: int) -> HttpResponse:
    key = RoomKey.objects.filter(pk=key_id).select_related("room__point", "made_by").first()
    if key is None:
        raise Http404(key_id)
    if key.revoked_at is not None:
        return redirect("desk-rooms")
    turn = rooms.turn_in(key.room_id)
    on_key = turn is not None and turn.device.key_id == key.pk
    zone = offerings.current().zone_of(key.room.point_id)
    context = {
        "key": _told(key),
        "room": key.room,
        "since": words.clock(turn.begun_at, zone) if turn is not None and on_key else "",
        "elsewhere": turn is not None and not on_key,
    }
    return render(request, "desk/room_revoke.html", context)


def _sheet(request: HttpRequest, room: Resource, key: str) -> HttpResponse:
    """To print, in the language of the point's staff."""
    language = request.POST.get("language", "")
    with translation.override(language if language in LANGUAGES else translation.get_language()):
        root = settings.PUBLIC_URL.rstrip("/")
        screen, host = root + reverse("room"), root + reverse("room-host")
        context: dict[str, Any] = {
            "room": room,
            "point": room.point,
            "key": key,
            "screen": screen,
            "host": host,
            "code": _code(screen),
            "language": translation.get_language(),
        }
        return render(request, "desk/room_sheet.html", context)


def _told(key: RoomKey) -> dict[str, Any]:
    zone = offerings.current().zone_of(key.room.point_id)
    return {
        "id": key.pk,
        "made": words.short_when(key.made_at, zone),
        "by": key.made_by.get_username() if key.made_by is not None else "",
        "used": words.short_when(key.used_at, zone) if key.used_at is not None else "",
    }


def _code(address: str) -> SafeString:
    """The screen's address as a QR code; the key is not in it."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr", lineclass=None, omitsize=True
    )
    # Drawn here from an address of our own.
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))
