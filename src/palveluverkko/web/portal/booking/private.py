"""Pages that are one customer's: kept by no cache, found by no search, opened by a signed link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.booking.errors import BookingUnknown, LinkExpired
from palveluverkko.web.portal import clock

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Mark what the view answers as one person's."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        # Nothing is told to other sites. With "no-referrer" browsers send "Origin: null" with our
        # own forms, which the protection against forged requests must refuse.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


BROKEN = "portal/booking/broken_link.html"


def by_link(read: Callable[..., Any], broken: str = BROKEN, **how: Any) -> Callable[[View], View]:
    """Open what the link in the address names; ``broken`` is the page of a broken or an old link.

    The page is the same whether or not there ever was such a booking.
    """

    def decorate(view: View) -> View:
        @private
        @wraps(view)
        def opened(request: HttpRequest, link: str) -> HttpResponse:
            try:
                found = read(link, now=clock.now(), **how)
            except BookingUnknown:
                return render(request, broken, status=404)
            except LinkExpired:
                return render(request, broken, {"old": True}, status=410)
            return view(request, found, link)

        return opened

    return decorate
