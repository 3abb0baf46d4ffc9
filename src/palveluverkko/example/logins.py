"""People who may log in to the example: an adviser and a manager, with passwords of their own.

Passwords are random for every installation and shown once, where they are made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction

from palveluverkko.booking.models import Resource

POINT = "kuopio"  # where the adviser and the manager have their desks
RIGHTS = {
    "adviser": ("view_booking", "change_booking"),
    "manager": None,  # everything of bookings and walk-ins
}
APPS = ("booking", "walkins")


@dataclass(frozen=True, slots=True)
class Login:
    """A new login; the password is stored nowhere else in plain."""

    name: str
    password: str
    resource: str


@transaction.atomic
def make_logins() -> list[Login]:
    """Make the logins that are missing, each tied to an adviser of the example.

    A name that is taken is left alone; where the example has no staff, none is made.
    """
    users = get_user_model().objects
    staff = Resource.objects.filter(
        point_id=POINT, kind=Resource.Kind.ADVISER, synthetic=True, user=None
    )
    people = iter(staff.order_by("pk")[: len(RIGHTS)])
    made: list[Login] = []
    for name, rights in RIGHTS.items():
        if users.filter(username=name).exists():
            continue
        person = next(people, None)
        if person is None:
            continue
        password = secrets.token_urlsafe(12)
        user = users.create_user(username=name, password=password, is_staff=name == "manager")
        granted = Permission.objects.filter(content_type__app_label__in=APPS)
        user.user_permissions.set(
            granted if rights is None else granted.filter(codename__in=rights)
        )
        person.user = user
        person.save(update_fields=["user"])
        made.append(Login(name, password, person.name))
    return made
