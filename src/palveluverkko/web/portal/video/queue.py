"""The queue for video at once, as customers' own pages and the screens of video rooms show it."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language

from palveluverkko.booking import offerings
from palveluverkko.contact import calls
from palveluverkko.contact.errors import ServiceUnknown
from palveluverkko.contact.models import Channel, Contact
from palveluverkko.web.portal import register
from palveluverkko.web.portal.booking import words
from palveluverkko.web.portal.call.texts import page_texts
from palveluverkko.web.texts import in_language

AREA = re.compile(r"[0-9]{5}")
KEY = re.compile(r"[A-Za-z0-9-]{16,40}")


def context(request: HttpRequest, *, enter: str, join: str, back: str) -> dict[str, Any]:
    """What the page shows and its script needs: where it asks, and where it goes on."""
    known = register.current()
    asked = request.GET.get("service", "")
    return {
        "services": [(code, in_language(names)) for code, names in known.services.items()],
        "service": asked if asked in known.services else "",
        "languages": words.named(offerings.current().languages),
        "language": (get_language() or "fi")[:2],
        "enter": enter,
        "join": join,
        "device_test": reverse("meeting-test"),
        "island": {
            "enter": enter,
            "back": back,
            "socket": "/ws/call/",
            "token": "",
            "texts": page_texts(),
        },
    }


def enter(
    request: HttpRequest, *, tries: int = 0, point: str | None = None
) -> tuple[Contact | None, JsonResponse]:
    """Into the queue: the contact and its token, or the code of what stands in the way.

    ``tries``: of which turn of a video room it is; there many customers share one browser.
    ``point``: where that room is.
    """
    given = {name: request.POST.get(name, "") for name in ("service", "language", "area", "key")}
    if not KEY.fullmatch(given["key"]):
        return None, JsonResponse({"problem": "broken"}, status=400)
    try:
        contact = calls.begin(
            given["service"],
            given["language"],
            key=given["key"],
            channel=Channel.VIDEO,
            area=given["area"] if AREA.fullmatch(given["area"]) else "",
            point=point,
            browser=f"room turn {tries}" if tries else _browser(request),
            address=request.META.get("REMOTE_ADDR", ""),
        )
    except ServiceUnknown:
        return None, JsonResponse({"problem": "choose"}, status=400)
    except calls.TooManyCalls:
        return None, JsonResponse({"problem": "too_many"}, status=429)
    if contact.state == Contact.State.BLOCKED:
        return None, JsonResponse({"problem": f"blocked_{contact.blocked_why}"})
    return contact, JsonResponse({"token": contact.token})


def _browser(request: HttpRequest) -> str:
    if request.session.session_key is None:
        request.session.create()  # tells who tries again; it holds nothing
    return request.session.session_key or ""
