"""Booking for somebody else: advisers and partners, interpreters, two advisers, several weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from palveluverkko.booking.models import Booking, Resource, Series
from tests.booking import world
from tests.web.portal.booking.town import (
    AINO,
    CHOICE,
    booked,
    held,
    hidden,
    local,
    press,
    start_page,
    text,
    value,
)

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def adviser(client: Client) -> Client:
    user = User.objects.create_user("liisa")
    Resource.objects.filter(name="Adviser 1").update(user=user)
    client.force_login(user)
    return client


@pytest.fixture
def partner(client: Client) -> Client:
    user = User.objects.create_user("seurakunta")
    user.groups.add(Group.objects.create(name="partner"))
    client.force_login(user)
    return client


def weeks_of_work(weeks: int) -> None:
    """The adviser in Kuopio works on the next Mondays too."""
    person = Resource.objects.get(name="Adviser 1")
    for week in range(1, weeks):
        day = timedelta(days=7 * week)
        world.shift(person, local(9) + day, local(12) + day, at=person.point)


def test_an_adviser_books_for_somebody_who_cannot_be_reached(adviser: Client) -> None:
    booking = held(adviser)
    adviser.post(f"/en/book/{booking.token}/", {"name": "Aino"})
    booking.refresh_from_db()
    assert (booking.state, booking.via) == ("confirmed", "adviser")
    assert booking.booked_by.username == "liisa"


def test_a_partner_is_named_beside_the_booking(partner: Client) -> None:
    booking = held(partner)
    assert "Your organisation" in text(partner.get(f"/en/book/{booking.token}/"))
    partner.post(f"/en/book/{booking.token}/", {**AINO, "partner": "Seurakunta"})
    booking.refresh_from_db()
    assert (booking.state, booking.via, booking.partner) == ("confirmed", "partner", "Seurakunta")


def test_a_customer_is_not_asked_for_advisers_and_weeks(client: Client) -> None:
    page = text(start_page(client))
    assert "Two advisers together" not in page
    assert client.get("/en/book/series/", CHOICE).status_code == 403


def test_only_times_at_which_an_interpreter_is_free_are_shown(client: Client) -> None:
    person = world.adviser("Tulkki", languages=("so",), competences=(), kind="interpreter")
    world.shift(person, local(10), local(11), modes=())
    page = text(start_page(client, interpreter="so"))
    assert "Somali" in page
    assert value(local(10, 30)) in page
    assert f'name="start" class="times__time" value="{value(local(9))}"' not in page
    assert f'value="{value(local(9))}"' not in page
    booking = held(client, local(10), interpreter="so")
    assert booking.claims.filter(resource=person).exists()


def test_two_advisers_need_two(adviser: Client) -> None:
    assert "No times are free now" in text(start_page(adviser, advisers="2"))
    assert press(adviser, advisers="2", page="a" * 20).status_code == 409
    at = Resource.objects.get(name="Adviser 1").point
    world.desk(at, "Desk 2")
    world.shift(world.adviser("Adviser 2", at=at), local(9), local(12), at=at)
    assert held(adviser, advisers="2").advisers == 2


def series(client: Client, weeks: int = 3):
    answer = press(client, weeks=str(weeks))
    assert answer.status_code == 302
    return client.get(answer["Location"])


def filled(page, weeks: int = 3, **given: str) -> dict[str, str]:
    chosen = {**CHOICE, "weeks": str(weeks)}
    return {**chosen, **AINO, "page": hidden(page, "page"), "start": hidden(page, "start"), **given}


def test_several_weeks_are_booked_together_once(adviser: Client) -> None:
    weeks_of_work(3)
    page = series(adviser)
    assert "All of them are free now" in text(page)
    for _time in range(2):
        answer = adviser.post("/en/book/series/", filled(page), follow=True)
        assert "3 appointments are booked" in text(answer)
    assert Booking.objects.filter(state="confirmed").count() == 3
    assert Series.objects.get().bookings.count() == 3


def test_a_taken_week_shows_the_nearest_time_and_books_none_until_it_is_chosen(
    adviser: Client,
) -> None:
    weeks_of_work(3)
    page = series(adviser)
    taken, nearest = local(9, days=7), local(9, 30, days=7)
    booked(Client(), taken)
    answer = adviser.post("/en/book/series/", filled(page))
    assert answer.status_code == 409
    assert "so nothing was booked" in text(answer)
    assert f'<option value="{value(nearest)}" selected>' in text(answer)
    assert Booking.objects.filter(state="confirmed").count() == 1
    assert not Series.objects.exists()
    given = filled(answer, **{"week-1": value(nearest)})
    assert "3 appointments" in text(adviser.post("/en/book/series/", given, follow=True))
    starts = Series.objects.get().bookings.order_by("start").values_list("start", flat=True)
    assert list(starts) == [local(9), nearest, local(9, days=14)]


def test_errors_of_the_customers_details_keep_the_weeks(adviser: Client) -> None:
    weeks_of_work(2)
    page = series(adviser, 2)
    answer = adviser.post("/en/book/series/", filled(page, 2, phone="12", name=""))
    assert answer.status_code == 422
    assert "Write the name" in text(answer)
    assert not Series.objects.exists()


def test_who_needs_an_interpreter_is_not_put_on_a_list_that_knows_of_none(client: Client) -> None:
    person = world.adviser("Tulkki", languages=("so",), competences=(), kind="interpreter")
    world.shift(person, local(15), local(16), modes=())
    page = text(start_page(client, interpreter="so"))
    assert "No times are free now" in page
    assert "/book/waiting/" not in page
