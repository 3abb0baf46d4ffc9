"""Contacts through nationwide channels by the customer's area: what is unknown stays unknown."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from palveluverkko.contact import pool
from palveluverkko.demand.contacts import add_channel_contact, remote_contacts
from palveluverkko.demand.models import AreaContacts, ChannelContacts
from tests.contact.pool_build import at, at_work, build_service, come
from tests.factories import AreaFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
YEAR = (date(2025, 3, 3), DAY)


@pytest.fixture(autouse=True)
def service() -> None:
    cache.clear()
    build_service()
    AreaFactory(code="51200", municipality=MunicipalityFactory(code="213"))
    AreaFactory(code="70100", municipality=MunicipalityFactory(code="297", name_fi="Kuopio"))


def served(area: str) -> None:
    adviser = at_work(f"Adviser {area}")
    contact = come(area=area)
    pool.accept(contact.pk, adviser, now=at(1))
    pool.finish(contact.pk, now=at(5))


def test_a_served_contact_counts_in_the_customer_s_area_once() -> None:
    served("51200")
    served("")
    served("99999")  # not in the register
    assert list(AreaContacts.objects.values_list("area", "channel", "contacts")) == [
        ("51200", "phone", 1)
    ]
    assert ChannelContacts.objects.get().contacts == 3


def test_a_municipality_s_contacts_are_those_of_its_areas() -> None:
    for area, times in (("51200", 3), ("70100", 2), ("", 4)):
        for _ in range(times):
            add_channel_contact("phone", "general", DAY, area)
    found = remote_contacts("213", *YEAR)
    assert found is not None
    assert (dict(found.by_channel), found.told, found.served) == ({"phone": 3}, 5, 9)


def test_without_any_known_area_nothing_is_said() -> None:
    add_channel_contact("phone", "general", DAY)
    assert remote_contacts("213", *YEAR) is None


def test_days_outside_the_time_do_not_count() -> None:
    add_channel_contact("video", "general", date(2025, 3, 2), "51200")
    assert remote_contacts("213", *YEAR) is None
