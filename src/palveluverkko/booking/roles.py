"""What people who log in may do: by role, as groups that an administrator can change."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q


class Role(StrEnum):
    """``planner`` edits the register and counts; ``adviser`` serves; ``manager`` keeps rosters and
    closes days; ``partner`` books for its own clients.
    """

    PLANNER = "planner"
    ADVISER = "adviser"
    MANAGER = "manager"
    PARTNER = "partner"


# Apps whose every right a role has, and single rights besides.
APPS: dict[Role, tuple[str, ...]] = {
    Role.PLANNER: ("network", "demand"),
    Role.MANAGER: ("booking", "walkins", "outbox"),
}
RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.ADVISER: ("view_booking", "change_booking"),
    Role.MANAGER: ("add_dailyvisits", "change_dailyvisits"),
}


def give_role(user: Any, role: Role) -> None:
    """Put the user into the role's group, which is made with its rights where it is missing.

    A group that is there keeps the rights an administrator gave it.
    """
    group, made = Group.objects.get_or_create(name=role.value)
    if made:
        wanted = Q(content_type__app_label__in=APPS.get(role, ())) | Q(
            codename__in=RIGHTS.get(role, ())
        )
        group.permissions.set(Permission.objects.filter(wanted))
    user.groups.add(group)
