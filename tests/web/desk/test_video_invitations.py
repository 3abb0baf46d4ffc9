"""Invitations from the booking's page at the desk, and from within the meeting."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Booking
from palveluverkko.contact import pool, states
from palveluverkko.meeting import seats
from palveluverkko.meeting.models import Seat
from palveluverkko.messages.models import Message
from palveluverkko.web.portal import clock
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.world import booked, local

ADDRESS = re.compile(r'value="(http[^"]*/en/meeting/[\w-]+/)"')
VERBS = ("video/", "invite/", "invite/3/take-back/")
FORM = {"role": "interpreter", "label": "Ilse", "how": "link", "to": "", "language": "en"}


@pytest.fixture
def one(adviser: Client) -> Booking:
    return booked("Aino", local(9, 30), "video")


def invite(client: Client, one: Booking, **given: str) -> str:
    address = f"/en/desk/bookings/{one.pk}/invite/"
    return client.post(address, FORM | given, follow=True).content.decode()


def customer_in(one: Booking) -> Client:
    """The customer, inside with the adviser."""
    client = Client()
    client.post(f"/en/b/{signed('booking', one.token)}/video/")
    for seat in Seat.objects.filter(role__in=("adviser", "customer")).order_by("number"):
        seats.join(seat.pk, now=clock.now())
    return client


def test_the_adviser_gets_a_link_before_the_meeting_and_takes_it_back(
    adviser: Client, one: Booking
) -> None:
    assert ADDRESS.search(invite(adviser, one)) is not None
    page = adviser.get(f"/en/desk/bookings/{one.pk}/").content.decode()
    assert "Interpreter: Ilse (Invited)" in page
    assert ADDRESS.search(page) is None
    said = adviser.post(f"/en/desk/bookings/{one.pk}/invite/3/take-back/", follow=True)
    assert "The invitation is taken back." in said.content.decode()
    assert Seat.objects.get().state == "removed"


def test_it_is_sent_or_said_why_not(adviser: Client, one: Booking) -> None:
    assert "This is not an e-mail address." in invite(adviser, one, how="email", to="x")
    assert not Seat.objects.exists()
    said = invite(adviser, one, how="email", to="ilse@example.org")
    assert "The link was sent to ilse@example.org." in said
    assert Message.objects.filter(address="ilse@example.org").count() == 1
    for _n in range(3):
        invite(adviser, one)
    assert "Six people are the most." in invite(adviser, one)


def test_a_colleague_elsewhere_and_a_stranger_invite_nobody(one: Booking) -> None:
    addresses = [f"/en/desk/bookings/{one.pk}/{verb}" for verb in VERBS]
    for address in addresses:
        assert "/login/" in Client().post(address, FORM)["Location"]
    elsewhere = booking_world.point("inari")
    person = booking_world.adviser("Far adviser", at=elsewhere)
    person.user = world.user("far", "change_booking")
    person.save()
    stranger = Client()
    stranger.force_login(person.user)
    for address in addresses:
        assert stranger.post(address, FORM).status_code == 404
    assert not Seat.objects.exists()


def test_only_who_has_accepted_a_contact_opens_its_room(adviser: Client) -> None:
    mine, other = world.adviser(1), world.adviser(2)
    states.begin(other.pk, ["video"])
    contact = pool.enter("video", "general", "fi", key="k")
    address = f"/en/desk/calls/{contact.pk}/video/"
    assert adviser.post(address)["Location"] == "/en/desk/calls/"
    pool.accept(contact.pk, other.pk)
    assert adviser.post(address)["Location"] == "/en/desk/calls/"
    assert not Seat.objects.exists()
    type(contact).objects.filter(pk=contact.pk).update(adviser=mine)
    assert adviser.post(address)["Location"] == "/en/meeting/room/"
    assert adviser.post("/en/desk/calls/4711/video/")["Location"] == "/en/desk/calls/"


def test_from_within_the_meeting_adviser_and_customer_invite(adviser: Client, one: Booking) -> None:
    adviser.post(f"/en/desk/bookings/{one.pk}/video/")
    customer = customer_in(one)
    for client in (adviser, customer):
        told = client.post("/en/meeting/invite/", FORM).json()
        assert told["address"].startswith("http://")
        assert "It works once." in told["said"]
    third = Client()
    assert third.post(told["address"].removeprefix("http://127.0.0.1:8000"))["Location"]
    answer = third.post("/en/meeting/invite/", FORM)
    assert (answer.status_code, "address" in answer.json()) == (404, False)


def test_who_is_not_inside_invites_nobody(adviser: Client, one: Booking) -> None:
    for client in (Client(), adviser):
        assert client.post("/en/meeting/invite/", FORM).status_code == 404
    waiting = Client()
    waiting.post(f"/en/b/{signed('booking', one.token)}/video/")
    assert waiting.post("/en/meeting/invite/", FORM).status_code == 404
    assert not Seat.objects.filter(role="interpreter").exists()


def test_the_list_tells_of_a_customer_at_the_door(adviser: Client, one: Booking) -> None:
    said = "The customer waits in the video room."
    assert said not in adviser.get("/en/desk/").content.decode()
    customer = Client()
    customer.post(f"/en/b/{signed('booking', one.token)}/video/")
    seats.join(Seat.objects.get().pk, now=clock.now())
    page = adviser.get("/en/desk/").content.decode()
    assert said in page
    assert f'formaction="/en/desk/bookings/{one.pk}/video/"' in page
    Seat.objects.update(seen_at=local(9))
    assert said not in adviser.get("/en/desk/").content.decode()
