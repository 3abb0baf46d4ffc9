"""Whatever is typed or forged: names stay as written, and no page ever breaks."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.booking.models import Booking, Resource
from tests.web.portal.booking import town as place
from tests.web.portal.booking.town import AINO, booked, held, local, text, value

pytestmark = pytest.mark.usefixtures("town")

names = st.text(
    st.characters(categories=("L", "M", "Pd"), include_characters="'ʹ "), min_size=1, max_size=60
).filter(lambda name: " ".join(name.split()))
junk = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "-1", "kuopio", "juva", "video", "general", "fi", "a" * 20, "2026-02-30"]
    ),
    st.sampled_from([place.value(local(9)), "9999-12-31T23:59Z", "2199-12-31T23:59Z"]),
)
FIELDS = ("point", "mode", "service", "language", "interpreter", "advisers", "weeks", "start")
MORE = ("page", "from", "first", "last", "do", *AINO, "matter", "needs", "contact_language")
forms = st.dictionaries(st.sampled_from((*FIELDS, *MORE)), junk, max_size=10)


@settings(max_examples=40)
@given(names)
def test_a_name_is_kept_and_shown_as_it_was_written(name: str) -> None:
    client = Client()
    booking = held(client)
    answer = client.post(f"/en/book/{booking.token}/", {**AINO, "name": name}, follow=True)
    assert answer.status_code == 200
    booking.refresh_from_db()
    assert normalize("NFC", booking.name) == normalize("NFC", " ".join(name.split()))
    mine = client.get(answer.redirect_chain[-1][0].replace("booked/", "calendar.ics"))
    assert mine.status_code == 200
    Booking.objects.all().delete()


@settings(max_examples=60)
@given(forms, st.sampled_from(["book/", "book/hold/", "book/waiting/", "book/series/"]))
def test_no_form_of_choices_breaks_a_page(sent: dict[str, str], path: str) -> None:
    client = Client()
    assert_unbroken(client, path, sent)
    user, _made = User.objects.get_or_create(username="liisa")
    Resource.objects.filter(name="Adviser 1").update(user=user)
    client.force_login(user)
    assert_unbroken(client, path, {**place.CHOICE, **sent})


def assert_unbroken(client: Client, path: str, sent: dict[str, str]) -> None:
    for answer in (client.get(f"/en/{path}", sent), client.post(f"/en/{path}", sent)):
        assert answer.status_code < 500


@settings(max_examples=40)
@given(forms)
def test_no_form_of_a_customer_breaks_a_page_or_books_what_is_not_asked(sent: dict) -> None:
    client = Client()
    booking = held(client)
    answer = client.post(f"/en/book/{booking.token}/", sent)
    assert answer.status_code in (200, 302, 409, 422)
    booking.refresh_from_db()
    assert (booking.start, booking.point_id) == (local(9), "kuopio")
    Booking.objects.all().delete()


@settings(max_examples=40)
# No address holds half a surrogate pair: the client itself cannot send one.
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="/?#\\", min_codepoint=33), min_size=1)
)
def test_no_made_up_link_opens_anything(link: str) -> None:
    client = Client()
    for page in ("b", "r", "w", "o", "a", "book"):
        answer = client.get(f"/en/{page}/{link}/")
        assert answer.status_code in (302, 404), link
        assert "+358401234567" not in text(answer)


@pytest.mark.parametrize("changed", range(0, 45, 7))
def test_one_changed_letter_of_a_link_opens_nothing(client: Client, changed: int) -> None:
    _booking, mine = booked(client)
    link = mine.split("/")[-2]
    at = changed % len(link)
    other = "A" if link[at] != "A" else "B"
    answer = Client().get(f"/en/b/{link[:at]}{other}{link[at + 1 :]}/")
    assert answer.status_code == 404


def test_a_press_from_another_site_is_refused(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    given_ = {**place.CHOICE, "page": "a" * 20, "start": value(local(9))}
    answer = strict.post("/en/book/hold/", given_)
    assert answer.status_code == 403
    assert "We could not receive the form" in text(answer)
    assert not Booking.objects.exists()
