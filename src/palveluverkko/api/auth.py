"""Who is asking: a signed-in person (session, with CSRF check) or a program (bearer token)."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer, django_auth

from palveluverkko.api.tokens import user_of

MAY_RECORD = ("demand.add_dailyvisits", "demand.change_dailyvisits")


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of(token)


# The token first: the session's authenticator refuses a request without a CSRF cookie outright.
signed_in = [TokenAuth(), django_auth]


def sees_small_cells(request: HttpRequest) -> bool:
    """Whether the reader is staff, in a session or with a token; reading needs neither."""
    user: User | AnonymousUser | None = request.user
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = user_of(token)
    return user is not None and user.is_staff


def require_recorder(user: User) -> None:
    """Raises 403 unless the user may record counts."""
    if not user.has_perms(MAY_RECORD):
        raise HttpError(403, _("You may not record visits."))
