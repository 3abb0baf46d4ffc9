"""Bookings in the admin: what may be edited is, and nobody's matter is shown."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from palveluverkko.booking import models
from palveluverkko.booking.services import book
from tests.booking.world import AINO, NOW, staffed_point, wish

pytestmark = pytest.mark.django_db
PAGES = ("terms", "resource", "rosterpattern", "shift", "closure", "booking")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize("name", PAGES)
def test_every_list_opens(admin: Client, name: str) -> None:
    staffed_point()
    book(wish(), AINO, key="k", now=NOW)
    assert admin.get(reverse(f"admin:booking_{name}_changelist")).status_code == 200


def test_a_booking_is_shown_without_its_customer_and_cannot_be_changed(admin: Client) -> None:
    staffed_point()
    made = book(wish(), AINO, key="k", now=NOW)
    page = admin.get(reverse("admin:booking_booking_change", args=[made.pk])).content.decode()
    for secret in (AINO.name, AINO.phone, AINO.email, made.token):
        assert secret not in page
    assert 'name="_save"' not in page
    assert admin.get(reverse("admin:booking_booking_add")).status_code == 403
    assert admin.get(reverse("admin:booking_booking_delete", args=[made.pk])).status_code == 403


def test_a_person_has_a_roster_and_a_desk_has_none(admin: Client) -> None:
    staffed_point()
    for kind, shown in (("adviser", True), ("desk", False)):
        row = models.Resource.objects.filter(kind=kind).first()
        assert row is not None
        page = admin.get(reverse("admin:booking_resource_change", args=[row.pk]))
        assert page.status_code == 200
        assert ("patterns-TOTAL_FORMS" in page.content.decode()) is shown
