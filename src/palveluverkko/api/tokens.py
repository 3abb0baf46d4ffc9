"""Tokens for programs: signed, dated, and void when the account's password changes.

Nothing is stored; why: docs/decisions/004-api-tokens.md.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "palveluverkko.api.token"
MAX_AGE = timedelta(days=400)  # a yearly renewal with a month to spare


def issue(user: User) -> str:
    """A token that acts for ``user`` for :data:`MAX_AGE`, with the user's own permissions."""
    return signing.dumps({"user": user.pk, "key": _key(user)}, salt=SALT)


def user_of(token: str) -> User | None:
    """The active user whom the token acts for; None if it is forged, too old or revoked."""
    try:
        content = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:  # covers SignatureExpired
        return None
    user = get_user_model().objects.filter(pk=content["user"], is_active=True).first()
    if user is None or not constant_time_compare(content["key"], _key(user)):
        return None
    return user


def revoke(user: User) -> None:
    """Make every token of the user void. The password is gone too: meant for programs' accounts."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _key(user: User) -> str:
    """Changes with the password, also with an unusable one, which Django makes at random."""
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()[:32]
