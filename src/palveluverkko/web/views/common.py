"""What every assessment page shares: the choice of policy and day, and the empty state."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.criteria import PolicyInvalid
from palveluverkko.web import reports
from palveluverkko.web.selection import Selection, selection_of

P = ParamSpec("P")
AssessmentView = Callable[Concatenate[HttpRequest, Selection, P], HttpResponse]


def needs_network(view: AssessmentView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give ``view`` the selection of the request; say what to do where there is nothing yet."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not reports.has_network():
            return render(request, "web/empty.html")
        try:
            selection = selection_of(request)
        except PolicyInvalid as error:
            return render(request, "web/policy_invalid.html", {"error": error}, status=500)
        return view(request, selection, *args, **kwargs)

    return page


def show(
    request: HttpRequest, template: str, selection: Selection, context: dict[str, Any]
) -> HttpResponse:
    """The page of an assessment: the same policy line, day and synthetic notice on all."""
    return render(
        request,
        template,
        {
            "selection": selection,
            "policy": selection.policy.policy,
            "report": selection.report,
            **context,
        },
    )
