"""Staff correct how a customer is reached; the customer hears of the time at the new address."""

from __future__ import annotations

import pytest
from django.test import Client

from palveluverkko.booking import serving
from palveluverkko.booking.models import Booking
from palveluverkko.messages.models import Message
from palveluverkko.network.models import Municipality
from tests.web.desk.world import booked, local

AINO = {"name": "Aino", "phone": "+358401234567", "email": "", "contact_language": "fi"}


def save(client: Client, booking: Booking, **typed: str) -> str:
    address = f"/en/desk/bookings/{booking.pk}/contact/"
    return client.post(address, {**AINO, **typed}, follow=True).content.decode()


def texts() -> list[tuple[str, str]]:
    rows = Message.objects.exclude(state="cancelled").order_by("pk")
    return list(rows.values_list("address", "language"))


def test_a_corrected_number_is_kept_and_the_time_is_sent_there(adviser: Client) -> None:
    one = booked("Aino", local(15))
    page = adviser.get(f"/en/desk/bookings/{one.pk}/contact/").content.decode()
    assert 'value="+358401234567"' in page
    assert "Saved." in save(adviser, one, phone="040 765 4321", contact_language="sv", tell="on")
    one.refresh_from_db()
    assert (one.phone, one.contact_language) == ("+358407654321", "sv")
    assert texts()[-1] == ("+358407654321", "sv")
    event = one.events.get(kind="contact")
    assert event.detail == {"fields": ["phone", "contact_language", "reminders"]}
    assert event.by is not None


def test_nothing_is_sent_where_the_adviser_says_so_or_nothing_has_changed(adviser: Client) -> None:
    one = booked("Aino", local(15))
    before = texts()
    save(adviser, one, reminders="on", email="aino@example.org")
    assert "Nothing was changed." in save(
        adviser, one, reminders="on", email="aino@example.org", tell="on"
    )
    assert texts() == before
    assert one.events.filter(kind="contact").count() == 1


def test_what_the_customer_wrote_of_the_matter_stays(adviser: Client) -> None:
    one = booked("Aino", local(15))
    Booking.objects.filter(pk=one.pk).update(matter="Rent", needs="Wheelchair")
    save(adviser, one, email="aino@example.org")
    one.refresh_from_db()
    assert (one.matter, one.needs) == ("Rent", "Wheelchair")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"phone": "123"}, "There is no such phone number"),
        ({"email": "aino@"}, "This is not an e-mail address"),
        ({"name": " "}, "Write the name"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    adviser: Client, typed: dict[str, str], says: str
) -> None:
    one = booked("Aino", local(15))
    assert says in save(adviser, one, **typed)
    one.refresh_from_db()
    assert (one.name, one.phone, one.email) == ("Aino", "+358401234567", "")


def test_a_booking_that_is_over_and_one_elsewhere_are_left_alone(adviser: Client) -> None:
    one = booked("Aino", local(9))
    serving.finish(one.pk, now=local(9, 20))
    assert "This booking is over." in save(adviser, one, phone="040 765 4321")
    one.refresh_from_db()
    assert one.phone == "+358401234567"
    assert adviser.get("/en/desk/bookings/999/contact/").status_code == 404
    assert Client().get(f"/en/desk/bookings/{one.pk}/contact/").status_code == 302


def test_a_managers_region_is_remembered_on_the_day_page(manager: Client) -> None:
    Municipality.objects.update(
        region_code="11", region_fi="Pohjois-Savo", region_sv="Norra Savolax"
    )
    (region,) = manager.get("/en/desk/day/").context["regions"]
    code = region.code
    manager.get(f"/en/desk/day/?region={code}")
    assert manager.get("/en/desk/day/").context["region"] == code
    manager.get("/en/desk/day/?region=")
    assert manager.get("/en/desk/day/").context["region"] == ""
    manager.cookies["desk-region"] = "no such"
    assert manager.get("/en/desk/day/").context["region"] == ""
