"""Choosing a time, filling in, confirming: what a customer sees at each step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from palveluverkko.booking.models import Booking, Claim
from palveluverkko.messages.models import Message
from palveluverkko.web.portal.booking import days
from tests.web.portal.booking.town import (
    AINO,
    LETTERS,
    booked,
    held,
    hidden,
    local,
    monday,
    press,
    start_page,
    text,
    value,
)

pytestmark = pytest.mark.usefixtures("town")


def test_free_times_are_shown_by_day_on_the_points_own_clock(client: Client) -> None:
    page = text(start_page(client))
    assert f'value="{value(local(9))}"' in page
    assert "<strong>11:30</strong>" in page
    assert "12:00" not in page


def test_what_is_not_chosen_yet_is_asked_and_not_called_an_error(client: Client) -> None:
    page = text(client.get("/en/book/?point=kuopio"))
    assert "What do you need help with?" in page
    assert "Something is missing" not in page
    assert "Choose how you want" in text(client.get("/en/book/?point=kuopio&service=general"))


def test_a_press_holds_the_time_and_leads_to_the_form(client: Client) -> None:
    booking = held(client)
    page = text(client.get(f"/en/book/{booking.token}/"))
    assert booking.state == "held"
    assert "The time is kept for you until" in page
    assert "09:00" in page


def test_a_double_click_holds_once(client: Client) -> None:
    name = hidden(start_page(client), "page")
    first, again = press(client, page=name), press(client, page=name)
    assert first["Location"] == again["Location"]
    assert Booking.objects.count() == 1


def test_a_double_click_before_the_first_cookie_opens_the_form_too(client: Client) -> None:
    name = hidden(start_page(client), "page")
    other = Client()
    assert press(client, page=name)["Location"] == press(other, page=name)["Location"]
    assert other.get(press(other, page=name)["Location"]).status_code == 200


def test_another_time_from_the_same_page_lets_the_first_one_go(client: Client) -> None:
    name = hidden(start_page(client), "page")
    first, second = held(client, page=name), held(client, local(9, 30), page=name)
    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "held")
    assert held(client, page=name).state == "held"  # and back again


def test_the_form_opens_only_in_the_browser_that_holds_the_time(client: Client) -> None:
    booking = held(client)
    answer = Client().get(f"/en/book/{booking.token}/")
    assert answer.status_code == 404
    assert Client().post(f"/en/book/{booking.token}/", AINO).status_code == 404
    booking.refresh_from_db()
    assert booking.state == "held"


def test_a_booking_is_confirmed_shown_and_told(client: Client) -> None:
    booking, mine = booked(client)
    page = text(client.get(f"{mine}booked/"))
    assert "Your appointment is booked" in page
    assert booking.reference in page
    assert "aino@example.org" in page
    assert booking.name == LETTERS
    assert Message.objects.filter(about=f"booking:{booking.pk}").exists()


def test_a_form_sent_twice_books_once_and_tells_once(client: Client) -> None:
    booking = held(client)
    first = client.post(f"/en/book/{booking.token}/", AINO)
    told = Message.objects.count()
    again = client.post(f"/en/book/{booking.token}/", AINO)
    assert first["Location"] == again["Location"]
    assert Message.objects.count() == told


def test_every_error_is_told_at_once_and_the_text_is_kept(client: Client) -> None:
    booking = held(client)
    answer = client.post(
        f"/en/book/{booking.token}/", {"phone": "123", "email": "no", "matter": "Žž <b>"}
    )
    page = text(answer)
    assert answer.status_code == 422
    for field in ("name", "phone", "email"):
        assert f'href="#id_{field}"' in page
        assert f'id="id_{field}_error"' in page
    assert "Žž <b>" in page
    assert "<b>" not in answer.content.decode().replace("&lt;b&gt;", "")


def test_errors_of_length_and_of_rules_are_told_together(client: Client) -> None:
    booking = held(client)
    page = text(client.post(f"/en/book/{booking.token}/", {"matter": "x" * 2001, "name": ""}))
    assert "at most 2000" in page
    assert "Write the name" in page


@pytest.mark.parametrize("field", ["name", "matter", "needs"])
def test_an_identity_code_is_refused_at_its_field(client: Client, field: str) -> None:
    booking = held(client)
    answer = client.post(f"/en/book/{booking.token}/", {**AINO, field: "Aino 131052-308T"})
    assert answer.status_code == 422
    assert "Leave the identity code out" in text(answer)
    assert f'href="#id_{field}"' in text(answer)
    booking.refresh_from_db()
    assert (booking.state, booking.matter) == ("held", "")


@pytest.mark.parametrize("mode", ["phone", "video"])
def test_who_is_served_from_afar_may_tell_a_postal_code(client: Client, mode: str) -> None:
    booking = held(client, mode=mode)
    assert "Postal code" in text(client.get(f"/en/book/{booking.token}/"))
    wrong = client.post(f"/en/book/{booking.token}/", {**AINO, "area": "Kuopio"})
    assert "This is not a postal code" in text(wrong)
    client.post(f"/en/book/{booking.token}/", {**AINO, "area": " 70100 "})
    booking.refresh_from_db()
    assert (booking.state, booking.area) == ("confirmed", "70100")


def test_who_comes_to_a_point_is_not_asked_for_a_postal_code(client: Client) -> None:
    booking = held(client)
    assert "Postal code" not in text(client.get(f"/en/book/{booking.token}/"))
    client.post(f"/en/book/{booking.token}/", {**AINO, "area": "70100"})
    booking.refresh_from_db()
    assert (booking.state, booking.area) == ("confirmed", "")


def test_what_is_typed_is_kept_when_one_goes_back_and_takes_another_time(client: Client) -> None:
    booking = held(client)
    answer = client.post(f"/en/book/{booking.token}/", {**AINO, "matter": "Rent", "do": "back"})
    assert answer["Location"].startswith("/en/book/?")
    booking.refresh_from_db()
    assert booking.state == "expired"
    other = held(client, local(10))
    page = text(client.get(f"/en/book/{other.token}/"))
    assert LETTERS in page
    assert "Rent" in page


def test_a_time_is_kept_longer_once(client: Client) -> None:
    booking = held(client)
    Booking.objects.update(hold_until=timezone.now() + timedelta(minutes=1))
    client.post(f"/en/book/{booking.token}/", {"name": "Aino", "do": "keep"})
    booking.refresh_from_db()
    assert booking.hold_until > timezone.now() + timedelta(minutes=9)
    page = text(client.get(f"/en/book/{booking.token}/"))
    assert 'value="Aino"' in page
    assert "I need more time" not in page
    Booking.objects.update(hold_until=timezone.now() + timedelta(minutes=1))
    client.post(f"/en/book/{booking.token}/", {"name": "Aino", "do": "keep"})
    booking.refresh_from_db()
    assert booking.hold_until < timezone.now() + timedelta(minutes=2)


def run_out(booking: Booking) -> None:
    from palveluverkko.booking.services import expire_holds

    Booking.objects.filter(pk=booking.pk).update(hold_until=timezone.now() - timedelta(minutes=1))
    expire_holds()


def test_a_hold_that_ran_out_is_booked_where_nobody_has_taken_it(client: Client) -> None:
    booking = held(client)
    run_out(booking)
    assert "but it is still free" in text(client.get(f"/en/book/{booking.token}/"))
    answer = client.post(f"/en/book/{booking.token}/", AINO, follow=True)
    assert "it was still free" in text(answer)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_hold_that_was_lost_keeps_the_text_and_shows_the_nearest_times(client: Client) -> None:
    booking = held(client)
    run_out(booking)
    booked(Client())
    answer = client.post(f"/en/book/{booking.token}/", {**AINO, "matter": "Rent"})
    page = text(answer)
    assert answer.status_code == 409
    assert "somebody else has taken it" in page
    assert f'value="{value(local(9, 30))}"' in page
    chosen = {
        name: hidden(answer, name) for name in ("page", "point", "mode", "service", "language")
    }
    form = client.post("/en/book/hold/", {**chosen, "start": value(local(9, 30))}, follow=True)
    assert "Rent" in text(form)
    assert LETTERS in text(form)


def test_the_loser_of_a_race_gets_the_nearest_times(client: Client) -> None:
    other = Client()
    name = hidden(start_page(other), "page")
    booked(client)
    answer = press(other, page=name)
    assert answer.status_code == 409
    assert "Somebody else was just before you" in text(answer)
    assert f'value="{value(local(9, 30))}"' in text(answer)
    assert Claim.objects.values("booking").distinct().count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"start": "2001-01-01T09:00Z"}, "That time has passed"),
        ({"start": "2199-01-01T09:00Z"}, "not given out yet"),
        ({"start": "half past nine"}, "We do not understand this form"),
        ({"start": "0001-01-01T00:00Z"}, "We do not understand this form"),
        ({"point": "nowhere"}, "We do not understand this form"),
        ({"service": "miracles"}, "We do not understand this form"),
        ({"mode": "walk_in"}, "We do not understand this form"),
        ({"language": "xx"}, "We do not understand this form"),
        ({"page": "short"}, "We do not understand this form"),
    ],
)
def test_bad_input_is_answered_in_plain_words_and_holds_nothing(
    client: Client, given: dict[str, str], says: str
) -> None:
    page = hidden(start_page(client), "page")
    sent = {
        "point": "kuopio",
        "mode": "appointment",
        "service": "general",
        "language": "fi",
        "page": page,
        "start": value(local(9)),
        **given,
    }
    answer = client.post("/en/book/hold/", sent)
    assert answer.status_code == 400
    assert says in text(answer)
    assert not Booking.objects.exists()


def test_fields_that_a_customer_does_not_have_change_nothing(client: Client) -> None:
    booking = held(client, advisers="2", weeks="9", via="adviser", interpreter="xx")
    assert (booking.advisers, booking.via, booking.interpreter) == (1, "web", "")


def test_a_time_outside_hours_is_answered_with_times_inside(client: Client) -> None:
    answer = press(client, local(15))
    assert answer.status_code == 400
    assert "no service at that time of day" in text(answer)
    assert value(local(11, 30)) in text(answer)


def test_nobody_keeps_every_time_of_a_day(client: Client) -> None:
    for n in range(3):
        held(client, local(9 + n))
    answer = press(client, local(9, 30))
    assert answer.status_code == 429
    assert "too many times at once" in text(answer)


def test_no_free_times_offers_the_waiting_list_and_other_ways(client: Client) -> None:
    page = text(start_page(client, language="sv"))
    assert "No times are free now" in page
    assert "/en/book/waiting/?" in page
    assert "By video from home" in page
    assert "In another language" in page  # the advisers there speak Finnish


def test_who_can_come_only_sooner_finds_the_waiting_list_beside_later_times(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "DAYS_SHOWN", 0)
    page = text(start_page(client))
    assert "Show later days" in page
    assert "/en/book/waiting/?" in page


@pytest.mark.parametrize("days_on", [-1, 0, 1])
def test_the_first_days_are_offered_only_where_others_are_shown(
    client: Client, days_on: int
) -> None:
    since = (monday() + timedelta(days=days_on)).isoformat()
    page = text(start_page(client, **{"from": since}))
    assert ("Show the first days" in page) is (days_on == 1)  # there are times on Monday only


def test_an_edited_address_is_answered_in_words_that_people_use(client: Client) -> None:
    page = text(start_page(client, mode="video_room", language="klingon"))
    assert "This way is not offered here. Choose another one." in page
    assert "Choose one from the list." in page
    assert "available choices" not in page


def test_a_time_from_the_search_is_offered_first_and_not_kept_by_looking(client: Client) -> None:
    page = text(start_page(client, start=local(10).isoformat()))
    assert "The time that you chose" in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize("start", [local(10), local(4, 7), local(10, days=-3000)])
def test_a_time_from_the_search_that_is_not_free_is_not_offered(
    client: Client, start: datetime
) -> None:
    held(Client(), local(10))
    page = text(start_page(client, start=value(start)))
    assert "The time that you chose is not free any more" in page
    assert "Take this time" not in page
    assert value(local(9)) in page


def test_ones_own_kept_time_is_not_called_somebody_elses(client: Client) -> None:
    mine = held(client, local(10))
    assert "Take this time" in text(start_page(client, start=value(local(10))))
    again = press(client, local(10))  # from another tab, or from a page that was loaded anew
    assert again["Location"] == f"/en/book/{mine.token}/"
    assert press(Client(), local(10)).status_code == 409
    assert Booking.objects.count() == 1


def test_pages_of_one_person_are_kept_by_no_cache(client: Client) -> None:
    booking, mine = booked(client)
    for address in (f"/en/book/{booking.token}/", mine):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


def test_what_was_typed_is_gone_from_the_session_once_booked(client: Client) -> None:
    booked(client)
    assert "aino@example.org" not in str(dict(client.session))


def test_phone_and_video_need_no_point(client: Client) -> None:
    for mode in ("video", "phone"):
        booking = held(client, local(9 if mode == "video" else 10), mode=mode)
        assert (booking.mode, booking.point_id) == (mode, None)


def test_what_was_typed_is_deleted_with_the_session_after_a_day(client: Client) -> None:
    from django.contrib.sessions.models import Session

    from palveluverkko.web.portal.booking.upkeep import forget_old_sessions

    booking = held(client)
    client.post(f"/en/book/{booking.token}/", {**AINO, "do": "keep"})
    assert client.session.get_expiry_age() <= 86_400
    forget_old_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_old_sessions()
    assert not Session.objects.exists()


def test_a_landline_is_not_said_to_get_messages(client: Client) -> None:
    booking = held(client)
    given = {"name": "Aino", "phone": "09 123 4567"}
    answer = client.post(f"/en/book/{booking.token}/", given, follow=True)
    assert "We call +35891234567 if your time changes" in text(answer)


def test_a_point_that_has_ended_sends_on_to_other_ways(client: Client) -> None:
    from palveluverkko.network.models import ServicePoint

    at = ServicePoint.objects.get(pk="kuopio")
    at.valid_until = timezone.now().date() - timedelta(days=1)
    at.save()
    page = text(client.get("/en/book/?point=kuopio"))
    assert "takes no bookings" in page
    assert "At the desk" not in page
    assert "By phone" in page
