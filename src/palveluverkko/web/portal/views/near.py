"""Where a browser is, as the name of the nearest postal area."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from palveluverkko.network.finding import nearest_place

DECIMALS = 2  # about a kilometre: enough for a postal area, too little for an address
LONGEST = 200  # bytes of a position


# Nothing is changed and nothing secret told, so nobody gains by sending it in a person's name;
# without a token the page needs no cookie.
@csrf_exempt
@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """The nearest place's name, empty far from all. The position comes in the body, never in an
    address, which logs would keep; it is rounded and forgotten.
    """
    position = _position(request.body) if len(request.body) <= LONGEST else None
    if position is None:
        return JsonResponse({"place": ""}, status=400)
    place = nearest_place(*position, get_language() or "fi")
    response = JsonResponse({"place": place.name if place else ""})
    response["Cache-Control"] = "no-store"
    return response


def _position(body: bytes) -> tuple[float, float] | None:
    try:
        given: Any = json.loads(body)
        lat, lon = round(float(given["lat"]), DECIMALS), round(float(given["lon"]), DECIMALS)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
