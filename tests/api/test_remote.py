"""Contacts of a municipality's customers by month: small cells and running months stay hidden."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from palveluverkko.api import remote
from palveluverkko.demand.contacts import add_channel_contact
from tests.contact.pool_build import build_service
from tests.factories import AreaFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/api/municipalities/213/remote-contacts"


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "today", lambda: date(2026, 3, 10))
    build_service()
    AreaFactory(code="51200", municipality=MunicipalityFactory(code="213"))
    for channel, day, area, times in (
        ("phone", date(2026, 2, 3), "51200", 5),
        ("video", date(2026, 2, 28), "51200", 4),
        ("phone", date(2026, 2, 4), "", 2),
        ("phone", date(2026, 1, 31), "", 1),
        ("phone", date(2026, 3, 2), "51200", 9),  # the month goes on
        ("phone", date(2025, 2, 28), "51200", 9),  # more than twelve months ago
    ):
        for _ in range(times):
            add_channel_contact(channel, "general", day, area)


def cell(contacts: int | None, suppressed: bool = False) -> dict[str, Any]:
    return {"contacts": contacts, "suppressed": suppressed}


def test_the_public_sees_finished_months_without_small_cells(client: Client) -> None:
    january, february = client.get(ADDRESS).json()
    assert january == {
        "month": "2026-01-01",
        "phone": cell(None),
        "video": cell(None),
        "told": 0,
        "served": 1,
    }
    assert february == {
        "month": "2026-02-01",
        "phone": cell(5),
        "video": cell(None, True),
        "told": None,
        "served": 11,
    }


def test_staff_see_small_cells_too(client: Client) -> None:
    client.force_login(User.objects.create_user("s", is_staff=True))
    february = client.get(ADDRESS).json()[1]
    assert (february["video"], february["told"]) == (cell(4), 9)


def test_an_unknown_municipality_is_not_found(client: Client) -> None:
    assert client.get("/api/municipalities/999/remote-contacts").status_code == 404
