"""The waiting list's pages: join, see, leave, take or decline what is offered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from palveluverkko.booking import services, waiting
from palveluverkko.booking.links import signed
from palveluverkko.booking.models import WaitingEntry, WaitingOffer
from tests.web.portal.booking.town import AINO, CHOICE, booked, hidden, local, monday, text

pytestmark = pytest.mark.usefixtures("town")


def form(client: Client, **changes: str) -> dict[str, str]:
    page = client.get("/en/book/waiting/", CHOICE)
    day = monday().isoformat()
    return {
        **CHOICE,
        **AINO,
        "page": hidden(page, "page"),
        "first": day,
        "last": day,
        "contact_language": "en",
        **changes,
    }


def joined(client: Client) -> tuple[WaitingEntry, str]:
    answer = client.post("/en/book/waiting/", form(client))
    assert answer.status_code == 302, text(answer)
    return WaitingEntry.objects.get(), answer["Location"]


def test_joining_shows_the_place_on_the_list(client: Client) -> None:
    entry, link = joined(client)
    page = text(Client().get(link))
    assert "You are on the waiting list" in page
    assert "Kuopio" in page
    assert (entry.first, entry.point_id) == (monday(), "kuopio")


def test_the_days_can_be_typed_as_people_write_them(client: Client) -> None:
    typed = f"{monday():%d.%m.%Y}"
    client.post("/en/book/waiting/", form(client, first=typed, last=typed))
    assert WaitingEntry.objects.get().last == monday()


def test_joining_twice_is_once(client: Client) -> None:
    sent = form(client)
    first, again = (client.post("/en/book/waiting/", sent) for _time in range(2))
    assert first["Location"] == again["Location"]
    assert WaitingEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"last": "2001-01-01"}, "That day has passed"),
        ({"last": ""}, "Choose a day"),
        ({"last": "soon"}, "Write the day like this"),
        ({"first": (monday() + timedelta(days=1)).isoformat()}, "before the first one"),
        ({"last": "2190-01-01"}, "within half a year"),
        ({"name": "", "phone": "", "email": ""}, "Write the name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client: Client, given: dict, says: str) -> None:
    answer = client.post("/en/book/waiting/", form(client, **given))
    assert answer.status_code == 422
    assert says in text(answer)
    assert not WaitingEntry.objects.exists()


def test_a_forged_service_joins_nothing(client: Client) -> None:
    answer = client.post("/en/book/waiting/", form(client, service="miracles"))
    assert answer.status_code == 400
    assert not WaitingEntry.objects.exists()


def test_leaving_is_done_once(client: Client) -> None:
    entry, link = joined(client)
    for _time in range(2):
        assert "not on the waiting list any more" in text(client.post(link, follow=True))
    entry.refresh_from_db()
    assert entry.state == "left"


def offered(client: Client) -> tuple[WaitingOffer, str]:
    """The freed time at 9 is kept for the one who waits; the address of the offer."""
    joined(client)
    booking, _mine = booked(Client())
    services.cancel(booking.pk)
    waiting.offer_freed_time(f"kuopio|appointment|{local(9).isoformat()}")
    offer = WaitingOffer.objects.get()
    return offer, f"/en/o/{signed('offer', offer.booking.token)}/"


def test_an_offer_is_accepted_once(client: Client) -> None:
    offer, link = offered(client)
    assert "It is kept for you until" in text(client.get(link))
    for _time in range(2):
        answer = client.post(link, {"do": "accept"}, follow=True)
        assert "Your appointment is booked" in text(answer)
    offer.booking.refresh_from_db()
    assert offer.booking.state == "confirmed"


def test_an_offer_that_is_declined_leaves_one_on_the_list(client: Client) -> None:
    offer, link = offered(client)
    for _time in range(2):
        answer = client.post(link, {"do": "decline"}, follow=True)
        assert "still on the waiting list" in text(answer)
    offer.refresh_from_db()
    assert offer.state == "declined"


def test_an_offer_that_is_over_cannot_be_accepted(client: Client) -> None:
    offer, link = offered(client)
    WaitingOffer.objects.update(until=local(9) - timedelta(days=30))
    answer = client.post(link, {"do": "accept"}, follow=True)
    assert "not kept for you any more" in text(answer)
    offer.booking.refresh_from_db()
    assert offer.booking.state == "held"


def test_an_offers_link_that_was_tampered_with_opens_nothing(client: Client) -> None:
    _offer, link = offered(client)
    assert client.get(link[:-3] + "xx/").status_code == 404


def test_a_single_day_is_not_told_as_a_span(client: Client) -> None:
    entry, link = joined(client)
    page = text(client.get(link))
    assert "Only on Monday" in page
    assert "until" not in page
    WaitingEntry.objects.filter(pk=entry.pk).update(last=entry.first + timedelta(days=1))
    assert "From Monday" in text(client.get(link))
