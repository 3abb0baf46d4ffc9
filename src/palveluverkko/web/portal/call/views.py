"""The page that calls an adviser, the queue's front door, and the button for other sites."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from palveluverkko.booking import offerings
from palveluverkko.contact import calls
from palveluverkko.contact.errors import ServiceUnknown
from palveluverkko.contact.models import Contact
from palveluverkko.web import reports
from palveluverkko.web.portal import register
from palveluverkko.web.portal.booking import words
from palveluverkko.web.portal.booking.private import private
from palveluverkko.web.portal.call.texts import page_texts
from palveluverkko.web.texts import in_language

AREA = re.compile(r"[0-9]{5}")
IN_QUEUE = "call"
KEY = re.compile(r"[A-Za-z0-9-]{16,40}")


@require_safe
@private
def call(request: HttpRequest) -> HttpResponse:
    """Everything that the page may come to show; its script opens one step after the other."""
    if not reports.has_network():
        return render(request, "web/empty.html")
    known = register.current()
    mine = (get_language() or "fi")[:2]
    languages = words.named(offerings.current().languages)
    asked = request.GET.get("service", "")
    context: dict[str, Any] = {
        "services": [(code, in_language(names)) for code, names in known.services.items()],
        "service": asked if asked in known.services else "",
        "languages": languages,
        "language": mine,
        "island": {
            "enter": reverse("call-enter"),
            "socket": "/ws/call/",
            "texts": page_texts(),
        },
    }
    return render(request, "portal/call/call.html", context)


@require_POST
@private
def enter(request: HttpRequest) -> HttpResponse:
    """Into the queue: the contact's token, or the code of what stands in the way."""
    given = {name: request.POST.get(name, "") for name in ("service", "language", "area", "key")}
    if not KEY.fullmatch(given["key"]):
        return JsonResponse({"problem": "broken"}, status=400)
    if request.session.session_key is None:
        request.session.create()  # tells who tries again; it holds nothing
    try:
        contact = calls.begin(
            given["service"],
            given["language"],
            key=given["key"],
            area=given["area"] if AREA.fullmatch(given["area"]) else "",
            browser=request.session.session_key or "",
            address=request.META.get("REMOTE_ADDR", ""),
        )
    except ServiceUnknown:
        return JsonResponse({"problem": "choose"}, status=400)
    except calls.TooManyCalls:
        return JsonResponse({"problem": "too_many"}, status=429)
    if contact.state == Contact.State.BLOCKED:
        return JsonResponse({"problem": f"blocked_{contact.blocked_why}"})
    request.session[IN_QUEUE] = (
        contact.token
    )  # a callback asked for meanwhile takes the place along
    return JsonResponse({"token": contact.token})


@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """A button for another site that opens the call page in a window of its own."""
    labels, addresses = {}, {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels[code] = _("Call an adviser on the web")
            addresses[code] = settings.PUBLIC_URL.rstrip("/") + reverse("call")
    facts = {"origins": settings.CALL_EMBED_ORIGINS, "labels": labels, "addresses": addresses}
    script = render_to_string("portal/call/embed.js", {"facts": json.dumps(facts)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
