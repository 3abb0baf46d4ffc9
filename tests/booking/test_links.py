"""Links: one purpose, one booking, no login, no personal data, and not a letter changed."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from palveluverkko.booking import links
from palveluverkko.booking.errors import BookingUnknown, LinkExpired
from tests.booking import told

SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:%~é\x00 "


def token_of(address: str) -> str:
    return urlsplit(address).path.strip("/").split("/")[-1]


@pytest.mark.django_db
def test_a_link_opens_its_booking_in_the_customers_language(settings):
    settings.PUBLIC_URL = "https://ajat.example.org/"
    booking = told.booked(contact_language="sv")
    address = links.link_for(booking)
    assert address.startswith("https://ajat.example.org/sv/b/")
    assert links.read_link(token_of(address), now=booking.start) == booking


@pytest.mark.django_db
def test_a_language_that_we_do_not_write_is_answered_in_finnish():
    assert "/fi/b/" in links.link_for(told.booked(contact_language="so"))


class Tampered(TestCase):
    @given(st.integers(0, 10_000), st.sampled_from(SAFE))
    def test_one_changed_letter_anywhere_is_refused(self, place, letter):
        booking = told.booked()
        link = links.signed("booking", booking.token)
        # The link is another one each time, so what is drawn may not depend on it.
        at = place % len(link)
        changed = link[:at] + letter + link[at + 1 :]
        for wrong in {changed, link[:at] + link[at + 1 :]} - {link}:
            with pytest.raises(BookingUnknown):
                links.read_link(wrong, now=booking.start)

    @given(st.text())
    def test_any_other_text_is_refused(self, text):
        for read in (links.read_link, links.read_offer, links.read_waiting):
            with pytest.raises(BookingUnknown):
                read(text)


@pytest.mark.django_db
def test_a_link_for_one_purpose_is_refused_for_every_other():
    booking = told.booked()
    for purpose in links.PAGES:
        link = links.signed(purpose, booking.token)
        for other in links.PAGES:
            if other != purpose:
                with pytest.raises(BookingUnknown):
                    links.read_link(link, other, now=booking.start)


@pytest.mark.django_db
def test_a_link_works_until_thirty_days_after_the_meeting():
    booking = told.booked()
    link = links.signed("booking", booking.token)
    last = booking.end + timedelta(days=30)
    assert links.read_link(link, now=last) == booking
    with pytest.raises(LinkExpired):
        links.read_link(link, now=last + timedelta(seconds=1))


@pytest.mark.django_db
def test_a_link_to_a_booking_whose_person_is_deleted_has_expired():
    booking = told.booked(forgotten=True, name="")
    with pytest.raises(LinkExpired):
        links.read_link(links.signed("booking", booking.token), now=booking.start)


@pytest.mark.django_db
def test_links_of_the_waiting_list_open_the_entry_and_the_offer():
    offer = told.offer()
    entry = offer.entry
    assert links.read_offer(token_of(links.offer_link(offer)), now=offer.until) == offer
    assert links.read_waiting(token_of(links.waiting_link(entry)), now=offer.until) == entry
    with pytest.raises(BookingUnknown):
        links.read_offer(links.signed("offer", entry.token))


@pytest.mark.django_db
def test_a_booking_that_nobody_offered_has_no_offer():
    with pytest.raises(BookingUnknown):
        links.read_offer(links.signed("offer", told.booked().token))


@pytest.mark.django_db
def test_no_address_tells_anything_of_the_person_or_the_row():
    offer = told.offer()
    booking = told.booked(point=offer.booking.point)
    addresses = [links.link_for(booking, p) for p in ("booking", "alternatives", "reminders-off")]
    addresses += [links.offer_link(offer), links.waiting_link(offer.entry)]
    for address in addresses:
        assert re.fullmatch(r"http://127\.0\.0\.1:8000/en/[barow]/[\w-]{22}\.[\w-]{22}/", address)
        assert len(address) < 80


@pytest.mark.django_db
def test_a_changed_key_keeps_old_links_alive_as_long_as_it_is_a_fallback(settings):
    booking = told.booked()
    link = links.signed("booking", booking.token)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert links.read_link(link, now=booking.start) == booking
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BookingUnknown):
        links.read_link(link, now=booking.start)
