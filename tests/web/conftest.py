"""The small network behind every page test, and who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client

from palveluverkko.decisions import queries
from palveluverkko.web import reports
from tests.web import world


@pytest.fixture
def network(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The network in the register, and its assessment as written down in ``world``.

    The engine has tests of its own; a fixed document says exactly what pages must show.
    """
    cache.clear()
    queries.clear_cache()
    world.build_network()
    found = world.document()
    monkeypatch.setattr(reports, "report", lambda policy, as_of: found)
    monkeypatch.setattr(reports, "default_as_of", lambda: world.AS_OF)
    yield found
    queries.clear_cache()


@pytest.fixture
def staff(db: None) -> Client:
    """A signed-in planner."""
    user = User.objects.create_user("planner", password="a long pass phrase", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label__in=("network", "demand"))
    user.user_permissions.set(rights)
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


@pytest.fixture
def adviser(db: None) -> User:
    """An adviser, who may record visits and nothing else."""
    user = User.objects.create_user("adviser", password="a long pass phrase")
    names = ("add_dailyvisits", "change_dailyvisits")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user
