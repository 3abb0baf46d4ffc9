"""The customers' world, looked at on a Monday morning."""

from __future__ import annotations

import pytest

from palveluverkko.web.portal import clock
from palveluverkko.web.portal.views import find
from tests.web.portal import world


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world.build()
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(find, "today", lambda _zone: world.NOW.date())
