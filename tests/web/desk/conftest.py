"""The morning, and who is signed in."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from palveluverkko.web.portal import clock
from tests.web.desk import world


@pytest.fixture
def morning(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.MORNING)
    world.build()


@pytest.fixture
def adviser(morning: None) -> Client:
    """Adviser 1 with an open desk."""
    signed_in = Client()
    signed_in.force_login(User.objects.get(username="adviser1"))
    desk = world.adviser(1).shifts.get().desk
    signed_in.post("/en/desk/place/", {"what": "open", "desk": desk.pk})
    return signed_in


@pytest.fixture
def manager(morning: None) -> Client:
    signed_in = Client()
    signed_in.force_login(world.manager())
    return signed_in
