"""The least network that counts need: one agency, two services, points open on two weekdays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest
from django.utils import translation

from palveluverkko.network.models import (
    Agency,
    Municipality,
    OpeningHours,
    Service,
    ServicePoint,
)

MONDAY = date(2018, 1, 15)  # an ordinary week


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def services(db: None) -> None:
    Agency.objects.create(code="agency", name_fi="Virasto", country="FI")
    for code in ("general", "family"):
        Service.objects.create(code=code, name_fi=code)


@pytest.fixture
def make_point(services: None) -> Callable[..., ServicePoint]:
    municipality = Municipality.objects.create(code="091", name_fi="Helsinki")

    def make(
        code: str = "a",
        weekdays: tuple[int, ...] = (0, 2),
        opened: date | None = None,
        ended: date | None = None,
    ) -> ServicePoint:
        point = ServicePoint.objects.create(
            id=code,
            name_fi=code,
            kind="service_point",
            municipality=municipality,
            lat=60.2,
            lon=24.9,
            valid_from=opened,
            valid_until=ended,
        )
        for weekday in weekdays:
            OpeningHours.objects.create(
                point=point, weekday=weekday, opens=time(9), closes=time(15)
            )
        return point

    return make


@pytest.fixture
def point(make_point: Callable[..., ServicePoint]) -> ServicePoint:
    return make_point()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, name: str = "counts.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return write
