"""What holds for every page: it loads nothing from outside, and shows one moment."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from palveluverkko.network.moment import one_moment

# The interface's own documentation page starts itself by a script inside the page.
EXEMPT = "/api/docs"


def content_security_policy() -> str:
    """Everything from our own origin; images also from the configured tile source.

    The desk's telephone may have an address of its own (``SIP_WS_URL``).
    """
    tiles = urlsplit(settings.MAP_TILE_URL)
    sip = urlsplit(settings.SIP_WS_URL if settings.DIALLING == "sip" else "")
    outside = f" {tiles.scheme}://{tiles.netloc}" if tiles.netloc else ""
    telephone = f" {sip.scheme}://{sip.netloc}" if sip.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{outside}",
            f"connect-src 'self'{outside}{telephone}",
            "style-src 'self' 'unsafe-inline'",  # the admin and the charts set style attributes
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(EXEMPT):
            response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class OneMoment:
    """A page that changes nothing reads once what several of its parts ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with one_moment():
            return self.get_response(request)
