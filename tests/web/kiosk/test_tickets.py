"""Queue numbers: taken once, followed from the phone, called on the screen; never a name."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from palveluverkko.booking import serving
from palveluverkko.network.models import OpeningException, ServiceOffer
from palveluverkko.walkins.models import Ticket
from palveluverkko.web.portal import clock
from tests.booking.world import MONDAY
from tests.web.desk import world
from tests.web.desk.world import booked, local, ticket

pytestmark = pytest.mark.usefixtures("morning")


def key_on(page: str) -> str:
    return re.findall(r'name="key" value="(\w+)"', page)[0]


def take(client: Client, address: str = "/en/ticket/kuopio/", **fields: str) -> Client:
    key = key_on(client.get(address).content.decode())
    return client.post(address, {"service": "general", "key": key, **fields}, follow=True)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_the_kiosk_gives_a_number_with_a_code_for_the_phone(client: Client) -> None:
    page = take(client, "/fi/kiosk/kuopio/")
    html = page.content.decode()
    row = Ticket.objects.get()
    assert (row.via, row.language, row.number) == ("kiosk", "fi", 1)
    assert "<svg" in html
    assert 'data-idle="20"' in html
    assert "/fi/kiosk/kuopio/" in html


@pytest.mark.parametrize(
    ("address", "says"),
    [("/en/ticket/kuopio/", "Book a time."), ("/en/kiosk/kuopio/", "Ask the staff to book")],
)
def test_who_needs_a_booked_time_is_not_left_without_an_answer(
    client: Client, address: str, says: str
) -> None:
    assert "Only with a booked time" not in client.get(address).content.decode()
    ServiceOffer.objects.get(service_id="pension", mode="walk_in").delete()
    ServiceOffer.objects.get_or_create(point_id="kuopio", service_id="pension", mode="appointment")
    html = client.get(address).content.decode()
    booked_only = html[html.index("Only with a booked time") :]
    assert "Pension" in booked_only
    assert "General" not in booked_only
    assert says in booked_only
    assert ("/en/book/?point=kuopio" in booked_only) == ("ticket" in address)


def test_a_double_press_takes_one_number(client: Client) -> None:
    key = key_on(client.get("/en/kiosk/kuopio/").content.decode())
    for _twice in range(2):
        client.post("/en/kiosk/kuopio/", {"service": "general", "key": key})
    assert Ticket.objects.count() == 1


def test_a_phone_that_has_a_number_is_shown_it_and_takes_no_other(client: Client) -> None:
    take(client)
    page = client.get("/en/ticket/kuopio/", follow=True)
    assert page.redirect_chain[0][0] == f"/en/t/{Ticket.objects.get().token}/"
    page = client.get("/en/kiosk/kuopio/")
    assert page.status_code == 200, "the kiosk is everybody's"


def test_the_ticket_page_tells_place_wait_and_lets_come_back_and_leave(
    client: Client, adviser: Client
) -> None:
    ticket()
    page = take(client)
    html = page.content.decode()
    assert "1 number is before yours." in html
    assert re.search(r"Estimated wait: |in a moment", html)
    token = page.request["PATH_INFO"]
    assert 'value="10:00"' in html
    html = client.post(token, {"what": "back", "at": "10:00"}, follow=True).content.decode()
    assert "Come back at" in html
    html = client.post(token, {"what": "here"}, follow=True).content.decode()
    assert "Come back at" not in html
    html = client.post(token, {"what": "leave"}, follow=True).content.decode()
    assert "You have left the queue" in html
    client.post(token, {"what": "leave"})
    client.post(token, {"what": "back", "at": "never"})


def test_the_ticket_page_says_when_it_is_called(client: Client, adviser: Client) -> None:
    address = take(client).request["PATH_INFO"]
    adviser.post("/en/desk/do/", {"do": "next"})
    html = client.get(address).content.decode()
    assert "Your turn: come to Desk 1" in html
    assert client.get(address)["Cache-Control"] == "no-store"


def test_a_wrong_phone_number_is_told_and_nothing_is_taken(client: Client) -> None:
    page = take(client, phone="12")
    assert page.status_code == 422
    assert 'id="phone-problem"' in page.content.decode()
    assert 'value="12"' in page.content.decode()
    assert not Ticket.objects.exists()


def test_closed_says_when_it_opens_and_offers_a_booking(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(20))
    html = client.get("/en/ticket/kuopio/").content.decode()
    assert "The queue is closed now" in html
    assert "Opens tomorrow" in html
    assert "/en/book/?point=kuopio" in html
    page = client.post("/en/ticket/kuopio/", {"service": "general", "key": "abc"})
    assert page.status_code == 422
    assert not Ticket.objects.exists()


def test_a_closed_day_takes_no_numbers(client: Client) -> None:
    OpeningException.objects.create(point_id="kuopio", first=MONDAY, last=MONDAY)
    assert "The queue is closed now" in client.get("/en/ticket/kuopio/").content.decode()


def test_near_closing_a_long_queue_is_told_before_a_number_is_taken(
    client: Client, adviser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(15, 50))
    for _n in range(6):
        ticket(at=local(15, 40))
    page = take(client)
    assert "The queue is long today" in page.content.decode()
    assert Ticket.objects.count() == 6
    key = key_on(page.content.decode())
    client.post("/en/ticket/kuopio/", {"service": "general", "key": key, "though_late": "1"})
    assert Ticket.objects.count() == 7


def test_forged_services_and_points_are_refused(client: Client) -> None:
    page = client.post("/en/ticket/kuopio/", {"service": "nothing", "key": "x" * 500})
    assert page.status_code == 422
    assert client.get("/en/ticket/nowhere/").status_code == 404
    assert client.get("/en/t/forged/").status_code == 404
    assert client.get("/en/screen/nowhere/").status_code == 404
    other = ticket()
    assert client.get(f"/en/kiosk/nowhere/{other.token}/").status_code == 404


def test_the_screen_shows_numbers_and_references_and_never_a_name(
    client: Client, adviser: Client
) -> None:
    taken = ticket()
    adviser.post("/en/desk/do/", {"do": "next"})
    html = client.get("/en/screen/kuopio/").content.decode()
    assert f"Number {taken.label}, please come to Desk 1." in html
    adviser.post("/en/desk/do/", {"do": f"start ticket:{taken.id}"})
    adviser.post("/en/desk/do/", {"do": f"finish ticket:{taken.id}"})
    one = booked("Aino Ängeslevä", local(9))
    serving.arrive(one.pk, now=world.MORNING)
    adviser.post("/en/desk/do/", {"do": "next"})
    html = client.get("/en/screen/kuopio/").content.decode()
    assert one.reference in html
    assert "Aino" not in html


def test_a_number_called_again_is_a_new_call_of_the_screen(client: Client, adviser: Client) -> None:
    taken = ticket()
    adviser.post("/en/desk/do/", {"do": "next"})
    first = re.findall(r'data-call="([^"]+)"', client.get("/en/screen/kuopio/").content.decode())
    adviser.post("/en/desk/do/", {"do": f"recall ticket:{taken.id}"})
    again = re.findall(r'data-call="([^"]+)"', client.get("/en/screen/kuopio/").content.decode())
    assert first != again
