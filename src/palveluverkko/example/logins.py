"""People who may log in to the example: an adviser and a manager, with passwords of their own.

Passwords are random for every installation and shown once, where they are made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role

POINT = "kuopio"  # where the adviser and the manager have their desks
ROLES = (Role.ADVISER, Role.MANAGER)


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
    people = iter(staff.order_by("pk")[: len(ROLES)])
    made: list[Login] = []
    for role in ROLES:
        name = role.value
        if users.filter(username=name).exists():
            continue
        person = next(people, None)
        if person is None:
            continue
        password = secrets.token_urlsafe(12)
        user = users.create_user(username=name, password=password, is_staff=role == Role.MANAGER)
        give_role(user, role)
        person.user = user
        person.save(update_fields=["user"])
        made.append(Login(name, password, person.name))
    return made
