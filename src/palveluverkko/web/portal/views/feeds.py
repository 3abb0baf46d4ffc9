"""A point's hours for calendars and programs."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from palveluverkko.web.portal import clock, days, feeds, register
from palveluverkko.web.portal.days import Reasons
from palveluverkko.web.portal.opening import local
from palveluverkko.web.portal.register import KnownPoint, Register

MAX_AGE = 3600  # seconds: an exception entered this morning is in the feeds within the hour


def hours_json(request: HttpRequest, point_id: str) -> HttpResponseBase:
    _known, point, today, reasons = _feed(point_id)
    document = feeds.as_document(point, today, reasons)
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return _sent(request, content, "application/json; charset=utf-8")


def hours_ics(request: HttpRequest, point_id: str) -> HttpResponseBase:
    known, point, today, reasons = _feed(point_id)
    page = request.build_absolute_uri(reverse("portal-point", args=[point_id]))
    content = feeds.as_calendar(point, known, today, reasons, page)
    response = _sent(request, content, "text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{point_id}.ics"'
    return response


def _feed(point_id: str) -> tuple[Register, KnownPoint, date, Reasons]:
    known = register.current()
    point = known.points.get(point_id)
    if point is None:
        raise Http404(point_id)
    today = local(clock.now(), point).date()
    return known, point, today, days.reasons_of(point, today)


def _sent(request: HttpRequest, content: bytes, kind: str) -> HttpResponseBase:
    """The content, or that it has not changed; readable by other sites' pages."""
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=kind)
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response
