"""The point, one open desk, and messages that go nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from palveluverkko.network.models import ServicePoint
from palveluverkko.walkins import services as verbs
from palveluverkko.walkins.values import DeskInfo
from tests.walkins.build import NOW, build_adviser, build_desk, build_point


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def point(db: None) -> ServicePoint:
    return build_point()


@pytest.fixture
def desk(point: ServicePoint) -> DeskInfo:
    return verbs.open_desk(build_adviser().pk, build_desk(point).pk, point.id, now=NOW)
