"""My booking by its link: no login, no hint to strangers, and nothing done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from palveluverkko.booking import closures, reminders
from palveluverkko.booking.links import signed
from palveluverkko.booking.models import Affected, Booking
from palveluverkko.messages.models import Message
from tests.web.portal.booking.town import LETTERS, booked, hidden, local, monday, text, value

pytestmark = pytest.mark.usefixtures("town")


def move(client: Client, mine: str, start, page: str = "", **given: str):
    page = page or hidden(client.get(f"{mine}move/"), "page")
    sent = {"page": page, "start": value(start), "sure": "1", **given}
    return client.post(f"{mine}move/", sent)


def test_the_link_opens_the_booking_in_any_browser(client: Client) -> None:
    booking, mine = booked(client)
    page = text(Client().get(mine))
    assert booking.reference in page
    assert "Kuopio" in page


def test_a_link_that_was_tampered_with_says_nothing_of_any_booking(client: Client) -> None:
    _booking, mine = booked(client)
    real = Client().get(mine[:-3] + "xx/")
    never = Client().get("/en/b/never.was/")
    assert real.status_code == never.status_code == 404
    assert "This link does not work" in text(real)
    assert LETTERS not in text(real)


def test_a_link_that_is_too_old_says_so(client: Client) -> None:
    booking, mine = booked(client)
    long_ago = timezone.now() - timedelta(days=40)
    Booking.objects.filter(pk=booking.pk).update(
        start=long_ago, end=long_ago + timedelta(minutes=30)
    )
    answer = Client().get(mine)
    assert answer.status_code == 410
    assert "too old" in text(answer)
    assert booking.reference not in text(answer)


def test_cancelling_asks_first_and_is_done_once(client: Client) -> None:
    booking, mine = booked(client)
    assert "Do you want to cancel?" in text(client.get(f"{mine}cancel/"))
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    for _time in range(2):
        answer = client.post(f"{mine}cancel/", follow=True)
        assert "Your appointment is cancelled" in text(answer)
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert not booking.claims.exists()
    assert Message.objects.filter(event__contains=":cancelled:", channel="email").count() == 1


def test_a_meeting_that_has_begun_is_not_cancelled(client: Client) -> None:
    booking, mine = booked(client)
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(
        start=now - timedelta(minutes=1), end=now + timedelta(minutes=29)
    )
    answer = client.post(f"{mine}cancel/")
    assert answer.status_code == 409
    assert "cannot be changed any more" in text(answer)


@pytest.mark.parametrize(
    ("state", "since", "said", "unsaid"),
    [
        ("confirmed", 1, "Your appointment has begun", "has passed"),
        ("arrived", 40, "Your appointment has begun", "has passed"),
        ("arrived", -5, "How to prepare", "Book a new time"),
        ("confirmed", 40, "has passed", "has begun"),
        ("served", 20, "has passed", "has begun"),
    ],
)
def test_at_its_hour_the_page_does_not_call_the_appointment_passed(
    client: Client, state: str, since: int, said: str, unsaid: str
) -> None:
    booking, mine = booked(client)
    start = timezone.now() - timedelta(minutes=since)
    Booking.objects.filter(pk=booking.pk).update(
        state=state, start=start, end=start + timedelta(minutes=30)
    )
    page = text(client.get(mine))
    assert said in page
    assert unsaid not in page
    assert ("How to prepare" in page) == (said != "has passed")


def test_a_press_on_a_time_asks_before_anything_is_moved(client: Client) -> None:
    booking, mine = booked(client)
    asks = move(client, mine, local(10), sure="")
    assert asks.status_code == 200
    page = text(asks)
    assert "Do you want to move to this time?" in page
    assert "at 10:00" in page
    assert "09:00–09:30" in page
    booking.refresh_from_db()
    assert (booking.start, booking.version) == (local(9), 1)
    sent = {name: hidden(asks, name) for name in ("page", "start", "point", "mode")}
    assert client.post(f"{mine}move/", {**sent, "sure": "1"})["Location"] == mine
    booking.refresh_from_db()
    assert booking.start == local(10)


def test_a_move_sent_again_moves_once(client: Client) -> None:
    booking, mine = booked(client)
    page = hidden(client.get(f"{mine}move/"), "page")
    first = move(client, mine, local(10), page)
    again = move(client, mine, local(10), page)
    assert first["Location"] == again["Location"] == mine
    booking.refresh_from_db()
    assert booking.start == local(10)
    assert Message.objects.filter(event__contains=":moved:", channel="email").count() == 1


def test_a_move_to_another_place_or_way(client: Client) -> None:
    booking, mine = booked(client)
    page = text(client.get(f"{mine}move/"))
    assert "Juva" in page
    assert "By video from home" in page
    move(client, mine, local(9), mode="video", point="")
    booking.refresh_from_db()
    assert (booking.mode, booking.point_id) == ("video", None)
    move(client, mine, local(11), mode="appointment", point="juva")
    booking.refresh_from_db()
    assert booking.point_id == "juva"


def test_a_move_to_a_taken_time_leaves_the_old_one_and_says_so(client: Client) -> None:
    booking, mine = booked(client)
    booked(Client(), local(10))
    answer = move(client, mine, local(10))
    assert answer.status_code == 409
    assert "Your old time is still yours" in text(answer)
    booking.refresh_from_db()
    assert booking.start == local(9)


@pytest.mark.parametrize("sure", ["", "1"])
def test_a_cancelled_booking_is_not_moved_nor_called_yours(client: Client, sure: str) -> None:
    booking, mine = booked(client)
    page = hidden(client.get(f"{mine}move/"), "page")
    client.post(f"{mine}cancel/")
    answer = move(client, mine, local(10), page, sure=sure)
    assert answer.status_code == 409
    assert "cannot be changed any more" in text(answer)
    assert "still yours" not in text(answer)
    assert "times__time" not in text(answer)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


@pytest.mark.parametrize(
    "given", [{"point": "nowhere"}, {"start": "soon"}, {"page": "x"}, {"mode": "walk_in"}]
)
def test_a_forged_move_changes_nothing(client: Client, given: dict[str, str]) -> None:
    booking, mine = booked(client)
    for sure in ("", "1"):
        sent = {"page": "a" * 20, "start": value(local(10)), "sure": sure, **given}
        assert client.post(f"{mine}move/", sent).status_code == 400
    booking.refresh_from_db()
    assert (booking.start, booking.version) == (local(9), 1)


def test_the_calendar_entry_can_be_taken_along(client: Client) -> None:
    _booking, mine = booked(client)
    answer = client.get(f"{mine}calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content


def test_the_confirmation_as_pdf_bears_the_name(client: Client) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    _booking, mine = booked(client)
    answer = client.get(f"{mine}letter.pdf")
    read = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for name in LETTERS.split():
        assert name in read


def test_reminders_are_turned_off_from_the_page_and_from_a_reminders_own_link(
    client: Client,
) -> None:
    booking, mine = booked(client)
    assert "We do not remind you" in text(client.post(f"{mine}reminders/", follow=True))
    other, _mine = booked(Client(), local(10))
    link = f"/en/r/{signed('reminders-off', other.token)}/"
    client.get(link)
    other.refresh_from_db()
    assert other.reminders  # a program that looks at mail has followed the link, not a person
    for _time in range(2):
        assert "We do not remind you" in text(client.post(link, follow=True))
    other.refresh_from_db()
    booking.refresh_from_db()
    assert (booking.reminders, other.reminders) == (False, False)


def test_a_reminder_that_will_not_come_is_not_promised(client: Client) -> None:
    booking, mine = booked(client)
    assert "We remind you before the appointment." in text(client.get(mine))
    reminders.withdraw_reminders(booking)  # as after a booking made an hour before
    assert "We do not remind you of this appointment." in text(client.get(mine))


def test_who_gets_a_letter_is_told_to_write_the_time_down(client: Client) -> None:
    booking, mine = booked(client)
    assert "Write down the time" not in text(client.get(mine))
    Booking.objects.filter(pk=booking.pk).update(phone="", email="", postal_address="Kylätie 1")
    assert "Write down the time and the booking number now." in text(client.get(mine))


def disrupted(client: Client) -> tuple[Booking, str]:
    """A booking of a day that was closed afterwards, and the address of its alternatives."""
    booking, _mine = booked(client)
    closures.close_days("kuopio", monday(), monday(), reason="Vesivahinko", key="k")
    return booking, f"/en/a/{signed('alternatives', booking.token)}/"


def test_after_a_closure_another_way_is_chosen_in_one_press(client: Client) -> None:
    booking, link = disrupted(client)
    page = client.get(link)
    assert "We cannot keep your appointment" in text(page)
    assert "Vesivahinko" in text(page)
    sent = {
        "page": hidden(page, "page"),
        "start": value(local(11)),
        "mode": "appointment",
        "point": "juva",
    }
    for _time in range(2):
        assert "moved" in text(client.post(link, sent, follow=True))
    booking.refresh_from_db()
    assert (booking.point_id, booking.start) == ("juva", local(11))
    assert Affected.objects.get().state == "moved"
    assert "This is settled" in text(client.get(link))


def test_after_a_closure_one_can_ask_for_a_call(client: Client) -> None:
    booking, link = disrupted(client)
    for _time in range(2):
        assert "We call you" in text(client.post(link, {"do": "call"}, follow=True))
    assert Affected.objects.get().state == "open"
    assert booking.events.filter(kind="asks for a call").count() == 1


def test_my_booking_page_warns_of_a_closure(client: Client) -> None:
    booking, _link = disrupted(client)
    page = text(client.get(f"/en/b/{signed('booking', booking.token)}/"))
    assert "Please do not come at this time" in page
    assert "/en/a/" in page
