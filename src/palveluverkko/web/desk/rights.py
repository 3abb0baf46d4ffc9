"""Who may see which page of the staff: advisers, managers, and those who record visits."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.walkins.posts import Post, post_of
from palveluverkko.web.portal import clock

P = ParamSpec("P")
View = Callable[P, HttpResponse]

SERVES = "booking.change_booking"
MANAGES = "booking.change_shift"
PLANS = "network.change_servicepoint"
RECORDS = ("demand.add_dailyvisits", "demand.change_dailyvisits")


def is_manager(user: Any) -> bool:
    return bool(user.has_perm(MANAGES))


def may_tally(user: Any, point_id: str) -> bool:
    """Managers, those who may record visits, and advisers at home at the point."""
    if is_manager(user) or user.has_perms(RECORDS):
        return True
    adviser = adviser_of_user(user)
    return adviser is not None and adviser.point_id == point_id


def to_login(request: HttpRequest) -> HttpResponse:
    """Sign in, and come back to a page that can be asked for."""
    back = request.get_full_path() if request.method == "GET" else resolve_url("desk")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def after_login(request: HttpRequest) -> HttpResponse:
    """Who serves or manages, and does not plan, begins at the desk; everybody else at the map."""
    user = request.user
    serves = user.has_perm(SERVES) or user.has_perm(MANAGES)
    return redirect("desk" if serves and not user.has_perm(PLANS) else "map")


def not_an_adviser(user: Any) -> str:
    """Why there is no desk for the account, and who can help."""
    if not user.has_perm(SERVES):
        return _("Your account is not an adviser's. Ask your manager.")
    return _(
        "Your account serves as nobody on the roster. Ask the keeper of this service for a "
        "log-in made with: %(command)s"
    ) % {"command": 'palveluverkko user NAME --role adviser --serves-as "ADVISER"'}


def staff_page(view: View[P]) -> View[P]:
    """Signed-in people only; personal data is kept by no cache."""

    @wraps(view)
    def page(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        if not request.user.is_authenticated:
            return to_login(request)
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return page


def managers_page(view: View[P]) -> View[P]:
    """Managers only."""

    @staff_page
    @wraps(view)
    def page(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        if not is_manager(request.user):
            raise PermissionDenied(_("This page is for managers."))
        return view(*args, **kwargs)

    return page


def advisers_page(
    view: Callable[Concatenate[HttpRequest, Post, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Advisers only; ``view`` is given where the adviser works now."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        post = post_of(request.user, clock.now())
        if post is None or not request.user.has_perm(SERVES):
            raise PermissionDenied(not_an_adviser(request.user))
        response = view(request, post, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return page
