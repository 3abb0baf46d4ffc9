"""A town to book in."""

from __future__ import annotations

import pytest

from tests.web.portal.booking import town as place


@pytest.fixture
def town(db: None) -> None:
    place.build()
