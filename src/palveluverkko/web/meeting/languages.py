"""The languages of the meeting pages: ``?language=sv`` leads to the same page in Swedish.

A page that a secret link leads to must not repeat it: its languages are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import translate_url

P = ParamSpec("P")


def in_asked_language(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = request.GET.get("language", "")
        if request.method in ("GET", "HEAD") and asked in dict(settings.LANGUAGES):
            return redirect(translate_url(request.path, asked))
        return view(request, *args, **kwargs)

    return page
