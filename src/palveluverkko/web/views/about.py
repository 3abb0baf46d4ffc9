"""What this is: sources, methods in plain words, accessibility, privacy."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.web import credits


def about(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "web/about.html",
        {
            "credits": credits.all_credits(),
            "days": settings.BOOKING_DAYS,
            "message_days": settings.MESSAGE_DAYS,
        },
    )
